// make_golden FOLDER writes the golden files of version 1 and what is expected of them. They were
// made once; the test makes them again and compares.
#include <filesystem>
#include <iostream>

#include "golden/golden.h"
#include "mlprov/support/file.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "make_golden FOLDER\n";
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  mlprov::Json expected = mlprov::Json::object();
  for (const auto& [name, content] : mlprov::golden::files_v1()) {
    mlprov::write_file_atomic(folder / name, content);
    expected[name] = mlprov::golden::verdict_of(name, content);
  }
  mlprov::write_file_atomic(folder / "expected.json", expected.dump(1) + "\n");
  return 0;
}
