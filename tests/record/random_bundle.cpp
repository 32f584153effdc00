#include "record/random_bundle.h"

#include <algorithm>
#include <optional>

#include "forger/kit.h"
#include "mlprov/digest/hasher.h"
#include "mlprov/merkle/name.h"
#include "mlprov/support/error.h"
#include "record/random.h"

namespace mlprov::forge {
namespace {

const std::vector<std::string> kNames = {
    "a",         "b",           "weights.bin", "fc.weight",
    "fc.bias",   "loss",        "README.md",   "run",
    "command",   ".",           "..",          "circumstances",
    "a/b",       "~tilde",      "100%",        "%41",
    "\x01tab",   "\xff",        "\xc3\xa4",    "\xf0\x9f\x98\x80",
    "new\nline", "z",           "zz",          "epoch-00000001",
    "quote\"",   "back\\slash", "\x7f",        "\xe2\x80\xa8"};

const std::vector<std::string> kDtypes = {"F32",     "BF16",    "I64", "BOOL",          "F4",
                                          "F6_E2M3", "F8_E4M3", "C64", "torch:quint2x4"};

const std::vector<std::string> kFolders = {"code", "data", "model", "x", "deep"};

/// Adds random material to an open run.
class Author {
 public:
  Author(Random& random, RunBuilder& run, Algorithm algorithm, unsigned salt_percent)
      : random_(random), run_(run), algorithm_(algorithm), salt_percent_(salt_percent) {}

  /// Several entries in and below a folder where names are free.
  void fill(const std::string& folder, unsigned most) {
    std::string at = folder;
    for (std::uint64_t left = random_.below(most + 1); left > 0; --left) {
      if (random_.percent(30) && at.size() < 150) at += "/" + random_.pick(kFolders);
      if (random_.percent(15)) at = folder;
      attempt([&] { add_any(at); });
    }
    if (random_.percent(10)) attempt([&] { run_.add_folder(folder + "/empty"); });
  }

  void fill_step() {
    const std::string step = statement_path(Phase::kStep, run_.open_step());
    if (random_.percent(60)) {
      run_.add_json(step, "command", {{"argv", {"train", random_.bytes(0)}}}, salting());
    }
    if (random_.percent(40)) run_.add_text(step, "message", "a step\n", salting());
    if (random_.percent(30)) run_.add_json(step, "metrics", {{"loss", to_bits(0.25)}}, salting());
    for (const char* folder : {"/files", "/inputs", "/outputs"}) {
      if (random_.percent(40)) fill(step + folder, 4);
    }
    if (random_.percent(50)) fill(step + "/circumstances", 3);
  }

  void fill_epoch() {
    const std::string epoch = statement_path(Phase::kEpoch, run_.open_epoch());
    fill(epoch, 4);
    if (random_.percent(40)) fill(epoch + "/circumstances", 2);
  }

 private:
  Salting salting() { return random_.percent(salt_percent_) ? Salting::kSalted : Salting::kClear; }

  /// A name may be taken already, or no name for a file: then nothing is added.
  template <typename Add>
  void attempt(Add add) {
    try {
      add();
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kConflict && error.code() != ErrorCode::kUsage) throw;
    }
  }

