#include "forger/samples.h"

#include <optional>

#include "mlprov/digest/hasher.h"

namespace mlprov::forge {
namespace {

Digest32 digest_of(Algorithm algorithm, const std::string& text) {
  return digest32(algorithm, as_bytes(text));
}

/// Ten digits, as examples of a data set are named.
std::string example(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  return std::string(10 - digits.size(), '0') + digits + ".data";
}

void fill_step(RunBuilder& run, std::uint64_t number) {
  const std::string step = statement_path(Phase::kStep, number);
  run.add_json(step, "command", {{"program", "train"}});
  run.add_text(step, "message", "step " + std::to_string(number) + "\n");
  run.add_json(step + "/circumstances", "argv", {"train", "--epochs", "2"}, Salting::kSalted);
  run.add_file(step + "/files", "notes/read me.txt", as_bytes("hello\n"));
  run.add_file(step + "/inputs", "data.csv", as_bytes("a,b\n1,2\n"));
}

void fill_before(RunBuilder& run, const SampleOptions& options) {
  run.add_text("before/code", "source", "commit 0123456789abcdef\n");
  run.add_text("before/code", "diff", "");
  run.add_json("before", "determinism", {{"cudnn_deterministic", true}, {"threads", 1}});
  run.add_json("before/config", "parameters",
               {{"epochs", 2}, {"lr", to_bits(options.learning_rate)}, {"seed", "20261121"}},
               options.salts_config ? Salting::kSalted : Salting::kClear);
  for (std::uint64_t i = 0; i < options.data_entries; ++i) {
    const std::string content = "example " + std::to_string(i);
    run.add_file_digest("before/data/train", example(i), digest_of(options.algorithm, content),
                        content.size());
  }
  run.add_text("before/model", "architecture", "Linear(10, 5)\n");
  run.add_tensor("before/model/weights", "fc.weight", "F32", {5, 10},
                 digest_of(options.algorithm, "initial weight"));
  run.add_tensor("before/model/weights", "fc.bias", "BF16", {5},
                 digest_of(options.algorithm, "initial bias"));
  run.add_json("before/circumstances", "host", {{"name", "trainer.example"}}, Salting::kSalted);
  run.add_text("before/circumstances", "argv", "train --epochs 2\n", Salting::kSalted);
}

void fill_epoch(RunBuilder& run, const SampleOptions& options, std::uint64_t number) {
  const std::string epoch = statement_path(Phase::kEpoch, number);
  const std::string label = std::to_string(number);
  run.add_tensor(epoch + "/model", "fc.weight", "F32", {5, 10},
                 digest_of(options.algorithm, "weight " + label));
  run.add_tensor(epoch + "/optimizer", "fc.weight.exp_avg", "F32", {5, 10},
                 digest_of(options.algorithm, "average " + label));
  run.add_json(epoch + "/optimizer", "steps", {{"fc.weight", static_cast<int>(number) * 100}});
  run.add_json(epoch, "metrics", {{"loss", to_bits(1.0 / static_cast<double>(number + 1))}});
  run.add_file(epoch, "rng", as_bytes("state " + label));
  run.add_json(epoch + "/circumstances", "clock", {{"seconds", label}}, Salting::kSalted);
}

void fill_result(RunBuilder& run, const SampleOptions& options) {
  run.add_tensor("result/weights", "fc.weight", "F32", {5, 10},
                 digest_of(options.algorithm, "weight " + std::to_string(options.epochs)));
  run.add_json("result", "metrics", {{"accuracy", to_bits(0.96875)}});
  run.add_file("result/artifacts", "model/card.md", as_bytes("# A model\n"));
  run.add_json("result/circumstances", "duration", {{"seconds", "12"}}, Salting::kSalted);
  run.add_json("circumstances", "name", "sample", Salting::kSalted);
}

}  // namespace

PrivateKey author_key() { return key_of(kAuthorByte); }
PrivateKey thief_key() { return key_of(kThiefByte); }
PrivateKey wallet_key() { return key_of(kWalletByte); }
NoteSigner sample_log() { return log_key_of(kLogByte); }

RunBuilder sample_training(const PrivateKey& key, const SampleOptions& options) {
  RunIdentity identity{run_id_of(options.seed), options.algorithm, std::nullopt};
  if (options.has_log) identity.log = sample_log().verifier.to_string();
  RunBuilder run(identity, key, fixed_environment(options.seed));
  if (options.leads_with_step) {
    fill_step(run, 1);
    run.seal_step();
  }
  fill_before(run, options);
  run.seal_before();
  for (std::uint64_t epoch = 1; epoch <= options.epochs; ++epoch) {
    fill_epoch(run, options, epoch);
    run.seal_epoch();
  }
  if (!options.is_finished) return run;
  fill_result(run, options);
  run.seal_after();
  for (std::uint64_t i = 0; i < options.trailing_steps; ++i) {
    fill_step(run, run.open_step());
    run.seal_step();
  }
  return run;
}

RunBuilder sample_steps(const PrivateKey& key, std::uint64_t steps, std::uint64_t seed) {
  RunBuilder run({run_id_of(seed), Algorithm::kBlake3, std::nullopt}, key, fixed_environment(seed));
  for (std::uint64_t number = 1; number <= steps; ++number) {
    fill_step(run, number);
    run.seal_step();
  }
  return run;
}

RunBuilder sample_small(const PrivateKey& key, std::uint64_t seed) {
  RunBuilder run({run_id_of(seed), Algorithm::kSha256, std::nullopt}, key, fixed_environment(seed));
  run.add_json("before/config", "lr", to_bits(0.5));
  run.seal_before();
  run.add_json("training/epoch-00000001", "metrics", {{"loss", to_bits(0.25)}});
  run.seal_epoch();
  run.add_text("result", "note", "done\n");
  run.seal_after();
  return run;
}

}  // namespace mlprov::forge
