// The worked example of docs/format.md, block by block, against the library.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <string>

#include "mlprov/digest/hasher.h"
#include "mlprov/identity/wallet.h"
#include "mlprov/inspect/verify.h"
#include "mlprov/inspect/verify_proof.h"
#include "mlprov/log/checkpoint.h"
#include "mlprov/merkle/content.h"
#include "mlprov/merkle/rfc6962.h"
#include "mlprov/support/file.h"
#include "mlprov/support/hex.h"

namespace mlprov {
namespace {

constexpr Algorithm kSha256 = Algorithm::kSha256;
using Blocks = std::map<std::string, std::string>;

/// The page's blocks "```text example=NAME" by name; `lines` after it keeps the last newline.
Blocks read_blocks() {
  std::istringstream page(read_file(MLPROV_SOURCE_DIR "/docs/format.md", 1 << 20));
  const std::string mark = " example=";
  Blocks blocks;
  for (std::string line; std::getline(page, line);) {
    const std::size_t at = line.find(mark);
    if (!line.starts_with("```") || at == std::string::npos) continue;
    std::istringstream head(line.substr(at + mark.size()));
    std::string name, lines;
    head >> name >> lines;
    std::string text;
    while (std::getline(page, line) && line != "```") text += line + '\n';
    if (lines.empty()) text.pop_back();
    blocks[name] = text;
  }
  return blocks;
}

class FormatDoc : public ::testing::Test {
 protected:
  const std::string& block(const std::string& name) const {
    const auto found = blocks_.find(name);
    if (found == blocks_.end()) throw std::runtime_error("the page has no block " + name);
    return found->second;
  }
  Json json(const std::string& name) const { return parse_canonical(block(name)); }
  Digest32 digest(const std::string& name) const { return digest_from_hex(block(name)).value(); }
  Bundle bundle() const { return parse_bundle(block("bundle")); }