  std::string content() {
    static const std::vector<std::string> kContents = {"",          "hello\n", "{}",  "[1,2]",
                                                       "\xff\x00z", "text",    "null"};
    if (random_.percent(60)) return random_.pick(kContents);
    return random_.bytes(random_.below(random_.percent(3) ? 70'000 : 200));
  }

  Json value() {
    if (random_.percent(20)) return nullptr;
    if (random_.percent(30)) return to_bits(static_cast<double>(random_.below(1000)) / 7);
    return {{"n", random_.below(1u << 30)},
            {"list", {1, -2, "\xc3\xa4\n\x01", true}},
            {"deep", {{{"a", Json::array()}}}}};
  }

  std::string name() {
    return random_.percent(70) ? random_.pick(kNames) : "n" + std::to_string(random_.below(1000));
  }

  void add_any(const std::string& folder) {
    switch (random_.below(6)) {
      case 0:
        return run_.add_json(folder, name(), value(), salting());
      case 1:
        return run_.add_text(folder, name(), random_.percent(50) ? "text" : "t\xc3\xa4xt\n",
                             salting());
      case 2:
        return add_tensor(folder);
      case 3:
        return run_.add_file_digest(folder, name(),
                                    digest32(algorithm_, as_bytes("absent/" + name())),
                                    random_.below(1u << 20), salting());
      default:
        return run_.add_file(folder, name(), as_bytes(content()), salting());
    }
  }

  void add_tensor(const std::string& folder) {
    std::vector<std::uint64_t> shape;
    for (std::uint64_t left = random_.below(4); left > 0; --left) {
      shape.push_back(random_.percent(5) ? 0 : 1 + random_.below(9));
    }
    run_.add_tensor(folder, name(), random_.pick(kDtypes), shape,
                    digest32(algorithm_, as_bytes(random_.bytes(8))), salting());
  }

  Random& random_;
  RunBuilder& run_;
  Algorithm algorithm_;
  unsigned salt_percent_;
};

void build_steps(Random& random, RunBuilder& run, Author& author, std::uint64_t count) {
  for (; count > 0; --count) {
    author.fill_step();
    run.seal_step();
    (void)random;
  }
}

void build_training(Random& random, RunBuilder& run, Author& author) {
  if (random.percent(25)) build_steps(random, run, author, 1);
  author.fill("before", 8);
  author.fill("before/circumstances", 4);
  run.seal_before();
  for (std::uint64_t epochs = random.below(4); epochs > 0; --epochs) {
    author.fill_epoch();
    run.seal_epoch();
  }
  if (random.percent(20)) return;
  author.fill("result", 5);
  author.fill("circumstances", 3);
  if (random.percent(30)) author.fill("result/circumstances", 3);
  run.seal_after();
  if (random.percent(25)) build_steps(random, run, author, 1 + random.below(2));
}

/// All paths of entries below the statements, with their entries.
struct Known {
  std::string path;
  const Entry* entry;
};

std::vector<Known> known_entries(const Bundle& bundle) {
  std::vector<Known> result;
  for (const SignedStatement& each : bundle.statements) {
    std::vector<std::pair<std::string, Digest32>> open = {
        {each.statement.path, each.statement.root}};
    while (!open.empty() && result.size() < 2000) {
      const auto [path, root] = open.back();
      open.pop_back();
      const auto found = bundle.directories.find(root);
      if (found == bundle.directories.end()) continue;
      for (const Slot& slot : found->second->slots()) {
        const auto* entry = std::get_if<Entry>(&slot);
        if (entry == nullptr) continue;
        const std::string below = path.empty() ? entry->name : path + "/" + entry->name;
        result.push_back({below, entry});
        if (entry->kind == EntryKind::kTree) open.emplace_back(below, entry->digest);
      }
    }
  }
  return result;
}

/// Leaves some things out, where that is allowed.
Bundle thin_out(Random& random, Bundle bundle) {
  if (random.percent(15)) {
    BundleSelection small;
    small.max_entries = random.below(4);
    bundle = select(bundle, small);
  }
  for (std::uint64_t attempts = random.below(5); attempts > 0; --attempts) {
    const auto known = known_entries(bundle);
    if (known.empty()) break;
    const Known& one = random.pick(known);
    BundleSelection selection;
    selection.max_entries = ~std::uint64_t{0};
    (one.entry->salt ? selection.hide : selection.drop).push_back(one.path);
    try {
      bundle = select(bundle, selection);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kUsage) throw;  // The skeleton's: may not be left out.
    }
  }
  return bundle;
}

void vouch(Random& random, Bundle& bundle, const std::optional<NoteSigner>& log) {
  for (SignedStatement& each : bundle.statements) {
    for (std::uint8_t wallet = 0x61; wallet < 0x64; ++wallet) {
      if (random.percent(10)) add_cosignature(each, key_of(wallet));
    }
    if (random.percent(10)) {
      each.receipts.push_back({"ethereum", "sepolia", {{"block", 7}, {"hash", "0x00"}}});
    }
    if (random.percent(5)) each.receipts.push_back({"later", "x", Json::object()});
  }
  if (!log || random.percent(15)) return;
  const std::uint64_t skipped = random.percent(40) ? random.below(bundle.statements.size()) : ~0u;
  const NoteSigner witness = log_key_of(0x71, "witness.example/w1");
  include_in_log(
      bundle, *log, random.below(20), [&](std::size_t i) { return i == skipped; },
      random.percent(30) ? &witness : nullptr);
}

}  // namespace

Bundle random_bundle(std::uint64_t seed) {
  Random random(seed);
  static const std::vector<Algorithm> kAlgorithms = {Algorithm::kBlake3, Algorithm::kSha256,
                                                     Algorithm::kSha3_256, Algorithm::kKeccak256};
  std::optional<NoteSigner> log;
  if (random.percent(40)) log = log_key_of(static_cast<std::uint8_t>(0x51 + random.below(2)));
  RunIdentity identity{run_id_of(seed), random.pick(kAlgorithms), std::nullopt};
  if (log) identity.log = log->verifier.to_string();
  const PrivateKey key = key_of(static_cast<std::uint8_t>(kFirstAuthor + random.below(kAuthors)));
  RunBuilder run(identity, key, fixed_environment(seed));
  Author author(random, run, identity.algorithm, random.percent(50) ? 0 : 40);
  if (random.percent(25)) {
    build_steps(random, run, author, 1 + random.below(4));
  } else {
    build_training(random, run, author);
  }
  Bundle bundle = thin_out(random, run.bundle());
  vouch(random, bundle, log);
  return bundle;
}

}  // namespace mlprov::forge
