#include <algorithm>
#include <system_error>

#include "mlprov/digest/file_digest.h"
#include "mlprov/support/error.h"

namespace mlprov {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& path, const std::string& why) {
  throw Error(ErrorCode::kUnsupported, path.string() + " " + why);
}

bool is_inside(const fs::path& path, const fs::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first ==
         folder.end();
}

/// REQUIRES: `root` is canonical.
void check_link(const fs::path& link, const fs::path& root) {
  std::error_code dangles;
  const fs::path target = fs::canonical(link, dangles);
  if (dangles) refuse(link, "is a symlink that leads nowhere; remove it or mend its target");
  if (!is_inside(target, root)) {
    refuse(link, "is a symlink that leads out of the folder, to " + target.string());
  }
  if (fs::is_directory(target)) {
    refuse(link, "is a symlink to a folder; only files are followed");
  }
  if (!fs::is_regular_file(target)) refuse(link, "is a symlink to something that is no file");
}

std::vector<fs::path> walk(const fs::path& folder) {
  const fs::path root = fs::canonical(folder);
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root)) {
    const fs::file_status status = entry.symlink_status();
    if (fs::is_directory(status)) continue;
    if (fs::is_symlink(status)) {
      check_link(entry.path(), root);
    } else if (!fs::is_regular_file(status)) {
      refuse(entry.path(), "is a socket, pipe or device; only files can be recorded");
    }
    files.push_back(entry.path().lexically_relative(root));
  }
  std::ranges::sort(files, {}, [](const fs::path& path) -> const std::string& {
    return path.native();  // compared as bytes, where `path` would compare name by name
  });
  return files;
}

}  // namespace

std::vector<std::filesystem::path> list_files(const std::filesystem::path& folder) {
  try {
    if (fs::exists(folder) && !fs::is_directory(folder)) {
      throw Error(ErrorCode::kIo, "cannot list " + folder.string() + ": it is not a folder");
    }
    return walk(folder);
  } catch (const fs::filesystem_error& error) {
    const bool missing = error.code() == std::errc::no_such_file_or_directory;
    throw Error(missing ? ErrorCode::kNotFound : ErrorCode::kIo,
                "cannot list " + error.path1().string() + ": " + error.code().message());
  }
}

}  // namespace mlprov
