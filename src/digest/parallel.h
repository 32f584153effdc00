#pragma once

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <cstddef>

namespace mlprov {

/// Calls `body(i)` once for each i below `count`, starting them in rising order, by the threads of
/// the current arena with the calling one among them. What `body` throws is rethrown here, and
/// what has not begun by then is left out.
///
/// `next` also orders memory: all that came before is seen by `body`, and all that `body` did is
/// seen after. oneTBB sees to that as well, but in code that ThreadSanitizer does not know.
template <typename Body>
void parallel_for_each_index(std::size_t count, const Body& body) {
  const auto threads = static_cast<std::size_t>(tbb::this_task_arena::max_concurrency());
  std::atomic<std::size_t> next;
  const auto work = [&](std::size_t) {
    try {
      for (std::size_t i; (i = next.fetch_add(1)) < count;) body(i);
    } catch (...) {
      next.store(count);
      throw;
    }
  };
  next.store(0);
  if (count < 2 || threads < 2) {
    work(0);
  } else {
    tbb::parallel_for(std::size_t{0}, std::min(threads, count), work, tbb::simple_partitioner());
  }
  next.load();
}

}  // namespace mlprov
