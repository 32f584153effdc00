// The MNIST example of LibTorch, with provenance: the lines that mlprov adds are marked //@.

#include <mlprov/torch.h>  //@
#include <torch/torch.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "digits.h"
#include "net.h"
#include "save.h"

struct Options {
  std::string data;
  std::string config;
  std::string save;
  int epochs = 2;
  std::uint64_t seed = 1;
  int threads = 0;
  std::size_t workers = 0;
  std::size_t batch_size = 64;
  double lr = 3e-3;
};

template <class Loader>
void train(int epoch, Net& model, Loader& loader, torch::optim::Optimizer& optimizer) {
  model.train();
  std::size_t seen = 0;
  double last = 0;
  for (auto& batch : loader) {
    optimizer.zero_grad();
    auto loss = torch::nll_loss(model.forward(batch.data), batch.target);
    AT_ASSERT(!std::isnan(loss.template item<float>()));
    loss.backward();
    optimizer.step();
    seen += static_cast<std::size_t>(batch.data.size(0));
    last = loss.template item<double>();
  }
  std::printf("epoch %d: %zu digits seen, last loss %.4f\n", epoch, seen, last);
}

template <class Loader>
double test(Net& model, Loader& loader) {
  torch::NoGradGuard no_grad;
  model.eval();
  std::int64_t correct = 0;
  std::int64_t all = 0;
  for (const auto& batch : loader) {
    auto prediction = model.forward(batch.data).argmax(1);
    correct += prediction.eq(batch.target).sum().template item<std::int64_t>();
    all += batch.data.size(0);
  }
  const double accuracy = static_cast<double>(correct) / static_cast<double>(all);
  std::printf("  test accuracy %.4f (%lld of %lld)\n", accuracy, static_cast<long long>(correct),
              static_cast<long long>(all));
  return accuracy;
}

int run(const Options& options) {
  if (options.threads > 0) at::set_num_threads(options.threads);
  torch::manual_seed(options.seed);
  const auto folder = find_mnist(options.data);

  mlprov::SessionOptions session;                                     //@
  session.name = "mnist";                                             //@
  if (!options.config.empty()) session.config_file = options.config;  //@
  mlprov::ProvenanceCallback prov(session);                           //@

  Net model;
  torch::optim::Adam optimizer(model.parameters(), torch::optim::AdamOptions(options.lr));
  prov.attach(model, optimizer);  //@
  prov.data("files", folder);     //@

  auto train_set = Digits(folder, "train")
                       .map(torch::data::transforms::Normalize<>(0.1307, 0.3081))
                       .map(torch::data::transforms::Stack<>());
  auto test_set = Digits(folder, "t10k")
                      .map(torch::data::transforms::Normalize<>(0.1307, 0.3081))
                      .map(torch::data::transforms::Stack<>());
  const auto settings = torch::data::DataLoaderOptions(options.batch_size).workers(options.workers);
  auto train_loader = torch::data::make_data_loader<torch::data::samplers::RandomSampler>(
      std::move(train_set), settings);
  auto test_loader = torch::data::make_data_loader<torch::data::samplers::SequentialSampler>(
      std::move(test_set), torch::data::DataLoaderOptions(1000));

  auto batches = prov.track(*train_loader);  //@
  for (int epoch = 1; epoch <= options.epochs; ++epoch) {
    train(epoch, model, batches, optimizer);
    prov.metric("accuracy", test(model, *test_loader));  //@
  }
  prov.finish();  //@

  if (!options.save.empty()) save_weights(model, options.save);
  return 0;
}

int main(int argc, char** argv) {
  CLI::App app("Trains a small network on handwritten digits, with provenance", "mnist");
  Options options;
  app.add_option("--data", options.data, "folder with the IDX files, plain or .gz");
  app.add_option("--epochs", options.epochs, "passes over the data")->check(CLI::NonNegativeNumber);
  app.add_option("--seed", options.seed, "seed of every generator");
  app.add_option("--threads", options.threads, "threads of LibTorch; 0: its own choice");
  app.add_option("--workers", options.workers, "threads that load data");
  app.add_option("--batch-size", options.batch_size, "digits a step")->check(CLI::PositiveNumber);
  app.add_option("--lr", options.lr, "learning rate of Adam");
  app.add_option("--config", options.config, "configuration of mlprov (JSON)");
  app.add_option("--save", options.save, "where to write the weights (safetensors)");
  CLI11_PARSE(app, argc, argv);
  try {
    return run(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "mnist: %s\n", error.what());
    return 3;
  }
}
