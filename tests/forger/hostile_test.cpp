// Files made to exhaust a reader. Each runs in a child process whose memory is limited, over text
// that is mapped again and again from a small piece, so that a gigabyte costs the test nothing.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

#include "forger/expect.h"
#include "mlprov/support/error.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MLPROV_SANITIZED 1
#else
#define MLPROV_SANITIZED 0
#endif

namespace mlprov::forge {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kMiB = std::size_t{1} << 20;

/// A long text: a head of whole pages, then one piece of whole pages over and over.
class RepeatedText {
 public:
  RepeatedText(const std::string& head, const std::string& piece, std::size_t at_least) {
    if (head.size() % kPage != 0 || piece.size() % kPage != 0 || piece.empty()) {
      throw std::logic_error("head and piece are whole pages");
    }
    const std::size_t times = (at_least + piece.size() - 1) / piece.size();
    size_ = head.size() + times * piece.size();
    void* place = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (place == MAP_FAILED) throw std::runtime_error("mmap");
    data_ = static_cast<char*>(place);
    map_at(0, head);
    const int file = file_of(piece);
    for (std::size_t i = 0; i < times; ++i) map_file(head.size() + i * piece.size(), file, piece);
    close(file);
  }
  ~RepeatedText() { munmap(data_, size_); }
  RepeatedText(const RepeatedText&) = delete;
  RepeatedText& operator=(const RepeatedText&) = delete;

  std::string_view view() const { return {data_, size_}; }

 private:
  static int file_of(const std::string& content) {
    const int file = memfd_create("piece", 0);
    if (file < 0 ||
        write(file, content.data(), content.size()) != static_cast<ssize_t>(content.size())) {
      throw std::runtime_error("memfd");
    }
    return file;
  }

  void map_file(std::size_t at, int file, const std::string& content) {
    if (mmap(data_ + at, content.size(), PROT_READ, MAP_PRIVATE | MAP_FIXED, file, 0) ==
        MAP_FAILED) {
      throw std::runtime_error("mmap");
    }
  }

  void map_at(std::size_t at, const std::string& content) {
    if (content.empty()) return;
    const int file = file_of(content);
    map_file(at, file, content);
    close(file);
  }

