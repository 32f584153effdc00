#include "store/journal.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <string_view>
#include <thread>

#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"
#include "mlprov/support/random.h"

namespace mlprov::store {
namespace {

struct KnownFileSystem {
  std::uint32_t magic;
  const char* name;
  bool remote;
};

/// statfs(2) and the kernels' headers. FUSE counts as remote: sshfs and the like are.
constexpr std::array kKnown = {
    KnownFileSystem{0x0000EF53, "ext4", false},    KnownFileSystem{0x58465342, "xfs", false},
    KnownFileSystem{0x9123683E, "btrfs", false},   KnownFileSystem{0x01021994, "tmpfs", false},
    KnownFileSystem{0x794C7630, "overlay", false}, KnownFileSystem{0x2FC12FC1, "zfs", false},
    KnownFileSystem{0xF2F52010, "f2fs", false},    KnownFileSystem{0x4D44, "vfat", false},
    KnownFileSystem{0x00006969, "nfs", true},      KnownFileSystem{0x0000517B, "smb", true},
    KnownFileSystem{0xFF534D42, "cifs", true},     KnownFileSystem{0xFE534D42, "smb2", true},
    KnownFileSystem{0x65735546, "fuse", true},     KnownFileSystem{0x01021997, "9p", true},
    KnownFileSystem{0x5346414F, "afs", true},      KnownFileSystem{0x6B414653, "kafs", true},
    KnownFileSystem{0x00C36400, "ceph", true},     KnownFileSystem{0x0BD00BD0, "lustre", true},
    KnownFileSystem{0x47504653, "gpfs", true},     KnownFileSystem{0x19830326, "beegfs", true},
    KnownFileSystem{0x01161970, "gfs2", true},     KnownFileSystem{0x7461636F, "ocfs2", true},
    KnownFileSystem{0x786F4256, "vboxsf", true},   KnownFileSystem{0x0000564C, "ncp", true},
    KnownFileSystem{0x73757245, "coda", true},     KnownFileSystem{0xAAD7AAEA, "panfs", true},
};

/// Two shared maps of one file: what is written through one must be seen through the other.
bool maps_are_shared(int fd) {
  constexpr std::size_t kSize = 4096;
  // Written, not only extended: a hole on a full disk would end the process with SIGBUS.
  const std::array<char, kSize> zeros{};
  if (::pwrite(fd, zeros.data(), kSize, 0) != static_cast<ssize_t>(kSize)) return errno == ENOSPC;
  void* const a = ::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  void* const b = ::mmap(nullptr, kSize, PROT_READ, MAP_SHARED, fd, 0);
  bool shared = false;
  if (a != MAP_FAILED && b != MAP_FAILED) {
    *static_cast<volatile std::uint8_t*>(a) = 0x5A;
    shared = *static_cast<volatile const std::uint8_t*>(b) == 0x5A;
  }
  if (a != MAP_FAILED) ::munmap(a, kSize);
  if (b != MAP_FAILED) ::munmap(b, kSize);
  return shared;
}

/// The database's header says how it was written last: bytes 18 and 19 are 2 for WAL (SQLite's
/// file format, section 1.3).
bool is_marked_wal(const std::filesystem::path& file) {
  std::array<char, 20> header{};
  std::ifstream stream(file, std::ios::binary);
  stream.read(header.data(), header.size());
  return stream.gcount() == static_cast<std::streamsize>(header.size()) && header[18] == 2;
}

/// A WAL whose index cannot be mapped can still be read by one process alone, which then turns it
/// into a rollback journal: the store was moved here from another file system.
void leave_wal(Database& database) {
  database.value("PRAGMA locking_mode=EXCLUSIVE");
  const std::string mode = database.value("PRAGMA journal_mode=DELETE");
  database.value("PRAGMA locking_mode=NORMAL");
  // The exclusive lock goes with the next access.
  database.value("SELECT count(*) FROM sqlite_schema");
  if (mode == "wal") {
    throw Error(ErrorCode::kIo, database.file().string() +
                                    " cannot leave its write-ahead log while another process uses "
                                    "it: end that process first");
  }
}

/// The switch needs the database for itself for a moment, and SQLite does not wait for it.
bool enter_wal(Database& database) {
  constexpr int kAttempts = 500;
  for (int attempt = 1;; ++attempt) {
    try {
      return database.value("PRAGMA journal_mode=WAL") == "wal";
    } catch (const Error&) {
      if (attempt == kAttempts || !database.is_busy()) throw;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

}  // namespace

FileSystem file_system_of(const std::filesystem::path& folder) {
  struct statfs info {};
  if (::statfs(folder.c_str(), &info) != 0) return {"unknown", false};
  const auto magic = static_cast<std::uint32_t>(info.f_type);
  for (const KnownFileSystem& known : kKnown) {
    if (known.magic == magic) return {known.name, known.remote};
  }
  const std::array<std::uint8_t, 4> bytes = {
      static_cast<std::uint8_t>(magic >> 24), static_cast<std::uint8_t>(magic >> 16),
      static_cast<std::uint8_t>(magic >> 8), static_cast<std::uint8_t>(magic)};
  return {"0x" + to_hex(bytes), false};
}

bool can_share_memory(const std::filesystem::path& folder) {
  std::array<std::uint8_t, 8> tag;
  fill_random(tag);
  const auto path = folder / (".probe-" + to_hex(tag));
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return false;
  const bool shared = maps_are_shared(fd);
  ::close(fd);
  ::unlink(path.c_str());
  return shared;
}

JournalMode choose_journal(const std::filesystem::path& folder, JournalChoice choice) {
  if (choice == JournalChoice::kRollback) return {false, "asked for"};
  if (choice == JournalChoice::kWal) return {true, "asked for"};
  const FileSystem system = file_system_of(folder);
  if (system.remote) return {false, "the file system, " + system.name + ", is a network's"};
  if (!can_share_memory(folder)) {
    return {false, "the file system, " + system.name + ", cannot share memory maps"};
  }
  return {true, "the file system, " + system.name + ", is local"};
}

JournalMode apply_journal(Database& database, JournalMode wanted) {
  if (!wanted.wal) {
    if (is_marked_wal(database.file())) leave_wal(database);
  } else if (!enter_wal(database)) {
    wanted = {false, "SQLite cannot keep a write-ahead log here"};
  }
  database.execute("PRAGMA synchronous=FULL");
  return wanted;
}

}  // namespace mlprov::store
