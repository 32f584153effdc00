#include "mlprov/capture/compiler.h"

#include <string_view>

#include "capture/text.h"

#ifndef MLPROV_BUILD_FLAGS
#define MLPROV_BUILD_FLAGS ""
#endif
#ifndef MLPROV_VERSION_STRING
#define MLPROV_VERSION_STRING "unknown"
#endif

namespace mlprov {
namespace {

std::string compiler_id(std::string_view version) {
  if (version.find("Clang") != std::string_view::npos ||
      version.find("clang") != std::string_view::npos) {
    return "clang";
  }
  // GCC's __VERSION__ starts with the number itself.
  if (!version.empty() && version[0] >= '0' && version[0] <= '9') return "gcc";
  return "unknown";
}

}  // namespace

CompilerCapture detail::describe_compiler(const char* version, long standard, const char* flags,
                                          std::vector<std::string> features) {
  CompilerCapture compiler;
  compiler.id = compiler_id(version);
  compiler.version = version;
  compiler.standard = std::to_string(standard);
  compiler.flags = std::string(capture::trim(flags));
  compiler.features = std::move(features);
  return compiler;
}

CompilerCapture library_compiler() {
  CompilerCapture compiler = this_compiler();
  compiler.flags = std::string(capture::trim(MLPROV_BUILD_FLAGS));
  return compiler;
}

std::string library_version() { return MLPROV_VERSION_STRING; }

Json compiler_content(const CompilerCapture& compiler) {
  return {{"features", compiler.features},
          {"flags", capture::printable(compiler.flags)},
          {"id", compiler.id},
          {"standard", compiler.standard},
          {"version", capture::printable(compiler.version)}};
}

}  // namespace mlprov
