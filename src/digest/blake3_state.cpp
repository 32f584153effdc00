#include "digest/blake3_state.h"

#include <tbb/task_arena.h>

namespace mlprov {

void Blake3State::update(ByteView bytes) {
  if (bytes.size() < kBlake3ThreadedBytes) {
    blake3_hasher_update(&hasher_, bytes.data(), bytes.size());
    return;
  }
  // Isolated: while this thread waits for its halves it must not pick up a task of the caller's,
  // which could need what the caller holds, or nest until the stack is full.
  tbb::this_task_arena::isolate(
      [&] { blake3_hasher_update_tbb(&hasher_, bytes.data(), bytes.size()); });
}

Digest32 Blake3State::finish() noexcept {
  Digest32 digest;
  blake3_hasher_finalize(&hasher_, digest.data(), digest.size());
  blake3_hasher_reset(&hasher_);
  return digest;
}

}  // namespace mlprov
