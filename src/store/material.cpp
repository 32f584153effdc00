#include "store/material.h"

#include <algorithm>
#include <deque>

#include "mlprov/digest/hasher.h"
#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"
#include "store/store_impl.h"

namespace mlprov::store {
namespace {

/// A directory is one row a piece, since a database row is bounded and a data set's is not.
constexpr std::size_t kPieceBytes = std::size_t{1} << 20;
/// In place of an entry's length: a withheld leaf's 32 bytes follow.
constexpr std::uint32_t kWithheldMark = 0xFFFFFFFF;
constexpr std::uint32_t kMaxEntryBytes = std::uint32_t{1} << 20;

void append_length(Bytes& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    out.push_back(static_cast<std::uint8_t>(value >> shift));
  }
}

/// Slots as stored: each entry's length and canonical bytes, or the mark and a leaf hash.
void append_slot(Bytes& out, const Slot& slot) {
  if (const auto* leaf = std::get_if<WithheldLeaf>(&slot)) {
    append_length(out, kWithheldMark);
    out.insert(out.end(), leaf->leaf.begin(), leaf->leaf.end());
    return;
  }
  const std::string text = encode_entry(std::get<Entry>(slot));
  append_length(out, static_cast<std::uint32_t>(text.size()));
  out.insert(out.end(), text.begin(), text.end());
}

/// Takes bytes off the front, or says that the row was altered.
class SlotReader {
 public:
  explicit SlotReader(ByteView bytes) : rest_(bytes) {}

  bool done() const { return rest_.empty(); }

  Slot next() {
    const ByteView head = take(4);
    const std::uint32_t length = std::uint32_t{head[0]} << 24 | std::uint32_t{head[1]} << 16 |
                                 std::uint32_t{head[2]} << 8 | std::uint32_t{head[3]};
    if (length == kWithheldMark) {
      WithheldLeaf leaf;
      const ByteView hash = take(leaf.leaf.size());
      std::copy(hash.begin(), hash.end(), leaf.leaf.begin());
      return leaf;
    }
    if (length > kMaxEntryBytes) altered("a directory's row is damaged");
    return parse_entry(as_text(take(length)));
  }

 private:
  ByteView take(std::size_t count) {
    if (count > rest_.size()) altered("a directory's row is cut short");
    const ByteView taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }

  ByteView rest_;
};

std::vector<Slot> read_slots(ByteView bytes) {
  std::vector<Slot> slots;
  SlotReader reader(bytes);
  while (!reader.done()) slots.push_back(reader.next());
  return slots;
}

std::shared_ptr<const Directory> build_directory(Algorithm algorithm, ByteView bytes,
                                                 const Digest32& root) {
  std::shared_ptr<const Directory> directory;
  try {
    directory =
        std::make_shared<const Directory>(Directory::from_slots(algorithm, read_slots(bytes)));
  } catch (const Error& error) {
    altered("directory " + to_hex(root) + ": " + error.what());
  }
  if (directory->root() != root) altered("directory " + to_hex(root) + " has another root");
  return directory;
}

}  // namespace

Material::Material(Database& database, Algorithm algorithm)
    : database_(database),
      algorithm_(algorithm),
      name_(to_string(algorithm)),
      has_directory_(database,
                     "SELECT 1 FROM directories WHERE algorithm = ? AND root = ? AND part = 0"),
      has_object_(database, "SELECT 1 FROM objects WHERE algorithm = ? AND digest = ?") {}

bool Material::has(Query& query, const Digest32& key) {
  query.reset();
  const bool found = query.bind(name_).bind(ByteView(key)).step();
  query.reset();
  return found;
}

void Material::put_directory(const Directory& directory) {
  Query insert(database_,
               "INSERT INTO directories(algorithm, root, part, body) VALUES(?, ?, ?, ?)");
  std::uint64_t part = 0;
  Bytes piece;
  const auto write = [&] {
    insert.reset();
    insert.bind(name_).bind(ByteView(directory.root())).bind(part++).bind(ByteView(piece)).run();
    piece.clear();
  };
  for (const Slot& slot : directory.slots()) {
    append_slot(piece, slot);
    if (piece.size() >= kPieceBytes) write();
  }
  if (part == 0 || !piece.empty()) write();
}

void Material::put(const DirectoryMap& directories, const std::map<Digest32, Bytes>& objects) {
  for (const auto& [root, directory] : directories) {
    if (!has(has_directory_, root)) put_directory(*directory);
  }
  Query insert(database_, "INSERT INTO objects(algorithm, digest, body) VALUES(?, ?, ?)");
  for (const auto& [digest, content] : objects) {
    if (content.size() > kMaxObjectBytes || has(has_object_, digest)) continue;
    insert.reset();
    insert.bind(name_).bind(ByteView(digest)).bind(ByteView(content)).run();
  }
}

