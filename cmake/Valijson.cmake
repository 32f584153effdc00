# valijson (JSON Schema validation, header-only). Debian ships the headers without a CMake package.
if(NOT TARGET mlprov_valijson)
  find_path(MLPROV_VALIJSON_INCLUDE valijson/validator.hpp REQUIRED)
  add_library(mlprov_valijson INTERFACE)
  target_include_directories(mlprov_valijson SYSTEM INTERFACE "${MLPROV_VALIJSON_INCLUDE}")
endif()
