#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>

#include "digest/cpu_backend.h"
#include "digest/pattern.h"
#include "mlprov/digest/hash_backend.h"
#include "mlprov/digest/hasher.h"
#include "support/error_of.h"

namespace mlprov {
namespace {

using testing::pattern;

MemoryRegion region_of(ByteView bytes, int device = -1) {
  return {bytes.data(), bytes.size(), device, nullptr};
}

TEST(CpuBackend, DigestsComeInTheOrderOfTheRegions) {
  // Tiny, middling and large ones mixed, as a model's tensors are.
  std::vector<Bytes> memory;
  std::mt19937 random(7);
  for (int i = 0; i < 3000; ++i) memory.push_back(pattern(random() % 3000));
  for (int i = 0; i < 30; ++i) memory.push_back(pattern(random() % 1'000'000));
  for (int i = 0; i < 3; ++i) memory.push_back(pattern(5'000'000 + random() % 1000));
  std::ranges::shuffle(memory, random);
  for (std::size_t i = 0; i < memory.size(); ++i) {
    if (!memory[i].empty()) memory[i][0] = static_cast<std::uint8_t>(i);
  }
  std::vector<MemoryRegion> regions;
  for (const Bytes& bytes : memory) regions.push_back(region_of(bytes));
  for (const Algorithm algorithm : all_algorithms()) {
    if (!is_tree_algorithm(algorithm)) continue;
    const auto backend = hash_backend_for(regions.front(), algorithm);
    EXPECT_EQ(backend->name(), "cpu");
    const std::vector<Digest32> digests = backend->submit(regions, algorithm).get();
    ASSERT_EQ(digests.size(), memory.size());
    for (std::size_t i = 0; i < memory.size(); ++i) {
      ASSERT_EQ(digests[i], digest32(algorithm, memory[i])) << to_string(algorithm) << " " << i;
    }
  }
}

TEST(CpuBackend, NoRegionsGiveNoDigests) {
  const auto backend = hash_backend_for({}, Algorithm::kBlake3);
  EXPECT_TRUE(backend->submit({}, Algorithm::kBlake3).get().empty());
  EXPECT_EQ(backend->submit({MemoryRegion{}}, Algorithm::kBlake3).get().front(),
            digest32(Algorithm::kBlake3, ByteView()));
}

TEST(CpuBackend, ErrorsSurfaceAtTheFuture) {
  const auto backend = hash_backend_for({}, Algorithm::kBlake3);
  const Bytes bytes = pattern(3);
  auto device = backend->submit({region_of(bytes, 0)}, Algorithm::kBlake3);
  EXPECT_EQ(testing::error_of([&] { device.get(); }),
            "usage: the CPU cannot hash memory of device 0");
  auto null = backend->submit({{nullptr, 5, -1, nullptr}}, Algorithm::kBlake3);
  EXPECT_TRUE(testing::error_of([&] { null.get(); }).starts_with("usage: ")) << "null";
  auto wide = backend->submit({region_of(bytes)}, Algorithm::kSha512);
  EXPECT_TRUE(testing::error_of([&] { wide.get(); }).starts_with("usage: ")) << "sha512";
}

TEST(Backends, SomeRequestsHaveNoAnswer) {
  EXPECT_TRUE(
      testing::error_of([] { hash_backend_for({}, Algorithm::kSha512); }).starts_with("usage: "));
  EXPECT_TRUE(testing::error_of([] {
                hash_backend_for(region_of({}, 31), Algorithm::kBlake3);
              }).starts_with("unsupported: "));
  EXPECT_TRUE(testing::error_of([] { register_hash_backend(nullptr); }).starts_with("usage: "));
}

enum class Fault { kNone, kWrongBit, kWrongSize, kFewer, kThrows, kPlaceThrows };

/// A backend for one pretended device that hashes on the host, rightly or with a fault.
class FakeBackend final : public HashBackend {
 public:
  FakeBackend(int device, Fault fault) : device_(device), fault_(fault) {}

  std::string_view name() const noexcept override { return "fake"; }
  bool accepts(const MemoryRegion& region, Algorithm algorithm) const noexcept override {
    return region.device == device_ && algorithm != Algorithm::kKeccak256;
  }
  std::future<std::vector<Digest32>> submit(std::vector<MemoryRegion> regions,
                                            Algorithm algorithm) override {
    ++submissions;
    if (fault_ == Fault::kThrows) throw std::runtime_error("the device is on fire");
    for (MemoryRegion& region : regions) region.device = -1;
    std::vector<Digest32> digests = CpuBackend().submit(regions, algorithm).get();
    spoil(digests, regions);
    std::promise<std::vector<Digest32>> promise;
    promise.set_value(std::move(digests));
    return promise.get_future();
  }
  std::shared_ptr<const void> place(ByteView bytes, const MemoryRegion& like) override {
    if (fault_ == Fault::kPlaceThrows) throw Error(ErrorCode::kUnsupported, "no memory there");
    EXPECT_EQ(like.device, device_);
    return HashBackend::place(bytes, like);
  }

  std::atomic<int> submissions{0};

