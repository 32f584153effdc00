#include "mlprov/digest/hasher.h"

#include <array>
#include <optional>
#include <string>

#include "digest/blake3_state.h"
#include "digest/evp.h"
#include "digest/keccak.h"
#include "mlprov/support/error.h"

namespace mlprov {
namespace {

/// A hasher over anything with `update` and a `finish` that gives 32 bytes.
template <typename State>
class StateHasher final : public Hasher {
 public:
  void update(ByteView bytes) override { state_.update(bytes); }
  Bytes finish() override {
    const Digest32 digest = state_.finish();
    return Bytes(digest.begin(), digest.end());
  }

 private:
  State state_;
};

class EvpHasher final : public Hasher {
 public:
  explicit EvpHasher(Algorithm algorithm)
      : digest_(require_evp_md(algorithm)), size_(digest_size(algorithm)) {}
  void update(ByteView bytes) override { digest_.update(bytes); }
  Bytes finish() override {
    Bytes out(size_);
    digest_.finish(out);
    return out;
  }

 private:
  EvpDigest digest_;
  std::size_t size_;
};

bool uses_own_keccak(Algorithm algorithm) {
  return algorithm == Algorithm::kKeccak256 && evp_md(algorithm) == nullptr;
}

template <typename State>
Digest32 digest_with(State& state, std::initializer_list<ByteView> parts) {
  for (const ByteView part : parts) state.update(part);
  return state.finish();
}

// One context a thread and algorithm, so that a small digest costs neither a fetch nor memory.
std::optional<EvpDigest>& thread_context(Algorithm algorithm) {
  thread_local std::array<std::optional<EvpDigest>, 4> contexts;
  std::optional<EvpDigest>& context = contexts[static_cast<std::size_t>(algorithm)];
  if (!context) context.emplace(require_evp_md(algorithm));
  return context;
}

Digest32 evp_digest32(Algorithm algorithm, std::initializer_list<ByteView> parts) {
  std::optional<EvpDigest>& context = thread_context(algorithm);
  Digest32 out;
  try {
    for (const ByteView part : parts) context->update(part);
    context->finish(out);
  } catch (...) {
    context.reset();  // half a message must not leak into the next digest
    throw;
  }
  return out;
}

}  // namespace

std::unique_ptr<Hasher> HashFactory::create(Algorithm algorithm) {
  if (algorithm == Algorithm::kBlake3) return std::make_unique<StateHasher<Blake3State>>();
  if (uses_own_keccak(algorithm)) return std::make_unique<StateHasher<Keccak256>>();
  return std::make_unique<EvpHasher>(algorithm);
}

std::unique_ptr<Hasher> HashFactory::create(std::string_view name) {
  if (const auto algorithm = algorithm_from_name(name)) return create(*algorithm);
  std::string known;
  for (const std::string_view other : names())
    known += (known.empty() ? "" : ", ") + std::string(other);
  throw Error(ErrorCode::kUnsupported,
              "no hash algorithm is called '" + std::string(name) + "'; there are " + known);
}

std::vector<std::string_view> HashFactory::names() {
  std::vector<std::string_view> names;
  for (const Algorithm algorithm : all_algorithms()) names.push_back(to_string(algorithm));
  return names;
}

Digest32 digest32(Algorithm algorithm, std::initializer_list<ByteView> parts) {
  if (algorithm == Algorithm::kBlake3) {
    Blake3State state;
    return digest_with(state, parts);
  }
  if (uses_own_keccak(algorithm)) {
    Keccak256 state;
    return digest_with(state, parts);
  }
  if (is_tree_algorithm(algorithm)) return evp_digest32(algorithm, parts);
  throw Error(ErrorCode::kUsage, std::string(to_string(algorithm)) +
                                     " has 64 bytes of output; a tree takes blake3, sha256, "
                                     "sha3-256 or keccak256");
}

Bytes digest(Algorithm algorithm, ByteView bytes) {
  const auto hasher = HashFactory::create(algorithm);
  hasher->update(bytes);
  return hasher->finish();
}

}  // namespace mlprov
