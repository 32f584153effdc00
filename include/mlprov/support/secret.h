#pragma once

#include <string>
#include <utility>

#include "mlprov/support/bytes.h"

namespace mlprov {

/// Overwrites memory in a way that the compiler may not drop.
void wipe(std::span<std::uint8_t> memory) noexcept;

/// Bytes that are wiped when they go out of scope: private keys, passwords, derived keys.
/// Movable, not copyable, not printable.
class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(Bytes bytes) noexcept : bytes_(std::move(bytes)) {}
  explicit SecretBytes(std::size_t size) : bytes_(size) {}
  ~SecretBytes() { wipe(bytes_); }
  SecretBytes(SecretBytes&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  SecretBytes& operator=(SecretBytes&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;

  ByteView view() const noexcept { return bytes_; }
  std::span<std::uint8_t> span() noexcept { return bytes_; }
  std::size_t size() const noexcept { return bytes_.size(); }

 private:
  Bytes bytes_;
};

}  // namespace mlprov
