#pragma once

#include <initializer_list>
#include <memory>
#include <string_view>
#include <vector>

#include "mlprov/digest/algorithm.h"
#include "mlprov/support/bytes.h"

namespace mlprov {

/// One streaming digest. Not thread-safe; use one a thread.
class Hasher {
 public:
  virtual ~Hasher() = default;

  /// Appends bytes. BLAKE3 spreads one large call over threads (oneTBB) when it pays.
  virtual void update(ByteView bytes) = 0;

  /// Returns the digest and makes the hasher ready for a new message.
  virtual Bytes finish() = 0;
};

/// Makes hashers by name, as they stand in configurations. Stateless. Both `create` throw
/// `kUnsupported` for an algorithm that this machine's OpenSSL leaves out.
class HashFactory {
 public:
  /// Throws `kUnsupported` for an unknown name, listing those that exist.
  static std::unique_ptr<Hasher> create(std::string_view name);
  static std::unique_ptr<Hasher> create(Algorithm algorithm);
  /// The names in order, e.g. for a help text.
  static std::vector<std::string_view> names();
};

/// Digest of the concatenation of `parts`, in one call and, for small inputs, without allocation:
/// BLAKE3 and our Keccak live on the stack, OpenSSL's in one context a thread (inside which
/// OpenSSL 3.0 itself allocates some 100 bytes a digest). Thread-safe.
/// Throws `kUsage` unless `is_tree_algorithm(algorithm)`.
Digest32 digest32(Algorithm algorithm, std::initializer_list<ByteView> parts);
inline Digest32 digest32(Algorithm algorithm, ByteView bytes) {
  return digest32(algorithm, {bytes});
}

/// Digest of any algorithm, 32 or 64 bytes.
Bytes digest(Algorithm algorithm, ByteView bytes);

}  // namespace mlprov
