// Canonical and ordinary JSON: what is read is written back, and both writers agree.
#include "fuzz/check.h"
#include "mlprov/json/canonical.h"

using namespace mlprov;

namespace {

void check_canonical(std::string_view text) {
  const auto value = fuzz::attempt([&] { return parse_canonical(text); });
  if (!value) return;
  fuzz::demand(to_canonical(*value) == text, "canonical text is written back as it was");
  fuzz::demand(to_jcs(*value) == text, "inside of the profile both forms are the same");
  fuzz::demand(parse_json(text) == *value, "canonical JSON is JSON");
}

void check_ordinary(std::string_view text) {
  const auto value = fuzz::attempt([&] { return parse_json(text); });
  if (!value) return;
  if (const auto jcs = fuzz::attempt([&] { return to_jcs(*value); })) {
    fuzz::demand(to_jcs(parse_json(*jcs)) == *jcs, "JCS is a fixed point");
  }
  if (const auto canonical = fuzz::attempt([&] { return to_canonical(*value); })) {
    fuzz::demand(parse_canonical(*canonical) == *value, "what is written canonically is read");
  }
  if (const auto number = fuzz::attempt([&] { return from_bits(*value); })) {
    fuzz::demand(to_bits(*number) == *value, "a float's bits are written back");
  }
}

void check_limits(std::string_view text) {
  const JsonLimits limits{.max_bytes = 64, .max_depth = 3, .max_values = 5};
  const auto value = fuzz::attempt([&] { return parse_json(text, limits); });
  fuzz::demand(!value || (text.size() <= 64 && value->size() <= 4), "limits hold");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  check_canonical(text);
  check_ordinary(text);
  check_limits(text);
  return 0;
}
