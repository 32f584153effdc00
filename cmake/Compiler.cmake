# What every target of this project is compiled with; nothing of it leaks to consumers.
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
  find_program(MLPROV_CCACHE ccache)
  if(MLPROV_CCACHE)
    set(CMAKE_C_COMPILER_LAUNCHER "${MLPROV_CCACHE}")
    set(CMAKE_CXX_COMPILER_LAUNCHER "${MLPROV_CCACHE}")
  endif()
endif()

function(mlprov_compile_options target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
                                           -Wold-style-cast -Wimplicit-fallthrough
                                           $<$<BOOL:${MLPROV_WERROR}>:-Werror>)
endfunction()
