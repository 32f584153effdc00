// Entries and their names.
#include "fuzz/check.h"
#include "mlprov/json/schemas.h"
#include "mlprov/merkle/entry.h"
#include "mlprov/merkle/name.h"

using namespace mlprov;

namespace {

void check_entry(std::string_view text) {
  const auto entry = fuzz::attempt([&] { return parse_entry(text); });
  if (!entry) return;
  fuzz::demand(encode_entry(*entry) == text, "an entry is written back as it was");
  fuzz::demand(entry_from_json(entry_to_json(*entry)) == *entry, "by its JSON value as well");
  fuzz::demand(is_valid_name(entry->name), "an entry's name is valid");
  fuzz::demand(schema_for("entry").validate(parse_json(text)).empty(), "an entry fits its schema");
}

void check_name(std::string_view text) {
  if (const auto outside = unescape_name(text)) {
    fuzz::demand(is_valid_name(text), "what can be unescaped is valid");
    fuzz::demand(text == "circumstances" || escape_name(*outside) == text, "a name has one form");
  }
  if (text.empty()) return;
  const std::string name = escape_name(text);
  fuzz::demand(is_valid_name(name) && is_utf8(name), "what is escaped is valid");
  fuzz::demand(unescape_name(name) == std::string(text), "escaping loses nothing");
  fuzz::demand(split_path(join_path({name, name})).size() == 2, "a name has no bare slash");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  check_entry(text);
  check_name(text);
  if (const auto value = fuzz::attempt([&] { return parse_json(text); })) {
    fuzz::attempt([&] { return entry_from_json(*value); });
  }
  return 0;
}