std::shared_ptr<const Directory> Material::directory(const Digest32& root) {
  Query query(database_,
              "SELECT part, body FROM directories WHERE algorithm = ? AND root = ? ORDER BY part");
  query.bind(name_).bind(ByteView(root));
  Bytes bytes;
  std::uint64_t parts = 0;
  for (; query.step(); ++parts) {
    if (query.integer(0) != parts) altered("a part of directory " + to_hex(root) + " is missing");
    const ByteView piece = query.blob(1);
    bytes.insert(bytes.end(), piece.begin(), piece.end());
  }
  return parts == 0 ? nullptr : build_directory(algorithm_, bytes, root);
}

std::optional<Bytes> Material::object(const Digest32& digest) {
  Query query(database_, "SELECT body FROM objects WHERE algorithm = ? AND digest = ?");
  query.bind(name_).bind(ByteView(digest));
  if (!query.step()) return std::nullopt;
  const ByteView body = query.blob(0);
  if (body.size() > kMaxObjectBytes || digest32(algorithm_, body) != digest) {
    altered("object " + to_hex(digest) + " has another digest");
  }
  return Bytes(body.begin(), body.end());
}

namespace {

/// Walks from roots to objects, each directory once.
class Collector {
 public:
  Collector(Database& database, Bundle& bundle, bool complete)
      : material_(database, bundle.algorithm), bundle_(bundle), complete_(complete) {}

  void walk(const Digest32& root) {
    open_.push_back(root);
    while (!open_.empty()) {
      const Digest32 next = open_.front();
      open_.pop_front();
      if (!bundle_.directories.contains(next)) take_directory(next);
    }
  }

 private:
  void take_directory(const Digest32& root) {
    const auto directory = material_.directory(root);
    if (directory == nullptr) {
      if (complete_) altered("directory " + to_hex(root) + " is missing");
      return;
    }
    bundle_.directories.emplace(root, directory);
    for (const Slot& slot : directory->slots()) {
      const auto* entry = std::get_if<Entry>(&slot);
      if (entry == nullptr) continue;
      if (entry->kind == EntryKind::kTree) {
        open_.push_back(entry->digest);
      } else {
        take_object(*entry);
      }
    }
  }

  void take_object(const Entry& entry) {
    if (bundle_.objects.contains(entry.digest)) return;
    auto content = material_.object(entry.digest);
    if (content) {
      bundle_.objects.emplace(entry.digest, *std::move(content));
      return;
    }
    if (complete_ && is_always_stored(entry)) {
      altered("object " + to_hex(entry.digest) + " (`" + entry.name + "`) is missing");
    }
  }

  Material material_;
  Bundle& bundle_;
  bool complete_;
  std::deque<Digest32> open_;
};

}  // namespace

namespace {

/// The material of one row's algorithm.
Material material_of(Database& database, std::string_view name) {
  const auto algorithm = algorithm_from_name(name);
  if (!algorithm || !is_tree_algorithm(*algorithm)) altered("a row has no known algorithm");
  return {database, *algorithm};
}

}  // namespace

void check_material(Database& database) {
  Query directories(database, "SELECT DISTINCT algorithm, root FROM directories");
  while (directories.step()) {
    (void)material_of(database, directories.text(0)).directory(directories.digest(1));
  }
  Query objects(database, "SELECT algorithm, digest FROM objects");
  while (objects.step()) {
    (void)material_of(database, objects.text(0)).object(objects.digest(1));
  }
}

bool is_always_stored(const Entry& entry) {
  const bool written = entry.kind == EntryKind::kJson || entry.kind == EntryKind::kText;
  return written && entry.size <= kMaxObjectBytes;
}

bool is_complete(const Bundle& bundle) {
  for (const SignedStatement& statement : bundle.statements) {
    if (!bundle.directories.contains(statement.statement.root)) return false;
  }
  for (const auto& [root, directory] : bundle.directories) {
    for (const Slot& slot : directory->slots()) {
      const auto* entry = std::get_if<Entry>(&slot);
      if (entry == nullptr) continue;
      const bool tree = entry->kind == EntryKind::kTree;
      if (tree && !bundle.directories.contains(entry->digest)) return false;
      if (is_always_stored(*entry) && !bundle.objects.contains(entry->digest)) return false;
    }
  }
  return true;
}

void collect_material(Database& database, Bundle& bundle, bool complete) {
  Collector collector(database, bundle, complete);
  for (const SignedStatement& statement : bundle.statements) {
    collector.walk(statement.statement.root);
  }
}

}  // namespace mlprov::store