 private:
  Blocks blocks_ = read_blocks();
};

Digest32 sha256(std::string_view text) { return digest32(kSha256, as_bytes(text)); }

Directory directory_of(const Json& slots) {
  std::vector<Slot> read;
  for (const Json& slot : slots) {
    if (slot.is_string()) {
      read.emplace_back(WithheldLeaf{digest_from_hex(slot.get<std::string>()).value()});
    } else {
      read.emplace_back(entry_from_json(slot));
    }
  }
  return Directory::from_slots(kSha256, read);
}

TEST_F(FormatDoc, EntriesAndLeaves) {
  for (const auto& [name, leaf] :
       std::map<std::string, std::string>{{"entry", "leaf"}, {"salted-entry", "withheld-leaf"}}) {
    SCOPED_TRACE(name);
    EXPECT_EQ(encode_entry(parse_entry(block(name))), block(name));
    EXPECT_EQ(rfc6962::leaf_hash(kSha256, as_bytes(block(name))), digest(leaf));
  }
  const Entry entry = parse_entry(block("entry"));
  EXPECT_EQ(entry.digest, sha256(block("object")));
  EXPECT_EQ(entry.size, block("object").size());
}

TEST_F(FormatDoc, Directories) {
  const Directory circumstances = directory_of(json("circumstances"));
  EXPECT_EQ(circumstances.root(), digest("circumstances-root"));
  EXPECT_EQ(std::get<WithheldLeaf>(circumstances.slots()[0]).leaf, digest("withheld-leaf"));
  EXPECT_EQ(circumstances.find("run")->digest, sha256(block("run")));
  const Directory step = directory_of(json("directory"));
  EXPECT_EQ(step.root(), digest("root"));
  EXPECT_EQ(step.find("circumstances")->digest, digest("circumstances-root"));
  EXPECT_EQ(*step.find("message"), parse_entry(block("entry")));
}

TEST_F(FormatDoc, ContentRoot) {
  const Bundle read = bundle();
  const auto directories = std::make_shared<const DirectoryMap>(read.directories);
  const auto step = content_root(MerkleTree(digest("root"), directories));
  ASSERT_TRUE(step.has_value());
  EXPECT_EQ(step->root, digest("leaf"));
  EXPECT_EQ(directory_of(json("content")).root(), digest("content-root"));
}

TEST_F(FormatDoc, StatementAndEnvelope) {
  const Statement statement = parse_statement(block("statement"));
  EXPECT_EQ(encode_statement(statement), block("statement"));
  EXPECT_EQ(statement_id(block("statement")), digest("identity"));
  EXPECT_EQ(statement.root, digest("root"));
  EXPECT_EQ(dsse_pae(kInTotoPayloadType, block("statement")), block("pae"));
  const DsseEnvelope envelope = dsse_from_json(json("envelope"));
  EXPECT_EQ(envelope.payload, block("statement"));
  EXPECT_EQ(to_hex(envelope.signature), block("signature"));
  EXPECT_EQ(recover_signer(sha256(block("pae")), envelope.signature), statement.author);
  const PrivateKey key = PrivateKey::from_bytes(Bytes(32, 0x46));
  EXPECT_EQ(to_canonical(dsse_to_json(dsse_sign(key, block("statement")))), block("envelope"));
}

TEST_F(FormatDoc, Cosignature) {
  EXPECT_EQ(cosign_text(digest("identity")), block("cosign-text"));
  const PrivateKey key = PrivateKey::from_bytes(Bytes(32, 0x47));
  const Json value = json("cosignature");
  EXPECT_EQ(value["address"], to_string(key.address()));
  EXPECT_EQ(value["signature"], signature_to_hex(cosign(key, digest("identity"))));
}

TEST_F(FormatDoc, Log) {
  const NoteVerifier verifier = NoteVerifier::parse(block("vkey"));
  EXPECT_EQ(verifier.to_string(), block("vkey"));
  const Checkpoint checkpoint = open_checkpoint(block("checkpoint"), verifier);
  std::vector<Digest32> leaves;
  for (const Digest32& entry : {sha256("one"), digest("identity"), sha256("three")}) {
    leaves.push_back(rfc6962::leaf_hash(kSha256, entry));
  }
  std::string shown;
  for (const Digest32& leaf : leaves) shown += to_hex(leaf) + '\n';
  EXPECT_EQ(shown, block("log-leaves") + '\n');
  EXPECT_EQ(checkpoint.size, leaves.size());
  EXPECT_EQ(checkpoint.root, rfc6962::root(kSha256, leaves));
  Json path = Json::array();
  for (const Digest32& node : rfc6962::inclusion_path(kSha256, leaves, 1)) {
    path.push_back(to_hex(node));
  }
  EXPECT_EQ(to_canonical({{"index", 1}, {"path", path}}), block("inclusion"));
  const auto signer = NoteSigner{verifier, Ed25519Key::from_seed(Bytes(32, 0x48))};
  EXPECT_EQ(sign_note(checkpoint.to_string(), signer).to_string(), block("checkpoint"));
}

TEST_F(FormatDoc, Bundle) {
  EXPECT_EQ(encode_bundle(bundle()), block("bundle"));
  const Verdict verdict = verify_bundle(block("bundle"));
  EXPECT_EQ(verdict.outcome, Outcome::kHolds) << verdict.detail;
  EXPECT_EQ(verdict.root, digest("root"));
  EXPECT_EQ(verdict.content_root, digest("content-root"));
  EXPECT_EQ(verdict.digests.at(DigestWord::kRecomputed), 3u);
  EXPECT_EQ(verdict.digests.at(DigestWord::kWithheld), 1u);
  EXPECT_TRUE(std::ranges::all_of(verdict.digests, [](const auto& row) {
    return row.second == 0 || row.first == DigestWord::kRecomputed ||
           row.first == DigestWord::kWithheld;
  }));
}

TEST_F(FormatDoc, Proof) {
  EXPECT_EQ(encode_proof(parse_proof(block("proof"))), block("proof"));
  EXPECT_EQ(encode_proof(prove_entry(bundle(), "step-00000001/message")), block("proof"));
  const ProofVerdict verdict = verify_proof(block("proof"));
  EXPECT_EQ(verdict.outcome, Outcome::kHolds) << verdict.detail;
  EXPECT_EQ(verdict.path, "step-00000001/message");
  EXPECT_EQ(encode_entry(verdict.entry), block("entry"));
}

}  // namespace
}  // namespace mlprov
