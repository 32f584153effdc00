// Keystores and secret references. Work factors that would take long are left out here; that they
// are refused over the limit is a unit test's business.
#include "fuzz/check.h"
#include "mlprov/identity/keyring.h"
#include "mlprov/identity/keystore.h"
#include "mlprov/json/canonical.h"

using namespace mlprov;

namespace {

constexpr std::uint64_t kMaxWork = 4096;
constexpr std::string_view kPassword = "testpassword";

std::uint64_t number(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

/// True when opening the document takes next to no time.
bool is_quick(const Json& document) {
  for (const char* name : {"crypto", "Crypto"}) {
    const auto crypto = document.find(name);
    if (crypto == document.end() || !crypto->is_object()) continue;
    const auto parameters = crypto->find("kdfparams");
    if (parameters == crypto->end() || !parameters->is_object()) continue;
    for (const char* key : {"n", "r", "p", "c"}) {
      if (number(*parameters, key) > kMaxWork) return false;
    }
    const std::uint64_t work =
        number(*parameters, "n") * number(*parameters, "r") * number(*parameters, "p");
    if (work > kMaxWork) return false;
  }
  return true;
}

void check_reference(std::string_view text) {
  const auto reference = fuzz::attempt([&] { return parse_secret_reference(text); });
  if (reference) fuzz::demand(text.ends_with(reference->value), "a reference names what it says");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  check_reference(text);
  const auto document = fuzz::attempt([&] { return parse_json(text); });
  if (document && document->is_object() && !is_quick(*document)) return 0;
  const auto key = fuzz::attempt([&] { return decrypt_keystore(text, kPassword); });
  if (key) fuzz::demand(key->secret().size() == 32, "a key has 32 bytes");
  return 0;
}
