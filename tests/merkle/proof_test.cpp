#include "mlprov/merkle/proof.h"

#include <gtest/gtest.h>

#include "merkle/make.h"
#include "mlprov/merkle/rfc6962.h"

namespace mlprov {
namespace {

using testing::make_file;
using testing::make_salt;
using testing::make_tensor;
using testing::make_tree;
using testing::Shelf;
using testing::thrown_code;
using testing::with_salt;

constexpr Algorithm kSha = Algorithm::kSha256;

MerkleTree sample_tree() {
  MerkleTreeBuilder builder(kSha);
  builder.add("a/b", with_salt(make_tensor("fc.weight", "F32", {3, 4}), 5));
  for (int i = 0; i < 5; ++i) builder.add("a/b", make_file("f" + std::to_string(i)));
  for (int i = 0; i < 6; ++i) builder.add("a", make_file("g" + std::to_string(i)));
  builder.add("", make_file("h"));
  builder.add_folder("a/b", make_salt(6));
  return builder.build();
}

std::optional<ProvedEntry> check(const MerkleTree& tree, const InclusionProof& proof) {
  return check_inclusion(tree.algorithm(), tree.root(), tree.entries(), proof);
}

TEST(InclusionProof, ProvesEveryEntryOfATree) {
  const MerkleTree tree = sample_tree();
  std::size_t proved = 0;
  for (const char* folder : {"", "a", "a/b"}) {
    for (const Slot& slot : tree.directory_at(folder)->slots()) {
      const Entry& entry = std::get<Entry>(slot);
      const std::string path = *folder == 0 ? entry.name : folder + ("/" + entry.name);
      const auto shown = check(tree, prove_inclusion(tree, path));
      ASSERT_TRUE(shown) << path;
      EXPECT_EQ(shown->path, path);
      EXPECT_EQ(shown->entry, entry);
      ++proved;
    }
  }
  EXPECT_EQ(proved, 2u + 7u + 6u);
}

// All positions in all small directories: only the true place is ever shown.
TEST(InclusionProof, NoOtherIndexOrSizeIsShownInSmallDirectories) {
  for (int size = 1; size <= 40; ++size) {
    std::vector<Entry> entries;
    for (int i = 0; i < size; ++i) entries.push_back(make_file("f" + std::to_string(i)));
    Shelf shelf;
    const Directory& child = shelf.put(entries);
    const MerkleTree tree = shelf.tree(shelf.put({make_tree("d", child)}));
    for (const Entry& entry : entries) {
      InclusionProof proof = prove_inclusion(tree, "d/" + entry.name);
      const std::uint64_t index = proof.chain[1].index;
      for (std::uint64_t said = 0; said <= 41; ++said) {
        proof.chain[1].index = said;
        ASSERT_EQ(check(tree, proof).has_value(), said == index) << said << " of " << size;
      }
      proof.chain[1].index = index;
      // A false size would have to stand in the entry above, whose leaf then is another.
      for (const std::uint64_t said : {std::uint64_t{0}, child.size() - 1, child.size() + 1}) {
        proof.chain[0].entry.entries = said;
        ASSERT_FALSE(check(tree, proof)) << said << " for " << size;
      }
    }
  }
}

TEST(InclusionProof, NeedsTheTrueRootSizeAndAlgorithm) {
  const MerkleTree tree = sample_tree();
  const InclusionProof proof = prove_inclusion(tree, "a/b/f3");
  Digest32 other = tree.root();
  other[0] ^= 1;
  EXPECT_FALSE(check_inclusion(kSha, other, tree.entries(), proof));
  EXPECT_FALSE(check_inclusion(kSha, tree.root(), tree.entries() + 2, proof));
  EXPECT_FALSE(check_inclusion(kSha, tree.root(), 0, proof));
  for (const Algorithm algorithm :
       {Algorithm::kBlake3, Algorithm::kSha3_256, Algorithm::kKeccak256}) {
    EXPECT_FALSE(check_inclusion(algorithm, tree.root(), tree.entries(), proof));
  }
}

/// Calls `tried` after each flip of one bit in `bytes`, which end as they were.
template <class Tried>
void flip_bits(std::span<std::uint8_t> bytes, Tried tried) {
  for (std::uint8_t& byte : bytes) {
    for (int bit = 0; bit < 8; ++bit) {
      byte ^= static_cast<std::uint8_t>(1 << bit);
      tried();
      byte ^= static_cast<std::uint8_t>(1 << bit);
    }
  }
}

template <class Tried>
void flip_bits(std::string& text, Tried tried) {
  flip_bits(std::span(reinterpret_cast<std::uint8_t*>(text.data()), text.size()), tried);
}

template <class Tried>
void flip_bits(std::uint64_t& number, Tried tried) {
  for (int bit = 0; bit < 64; ++bit) {
    number ^= std::uint64_t{1} << bit;
    tried();
    number ^= std::uint64_t{1} << bit;
  }
}

template <class Tried>
void flip_entry(Entry& entry, Tried tried) {
  flip_bits(entry.name, tried);
  flip_bits(entry.digest, tried);
  flip_bits(entry.size, tried);
  flip_bits(entry.dtype, tried);
  for (std::uint64_t& dimension : entry.shape) flip_bits(dimension, tried);
  flip_bits(entry.entries, tried);
  if (entry.salt) flip_bits(*entry.salt, tried);
  entry.salted = !entry.salted;
  tried();
  entry.salted = !entry.salted;
  const EntryKind kind = entry.kind;
  for (const EntryKind other : {EntryKind::kJson, EntryKind::kFile, EntryKind::kText,
                                EntryKind::kTensor, EntryKind::kTree}) {
    if (other == kind) continue;
    entry.kind = other;
    tried();
  }
  entry.kind = kind;
}

TEST(InclusionProof, EveryFlippedBitIsRefused) {
  const MerkleTree tree = sample_tree();
  for (const char* path : {"a/b/fc.weight", "a/b/f3", "a/g5", "h"}) {
    InclusionProof proof = prove_inclusion(tree, path);
    const InclusionProof original = proof;
    int flips = 0;
    const auto refused = [&] {
      ++flips;
      EXPECT_FALSE(check(tree, proof)) << path << ": flip " << flips << " passes";
    };
    for (ProofStep& step : proof.chain) {
      flip_entry(step.entry, refused);
      flip_bits(step.index, refused);
      for (Digest32& hash : step.path) flip_bits(hash, refused);
    }
    EXPECT_EQ(proof, original);
    EXPECT_TRUE(check(tree, proof)) << path;
    EXPECT_GT(flips, 500) << path;
  }
}

TEST(InclusionProof, MissingRepeatedAndSwappedStepsAreRefused) {
  const MerkleTree tree = sample_tree();
  const InclusionProof proof = prove_inclusion(tree, "a/b/f3");
  for (std::size_t i = 0; i < proof.chain.size(); ++i) {
    InclusionProof repeated = proof;
    repeated.chain.insert(repeated.chain.begin() + static_cast<std::ptrdiff_t>(i), proof.chain[i]);
    EXPECT_FALSE(check(tree, repeated)) << i;
    InclusionProof missing = proof;
    missing.chain.erase(missing.chain.begin() + static_cast<std::ptrdiff_t>(i));
    // Without its end a proof shows the directory above, which is true too.
    EXPECT_EQ(check(tree, missing).has_value(), i == 2) << i;
  }
  InclusionProof swapped = proof;
  std::swap(swapped.chain[0], swapped.chain[1]);
  EXPECT_FALSE(check(tree, swapped));
  EXPECT_FALSE(check(tree, {}));
}

// The digest of a file can be the root of a directory: the kind decides that it is none.
TEST(InclusionProof, DoesNotLeadThroughAFile) {
  const Entry inner = make_file("inner");
  Entry outer = make_file("outer", std::string(1, '\0') + encode_entry(inner));
  Shelf shelf;
  const MerkleTree tree = shelf.tree(shelf.put({outer}));
  ASSERT_EQ(outer.digest, Directory::from_entries(kSha, {inner}).root());
  InclusionProof proof = prove_inclusion(tree, "outer");
  proof.chain.push_back({inner, 0, {}});
  EXPECT_FALSE(check(tree, proof));
  proof.chain[0].entry.kind = EntryKind::kTree;
  proof.chain[0].entry.size = 0;
  proof.chain[0].entry.entries = 1;
  EXPECT_FALSE(check(tree, proof));
}

TEST(InclusionProof, StandsBesideWithheldEntries) {
  const Entry hidden = with_salt(make_file("b"), 1);
  Shelf shelf;
  const Digest32 leaf = rfc6962::leaf_hash(kSha, as_bytes(encode_entry(hidden)));
  const MerkleTree tree =
      shelf.tree(shelf.put_slots({make_file("a"), WithheldLeaf{leaf}, make_file("c")}));
  EXPECT_TRUE(check(tree, prove_inclusion(tree, "c")));
  EXPECT_EQ(thrown_code([&] { prove_inclusion(tree, "b"); }), "not-found");
}

TEST(InclusionProof, IsMadeOnlyForWhatIsAtHand) {
  const MerkleTree tree = sample_tree();
  EXPECT_EQ(thrown_code([&] { prove_inclusion(tree, ""); }), "usage");
  EXPECT_EQ(thrown_code([&] { prove_inclusion(tree, "a/"); }), "malformed");
  for (const char* path : {"x", "a/x", "h/x", "a/b/f3/x", "x/y/z"}) {
    EXPECT_EQ(thrown_code([&] { prove_inclusion(tree, path); }), "not-found") << path;
  }
  Shelf shelf;
  const Directory& child = shelf.put({make_file("f")});
  const Directory& top = shelf.put({make_tree("d", child)});
  shelf.drop(child.root());
  const MerkleTree part = shelf.tree(top);
  EXPECT_TRUE(check(part, prove_inclusion(part, "d")));
  EXPECT_EQ(thrown_code([&] { prove_inclusion(part, "d/f"); }), "not-found");
}

TEST(InclusionProof, GoesThroughJson) {
  const MerkleTree tree = sample_tree();
  const InclusionProof proof = prove_inclusion(tree, "a/b/fc.weight");
  const std::string text = to_canonical(chain_to_json(proof));
  EXPECT_EQ(chain_from_json(parse_canonical(text)), proof);
}

TEST(InclusionProof, RefusesOtherShapesOfJson) {
  const Json good = chain_to_json(prove_inclusion(sample_tree(), "a/g5"));
  const auto changed = [&](const char* pointer, Json value) {
    Json chain = good;
    chain[Json::json_pointer(pointer)] = std::move(value);
    return chain;
  };
  const std::string upper(64, 'A');
  const std::vector<Json> bad = {nullptr,
                                 Json::object(),
                                 Json::array(),
                                 Json::array({1}),
                                 Json::array({nullptr}),
                                 changed("/0/extra", 1),
                                 changed("/0/index", -1),
                                 changed("/0/index", "0"),
                                 changed("/0/index", 0.5),
                                 changed("/0/index", kMaxEntryInteger + 1),
                                 changed("/0/path", nullptr),
                                 changed("/0/path", Json::object()),
                                 changed("/0/path/0", 7),
                                 changed("/0/path/0", upper),
                                 changed("/0/path/0", ""),
                                 changed("/1/path/1", std::string(62, 'a')),
                                 changed("/0/entry", nullptr),
                                 changed("/0/entry", std::string(64, 'a')),
                                 changed("/0/entry/extra", 1)};
  for (const Json& chain : bad) {
    EXPECT_EQ(thrown_code([&] { chain_from_json(chain); }), "malformed") << chain;
  }
  Json missing = good;
  missing[0].erase("index");
  EXPECT_EQ(thrown_code([&] { chain_from_json(missing); }), "malformed");
  Json longest = Json::array();
  for (std::size_t i = 0; i <= kMaxTreeDepth; ++i) longest.push_back(good[0]);
  EXPECT_EQ(thrown_code([&] { chain_from_json(longest); }), "too-large");
}

}  // namespace
}  // namespace mlprov
