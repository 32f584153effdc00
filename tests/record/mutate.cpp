#include "record/mutate.h"

#include <stdexcept>

#include "mlprov/support/error.h"
#include "record/mutations.h"

namespace mlprov::forge {
namespace {

std::string flip(std::string text, Random& random) {
  if (text.empty()) return text;
  char& byte = text[random.below(text.size())];
  switch (random.below(4)) {
    case 0:
      byte = static_cast<char>(byte ^ (1 << random.below(8)));
      break;
    case 1:
      byte = static_cast<char>(random.below(256));
      break;
    case 2:
      byte = "\"\\{}[],:0aA-e.+ \n"[random.below(17)];
      break;
    default:
      byte = static_cast<char>(byte ^ 0x20);
  }
  return text;
}

std::string cut_or_copy(std::string text, Random& random) {
  const std::size_t at = random.below(text.size() + 1);
  const std::size_t length = random.below(random.percent(50) ? 4 : 200);
  switch (random.below(4)) {
    case 0:
      return text.erase(std::min(at, text.size()), length);
    case 1:
      return text.insert(at, text.substr(random.below(text.size()), length));
    case 2:
      return text.substr(0, at);
    default:
      return text.insert(at, 1, "\"\\{}[],:0 \n\t\0"[random.below(13)]);
  }
}

std::string change_bytes(std::string_view bundle, Random& random) {
  std::string text(bundle);
  return random.percent(60) ? flip(std::move(text), random) : cut_or_copy(std::move(text), random);
}

std::string text_of(const Forgery& forgery) {
  try {
    return forgery.text();
  } catch (const Error&) {
    return forgery.raw_text();  // Outside the profile on purpose.
  }
}

}  // namespace

std::string mutate(std::string_view bundle, std::uint64_t seed) {
  Random random(seed);
  if (random.percent(20)) return change_bytes(bundle, random);
  Forgery forgery(bundle);
  // What does not apply to this bundle (no log to forge, no epoch to drop) is drawn again.
  for (int attempts = 0; attempts < 50; ++attempts) {
    try {
      const bool is_deep = random.percent(65);
      (is_deep ? change_deep : change_shallow)(forgery, random);
      const std::string text = text_of(forgery);
      if (text != bundle) return text;
    } catch (const std::exception&) {
      forgery = Forgery(bundle);
    }
  }
  return change_bytes(bundle, random);
}

}  // namespace mlprov::forge
