# Every switch of the build, with the default for a developer (top level) or a consumer.
option(MLPROV_CLI "Build the mlprov program" ON)
option(MLPROV_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(MLPROV_INSTALL "Make install rules" ${PROJECT_IS_TOP_LEVEL})
option(MLPROV_FUZZ "Build the fuzz targets (needs clang)" OFF)
option(MLPROV_WERROR "Turn warnings into errors" OFF)
option(MLPROV_FETCH "Let the configure step download what the system lacks" ON)
set(MLPROV_SANITIZE "" CACHE STRING "Sanitizers for everything, e.g. address,undefined or thread")
set(MLPROV_BLAKE3_SOURCE "" CACHE PATH "Folder with the official BLAKE3 C sources (blake3.c); empty: search")
