#include "mlprov/capture/executable.h"

#include <elf.h>
#include <link.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <set>

#include "capture/text.h"
#include "mlprov/support/error.h"
#include "mlprov/support/file.h"
#include "mlprov/support/hex.h"

namespace mlprov {
namespace {

constexpr char kDeleted[] = " (deleted)";

/// What the dynamic linker tells while it holds its lock; files are looked at afterwards.
struct SeenObject {
  std::string name;
  std::string build_id;
};

std::size_t align_up(std::size_t value, std::size_t alignment) {
  return (value + alignment - 1) & ~(alignment - 1);
}

/// Searches one PT_NOTE segment for NT_GNU_BUILD_ID. Layout: elf(5).
std::string build_id_in_notes(ByteView notes, std::size_t alignment) {
  std::size_t at = 0;
  while (notes.size() - at >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) header;
    std::memcpy(&header, notes.data() + at, sizeof header);
    const std::size_t name = at + sizeof header;
    if (header.n_namesz > notes.size() || header.n_descsz > notes.size()) return {};
    const std::size_t descriptor = align_up(name + header.n_namesz, alignment);
    const std::size_t end = descriptor + header.n_descsz;
    if (end > notes.size()) return {};
    const bool is_gnu = header.n_namesz == 4 && std::memcmp(notes.data() + name, "GNU", 4) == 0;
    if (is_gnu && header.n_type == NT_GNU_BUILD_ID) {
      return to_hex(notes.subspan(descriptor, header.n_descsz));
    }
    at = std::min(align_up(end, alignment), notes.size());
  }
  return {};
}

std::string build_id_of(const dl_phdr_info& info) {
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    const auto& segment = info.dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    // The segment is mapped at this address for as long as the object is loaded.
    const auto* start = reinterpret_cast<const std::uint8_t*>(info.dlpi_addr + segment.p_vaddr);
    const std::size_t alignment = segment.p_align == 8 ? 8 : 4;
    std::string id = build_id_in_notes({start, segment.p_memsz}, alignment);
    if (!id.empty()) return id;
  }
  return {};
}

int collect_object(dl_phdr_info* info, std::size_t, void* data) {
  auto& seen = *static_cast<std::vector<SeenObject>*>(data);
  try {
    seen.push_back({info->dlpi_name == nullptr ? "" : info->dlpi_name, build_id_of(*info)});
    return 0;
  } catch (...) {
    return 1;  // Out of memory: an exception must not cross the C library.
  }
}

/// Paths that /proc/self/maps marks as deleted or replaced since they were loaded.
std::set<std::string> deleted_files() {
  std::set<std::string> deleted;
  const auto maps = capture::read_small_file("/proc/self/maps");
  if (!maps) return deleted;
  for (const std::string_view line : capture::split(*maps, '\n')) {
    const auto path = line.find('/');
    if (path == std::string_view::npos || !line.ends_with(kDeleted)) continue;
    deleted.emplace(line.substr(path, line.size() - path - std::strlen(kDeleted)));
  }
  return deleted;
}

std::string real_path(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> resolved(::realpath(path.c_str(), nullptr),
                                                             &std::free);
  return resolved ? std::string(resolved.get()) : path;
}

void hash_object(LoadedObject& object, const std::string& path, DigestCache& cache) {
  try {
    struct stat info {};
    if (::stat(path.c_str(), &info) == 0) object.size = static_cast<std::uint64_t>(info.st_size);
    object.digest = cache.digest(path);
  } catch (const Error& error) {
    object.missing = error.what();
  }
}

LoadedObject describe_library(const SeenObject& seen, const std::set<std::string>& deleted,
                              DigestCache& cache) {
  const std::string path = real_path(seen.name);
  LoadedObject object;
  object.path = capture::printable(path);
  object.build_id = seen.build_id;
  if (deleted.contains(path)) {
    object.missing = "the file was replaced or deleted after it was loaded";
    return object;
  }
  hash_object(object, path, cache);
  return object;
}

/// The program by /proc/self/exe, which leads to the file that runs even when its name is gone.
LoadedObject describe_program(const std::string& build_id, DigestCache& cache,
                              std::string& missing) {
  LoadedObject program;
  program.build_id = build_id;
  char target[4096];
  const ssize_t length = ::readlink("/proc/self/exe", target, sizeof target);
  if (length < 0) {
    missing = "the program's path cannot be read from /proc/self/exe";
    return program;
  }
  program.path = capture::printable({target, static_cast<std::size_t>(length)});
  hash_object(program, "/proc/self/exe", cache);
  return program;
}

std::vector<std::string> read_argv(std::string& missing) {
  std::vector<std::string> argv;
  const auto line = capture::read_small_file("/proc/self/cmdline");
  if (!line) missing = "the command line cannot be read from /proc/self/cmdline";
  if (!line || line->empty()) return argv;
  for (const std::string_view part : capture::split(*line, '\0')) {
    argv.push_back(capture::printable(part));
  }
  return argv;
}

bool is_file_name(const std::string& name) { return name.find('/') != std::string::npos; }

Json object_json(const LoadedObject& object) {
  Json json = {{"build_id", object.build_id},
               {"path", object.path},
               {"size", capture::json_number(object.size)}};
  if (object.digest) json["digest"] = to_hex(*object.digest);
  if (!object.missing.empty()) json["missing"] = capture::printable(object.missing);
  return json;
}

}  // namespace

ExecutableCapture capture_executable(DigestCache& cache) {
  ExecutableCapture capture;
  capture.argv = read_argv(capture.missing);
  std::vector<SeenObject> seen;
  ::dl_iterate_phdr(&collect_object, &seen);
  // The first object is the program itself, with an empty name.
  const bool has_program = !seen.empty() && seen[0].name.empty();
  capture.program = describe_program(has_program ? seen[0].build_id : "", cache, capture.missing);
  const auto deleted = deleted_files();
  for (const SeenObject& object : seen) {
    if (!is_file_name(object.name)) continue;
    capture.libraries.push_back(describe_library(object, deleted, cache));
  }
  std::sort(capture.libraries.begin(), capture.libraries.end(),
            [](const LoadedObject& a, const LoadedObject& b) { return a.path < b.path; });
  return capture;
}

Json executable_circumstances(const ExecutableCapture& executable) {
  Json libraries = Json::array();
  for (const LoadedObject& library : executable.libraries) {
    libraries.push_back(object_json(library));
  }
  Json json = {{"argv", executable.argv},
               {"libraries", std::move(libraries)},
               {"program", object_json(executable.program)}};
  if (!executable.missing.empty()) json["missing"] = executable.missing;
  return json;
}

}  // namespace mlprov
