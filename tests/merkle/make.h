#pragma once

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mlprov/digest/hasher.h"
#include "mlprov/merkle/tree.h"
#include "mlprov/support/error.h"

/// Small makers that the tests of trees share.
namespace mlprov::testing {

inline Digest32 digest_of(std::string_view text) {
  return digest32(Algorithm::kSha256, as_bytes(text));
}

inline Entry make_file(std::string name, std::string_view content = "content") {
  Entry entry;
  entry.kind = EntryKind::kFile;
  entry.name = std::move(name);
  entry.digest = digest_of(content);
  entry.size = content.size();
  return entry;
}

inline Entry make_tensor(std::string name, std::string dtype, std::vector<std::uint64_t> shape) {
  Entry entry;
  entry.kind = EntryKind::kTensor;
  entry.name = std::move(name);
  entry.digest = digest_of(entry.name);
  entry.dtype = std::move(dtype);
  entry.shape = std::move(shape);
  return entry;
}

/// What refers to `directory` under that name.
inline Entry make_tree(std::string name, const Directory& directory) {
  Entry entry;
  entry.kind = EntryKind::kTree;
  entry.name = std::move(name);
  entry.digest = directory.root();
  entry.entries = directory.size();
  entry.salted = directory.salted();
  return entry;
}

inline Salt make_salt(std::uint8_t fill) {
  Salt salt;
  salt.fill(fill);
  return salt;
}

inline Entry with_salt(Entry entry, std::uint8_t fill) {
  entry.salt = make_salt(fill);
  return entry;
}

/// Collects directories by root, for trees that no builder would make.
class Shelf {
 public:
  explicit Shelf(Algorithm algorithm = Algorithm::kSha256) : algorithm_(algorithm) {}

  const Directory& put(std::vector<Entry> entries) {
    return put(Directory::from_entries(algorithm_, std::move(entries)));
  }
  const Directory& put_slots(std::vector<Slot> slots) {
    return put(Directory::from_slots(algorithm_, std::move(slots)));
  }
  const Directory& put(Directory directory) {
    auto shared = std::make_shared<const Directory>(std::move(directory));
    return *directories_->emplace(shared->root(), shared).first->second;
  }
  void drop(const Digest32& root) { directories_->erase(root); }

  MerkleTree tree(const Directory& top) const {
    return MerkleTree(top.root(), std::make_shared<const DirectoryMap>(*directories_));
  }

 private:
  Algorithm algorithm_;
  std::shared_ptr<DirectoryMap> directories_ = std::make_shared<DirectoryMap>();
};

/// The code of the `Error` that `call` throws; a failure when it throws none.
template <class Call>
std::string thrown_code(Call call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_GT(std::string_view(error.what()).size(), 10u);
    return to_string(error.code());
  }
  return "nothing was thrown";
}

inline std::mt19937_64 seeded_generator() { return std::mt19937_64(20260101); }

}  // namespace mlprov::testing