 private:
  void spoil(std::vector<Digest32>& digests, const std::vector<MemoryRegion>& regions) const {
    if (fault_ == Fault::kFewer) digests.pop_back();
    for (std::size_t i = 0; i < digests.size(); ++i) {
      if (fault_ == Fault::kWrongBit) digests[i][31] ^= 1;
      // Only one size is wrong, as with a mistake at one edge of the tree.
      if (fault_ == Fault::kWrongSize && regions[i].size_bytes == 3073) digests[i][0] ^= 0x80;
    }
  }

  const int device_;
  const Fault fault_;
};

/// Collects warnings while it lives.
class Listener {
 public:
  Listener() {
    set_hash_warning_handler([this](const std::string& warning) { warnings.push_back(warning); });
  }
  ~Listener() { set_hash_warning_handler({}); }
  std::vector<std::string> warnings;
};

TEST(Backends, AGoodOneIsUsedAndCheckedOnce) {
  const Listener listener;
  const auto backend = std::make_shared<FakeBackend>(1, Fault::kNone);
  register_hash_backend(backend);
  EXPECT_EQ(backend->submissions, 0) << "checked on first use, not when registered";
  const MemoryRegion region = region_of({}, 1);
  EXPECT_EQ(hash_backend_for(region, Algorithm::kBlake3), backend);
  EXPECT_EQ(hash_backend_for(region, Algorithm::kBlake3), backend);
  EXPECT_EQ(backend->submissions, 1);
  EXPECT_EQ(hash_backend_for(region, Algorithm::kSha256), backend);
  EXPECT_EQ(backend->submissions, 2) << "each algorithm is another kernel";
  EXPECT_TRUE(testing::error_of([&] {
                hash_backend_for(region, Algorithm::kKeccak256);
              }).starts_with("unsupported: "));
  EXPECT_EQ(hash_backend_for({}, Algorithm::kBlake3)->name(), "cpu");
  EXPECT_TRUE(listener.warnings.empty());
}

TEST(Backends, AWrongOneIsNeverUsedWithOneWarning) {
  struct Case {
    Fault fault;
    const char* reason;
  };
  int device = 10;
  for (const auto& [fault, reason] : {Case{Fault::kWrongBit, "0 known bytes is wrong"},
                                      Case{Fault::kWrongSize, "3073 known bytes is wrong"},
                                      Case{Fault::kFewer, "another number of digests"},
                                      Case{Fault::kThrows, "the device is on fire"},
                                      Case{Fault::kPlaceThrows, "no memory there"}}) {
    const Listener listener;
    const MemoryRegion region = region_of({}, ++device);
    register_hash_backend(std::make_shared<FakeBackend>(device, fault));
    for (int i = 0; i < 3; ++i) {
      EXPECT_TRUE(testing::error_of([&] {
                    hash_backend_for(region, Algorithm::kBlake3);
                  }).starts_with("unsupported: no working hash backend"))
          << reason;
    }
    ASSERT_EQ(listener.warnings.size(), 1u) << reason;
    EXPECT_NE(listener.warnings[0].find(reason), std::string::npos) << listener.warnings[0];
    EXPECT_TRUE(listener.warnings[0].starts_with("the hash backend fake is not used for blake3"));
  }
}

TEST(Backends, AnEarlierGoodOneStepsIn) {
  const Listener listener;
  const auto good = std::make_shared<FakeBackend>(2, Fault::kNone);
  register_hash_backend(good);
  register_hash_backend(std::make_shared<FakeBackend>(2, Fault::kWrongBit));
  EXPECT_EQ(hash_backend_for(region_of({}, 2), Algorithm::kBlake3), good);
  EXPECT_EQ(listener.warnings.size(), 1u);
}

TEST(Backends, AWrongOneForHostMemoryFallsBackToTheCpu) {
  const Listener listener;
  register_hash_backend(std::make_shared<FakeBackend>(-1, Fault::kWrongSize));
  EXPECT_EQ(hash_backend_for({}, Algorithm::kBlake3)->name(), "cpu");
  EXPECT_EQ(listener.warnings.size(), 1u);
}

TEST(Backends, WarningsWaitForAHandler) {
  register_hash_backend(std::make_shared<FakeBackend>(3, Fault::kWrongBit));
  EXPECT_FALSE(
      testing::error_of([] { hash_backend_for(region_of({}, 3), Algorithm::kBlake3); }).empty());
  const Listener listener;
  ASSERT_EQ(listener.warnings.size(), 1u);
  const Listener second;
  EXPECT_TRUE(second.warnings.empty()) << "each is delivered once";
}

TEST(Backends, ThreadsShareOneCheck) {
  const auto backend = std::make_shared<FakeBackend>(4, Fault::kNone);
  register_hash_backend(backend);
  std::vector<std::thread> threads;
  std::atomic<int> found{0};
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back(
        [&] { found += hash_backend_for(region_of({}, 4), Algorithm::kBlake3) == backend; });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(found, 8);
  EXPECT_EQ(backend->submissions, 1);
}

}  // namespace
}  // namespace mlprov
