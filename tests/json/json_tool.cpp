// Drives json/ from outside, a JSON text a line, for comparison with software that we did not
// write:
//   mlprov_test_json jcs | canonical | parse-canonical | schema NAME
// Answers a line each: the form, or `!` and the error's code; for a schema `ok` or the pointers.
#include <exception>
#include <functional>
#include <iostream>
#include <string>

#include "mlprov/json/canonical.h"
#include "mlprov/json/schemas.h"
#include "mlprov/support/error.h"

namespace {

using Answer = std::function<std::string(const std::string& line)>;

std::string check(const mlprov::JsonSchema& schema, const mlprov::Json& document) {
  std::string pointers;
  for (const auto& violation : schema.validate(document)) pointers += violation.pointer + " ";
  return pointers.empty() ? "ok" : "no " + pointers;
}

Answer answer_for(const std::string& mode, const std::string& name) {
  if (mode == "jcs") {
    return [](const std::string& line) { return mlprov::to_jcs(mlprov::parse_json(line)); };
  }
  if (mode == "canonical") {
    return [](const std::string& line) { return mlprov::to_canonical(mlprov::parse_json(line)); };
  }
  if (mode == "parse-canonical") {
    return
        [](const std::string& line) { return mlprov::to_canonical(mlprov::parse_canonical(line)); };
  }
  if (mode != "schema") return {};
  return [&schema = mlprov::schema_for(name)](const std::string& line) {
    return check(schema, mlprov::parse_json(line));
  };
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Answer answer = answer_for(argc > 1 ? argv[1] : "", argc > 2 ? argv[2] : "");
    if (!answer) return 2;
    for (std::string line; std::getline(std::cin, line);) {
      try {
        std::cout << answer(line) << "\n";
      } catch (const mlprov::Error& error) {
        std::cout << "!" << to_string(error.code()) << "\n";
      }
    }
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 3;
  }
}
