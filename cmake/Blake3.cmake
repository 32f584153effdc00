# BLAKE3: the official C library, with oneTBB. Debian 12 packages no such library, and its own CMake asks
# for a newer oneTBB than Debian's and then leaves the threads out, so its sources are compiled here.
# Looked for in this order: MLPROV_BLAKE3_SOURCE, the system's library when it was built with oneTBB, the
# sources inside the crate `blake3` (cargo's folder, then `cargo fetch`), the official git repository.
# Gives mlprov_link_blake3(target) and MLPROV_BLAKE3_ORIGIN.
include_guard(GLOBAL)

set(MLPROV_BLAKE3_VERSION 1.8.2)
set(MLPROV_BLAKE3_COMMIT df610ddc3b93841ffc59a87e3da659a15910eb46)

# SHA-256 of each file that may be compiled; both routes of download must give exactly these.
set(MLPROV_BLAKE3_PINS
  blake3.c                      0cd1d6aa002ac44cbf0b0cff5d3f23df3fd190fdc25dfc6d7f3de2afeffba5bd
  blake3.h                      ca1e562d173c264c19b2a89d179f5fa94000966b6b8f4182b6682e136a8cbfdf
  blake3_impl.h                 65cf3597897090e8ded5968e3c26304a65b0091e8fabfa434c3d1a5eef29cb17
  blake3_dispatch.c             a6cef5c497d95c8f7fcde6e1a8e140637f3260b31e911319e69cf5069459b635
  blake3_portable.c             2bc25b0dad67b4329d0b49cfa075ab2b0d04e424addbddc4e9c389c52a192524
  blake3_tbb.cpp                56a9fc1145c496121bb2acea3234a8e85a727126132137575e3f3f854177b1f0
  blake3_neon.c                 766c91fac5262292cb723d4512ca1652a43f3f7f80a5fedce71533dd7047ede3
  blake3_sse2_x86-64_unix.S     94baa998f4114bf57b99e1791a21e9f0bcdc4bd5803864eb30a2477440b7380c
  blake3_sse41_x86-64_unix.S    135048e4a81a6f9e86960b115141874a55954dbfd2cd1e8e9818837b46b498ad
  blake3_avx2_x86-64_unix.S     a2d95519fd9845cf80252110e21a93124e81c03da836eaac0bca0537be4f8324
  blake3_avx512_x86-64_unix.S   c641987dd82fabed59d527f1a3413c4a2ff3df919af6d13ff2788c95e4035c0d)

# The files whose hash is not the pinned one, by name, into `out`.
function(mlprov_blake3_check folder out)
  set(wrong "")
  set(pins ${MLPROV_BLAKE3_PINS})
  while(pins)
    list(POP_FRONT pins name want)
    set(have "absent")
    if(EXISTS "${folder}/${name}")
      file(SHA256 "${folder}/${name}" have)
    endif()
    if(NOT have STREQUAL want)
      list(APPEND wrong "${name}")
    endif()
  endwhile()
  set(${out} "${wrong}" PARENT_SCOPE)
endfunction()

