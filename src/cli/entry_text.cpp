#include "cli/entry_text.h"

#include "cli/hash_tensors.h"
#include "cli/printable.h"
#include "mlprov/support/hex.h"

namespace mlprov::cli {

std::uint64_t entry_bytes(const Entry& entry) {
  if (entry.kind == EntryKind::kTree) return 0;
  if (entry.kind != EntryKind::kTensor) return entry.size;
  return tensor_bytes(entry.dtype, entry.shape).value_or(0);
}

std::string entry_facts(const Entry& entry) {
  switch (entry.kind) {
    case EntryKind::kTree:
      return counted(entry.entries, "entry", "entries");
    case EntryKind::kTensor:
      return "tensor " + printable(entry.dtype) + " " + shape_text(entry.shape) + " " +
             human_size(entry_bytes(entry));
    default:
      return std::string(to_string(entry.kind)) + " " + human_size(entry.size);
  }
}

std::string short_digest(const Digest32& digest) { return to_hex(digest).substr(0, 8); }

}  // namespace mlprov::cli
