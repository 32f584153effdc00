# Finds a LibTorch, CPU or CUDA build, and makes the imported target mlprov::libtorch that links its
# CPU part. LibTorch's own TorchConfig.cmake is not used: that of a CUDA build stops with an error
# on machines without the CUDA toolkit, although nothing of it is needed here.
#
# Searched, first hit wins: Torch_DIR, CMAKE_PREFIX_PATH, an installed Python torch, and
# .cache/libtorch of the project (scripts/get_libtorch.sh).
#
# Results: LibTorch_FOUND, LibTorch_VERSION, LibTorch_ROOT.

set(_hints "")
if(Torch_DIR)
  get_filename_component(_root "${Torch_DIR}/../../.." ABSOLUTE)  # <root>/share/cmake/Torch
  list(APPEND _hints "${_root}")
endif()
foreach(_prefix IN LISTS CMAKE_PREFIX_PATH)
  list(APPEND _hints "${_prefix}" "${_prefix}/torch")
endforeach()
list(APPEND _hints "$ENV{LIBTORCH}")
if(NOT MLPROV_LIBTORCH_PYTHON_SEARCHED)
  set(MLPROV_LIBTORCH_PYTHON_SEARCHED TRUE CACHE INTERNAL "")
  find_program(MLPROV_PYTHON NAMES python3 python)
  mark_as_advanced(MLPROV_PYTHON)
  if(MLPROV_PYTHON)
    execute_process(
      COMMAND "${MLPROV_PYTHON}" -c
              "import importlib.util as u; s = u.find_spec('torch'); print(s.submodule_search_locations[0] if s else '', end='')"
      OUTPUT_VARIABLE _python_torch ERROR_QUIET)
    set(MLPROV_LIBTORCH_OF_PYTHON "${_python_torch}" CACHE INTERNAL "")
  endif()
endif()
list(APPEND _hints "${MLPROV_LIBTORCH_OF_PYTHON}")
get_filename_component(_project "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)
list(APPEND _hints "${_project}/.cache/libtorch/torch")

find_path(LibTorch_API_INCLUDE torch/torch.h HINTS ${_hints}
          PATH_SUFFIXES include/torch/csrc/api/include NO_DEFAULT_PATH)
find_path(LibTorch_INCLUDE ATen/Context.h HINTS ${_hints} PATH_SUFFIXES include NO_DEFAULT_PATH)
find_library(LibTorch_CPU_LIBRARY torch_cpu HINTS ${_hints} PATH_SUFFIXES lib NO_DEFAULT_PATH)
find_library(LibTorch_C10_LIBRARY c10 HINTS ${_hints} PATH_SUFFIXES lib NO_DEFAULT_PATH)
mark_as_advanced(LibTorch_API_INCLUDE LibTorch_INCLUDE LibTorch_CPU_LIBRARY LibTorch_C10_LIBRARY)

if(LibTorch_INCLUDE)
  get_filename_component(LibTorch_ROOT "${LibTorch_INCLUDE}/.." ABSOLUTE)
  foreach(_header torch/headeronly/version.h torch/version.h torch/csrc/api/include/torch/version.h)
    if(EXISTS "${LibTorch_INCLUDE}/${_header}")
      file(STRINGS "${LibTorch_INCLUDE}/${_header}" _line REGEX "^#define TORCH_VERSION_(MAJOR|MINOR|PATCH) ")
      string(REGEX REPLACE "[^0-9;]" "" _numbers "${_line}")
      if(_numbers)
        list(JOIN _numbers "." LibTorch_VERSION)
        break()
      endif()
    endif()
  endforeach()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch
  REQUIRED_VARS LibTorch_CPU_LIBRARY LibTorch_C10_LIBRARY LibTorch_API_INCLUDE LibTorch_INCLUDE
  VERSION_VAR LibTorch_VERSION)

if(LibTorch_FOUND AND NOT TARGET mlprov::libtorch)
  add_library(mlprov::libtorch INTERFACE IMPORTED)
  target_include_directories(mlprov::libtorch SYSTEM INTERFACE "${LibTorch_API_INCLUDE}" "${LibTorch_INCLUDE}")
  target_compile_definitions(mlprov::libtorch INTERFACE _GLIBCXX_USE_CXX11_ABI=1)
  target_link_libraries(mlprov::libtorch INTERFACE "${LibTorch_CPU_LIBRARY}" "${LibTorch_C10_LIBRARY}")
  # libtorch_cpu finds the CUDA runtime by its own RPATH; the linker need not.
  target_link_options(mlprov::libtorch INTERFACE -Wl,--disable-new-dtags -Wl,--allow-shlib-undefined)
endif()