# Whether `library` holds the function that uses many threads. Its .pc file may claim so falsely.
function(mlprov_blake3_has_tbb library out)
  include(CheckCXXSourceCompiles)
  include(CMakePushCheckState)
  cmake_push_check_state(RESET)
  set(CMAKE_REQUIRED_LIBRARIES ${library} TBB::tbb)
  set(CMAKE_REQUIRED_QUIET ON)
  check_cxx_source_compiles("
    #ifndef BLAKE3_USE_TBB
    #define BLAKE3_USE_TBB
    #endif
    #include <blake3.h>
    int main() { blake3_hasher h; blake3_hasher_init(&h); blake3_hasher_update_tbb(&h, \"\", 0); }"
    ${out})
  cmake_pop_check_state()
  set(${out} "${${out}}" PARENT_SCOPE)
endfunction()

# A system library counts only if it was built with oneTBB; its CMake target tells by a definition.
# Sets MLPROV_BLAKE3_SYSTEM to its target, and MLPROV_BLAKE3_DEPENDENCY to what finds it again for a
# consumer of an installed static libmlprov.
macro(mlprov_blake3_find_system)
  find_package(BLAKE3 1.8 CONFIG QUIET)
  if(TARGET BLAKE3::blake3)
    get_target_property(mlprov_blake3_definitions BLAKE3::blake3 INTERFACE_COMPILE_DEFINITIONS)
    if("BLAKE3_USE_TBB" IN_LIST mlprov_blake3_definitions)
      set(MLPROV_BLAKE3_SYSTEM BLAKE3::blake3)
      set(MLPROV_BLAKE3_ORIGIN "the system's ${BLAKE3_VERSION}")
      set(MLPROV_BLAKE3_DEPENDENCY "find_dependency(BLAKE3 1.8 CONFIG)")
    endif()
  endif()
  if(NOT MLPROV_BLAKE3_SYSTEM)
    find_package(PkgConfig QUIET)
    pkg_check_modules(libblake3 QUIET IMPORTED_TARGET GLOBAL libblake3>=1.8)
    if(libblake3_FOUND)
      mlprov_blake3_has_tbb(PkgConfig::libblake3 MLPROV_BLAKE3_PKGCONFIG_HAS_TBB)
    endif()
    if(libblake3_FOUND AND MLPROV_BLAKE3_PKGCONFIG_HAS_TBB)
      set(MLPROV_BLAKE3_SYSTEM PkgConfig::libblake3)
      set(MLPROV_BLAKE3_ORIGIN "the system's ${libblake3_VERSION}")
      set(MLPROV_BLAKE3_DEPENDENCY
          "pkg_check_modules(libblake3 REQUIRED IMPORTED_TARGET GLOBAL libblake3>=1.8)")
    endif()
  endif()
endmacro()

# The folder c/ of the crate in cargo's own store, into `out`; empty when it is not there.
function(mlprov_blake3_find_crate out)
  set(home "$ENV{CARGO_HOME}")
  if(NOT home)
    set(home "$ENV{HOME}/.cargo")
  endif()
  file(GLOB found "${home}/registry/src/*/blake3-${MLPROV_BLAKE3_VERSION}/c/blake3.c")
  set(${out} "" PARENT_SCOPE)
  if(found)
    list(GET found 0 found)
    get_filename_component(found "${found}" DIRECTORY)
    set(${out} "${found}" PARENT_SCOPE)
  endif()
endfunction()

# Asks cargo for the crate through a manifest that nothing else uses.
function(mlprov_blake3_fetch_crate out)
  set(${out} "" PARENT_SCOPE)
  find_program(MLPROV_CARGO cargo HINTS "$ENV{CARGO_HOME}/bin" "$ENV{HOME}/.cargo/bin")
  if(NOT MLPROV_CARGO)
    return()
  endif()
  set(manifest "${CMAKE_CURRENT_BINARY_DIR}/blake3-crate")
  file(WRITE "${manifest}/src/lib.rs" "")
  file(WRITE "${manifest}/Cargo.toml" "[package]\nname = \"mlprov-blake3\"\nversion = \"0.0.0\"\n"
       "edition = \"2021\"\n[workspace]\n[dependencies]\nblake3 = \"=${MLPROV_BLAKE3_VERSION}\"\n")
  message(STATUS "BLAKE3: cargo fetch of the crate blake3 ${MLPROV_BLAKE3_VERSION}")
  execute_process(COMMAND "${MLPROV_CARGO}" fetch --quiet --manifest-path "${manifest}/Cargo.toml"
                  RESULT_VARIABLE result ERROR_VARIABLE error)
  if(NOT result EQUAL 0)
    message(STATUS "BLAKE3: cargo fetch failed: ${error}")
    return()
  endif()
  mlprov_blake3_find_crate(found)
  set(${out} "${found}" PARENT_SCOPE)
endfunction()

function(mlprov_blake3_fetch_git out)
  include(FetchContent)
  message(STATUS "BLAKE3: git clone of the official repository at ${MLPROV_BLAKE3_VERSION}")
  FetchContent_Declare(mlprov_blake3_git GIT_REPOSITORY https://github.com/BLAKE3-team/BLAKE3.git
                       GIT_TAG ${MLPROV_BLAKE3_COMMIT} SOURCE_SUBDIR none)
  FetchContent_MakeAvailable(mlprov_blake3_git)
  set(${out} "${mlprov_blake3_git_SOURCE_DIR}/c" PARENT_SCOPE)
endfunction()

# Finds the sources, in `folder`, and says in `origin` where from; fails with a sentence.
function(mlprov_blake3_find_sources folder_out origin_out)
  mlprov_blake3_find_crate(folder)
  set(origin "crate ${MLPROV_BLAKE3_VERSION}")
  if(NOT folder AND MLPROV_FETCH)
    mlprov_blake3_fetch_crate(folder)
  endif()
  if(NOT folder AND MLPROV_FETCH)
    mlprov_blake3_fetch_git(folder)
    set(origin "git ${MLPROV_BLAKE3_VERSION}")
  endif()
  if(NOT folder)
    message(FATAL_ERROR "No BLAKE3 C library: run `cargo fetch` for the crate blake3 "
            "${MLPROV_BLAKE3_VERSION}, name its sources with -DMLPROV_BLAKE3_SOURCE=<folder with "
            "blake3.c>, or allow the download with -DMLPROV_FETCH=ON.")
  endif()
  mlprov_blake3_check("${folder}" wrong)
  if(wrong)
    message(FATAL_ERROR "The BLAKE3 sources in ${folder} are not those of ${MLPROV_BLAKE3_VERSION}; "
            "these files differ: ${wrong}. Delete that folder and configure again.")
  endif()
  set(${folder_out} "${folder}" PARENT_SCOPE)
  set(${origin_out} "${origin}" PARENT_SCOPE)
endfunction()

# An object library, so that libmlprov.a holds the code and a consumer needs no BLAKE3 of its own.
function(mlprov_blake3_compile folder)
  add_library(mlprov_blake3 OBJECT "${folder}/blake3.c" "${folder}/blake3_dispatch.c"
              "${folder}/blake3_portable.c" "${folder}/blake3_tbb.cpp")
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|amd64|AMD64)$" AND CMAKE_SIZEOF_VOID_P EQUAL 8)
    foreach(isa sse2 sse41 avx2 avx512)
      target_sources(mlprov_blake3 PRIVATE "${folder}/blake3_${isa}_x86-64_unix.S")
    endforeach()
  elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64|ARM64)$")
    target_sources(mlprov_blake3 PRIVATE "${folder}/blake3_neon.c")
    target_compile_definitions(mlprov_blake3 PRIVATE BLAKE3_USE_NEON=1)
  else()
    target_compile_definitions(mlprov_blake3 PRIVATE BLAKE3_USE_NEON=0 BLAKE3_NO_SSE2
      BLAKE3_NO_SSE41 BLAKE3_NO_AVX2 BLAKE3_NO_AVX512)
  endif()
  target_compile_definitions(mlprov_blake3
    PUBLIC BLAKE3_USE_TBB
    PRIVATE BLAKE3_API= BLAKE3_PRIVATE=)  # hidden, below: a shared libmlprov exports no BLAKE3 API
  target_include_directories(mlprov_blake3 SYSTEM PUBLIC "${folder}")
  target_compile_features(mlprov_blake3 PRIVATE cxx_std_20)
  target_compile_options(mlprov_blake3 PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions>)
  set_target_properties(mlprov_blake3 PROPERTIES POSITION_INDEPENDENT_CODE ON
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden CXX_CLANG_TIDY "" C_CLANG_TIDY "")
  target_link_libraries(mlprov_blake3 PUBLIC TBB::tbb)
