#include "cli/artifacts.h"

#include <algorithm>
#include <filesystem>

#include "cli/entry_text.h"
#include "cli/hash_tensors.h"
#include "cli/run_view.h"
#include "cli/terminal.h"
#include "mlprov/digest/file_digest.h"
#include "mlprov/digest/hasher.h"
#include "mlprov/digest/safetensors.h"
#include "mlprov/merkle/name.h"
#include "mlprov/support/error.h"

namespace mlprov::cli {
namespace {

namespace fs = std::filesystem;

struct Argument {
  std::string path;
  std::string file;
};

/// Splits at the first `=` that has a path of the run before it, else at the first.
Argument split_argument(const std::string& text, const MerkleTree& tree) {
  const std::size_t first = text.find('=');
  if (first == std::string::npos || first == 0 || first + 1 == text.size()) {
    throw Error(ErrorCode::kUsage, "--artifact takes PATH=FILE, not \"" + text + "\"");
  }
  for (std::size_t at = first; at != std::string::npos; at = text.find('=', at + 1)) {
    const std::string path = typed_path(text.substr(0, at));
    if (tree.find(path) != nullptr) return {path, text.substr(at + 1)};
  }
  return {typed_path(text.substr(0, first)), text.substr(first + 1)};
}

Digest32 digest_of(Algorithm algorithm, ByteView bytes) { return digest32(algorithm, bytes); }

Digest32 to_digest32(const Bytes& bytes) {
  Digest32 digest{};
  std::copy_n(bytes.begin(), digest.size(), digest.begin());
  return digest;
}

FileDigest hash_with_progress(Algorithm algorithm, const fs::path& file) {
  std::error_code ignored;
  const auto size = fs::file_size(file, ignored);
  ProgressLine progress("hashing " + file.string(), ignored ? 0 : size);
  FileDigestOptions options;
  options.algorithm = algorithm;
  options.progress = [&](std::uint64_t bytes) { progress.update(bytes); };
  return hash_file(file, options);
}

bool is_safetensors(const fs::path& file) { return file.extension() == ".safetensors"; }

std::string tensor_objection(const Entry& entry, const SafetensorsView& tensor) {
  if (entry.kind != EntryKind::kTensor) return "";
  if (entry.dtype == tensor.dtype && entry.shape == tensor.shape) return "";
  return "the tensor " + tensor.name + " is " + tensor.dtype + " " + shape_text(tensor.shape) +
         " in the file, " + entry.dtype + " " + shape_text(entry.shape) + " in the run";
}

/// A file's relative path as the path of an entry: each part escaped.
std::string entry_path(const fs::path& relative) {
  std::vector<std::string> names;
  for (const fs::path& part : relative) names.push_back(escape_name(part.string()));
  return join_path(names);
}

/// Collects what one argument after the other stands for.
class Collector {
 public:
  explicit Collector(const MerkleTree& tree) : tree_(tree) {}

  void add(const Argument& argument) {
    const Entry* const entry = tree_.find(argument.path);
    if (entry == nullptr || entry->kind != EntryKind::kTree) {
      add_one(argument, entry);
    } else if (fs::is_directory(argument.file)) {
      add_folder(argument);
    } else if (is_safetensors(argument.file)) {
      add_tensors(argument);
    } else {
      throw Error(ErrorCode::kUsage, argument.path +
                                         " is a directory of the run: give a folder or a "
                                         "safetensors file for it, not " +
                                         argument.file);
    }
  }

  Artifacts take() { return std::move(result_); }

 private:
  void add_one(const Argument& argument, const Entry* entry) {
    // For a path that the run has not, the bytes do not matter: it is refused by its path.
    const EntryBytes bytes =
        digest_for_entry(tree_.algorithm(), entry == nullptr ? Entry{} : *entry, argument.file);
    result_.digests.push_back({argument.path, bytes.digest, bytes.size});
    object(argument.path, bytes.objection);
  }

  void add_folder(const Argument& argument) {
    const fs::path folder = argument.file;
    std::vector<fs::path> files;
    for (const fs::path& file : list_files(folder)) files.push_back(file);
    std::vector<fs::path> full;
    for (const fs::path& file : files) full.push_back(folder / file);
    ProgressLine progress("hashing " + argument.file, 0);
    FileDigestOptions options;
    options.algorithm = tree_.algorithm();
    options.progress = [&](std::uint64_t bytes) { progress.update(bytes); };
    const auto digests = hash_files(full, options);
    for (std::size_t i = 0; i < files.size(); ++i) {
      result_.digests.push_back({argument.path + "/" + entry_path(files[i]),
                                 to_digest32(digests[i].digest), digests[i].size});
    }
  }

  void add_tensors(const Argument& argument) {
    const SafetensorsFile file{fs::path(argument.file)};
    for (const SafetensorsView& tensor : file.tensors()) {
      const std::string path = argument.path + "/" + escape_name(tensor.name);
      result_.digests.push_back(
          {path, digest_of(tree_.algorithm(), tensor.data), tensor.data.size()});
      if (const Entry* entry = tree_.find(path)) object(path, tensor_objection(*entry, tensor));
    }
  }

  void object(const std::string& path, const std::string& sentence) {
    if (!sentence.empty() && result_.objection.empty()) result_.objection = path + ": " + sentence;
  }

  const MerkleTree& tree_;
  Artifacts result_;
};

EntryBytes digest_tensor(Algorithm algorithm, const Entry& entry, const std::string& file) {
  const SafetensorsFile tensors{fs::path(file)};
  for (const SafetensorsView& tensor : tensors.tensors()) {
    if (tensor.name.empty() || escape_name(tensor.name) != entry.name) continue;
    return {digest_of(algorithm, tensor.data), tensor.data.size(), tensor_objection(entry, tensor)};
  }
  throw Error(ErrorCode::kNotFound, file + " has no tensor " + entry.name);
}

}  // namespace

EntryBytes digest_for_entry(Algorithm algorithm, const Entry& entry, const std::string& file) {
  if (entry.kind == EntryKind::kTensor && is_safetensors(file)) {
    return digest_tensor(algorithm, entry, file);
  }
  const FileDigest whole = hash_with_progress(algorithm, file);
  return {to_digest32(whole.digest), whole.size, ""};
}

Artifacts digest_artifacts(const std::vector<std::string>& arguments, const MerkleTree& tree) {
  Collector collector(tree);
  for (const std::string& text : arguments) collector.add(split_argument(text, tree));
  return collector.take();
}

}  // namespace mlprov::cli
