#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <string>

#include "mlprov/digest/hasher.h"
#include "mlprov/merkle/content.h"
#include "mlprov/merkle/diff.h"
#include "mlprov/merkle/proof.h"

// How fast trees are built, and in how much memory. Run by hand, in a release build:
//   merkle_timing [ENTRIES] [ALGORITHM]
namespace mlprov {
namespace {

struct Seconds {
  double wall = 0;
  double processor = 0;  ///< What counts on a machine that does other things too.

  Seconds operator+(const Seconds& other) const {
    return {wall + other.wall, processor + other.processor};
  }
};

Seconds seconds_of(const auto& work) {
  const auto start = std::chrono::steady_clock::now();
  const std::clock_t processor = std::clock();
  work();
  return {std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(),
          static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC};
}

double peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

void show(const char* what, const Seconds& seconds, std::size_t entries) {
  std::printf("  %-14s %6.3f s  %6.3f s of processor  %8.0f entries/s  peak %5.0f MiB\n", what,
              seconds.wall, seconds.processor, static_cast<double>(entries) / seconds.processor,
              peak_megabytes());
}

std::string example_name(std::size_t i) {
  char name[32];
  std::snprintf(name, sizeof name, "%010zu.data", i);
  return name;
}

MerkleTreeBuilder fill(Algorithm algorithm, std::size_t entries) {
  MerkleTreeBuilder builder(algorithm);
  Entry entry;
  for (std::size_t i = 0; i < entries; ++i) {
    entry.name = example_name(i);
    entry.digest[i % 32] ^= static_cast<std::uint8_t>(i | 1);
    entry.size = 3072;
    builder.add("before/data/train", entry);
  }
  return builder;
}

void measure(Algorithm algorithm, std::size_t entries) {
  std::printf("%s, %zu entries in one directory\n", std::string(to_string(algorithm)).c_str(),
              entries);
  std::optional<MerkleTreeBuilder> builder;
  std::optional<MerkleTree> tree;
  const Seconds adding = seconds_of([&] { builder.emplace(fill(algorithm, entries)); });
  show("add", adding, entries);
  const Seconds building = seconds_of([&] { tree.emplace(builder->build()); });
  show("build", building, entries);
  show("add and build", adding + building, entries);
  show("content root", seconds_of([&] { content_root(*tree); }), entries);
  const std::string path = "before/data/train/" + example_name(entries / 3);
  show("one proof", seconds_of([&] { prove_inclusion(*tree, path); }), entries);
}

}  // namespace
}  // namespace mlprov

int main(int argc, char** argv) {
  const std::size_t entries = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1000000;
  for (const mlprov::Algorithm algorithm : mlprov::all_algorithms()) {
    const bool is_asked = argc < 3 || mlprov::to_string(algorithm) == argv[2];
    if (is_asked && mlprov::is_tree_algorithm(algorithm)) mlprov::measure(algorithm, entries);
  }
}
