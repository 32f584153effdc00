# `cmake --install`, find_package(mlprov) and cpack (tar, deb).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS mlprov_core EXPORT mlprovTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
if(MLPROV_CLI)
  install(TARGETS mlprov_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/mlprov DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/configs/schemas DESTINATION ${CMAKE_INSTALL_DATADIR}/mlprov)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(MLPROV_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/mlprov)
install(EXPORT mlprovTargets NAMESPACE mlprov:: DESTINATION ${MLPROV_CMAKE_DIR})
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/mlprovConfig.cmake.in
                              ${PROJECT_BINARY_DIR}/mlprovConfig.cmake
                              INSTALL_DESTINATION ${MLPROV_CMAKE_DIR})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/mlprovConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/mlprovConfig.cmake ${PROJECT_BINARY_DIR}/mlprovConfigVersion.cmake
        DESTINATION ${MLPROV_CMAKE_DIR})

set(CPACK_PACKAGE_CONTACT "mlprov")
set(CPACK_GENERATOR TGZ DEB)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
include(CPack)
