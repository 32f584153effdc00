#pragma once

#include <string>
#include <string_view>

#include "cli/output.h"

namespace mlprov::cli {

/// A file that a verb writes because of `-o FILE`.
struct OutputFile {
  std::string path;        ///< `-` is standard output.
  unsigned mode = 0644;    ///< Permissions of a new file.
  bool overwrite = false;  ///< `--force`.
};

/// Writes all of `content` or nothing. Without `overwrite` an existing file with other content is
/// never touched: `kConflict`, naming `--force`. Throws `kIo`.
void write_output_file(const OutputFile& file, std::string_view content, Output& out);

}  // namespace mlprov::cli
