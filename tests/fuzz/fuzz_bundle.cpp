// Bundles: reading, writing, and the verdict, which never throws.
#include "fuzz/check.h"
#include "mlprov/inspect/verify.h"
#include "mlprov/json/schemas.h"
#include "mlprov/record/bundle.h"

using namespace mlprov;

namespace {

void check_verdict(const Verdict& verdict, std::string_view text) {
  fuzz::demand((verdict.outcome == Outcome::kRefused) == verdict.refusal.has_value(),
               "exactly what is refused has a reason");
  fuzz::demand(is_utf8(verdict.detail), "the reason is text");
  if (verdict.outcome == Outcome::kRefused) return;
  fuzz::demand(verdict.author && verdict.root, "what holds has an author and a root");
  fuzz::demand(schema_for("bundle").validate(parse_json(text)).empty(), "it fits its schema");
  fuzz::demand(encode_bundle(parse_bundle(text)) == text, "what holds is written back as it was");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  check_verdict(verify_bundle(text), text);
  VerifyPolicy strict;
  strict.strict = true;
  strict.allow_unfinished = true;
  fuzz::demand(verify_bundle(text, strict).outcome != Outcome::kUnfinished, "that was allowed");
  if (const auto bundle = fuzz::attempt([&] { return parse_bundle(text); })) {
    const auto again = fuzz::attempt([&] { return encode_bundle(*bundle); });
    if (again) fuzz::demand(*again == text, "a bundle that can be written is as it was read");
  }
  return 0;
}
