/// Writes to a store from a process of its own, so that tests can kill it, starve it of disk
/// space, or let two of them meet. Prints a line for everything that is durable.
///
///   store_tool train FOLDER EPOCHS [rollback] [fsize=BYTES]
///   store_tool steps FOLDER COUNT [rollback]
#include <signal.h>
#include <sys/resource.h>

#include <cstdio>
#include <cstring>
#include <string>

#include "mlprov/support/error.h"
#include "store/fixture.h"

namespace {

using namespace mlprov;

StoreOptions options_from(int argc, char** argv) {
  StoreOptions options;
  for (int i = 4; i < argc; ++i) {
    if (std::strcmp(argv[i], "rollback") == 0) options.journal = JournalChoice::kRollback;
    if (std::strncmp(argv[i], "fsize=", 6) == 0) {
      ::signal(SIGXFSZ, SIG_IGN);
      const rlim_t size = std::stoul(argv[i] + 6);
      const struct rlimit limit = {size, size};
      ::setrlimit(RLIMIT_FSIZE, &limit);
    }
  }
  return options;
}

void say(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

void report(const std::string& what, const Appended& appended) {
  say(what + (appended.log_problem.empty() ? "" : " log: " + appended.log_problem));
}

void train(Store& store, int epochs) {
  const PrivateKey key = PrivateKey::generate();
  testing::Trainer trainer(store, key);
  say("run " + trainer.id());
  report("before", trainer.before());
  for (int i = 1; i <= epochs; ++i) report("epoch " + std::to_string(i), trainer.epoch(0.5));
  report("after", trainer.after());
  store.end_run(trainer.id(), RunEnd::kFinished);
  say("done");
}

void steps(Store& store, int count) {
  const PrivateKey key = PrivateKey::generate();
  const std::string run = new_run_id();
  const RunLock lock = store.begin_run({run, "steps", Algorithm::kBlake3, now_utc(), {}});
  RunBuilder builder({run, Algorithm::kBlake3, store.log_vkey()}, key);
  say("run " + run);
  for (int i = 1; i <= count; ++i) {
    builder.add_text(statement_path(Phase::kStep, builder.open_step()), "message",
                     "step " + std::to_string(i));
    const SignedStatement& step = builder.seal_step();
    const Bundle bundle = builder.bundle();
    const Appended appended =
        store.append({step, builder.last_tree().directories(), bundle.objects, {}, {}});
    report("step " + std::to_string(i), appended);
  }
  store.end_run(run, RunEnd::kFinished);
  say("done");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  try {
    const StoreOptions options = options_from(argc, argv);
    Store store = Store::init({argv[2]}, options);
    const int count = std::stoi(argv[3]);
    if (std::strcmp(argv[1], "train") == 0) train(store, count);
    if (std::strcmp(argv[1], "steps") == 0) steps(store, count);
    return 0;
  } catch (const Error& error) {
    say(std::string("error ") + to_string(error.code()) + " " + error.what());
    return 3;
  }
}
