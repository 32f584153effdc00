#include "cli/hash_tensors.h"

#include <algorithm>

#include "cli/hash_list.h"
#include "cli/printable.h"
#include "mlprov/digest/hasher.h"
#include "mlprov/digest/safetensors.h"
#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"

namespace mlprov::cli {
namespace {

/// In the order of their names, as directories list them.
std::vector<SafetensorsView> sorted_by_name(std::vector<SafetensorsView> tensors) {
  std::sort(tensors.begin(), tensors.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return tensors;
}

Json tensors_to_json(const std::vector<SafetensorsView>& tensors, Algorithm algorithm) {
  Json list = Json::array();
  for (const SafetensorsView& tensor : tensors) {
    list.push_back({{"digest", to_hex(digest(algorithm, tensor.data))},
                    {"dtype", tensor.dtype},
                    {"name", json_text(tensor.name)},
                    {"shape", tensor.shape},
                    {"size", tensor.data.size()}});
  }
  return list;
}

void print_tensors(const std::vector<SafetensorsView>& tensors, Algorithm algorithm, Output& out) {
  for (const SafetensorsView& tensor : tensors) {
    if (out.closed()) return;
    out.line(to_hex(digest(algorithm, tensor.data)) + "  " + tensor.dtype + " " +
             shape_text(tensor.shape) + "  " + printable(tensor.name));
  }
}

}  // namespace

std::string shape_text(const std::vector<std::uint64_t>& shape) {
  std::string text = "[";
  for (const std::uint64_t length : shape) {
    text += (text.size() == 1 ? "" : ",") + std::to_string(length);
  }
  return text + "]";
}

ExitCode list_tensors(const HashOptions& options, Output& out) {
  const Algorithm algorithm = options.algorithm();
  ExitCode code = ExitCode::kHolds;
  Json files = Json::array();
  Json errors = Json::array();
  for (const std::string& path : options.paths) {
    try {
      const SafetensorsFile file(path);
      const auto tensors = sorted_by_name(file.tensors());
      if (options.json) {
        files.push_back(
            {{"path", json_text(path)}, {"tensors", tensors_to_json(tensors, algorithm)}});
        continue;
      }
      if (options.paths.size() > 1) out.line(printable(path) + ":");
      print_tensors(tensors, algorithm, out);
    } catch (const Error& error) {
      report_unreadable(error.what());
      errors.push_back({{"message", json_text(error.what())}, {"path", json_text(path)}});
      code = ExitCode::kFailed;
    }
  }
  if (options.json) {
    out.json({{"algorithm", options.algorithm_name}, {"errors", errors}, {"files", files}});
  }
  return code;
}

}  // namespace mlprov::cli
