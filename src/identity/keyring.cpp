#include "mlprov/identity/keyring.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "mlprov/json/canonical.h"
#include "mlprov/support/error.h"
#include "mlprov/support/file.h"
#include "mlprov/support/hex.h"
#include "mlprov/support/random.h"

namespace mlprov {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".json";
constexpr const char* kLabelKey = "x-mlprov";
constexpr std::uint64_t kMaxFile = 64 << 10;

bool is_name(std::string_view name) {
  const auto alphanumeric = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  };
  return !name.empty() && name.size() <= 64 && alphanumeric(name[0]) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return alphanumeric(c) || c == '.' || c == '_' || c == '-'; });
}

/// Names of the keystores in a folder, sorted; none when there is no folder.
std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const std::string file = it->path().filename().string();
    if (!file.ends_with(kSuffix)) continue;
    std::string name = file.substr(0, file.size() - kSuffix.size());
    if (is_name(name)) names.push_back(std::move(name));
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    throw Error(ErrorCode::kIo, "cannot list " + folder.string() + ": " + error.message());
  }
  std::sort(names.begin(), names.end());
  return names;
}

fs::path file_of(const fs::path& folder, const std::string& name) {
  if (!is_name(name)) {
    throw Error(ErrorCode::kUsage,
                "a key's name has 1 to 64 letters, digits, '.', '_' or '-', the first a letter or "
                "digit; '" +
                    name + "' does not");
  }
  return folder / (name + std::string(kSuffix));
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  if (!folder.parent_path().empty()) fs::create_directories(folder.parent_path(), error);
  if (!error && ::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    error = std::error_code(errno, std::generic_category());
  }
  if (error) throw Error(ErrorCode::kIo, "cannot make " + folder.string() + ": " + error.message());
}

[[noreturn]] void refuse_taken(const std::string& name) {
  throw Error(ErrorCode::kConflict,
              "a key named '" + name + "' exists already; choose another name");
}

/// Writes a file that must not exist yet, whole or not at all.
void write_new_file(const fs::path& path, const std::string& name, std::string_view content) {
  std::array<std::uint8_t, 8> tag;
  fill_random(tag);
  const fs::path temporary = path.parent_path() / ("." + name + "." + to_hex(tag) + ".new");
  write_file_atomic(temporary, content, 0600);
  // A link, unlike a rename, fails when another process has taken the name meanwhile.
  const int failed = ::link(temporary.c_str(), path.c_str()) == 0 ? 0 : errno;
  ::unlink(temporary.c_str());
  if (failed == EEXIST) refuse_taken(name);
  if (failed != 0) {
    throw Error(ErrorCode::kIo,
                "cannot write " + path.string() + ": " + std::generic_category().message(failed));
  }
}

std::string with_label(const std::string& document, const std::string& label) {
  if (label.empty()) return document;
  if (!is_utf8(label) || label.size() > 256) {
    throw Error(ErrorCode::kUsage, "a key's label is at most 256 bytes of UTF-8");
  }
  Json json = parse_json(document);
  json[kLabelKey] = {{"label", label}};
  return to_canonical(json);
}

std::string label_of(const Json& document) {
  const auto ours = document.find(kLabelKey);
  if (ours == document.end() || !ours->is_object()) return "";
  const auto label = ours->find("label");
  return label != ours->end() && label->is_string() ? label->get<std::string>() : "";
}

KeyInfo describe(const std::string& name, const std::string& text, const fs::path& path) {
  const auto fail = [&](const std::string& why) {
    return Error(ErrorCode::kMalformed,
                 path.string() + " is no keystore of mlprov (" + why +
                     "): move it away, or bring it in with 'mlprov keys import'");
  };
  Json document;
  try {
    document = parse_json(text, {.max_bytes = kMaxFile, .max_depth = 8, .max_values = 256});
  } catch (const Error& error) {
    throw fail(error.what());
  }
  const auto address = document.is_object() ? document.find("address") : document.end();
  if (address == document.end() || !address->is_string()) throw fail("it states no address");
  const auto parsed = address_from_canonical("0x" + address->get<std::string>());
  if (!parsed) throw fail("its address is not 40 lower-case hex characters");
  return {name, *parsed, label_of(document)};
}

const char* variable(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : nullptr;
}

}  // namespace

Keyring::Keyring(fs::path folder) : folder_(std::move(folder)) {}

Keyring Keyring::open_default() {
  if (const char* keys = variable("MLPROV_KEYS")) return Keyring(keys);
  // The XDG specification has a relative value ignored.
  if (const char* config = variable("XDG_CONFIG_HOME"); config != nullptr && *config == '/') {
    return Keyring(fs::path(config) / "mlprov" / "keys");
  }
  if (const char* home = variable("HOME")) {
    return Keyring(fs::path(home) / ".config" / "mlprov" / "keys");
  }
  throw Error(ErrorCode::kConfig, "no folder for keys: set MLPROV_KEYS, XDG_CONFIG_HOME or HOME");
}

std::vector<KeyInfo> Keyring::list() const {
  std::vector<KeyInfo> keys;
  for (const std::string& name : names_in(folder_)) {
    keys.push_back(describe(name, read(name), file_of(folder_, name)));
  }
  return keys;
}

KeyInfo Keyring::add(const std::string& name, const PrivateKey& key, std::string_view password,
                     KeystoreCost cost, const std::string& label) {
  const fs::path path = file_of(folder_, name);
  if (fs::exists(path)) refuse_taken(name);
  const std::string document = with_label(encrypt_keystore(key, password, cost), label);
  make_folder(folder_);
  write_new_file(path, name, document);
  return {name, key.address(), label};
}

std::string Keyring::read(const std::string& name) const {
  try {
    return read_file(file_of(folder_, name), kMaxFile);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kNotFound) throw;
  }
  std::string known;
  for (const std::string& other : names_in(folder_)) known += (known.empty() ? "" : ", ") + other;
  throw Error(ErrorCode::kNotFound,
              "no key named '" + name + "' in " + folder_.string() + "; there is " +
                  (known.empty() ? "none: make one with 'mlprov keys new'" : known));
}

}  // namespace mlprov
