#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "mlprov/capture/git.h"

namespace mlprov::capture {

/// Hashes files of one working tree until a bound is reached; counts what it left out.
class GitFileHasher {
 public:
  GitFileHasher(std::string work_tree, const GitOptions& options);

  /// Fills size, symlink and digest of the file at `file.path` (raw bytes as git has them).
  /// Links are never followed: a link's digest is that of its target's text.
  void fill(GitFile& file, const std::string& raw_path);

  std::uint64_t left_out() const noexcept { return left_out_; }

 private:
  bool within_bounds(std::uint64_t size) const;
  std::optional<Digest32> hash_regular(const std::string& path, std::uint64_t& size);
  std::optional<Digest32> hash_link(const std::string& path, std::uint64_t& size);

  std::string work_tree_;
  const GitOptions& options_;
  std::uint64_t hashed_ = 0;
  std::uint64_t left_out_ = 0;
};

}  // namespace mlprov::capture
