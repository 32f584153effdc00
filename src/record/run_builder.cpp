#include <algorithm>
#include <utility>

#include "mlprov/digest/hasher.h"
#include "mlprov/merkle/name.h"
#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"
#include "mlprov/support/random.h"
#include "record/run_impl.h"

namespace mlprov {
namespace {

/// A carried value lies three levels deep in its bundle.
constexpr std::size_t kMaxValueDepth = JsonLimits{}.max_depth - 3;

[[noreturn]] void misuse(const std::string& sentence) { throw Error(ErrorCode::kUsage, sentence); }

[[noreturn]] void refuse(std::string_view path, const std::string& why) {
  misuse(quote_name(path) + " " + why);
}

Salt random_salt() {
  Salt salt;
  fill_random(salt);
  return salt;
}

Entry make_entry(EntryKind kind, std::string_view name, const Digest32& digest,
                 std::uint64_t size) {
  Entry entry;
  entry.kind = kind;
  entry.name = escape_name(name);
  entry.digest = digest;
  entry.size = size;
  return entry;
}

/// Only objects that some sealed directory refers to belong into a bundle.
std::map<Digest32, Bytes> referenced(const DirectoryMap& directories,
                                     const std::map<Digest32, Bytes>& objects) {
  std::map<Digest32, Bytes> result;
  for (const auto& [root, directory] : directories) {
    for (const Slot& slot : directory->slots()) {
      const auto* entry = std::get_if<Entry>(&slot);
      if (entry == nullptr || entry->kind == EntryKind::kTree) continue;
      const auto found = objects.find(entry->digest);
      if (found != objects.end()) result.emplace(*found);
    }
  }
  return result;
}

}  // namespace

std::string new_run_id() { return to_hex(random_salt()); }

RunBuilder::Impl::Impl(RunIdentity run_identity, const PrivateKey& run_key,
                       RunEnvironment run_environment)
    : identity(std::move(run_identity)),
      key(run_key),
      environment(std::move(run_environment)),
      before(identity.algorithm),
      epoch(identity.algorithm),
      step(identity.algorithm),
      top(identity.algorithm) {
  if (!environment.now) environment.now = now_utc;
  if (!environment.salt) environment.salt = random_salt;
  mark(before);
  mark(step);
}

Digest32 RunBuilder::Impl::digest_of(ByteView bytes) const {
  return digest32(identity.algorithm, bytes);
}

Digest32 RunBuilder::Impl::keep(ByteView content) {
  const Digest32 digest = digest_of(content);
  if (content.size() <= kMaxObjectBytes) {
    objects.try_emplace(digest, content.begin(), content.end());
  }
  return digest;
}

void RunBuilder::Impl::mark(MerkleTreeBuilder& builder) {
  const std::string text = record::run_mark(identity.algorithm, key.address(), identity.run);
  builder.add(kCircumstances,
              make_entry(EntryKind::kJson, record::kRunMark, keep(as_bytes(text)), text.size()));
}

const SignedStatement& RunBuilder::Impl::seal(Phase phase, std::uint64_t number, MerkleTree tree) {
  Statement statement;
  statement.algorithm = identity.algorithm;
  statement.root = tree.root();
  statement.entries = tree.entries();
  statement.path = statement_path(phase, number);
  statement.phase = phase;
  statement.run = identity.run;
  statement.author = key.address();
  statement.time = environment.now();
  if (!statements.empty()) statement.previous = statements.back().id();
  statement.log = identity.log;
  statements.push_back(sign_statement(key, statement));
  directories.insert(tree.directories().begin(), tree.directories().end());
  last = std::move(tree);
  return statements.back();
}

MerkleTree RunBuilder::Impl::whole_tree() const {
  MerkleTreeBuilder builder(identity.algorithm);
  const MerkleTree rest = top.build();
  for (const char* name : {"circumstances", "result"}) {
    const Entry* entry = rest.find(name);
    if (entry == nullptr) {
      builder.add_folder(name);
    } else {
      builder.add_tree(name, MerkleTree(entry->digest,
                                        std::make_shared<const DirectoryMap>(rest.directories())));
    }
  }
  builder.add_tree("before", *before_tree);
  builder.add_folder("training");
  for (std::size_t i = 0; i < epochs.size(); ++i) {
    builder.add_tree(statement_path(Phase::kEpoch, i + 1), epochs[i]);
  }
  return builder.build();
}

RunBuilder::RunBuilder(RunIdentity identity, const PrivateKey& key, RunEnvironment environment)
    : impl_(std::make_unique<Impl>(std::move(identity), key, std::move(environment))) {}

/// Brings the builder to where it was after this statement.
void RunBuilder::Impl::replay(const SignedStatement& sealed, MerkleTree tree) {
  switch (sealed.statement.phase) {
    case Phase::kStep:
      if (steps++ == 0 && !is_before_sealed) leading_step = tree;
      break;
    case Phase::kBefore:
      is_before_sealed = true;
      before_tree = tree;
      break;
    case Phase::kEpoch:
      epochs.push_back(tree);
      break;
    case Phase::kAfter:
      is_after_sealed = true;
      break;
  }
  statements.push_back(sealed);
  last = std::move(tree);
}

RunBuilder RunBuilder::resume(const Bundle& so_far, const PrivateKey& key,
                              RunEnvironment environment) {
  if (so_far.statements.empty()) misuse("there is no statement to go on from");
  const Statement& first = so_far.statements.front().statement;
  if (first.author != key.address()) {
    misuse("run " + first.run + " is signed by " + to_string(first.author) + ", not by " +
           to_string(key.address()) + ": only its author can go on with it");
  }
  RunBuilder builder({first.run, so_far.algorithm, first.log}, key, std::move(environment));
  Impl& run = *builder.impl_;
  run.directories = so_far.directories;
  run.objects.insert(so_far.objects.begin(), so_far.objects.end());
  const auto directories = std::make_shared<const DirectoryMap>(so_far.directories);
  for (const SignedStatement& sealed : so_far.statements) {
    run.replay(sealed, MerkleTree(sealed.statement.root, directories));
  }
  return builder;
}

RunBuilder::~RunBuilder() = default;
RunBuilder::RunBuilder(RunBuilder&&) noexcept = default;
RunBuilder& RunBuilder::operator=(RunBuilder&&) noexcept = default;

void RunBuilder::add_json(std::string_view folder, std::string_view name, const Json& value,
                          Salting salting) {
  const std::string text = to_canonical(value);
  JsonLimits limits;
  limits.max_depth = kMaxValueDepth;
  (void)parse_canonical(text, limits);
  impl_->add(folder,
             make_entry(EntryKind::kJson, name, impl_->digest_of(as_bytes(text)), text.size()),
             salting);
  impl_->keep(as_bytes(text));
}

void RunBuilder::add_text(std::string_view folder, std::string_view name, std::string_view utf8,
                          Salting salting) {
  if (!is_utf8(utf8)) refuse(name, "is not UTF-8, so it cannot be a text; add it as a file");
  impl_->add(folder,
             make_entry(EntryKind::kText, name, impl_->digest_of(as_bytes(utf8)), utf8.size()),
             salting);
  impl_->keep(as_bytes(utf8));
}

void RunBuilder::add_file(std::string_view folder, std::string_view name, ByteView content,
                          Salting salting) {
  add_file_digest(folder, name, impl_->digest_of(content), content.size(), salting);
  impl_->keep(content);
}

void RunBuilder::add_file_digest(std::string_view folder, std::string_view name,
                                 const Digest32& digest, std::uint64_t size, Salting salting) {
  impl_->add(folder, make_entry(EntryKind::kFile, name, digest, size), salting);
}

void RunBuilder::add_tensor(std::string_view folder, std::string_view name, std::string_view dtype,
                            std::vector<std::uint64_t> shape, const Digest32& digest,
                            Salting salting) {
  Entry entry = make_entry(EntryKind::kTensor, name, digest, 0);
  entry.dtype = dtype;
  entry.shape = std::move(shape);
  impl_->add(folder, std::move(entry), salting);
}

void RunBuilder::add_folder(std::string_view folder) {
  const Impl::Target place = impl_->target(folder);
  place.builder->add_folder(place.folder);
}

const SignedStatement& RunBuilder::seal_step() {
  Impl& run = *impl_;
  if (run.is_before_sealed && !run.is_after_sealed) {
    misuse("a step cannot be sealed between `before` and `after`");
  }
  if (run.steps == 1 && !run.is_before_sealed && run.is_before_used) {
    misuse("a second step cannot be sealed while `before` is open");
  }
  MerkleTree tree = run.step.build();
  if (run.steps == 0 && !run.is_before_sealed) run.leading_step = tree;
  const SignedStatement& sealed = run.seal(Phase::kStep, run.steps + 1, std::move(tree));
  ++run.steps;
  run.step = MerkleTreeBuilder(run.identity.algorithm);
  run.mark(run.step);
  return sealed;
}

const SignedStatement& RunBuilder::seal_before() {
  Impl& run = *impl_;
  if (run.is_before_sealed || run.is_run_of_steps()) misuse("`before` cannot be sealed any more");
  if (run.leading_step) run.before.add_tree(record::kCommand, *run.leading_step);
  run.before_tree = run.before.build();
  const SignedStatement& sealed = run.seal(Phase::kBefore, 0, *run.before_tree);
  run.is_before_sealed = true;
  return sealed;
}

const SignedStatement& RunBuilder::seal_epoch() {
  Impl& run = *impl_;
  if (!run.is_before_sealed || run.is_after_sealed) {
    misuse("an epoch can be sealed only between `before` and `after`");
  }
  run.epochs.push_back(run.epoch.build());
  run.epoch = MerkleTreeBuilder(run.identity.algorithm);
  return run.seal(Phase::kEpoch, run.epochs.size(), run.epochs.back());
}

const SignedStatement& RunBuilder::seal_after() {
  Impl& run = *impl_;
  if (!run.is_before_sealed || run.is_after_sealed) {
    misuse("`after` can be sealed once, and only when `before` is sealed");
  }
  const SignedStatement& sealed = run.seal(Phase::kAfter, 0, run.whole_tree());
  run.is_after_sealed = true;
  return sealed;
}

std::uint64_t RunBuilder::open_epoch() const noexcept { return impl_->epochs.size() + 1; }
std::uint64_t RunBuilder::open_step() const noexcept { return impl_->steps + 1; }

const MerkleTree& RunBuilder::last_tree() const {
  if (!impl_->last) misuse("the run has no sealed part yet");
  return *impl_->last;
}

const std::vector<SignedStatement>& RunBuilder::statements() const noexcept {
  return impl_->statements;
}

const std::map<Digest32, Bytes>& RunBuilder::objects() const noexcept { return impl_->objects; }

Bundle RunBuilder::bundle() const {
  if (impl_->statements.empty()) misuse("the run has no sealed part yet, so there is no bundle");
  Bundle bundle;
  bundle.algorithm = impl_->identity.algorithm;
  bundle.statements = impl_->statements;
  bundle.directories = impl_->directories;
  bundle.objects = referenced(bundle.directories, impl_->objects);
  return bundle;
}

}  // namespace mlprov
