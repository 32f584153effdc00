// Drives the digest room from outside, for the interop tests:
//   hash ALGORITHM PATH...         "<hex>  <path>" a line, as b3sum prints it
//   hash-stdin ALGORITHM           the same for a pipe
//   folder ALGORITHM FOLDER        the digests of its files, relative paths
//   tensors FILE                   "<blake3 hex> <dtype> <shape,> <name>" a line
//   rewrite IN OUT                 reads a safetensors file and writes it again
#include <cstdio>
#include <cstring>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "mlprov/digest/file_digest.h"
#include "mlprov/digest/hasher.h"
#include "mlprov/digest/safetensors.h"
#include "mlprov/support/hex.h"

namespace {

using Arguments = std::vector<std::string>;

mlprov::FileDigestOptions options_for(const std::string& algorithm) {
  mlprov::FileDigestOptions options;
  options.algorithm = mlprov::algorithm_from_name(algorithm).value();
  return options;
}

void hash(const Arguments& arguments) {
  const std::vector<std::filesystem::path> paths(arguments.begin() + 1, arguments.end());
  for (const auto& file : mlprov::hash_files(paths, options_for(arguments.at(0)))) {
    std::cout << mlprov::to_hex(file.digest) << "  " << file.path.native() << '\n';
  }
}

void hash_folder(const Arguments& arguments) {
  const std::filesystem::path folder = arguments.at(1);
  const auto names = mlprov::list_files(folder);
  std::vector<std::filesystem::path> paths;
  for (const auto& name : names) paths.push_back(folder / name);
  const auto digests = mlprov::hash_files(paths, options_for(arguments.at(0)));
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::cout << mlprov::to_hex(digests[i].digest) << "  " << names[i].native() << '\n';
  }
}

void list_tensors(const Arguments& arguments) {
  const mlprov::SafetensorsFile file(arguments.at(0));
  for (const auto& tensor : file.tensors()) {
    std::string shape;
    for (const auto extent : tensor.shape) shape += std::to_string(extent) + ",";
    std::cout << mlprov::to_hex(mlprov::digest(mlprov::Algorithm::kBlake3, tensor.data)) << ' '
              << tensor.dtype << " [" << shape << "] " << tensor.name << '\n';
  }
}

void rewrite(const Arguments& arguments) {
  const mlprov::SafetensorsFile file(arguments.at(0));
  mlprov::write_safetensors(arguments.at(1), file.tensors(), file.metadata());
}

int run(const std::string& verb, const Arguments& arguments) {
  if (verb == "hash")
    hash(arguments);
  else if (verb == "hash-stdin")
    hash({arguments.at(0), "/dev/stdin"});
  else if (verb == "folder")
    hash_folder(arguments);
  else if (verb == "tensors")
    list_tensors(arguments);
  else if (verb == "rewrite")
    rewrite(arguments);
  else
    return 2;
  return 0;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 2) return 2;
  return run(argv[1], Arguments(argv + 2, argv + argc));
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
