#include <string>
#include <string_view>

#include "capture/text.h"
#include "mlprov/capture/git.h"

namespace mlprov {
namespace {

constexpr char kHidden[] = "(hidden)";

std::string_view without_query(std::string_view url) {
  return url.substr(0, url.find_first_of("?#"));
}

/// `user:password@host` becomes `host`. A password may hold an `@`: the last one counts.
std::string_view without_user(std::string_view authority) {
  const auto at = authority.rfind('@');
  return at == std::string_view::npos ? authority : authority.substr(at + 1);
}

std::string redact_url(std::string_view url, std::size_t scheme_end) {
  const std::string_view scheme = url.substr(0, scheme_end);
  std::string_view rest = without_query(url.substr(scheme_end + 3));
  // A password may also hold a `/`; everything up to the last `@` before the path is user.
  const auto at = rest.rfind('@');
  const auto slash = rest.find('/');
  if (at != std::string_view::npos && slash != std::string_view::npos && at > slash) {
    rest = rest.substr(at + 1);
  }
  const auto path = std::min(rest.find('/'), rest.size());
  return std::string(scheme) + "://" + std::string(without_user(rest.substr(0, path))) +
         std::string(rest.substr(path));
}

}  // namespace

std::string redact_remote(std::string_view url) {
  const std::string text = capture::printable(capture::trim(url));
  if (const auto scheme = text.find("://"); scheme != std::string::npos) {
    return redact_url(text, scheme);
  }
  const bool is_path = text.starts_with('/') || text.starts_with('.') || text.starts_with('~');
  if (is_path) return std::string(without_query(text));
  const auto colon = text.find(':');
  if (colon == std::string::npos || colon == 0) return kHidden;
  // scp's form: an `@` belongs to the user only before the first colon of the path.
  const std::string_view user_host = std::string_view(text).substr(0, text.rfind('@') + 1);
  const std::string_view bare = std::string_view(text).substr(user_host.size());
  if (bare.find(':') == std::string_view::npos) return kHidden;
  return std::string(without_query(bare));
}

}  // namespace mlprov
