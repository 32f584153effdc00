// make_runs FOLDER writes runs, and the files that they speak of, for the tests of the program:
//   training.json      a finished run of two epochs; data/ and model.safetensors are its files
//   unfinished.json    the same without its last statement
//   command.json       a run with a step before it and one after it
//   steps.json         a run of two steps
//   withheld.json      training.json with entries withheld and contents left out
//   hostile.json       names and texts that would drive a terminal
//   unfolding.json     a small bundle whose directories unfold into 2^18 paths
//   author.txt         the address that signed all of them
#include <filesystem>
#include <iostream>

#include "mlprov/digest/file_digest.h"
#include "mlprov/digest/hasher.h"
#include "mlprov/digest/safetensors.h"
#include "mlprov/record/bundle.h"
#include "mlprov/record/run.h"
#include "mlprov/support/file.h"

namespace mlprov {
namespace {

namespace fs = std::filesystem;

PrivateKey author() { return PrivateKey::from_bytes(Bytes(32, 0x41)); }

RunEnvironment fixed_environment() {
  RunEnvironment environment;
  environment.now = [second = 0]() mutable {
    return *parse_utc("2026-11-21T00:00:00Z") + std::chrono::minutes(second++);
  };
  environment.salt = [number = 0]() mutable {
    Salt salt{};
    salt[0] = static_cast<std::uint8_t>(++number);
    return salt;
  };
  return environment;
}

RunBuilder new_run(const PrivateKey& key) {
  return {
      {.run = "0123456789abcdef0123456789abcdef", .log = std::nullopt}, key, fixed_environment()};
}

/// Small files that the bundle carries, and one that it only binds.
void write_data(const fs::path& folder) {
  fs::create_directories(folder / "sub");
  write_file_atomic(folder / "small.txt", "four\n");
  write_file_atomic(folder / "sub" / "odd~name%", "odd");
  write_file_atomic(folder / "big.bin", std::string(100'000, 'x'));
}

const std::vector<float>& weights() {
  static const std::vector<float> values = {1.0F, -2.5F, 0.125F, 8.0F, 0.0F, 3.0F};
  return values;
}

ByteView weight_bytes() {
  return {reinterpret_cast<const std::uint8_t*>(weights().data()),
          weights().size() * sizeof(float)};
}

void add_data(RunBuilder& run, const std::string& place, const fs::path& folder) {
  run.add_file(place, "small.txt", as_bytes("four\n"));
  run.add_file(place + "/sub", "odd~name%", as_bytes("odd"));
  const FileDigest big = hash_file(folder / "big.bin");
  Digest32 digest{};
  std::copy(big.digest.begin(), big.digest.end(), digest.begin());
  run.add_file_digest(place, "big.bin", digest, big.size);
}

void add_weights(RunBuilder& run, const std::string& folder) {
  const Digest32 digest = digest32(Algorithm::kBlake3, weight_bytes());
  run.add_tensor(folder, "fc.weight", "F32", {2, 3}, digest);
}

void add_inputs(RunBuilder& run, const fs::path& data) {
  run.add_json("before/config", "parameters", {{"epochs", 2}, {"seed", "7"}}, Salting::kSalted);
  run.add_text("before/code", "diff", "+ one line\n");
  run.add_text("before/circumstances", "host", "workstation", Salting::kSalted);
  add_data(run, "before/data/train", data);
}

void add_epochs(RunBuilder& run) {
  for (int epoch = 1; epoch <= 2; ++epoch) {
    const std::string place = statement_path(Phase::kEpoch, run.open_epoch());
    add_weights(run, place + "/model");
    run.add_json(place, "metrics", {{"loss", to_bits(1.0 / epoch)}});
    run.seal_epoch();
  }
}

Bundle training(const fs::path& data, bool is_finished) {
  const PrivateKey key = author();
  RunBuilder run = new_run(key);
  add_inputs(run, data);
  run.seal_before();
  add_epochs(run);
  if (is_finished) {
    add_weights(run, "result/weights");
    run.seal_after();
  }
  return run.bundle();
}

void add_step(RunBuilder& run, const std::string& message) {
  const std::string place = statement_path(Phase::kStep, run.open_step());
  run.add_text(place, "message", message);
  run.add_file(place + "/files", "notes.txt", as_bytes(message + " in full\n"));
  run.seal_step();
}

Bundle with_command(const fs::path& data) {
  const PrivateKey key = author();
  RunBuilder run = new_run(key);
  run.add_json(statement_path(Phase::kStep, 1), "command", {{"argv", {"train"}}});
  run.seal_step();
  add_inputs(run, data);
  run.seal_before();
  add_epochs(run);
  run.seal_after();
  add_step(run, "looked at it");
  return run.bundle();
}

Bundle steps() {
  const PrivateKey key = author();
  RunBuilder run = new_run(key);
  add_step(run, "first");
  add_step(run, "second");
  return run.bundle();
}

Bundle withheld(const Bundle& full) {
  BundleSelection selection;
  selection.hide = {"before/config/parameters", "before/circumstances/host"};
  selection.drop = {"before/code", "training/epoch-00000001/model"};
  return select(full, selection);
}

Bundle hostile() {
  const PrivateKey key = author();
  RunBuilder run = new_run(key);
  const std::string place = statement_path(Phase::kStep, 1);
  run.add_text(place, "message", "\x1b[31mred\x07");
  run.add_file(place + "/files", "\x1b]0;owned\x07", as_bytes("1"));
  run.add_file(place + "/files", "c1 \xC2\x9B 31m", as_bytes("2"));
  run.add_file(place + "/files", "txt.\xE2\x80\xAEgpj.exe", as_bytes("3"));
  run.add_file(place + "/files", "line\nbreak \xFF", as_bytes("4"));
  run.seal_step();
  return run.bundle();
}

/// Each directory holds the next one twice.
Bundle unfolding() {
  constexpr int kDepth = 17;
  const PrivateKey key = author();
  RunBuilder run = new_run(key);
  const std::string top = statement_path(Phase::kStep, 1) + "/files";
  for (unsigned long way = 0; way < 1UL << kDepth; ++way) {
    std::string folder = top;
    for (int level = 0; level < kDepth; ++level) folder += (way >> level & 1U) != 0 ? "/a" : "/b";
    run.add_text(folder, "leaf", "x");
  }
  run.seal_step();
  return run.bundle();
}

void write_all(const fs::path& folder) {
  const fs::path data = folder / "data";
  write_data(data);
  write_safetensors(folder / "model.safetensors", {{"fc.weight", "F32", {2, 3}, weight_bytes()}});
  write_safetensors(folder / "turned.safetensors", {{"fc.weight", "F32", {3, 2}, weight_bytes()}});
  const auto write = [&](const char* name, const Bundle& bundle) {
    write_file_atomic(folder / name, encode_bundle(bundle));
  };
  const Bundle whole = training(data, true);
  write("training.json", whole);
  write("unfinished.json", training(data, false));
  write("command.json", with_command(data));
  write("steps.json", steps());
  write("withheld.json", withheld(whole));
  write("hostile.json", hostile());
  write("unfolding.json", unfolding());
  write_file_atomic(folder / "author.txt", to_checksum_string(author().address()));
}

}  // namespace
}  // namespace mlprov

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "make_runs FOLDER\n";
    return 2;
  }
  try {
    mlprov::write_all(argv[1]);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
