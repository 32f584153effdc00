#include "mlprov/identity/keyring.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <cstdlib>
#include <thread>

#include "identity/error_name.h"
#include "identity/vectors.h"
#include "mlprov/support/file.h"
#include "mlprov/support/random.h"

namespace mlprov {
namespace {

namespace fs = std::filesystem;
using testing::error_name;
using testing::example_key;
using testing::kExampleAddress;

const std::string kSecretHex(64, '4');  // Not the example key's, to look for in messages.

unsigned mode_of(const fs::path& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 0777 : 0;
}

/// Sets a variable and puts the old value back.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    set(value);
  }
  ~Variable() { set(old_ ? old_->c_str() : nullptr); }
  void set(const char* value) { value != nullptr ? ::setenv(name_, value, 1) : ::unsetenv(name_); }

 private:
  const char* name_;
  std::optional<std::string> old_;
};

class KeyringTest : public ::testing::Test {
 protected:
  KeyringTest() {
    std::array<std::uint8_t, 8> tag;
    fill_random(tag);
    folder_ = fs::temp_directory_path() / ("mlprov-keyring-" + to_hex(tag));
    fs::create_directory(folder_);
  }
  ~KeyringTest() override { fs::remove_all(folder_); }

  KeyInfo add(const std::string& name, const std::string& label = "") {
    return keyring().add(name, example_key(), "p", KeystoreCost::kLight, label);
  }
  Keyring keyring() const { return Keyring(folder_ / "config" / "keys"); }
  fs::path file(const std::string& name) const { return keyring().folder() / name; }

  fs::path folder_;
};

TEST_F(KeyringTest, AddsListsAndReads) {
  EXPECT_TRUE(keyring().list().empty());
  add("work");
  add("ci", "job 17");
  const auto keys = keyring().list();
  ASSERT_EQ(keys.size(), 2U);
  EXPECT_EQ(keys[0].name, "ci");
  EXPECT_EQ(keys[0].label, "job 17");
  EXPECT_EQ(keys[1].name, "work");
  EXPECT_EQ(keys[1].label, "");
  EXPECT_EQ(to_string(keys[1].address), kExampleAddress);
  for (const char* name : {"ci", "work"}) {
    EXPECT_EQ(to_string(decrypt_keystore(keyring().read(name), "p").address()), kExampleAddress);
  }
}

TEST_F(KeyringTest, KeepsFilesToTheUser) {
  add("work");
  EXPECT_EQ(mode_of(keyring().folder()), 0700U);
  EXPECT_EQ(mode_of(file("work.json")), 0600U);
  int files = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(keyring().folder())) ++files;
  EXPECT_EQ(files, 1) << "a temporary file was left behind";
}

TEST_F(KeyringTest, NeverReplacesAKey) {
  add("work");
  const std::string before = keyring().read("work");
  EXPECT_EQ(error_name([&] { add("work"); }), "conflict");
  EXPECT_EQ(keyring().read("work"), before);
}

TEST_F(KeyringTest, OneOfSeveralTakesAName) {
  std::atomic<int> added = 0;
  std::atomic<int> refused = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back(
        [&] { ++(error_name([&] { add("work"); }) == "conflict" ? refused : added); });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(added, 1);
  EXPECT_EQ(refused, 3);
}

TEST_F(KeyringTest, RefusesNamesThatLeadElsewhere) {
  for (const std::string& name :
       {std::string(), std::string("."), std::string(".."), std::string("../x"), std::string("a/b"),
        std::string("a b"), std::string("-x"), std::string(".x"), std::string("a\0b", 3),
        std::string(65, 'a'), std::string("\xC3\xA4")}) {
    EXPECT_EQ(error_name([&] { add(name); }), "usage") << name;
    EXPECT_EQ(error_name([&] { keyring().read(name); }), "usage") << name;
  }
  EXPECT_EQ(error_name([&] { add(std::string(64, 'a')); }), "no error");
}

TEST_F(KeyringTest, NamesTheKeysThatExist) {
  add("work");
  add("home");
  try {
    keyring().read("wrok");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
    EXPECT_NE(std::string(error.what()).find("home, work"), std::string::npos) << error.what();
  }
}

TEST_F(KeyringTest, NamesAFileThatIsNoKeystore) {
  add("work");
  write_file_atomic(file("notes.txt"), "not looked at");
  EXPECT_EQ(keyring().list().size(), 1U);
  for (const char* content : {"", "[]", "{}", R"({"address":"0x00"})", R"({"address":7})"}) {
    write_file_atomic(file("broken.json"), content);
    EXPECT_EQ(error_name([&] { keyring().list(); }), "malformed") << content;
  }
}

