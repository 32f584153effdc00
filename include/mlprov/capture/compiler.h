#pragma once

#include <string>
#include <vector>

#include "mlprov/json/canonical.h"

namespace mlprov {

/// What compiled one translation unit, as far as the compiler's own macros tell.
struct CompilerCapture {
  std::string id;        ///< `gcc`, `clang` or `unknown`.
  std::string version;   ///< The compiler's own words.
  std::string standard;  ///< Value of __cplusplus.
  std::string flags;     ///< Command-line flags where the build hands them in; else empty.
  /// Macros in force that may change bits or the ABI: `__FAST_MATH__`, `__FMA__`, `NDEBUG`, ...
  std::vector<std::string> features;
};

/// The compiler of mlprov's own library, with the flags of its build.
CompilerCapture library_compiler();

/// The version of mlprov, `0.1.0`.
std::string library_version();

Json compiler_content(const CompilerCapture& compiler);

namespace detail {
CompilerCapture describe_compiler(const char* version, long standard, const char* flags,
                                  std::vector<std::string> features);
}

/// The compiler of the translation unit that includes this header: the user's program. A build
/// that defines MLPROV_COMPILE_FLAGS as a string hands its flags in. `static`, so that each unit
/// speaks for itself.
[[maybe_unused]] static inline CompilerCapture this_compiler() {
  std::vector<std::string> features;
#ifdef __OPTIMIZE__
  features.emplace_back("__OPTIMIZE__");
#endif
#ifdef __FAST_MATH__
  features.emplace_back("__FAST_MATH__");
#endif
#ifdef __FMA__
  features.emplace_back("__FMA__");
#endif
#ifdef __AVX2__
  features.emplace_back("__AVX2__");
#endif
#ifdef __AVX512F__
  features.emplace_back("__AVX512F__");
#endif
#ifdef __ARM_FEATURE_SVE
  features.emplace_back("__ARM_FEATURE_SVE");
#endif
#ifdef NDEBUG
  features.emplace_back("NDEBUG");
#endif
#ifdef _OPENMP
  features.emplace_back("_OPENMP");
#endif
#if defined(_GLIBCXX_USE_CXX11_ABI) && _GLIBCXX_USE_CXX11_ABI
  features.emplace_back("_GLIBCXX_USE_CXX11_ABI");
#endif
#ifdef _LIBCPP_VERSION
  features.emplace_back("_LIBCPP_VERSION");
#endif
#if defined(__SANITIZE_ADDRESS__)
  features.emplace_back("__SANITIZE_ADDRESS__");
#endif
#if defined(__SANITIZE_THREAD__)
  features.emplace_back("__SANITIZE_THREAD__");
#endif
#ifdef MLPROV_COMPILE_FLAGS
  const char* const flags = MLPROV_COMPILE_FLAGS;
#else
  const char* const flags = "";
#endif
#ifdef __VERSION__
  const char* const version = __VERSION__;
#else
  const char* const version = "";
#endif
  return detail::describe_compiler(version, __cplusplus, flags, std::move(features));
}

}  // namespace mlprov