endfunction()

# Gives `target` the library: the objects themselves, or the system's as a private dependency.
function(mlprov_link_blake3 target)
  if(MLPROV_BLAKE3_SYSTEM)
    target_link_libraries(${target} PRIVATE ${MLPROV_BLAKE3_SYSTEM} TBB::tbb)
    target_compile_definitions(${target} PRIVATE BLAKE3_USE_TBB)
    return()
  endif()
  target_sources(${target} PRIVATE $<TARGET_OBJECTS:mlprov_blake3>)
  target_include_directories(${target} SYSTEM PRIVATE
    $<TARGET_PROPERTY:mlprov_blake3,INTERFACE_INCLUDE_DIRECTORIES>)
  target_compile_definitions(${target} PRIVATE BLAKE3_USE_TBB)
  target_link_libraries(${target} PRIVATE TBB::tbb)
endfunction()

set(MLPROV_BLAKE3_SYSTEM "")
set(MLPROV_BLAKE3_DEPENDENCY "")
if(MLPROV_BLAKE3_SOURCE)
  set(mlprov_blake3_folder "${MLPROV_BLAKE3_SOURCE}")
  set(MLPROV_BLAKE3_ORIGIN "${MLPROV_BLAKE3_SOURCE}")
  if(NOT EXISTS "${mlprov_blake3_folder}/blake3.c")
    message(FATAL_ERROR "MLPROV_BLAKE3_SOURCE=${MLPROV_BLAKE3_SOURCE} holds no blake3.c: "
            "name the folder c/ of the BLAKE3 sources.")
  endif()
  mlprov_blake3_check("${mlprov_blake3_folder}" mlprov_blake3_wrong)
  if(mlprov_blake3_wrong)
    message(WARNING "The BLAKE3 sources that you named are not those of ${MLPROV_BLAKE3_VERSION}; "
            "these files differ: ${mlprov_blake3_wrong}.")
  endif()
else()
  mlprov_blake3_find_system()
  if(NOT MLPROV_BLAKE3_SYSTEM)
    mlprov_blake3_find_sources(mlprov_blake3_folder MLPROV_BLAKE3_ORIGIN)
  endif()
endif()
if(NOT MLPROV_BLAKE3_SYSTEM)
  mlprov_blake3_compile("${mlprov_blake3_folder}")
endif()