TEST_F(KeyringTest, FindsItsFolder) {
  Variable keys("MLPROV_KEYS", "/k");
  Variable config("XDG_CONFIG_HOME", "/c");
  Variable home("HOME", "/h");
  EXPECT_EQ(Keyring::open_default().folder(), "/k");
  keys.set(nullptr);
  EXPECT_EQ(Keyring::open_default().folder(), "/c/mlprov/keys");
  config.set("relative");
  EXPECT_EQ(Keyring::open_default().folder(), "/h/.config/mlprov/keys");
  config.set("");
  home.set(nullptr);
  EXPECT_EQ(error_name([] { Keyring::open_default(); }), "config");
}

TEST(SecretReference, KnowsThreeForms) {
  EXPECT_EQ(parse_secret_reference("env:KEY").source, SecretReference::Source::kEnvironment);
  EXPECT_EQ(parse_secret_reference("file:/a:b").value, "/a:b");
  EXPECT_EQ(parse_secret_reference("keystore:work").source, SecretReference::Source::kKeystore);
  for (const std::string& text :
       {std::string(), std::string("env:"), std::string("env"), kSecretHex, std::string("ENV:KEY"),
        std::string(" env:KEY"), std::string("http://x"), std::string("file:a\0b", 8)}) {
    try {
      parse_secret_reference(text);
      FAIL() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUsage);
      EXPECT_EQ(std::string(error.what()).find(kSecretHex), std::string::npos);
    }
  }
}

class LoadKeyTest : public KeyringTest {
 protected:
  Address load(const std::string& reference) {
    return load_key(parse_secret_reference(reference), keyring(), prompt_).address();
  }
  std::string error_of(const std::string& reference) {
    try {
      load(reference);
    } catch (const Error& error) {
      EXPECT_EQ(std::string(error.what()).find("4444"), std::string::npos) << error.what();
      return to_string(error.code());
    }
    return "no error";
  }

  std::string asked_;
  PasswordPrompt prompt_ = [this](const std::string& purpose) {
    asked_ = purpose;
    return std::string("p");
  };
};

TEST_F(LoadKeyTest, FromTheEnvironment) {
  const std::string hex = to_hex(example_key().secret());
  Variable variable("MLPROV_TEST_KEY", nullptr);
  for (const std::string& text : {hex, "0x" + hex, " " + hex + "\n"}) {
    variable.set(text.c_str());
    EXPECT_EQ(to_string(load("env:MLPROV_TEST_KEY")), kExampleAddress) << text;
  }
  for (const std::string& text : {std::string(), kSecretHex + "4", kSecretHex.substr(1),
                                  kSecretHex.substr(1) + "g", "0x0x" + kSecretHex}) {
    variable.set(text.c_str());
    EXPECT_EQ(error_of("env:MLPROV_TEST_KEY"), "malformed") << text;
  }
  variable.set(std::string(64, '0').c_str());
  EXPECT_EQ(error_of("env:MLPROV_TEST_KEY"), "crypto");
  variable.set(nullptr);
  EXPECT_EQ(error_of("env:MLPROV_TEST_KEY"), "not-found");
}

TEST_F(LoadKeyTest, FromAFileOfEitherKind) {
  const std::string path = (folder_ / "key").string();
  EXPECT_EQ(error_of("file:" + path), "not-found");
  write_file_atomic(path, "0x" + to_hex(example_key().secret()) + "\r\n", 0600);
  EXPECT_EQ(to_string(load("file:" + path)), kExampleAddress);
  EXPECT_EQ(asked_, "");
  write_file_atomic(path, encrypt_keystore(example_key(), "p", KeystoreCost::kLight), 0600);
  EXPECT_EQ(to_string(load("file:" + path)), kExampleAddress);
  EXPECT_NE(asked_.find(path), std::string::npos);
  write_file_atomic(path, std::string(1 << 20, '4'));
  EXPECT_EQ(error_of("file:" + path), "too-large");
}

TEST_F(LoadKeyTest, FromTheKeyring) {
  add("work");
  EXPECT_EQ(to_string(load("keystore:work")), kExampleAddress);
  EXPECT_NE(asked_.find("'work'"), std::string::npos);
  EXPECT_EQ(error_of("keystore:other"), "not-found");
  prompt_ = [](const std::string&) { return std::string("wrong"); };
  EXPECT_EQ(error_of("keystore:work"), "crypto");
  prompt_ = nullptr;
  EXPECT_EQ(error_of("keystore:work"), "crypto");
}

}  // namespace
}  // namespace mlprov