  char* data_ = nullptr;
  std::size_t size_ = 0;
};

/// `head` and then `unit` for ever, cut into a head and a piece of whole pages. The piece is a
/// megabyte or more, since a process may have 65,530 mappings only.
std::pair<std::string, std::string> paged(const std::string& head, const std::string& unit) {
  const std::size_t border = (head.size() / kPage + 1) * kPage;
  std::string first = head;
  while (first.size() < border) first += unit;
  first.resize(border);  // Wherever that cuts the unit: the piece goes on from there.
  const std::size_t phase = (border - head.size()) % unit.size();
  const std::string turned = unit.substr(phase) + unit.substr(0, phase);
  const std::size_t times = kPage * (kMiB / (kPage * unit.size()) + 1);
  std::string piece;
  for (std::size_t i = 0; i < times; ++i) piece += turned;
  return {first, piece};
}

struct ChildResult {
  bool is_expected = false;
  std::size_t peak_mib = 0;
};

/// Verifies in a child that may allocate `limit` bytes more than it has; the child's verdict.
ChildResult verify_in_child(std::string_view text, const JsonLimits& limits, Refusal refusal,
                            std::size_t limit) {
  const pid_t child = fork();
  if (child == 0) {
    rusage before{};
    getrusage(RUSAGE_SELF, &before);
    if (!MLPROV_SANITIZED) {
      // Address space counts the mapped text, too.
      const rlimit cap{text.size() + limit + 512 * kMiB, text.size() + limit + 512 * kMiB};
      setrlimit(RLIMIT_AS, &cap);
    }
    const Verdict verdict = verify_bundle(text, {}, {}, limits);
    _exit(verdict.refusal == refusal && !verdict.detail.empty() ? 0 : 1);
  }
  int status = 0;
  rusage usage{};
  wait4(child, &status, 0, &usage);
  ChildResult result;
  result.is_expected = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  // The pages of the text itself are counted as resident, although they are one piece.
  const std::size_t peak = static_cast<std::size_t>(usage.ru_maxrss) / 1024;
  result.peak_mib = peak - std::min(peak, text.size() / kMiB);
  return result;
}

JsonLimits wide_limits() {
  JsonLimits limits;
  limits.max_bytes = std::size_t{4} << 30;
  return limits;
}

TEST(Hostile, AGigabyteOverTheLimitIsNotRead) {
  const auto [head, piece] = paged("", "[");
  const RepeatedText text(head, piece, std::size_t{1} << 30);
  const ChildResult result = verify_in_child(text.view(), {}, Refusal::kTooLarge, 16 * kMiB);
  EXPECT_TRUE(result.is_expected);
}

TEST(Hostile, AGigabyteOfNesting) {
  for (const char* unit : {"[", "{\"a\":"}) {
    const auto [head, piece] = paged("", unit);
    const RepeatedText text(head, piece, std::size_t{1} << 30);
    const ChildResult result =
        verify_in_child(text.view(), wide_limits(), Refusal::kTooLarge, 64 * kMiB);
    EXPECT_TRUE(result.is_expected) << unit;
  }
}

TEST(Hostile, TenMillionEntries) {
  const std::string leaf = "\"" + std::string(64, 'a') + "\",";
  const std::string start = "{\"directories\":{\"" + std::string(64, 'b') + "\":[";
  const auto [head, piece] = paged(start, leaf);
  const RepeatedText text(head, piece, 10'000'000 * leaf.size());
  const ChildResult result =
      verify_in_child(text.view(), wide_limits(), Refusal::kTooLarge, 1024 * kMiB);
  EXPECT_TRUE(result.is_expected);
  if (!MLPROV_SANITIZED) {
    EXPECT_LT(result.peak_mib, 1024u);
  }
}

TEST(Hostile, TenMillionKeys) {
  const std::string start = "{\"directories\":{";
  const auto [head, piece] = paged(start, "\"a\":[],");
  const RepeatedText text(head, piece, 10'000'000 * 7);
  const ChildResult result =
      verify_in_child(text.view(), wide_limits(), Refusal::kNotCanonical, 64 * kMiB);
  EXPECT_TRUE(result.is_expected) << "the second key is the first again";
}

TEST(Hostile, AStringWithoutEnd) {
  const auto [head, piece] = paged("{\"directories\":\"", "x");
  const RepeatedText text(head, piece, 64 * kMiB);
  // The parser holds the one string that is being read, and it grows by doubling.
  const ChildResult result =
      verify_in_child(text.view(), wide_limits(), Refusal::kNotCanonical, 512 * kMiB);
  EXPECT_TRUE(result.is_expected);
}

TEST(Hostile, ANumberWithoutEnd) {
  const auto [head, piece] = paged("{\"directories\":1", "1");
  const RepeatedText text(head, piece, 64 * kMiB);
  const ChildResult result =
      verify_in_child(text.view(), wide_limits(), Refusal::kNotCanonical, 512 * kMiB);
  EXPECT_TRUE(result.is_expected);
}

TEST(Hostile, AsManyEntriesAsTheLimitAllows) {
  // All well-formed, so that everything behind the parser sees them, too.
  Forgery forgery = sample_forgery();
  Json many = Json::array();
  for (int i = 0; i < 200'000; ++i) many.push_back(std::string(64, "0123456789abcdef"[i % 16]));
  const std::string root = forgery.put(many);
  forgery.edit_run("before/data",
                   [&](Json& slots) { insert_slot(slots, forgery.tree_entry("many", root)); });
  forgery.resign(author_key());
  forgery.prune();
  EXPECT_TRUE(holds(forgery.text()));
}

TEST(Hostile, DeepJsonInsideTheLimitOfBytes) {
  for (const int depth : {33, 100'000}) {
    const std::string value = std::string(static_cast<std::size_t>(depth), '[') +
                              std::string(static_cast<std::size_t>(depth), ']');
    EXPECT_TRUE(is_refused("{\"directories\":" + value + "}", Refusal::kTooLarge)) << depth;
  }
}

TEST(Hostile, ValuesAtTheLimitOfNesting) {
  Json value = 1;
  for (int i = 0; i < 29; ++i) value = Json::array({value});
  const PrivateKey key = author_key();
  RunBuilder run({run_id_of(1), Algorithm::kBlake3, std::nullopt}, key, fixed_environment(1));
  run.add_json("before", "deep", value);
  EXPECT_THROW(run.add_json("before", "deeper", Json::array({value})), Error);
  run.seal_before();
  run.seal_after();
  EXPECT_TRUE(holds(encode_bundle(run.bundle())));
}

}  // namespace
}  // namespace mlprov::forge
