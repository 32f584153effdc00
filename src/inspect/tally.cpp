#include "inspect/tally.h"

#include "inspect/chain.h"
#include "mlprov/merkle/content.h"
#include "mlprov/support/hex.h"
#include "record/locate.h"

namespace mlprov::inspect {
namespace {

Checked refuse(const ArtifactDigest& artifact, const std::string& why) {
  return found(Refusal::kArtifact, quote_name(artifact.path) + " " + why);
}

Checked check_artifact(const ArtifactDigest& artifact, const Evidence& evidence) {
  std::vector<record::Place> way;
  if (auto wrong = guarded(Refusal::kArtifact, [&] {
        way = record::way_to(evidence.statements(), *evidence.directories, artifact.path);
      })) {
    return wrong;
  }
  if (way.empty()) return refuse(artifact, "is missing: no entry in clear stands at that path");
  const Entry& entry = *way.back().entry;
  if (entry.kind == EntryKind::kTree) return refuse(artifact, "is a directory, not a file");
  if (entry.digest != artifact.digest) {
    return refuse(artifact, "is not what was recorded: its digest is " + to_hex(artifact.digest) +
                                ", recorded is " + to_hex(entry.digest));
  }
  if (content_size(entry) == artifact.size) return std::nullopt;
  return refuse(artifact, "has " + std::to_string(artifact.size) + " bytes, recorded are " +
                              std::to_string(content_size(entry)));
}

DigestWord word_of(const Entry& entry, const Evidence& evidence) {
  const bool is_known =
      entry.kind == EntryKind::kTree
          ? evidence.visits->find(entry.digest) != nullptr
          : evidence.object(entry.digest) != nullptr || evidence.at_hand.contains(entry.digest);
  return is_known ? DigestWord::kRecomputed : DigestWord::kBound;
}

/// Sums up one visit after the other.
class Counter {
 public:
  explicit Counter(const Evidence& evidence) : evidence_(evidence) {}

  void count(const Visit& visit) {
    for (const Slot& slot : visit.directory->slots()) {
      const auto* entry = std::get_if<Entry>(&slot);
      if (entry == nullptr) {
        count_withheld(visit);
      } else {
        count_entry(visit, *entry);
      }
    }
  }

  Tally take() { return std::move(tally_); }

 private:
  void count_withheld(const Visit& visit) {
    ++tally_.words[DigestWord::kWithheld];
    if (record::is_content(visit.position)) tally_.is_salted = true;
    if (!tally_.soft) {
      tally_.soft = "withheld in " + quote_name(evidence_.visits->path_of(visit));
    }
  }

  void count_entry(const Visit& visit, const Entry& entry) {
    const DigestWord word = word_of(entry, evidence_);
    ++tally_.words[word];
    if (!record::is_content(visit.position) || entry.name == kCircumstances) return;
    const bool is_bound = word == DigestWord::kBound;
    // A directory that is carried shows its salts itself; its flag may come from circumstances.
    if (entry.salt || (is_bound && entry.salted)) tally_.is_salted = true;
    if (is_bound && !tally_.soft) {
      tally_.soft = "bound, not recomputed: " + evidence_.visits->path_of(visit, entry);
    }
  }

  const Evidence& evidence_;
  Tally tally_;
};

/// The directory of the steps of a run that has nothing else.
MerkleTree tree_of_steps(const Evidence& evidence) {
  std::vector<Entry> entries;
  for (const SignedStatement& each : evidence.statements()) {
    Entry entry;
    entry.kind = EntryKind::kTree;
    entry.name = each.statement.path;
    entry.digest = each.statement.root;
    entry.entries = each.statement.entries;
    entry.salted = evidence.visits->find(entry.digest)->salted();
    entries.push_back(std::move(entry));
  }
  auto top = std::make_shared<const Directory>(
      Directory::from_entries(evidence.parts.algorithm(), std::move(entries)));
  auto directories = std::make_shared<DirectoryMap>(*evidence.directories);
  directories->emplace(top->root(), top);
  return MerkleTree(top->root(), std::move(directories));
}

}  // namespace

Checked check_artifacts(const std::vector<ArtifactDigest>& artifacts, Evidence& evidence) {
  for (const ArtifactDigest& artifact : artifacts) {
    if (auto wrong = check_artifact(artifact, evidence)) return wrong;
    evidence.at_hand.insert(artifact.digest);
  }
  return std::nullopt;
}

Tally tally(const Evidence& evidence) {
  Counter counter(evidence);
  for (const Visit& visit : evidence.visits->all()) counter.count(visit);
  return counter.take();
}

std::optional<Digest32> shown_content_root(const Evidence& evidence, const Tally& tally) {
  if (tally.is_salted) return std::nullopt;
  const auto& statements = evidence.statements();
  const SignedStatement* after = find_after(statements);
  if (after == nullptr && !is_run_of_steps(statements)) return std::nullopt;
  const auto content =
      content_root(after == nullptr ? tree_of_steps(evidence)
                                    : MerkleTree(after->statement.root, evidence.directories));
  if (!content) return std::nullopt;
  return content->root;
}

}  // namespace mlprov::inspect
