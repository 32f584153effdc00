// Any JSON against every schema, and any JSON as a schema's document of a policy.
#include "fuzz/check.h"
#include "mlprov/inspect/verify.h"
#include "mlprov/json/schemas.h"

using namespace mlprov;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  const auto value = fuzz::attempt([&] { return parse_json(text); });
  if (!value) return 0;
  for (const std::string_view name : schema_names()) {
    for (const auto& violation : schema_for(name).validate(*value)) {
      fuzz::demand(is_utf8(violation.pointer + violation.message), "a violation is text");
      fuzz::demand(violation.pointer.empty() || violation.pointer[0] == '/', "pointers are such");
    }
  }
  fuzz::attempt([&] { return VerifyPolicy::from_json(*value).strict; });
  return 0;
}
