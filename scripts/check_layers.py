#!/usr/bin/env python3
"""Refuses an include that points upward between the rooms of mlprov.

A file of a room may include its own room and those below it; nothing includes the program. The
format rooms may not include headers that do I/O behind the reader's back.
Usage: check_layers.py [ROOT]; exit 1 and one line a finding.
"""
import pathlib
import re
import sys

# Lowest first. Rooms in one tuple stand side by side: neither sees the other.
LAYERS = [
    ("support",), ("json",), ("digest",), ("merkle",), ("identity",), ("log",), ("record",),
    ("capture",), ("store",), ("anchor", "artifacts"), ("inspect",), ("tracker",), ("replay",),
    ("torch",), ("cli",),
]
HEIGHT = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}
FORMAT_ROOMS = {"json", "merkle", "log", "record", "inspect"}
IO_HEADERS = {"fstream", "filesystem", "curl/curl.h", "sqlite3.h", "unistd.h", "fcntl.h",
              "mlprov/support/file.h"}
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^">]+)[">]', re.M)


def room_of(path: str):
    """The room that an include path or a file below include/mlprov or src belongs to."""
    parts = path.split("/")
    if parts[0] == "mlprov":
        parts = parts[1:]
    return parts[0] if len(parts) > 1 and parts[0] in HEIGHT else None


def findings(root: pathlib.Path):
    for base in (root / "include" / "mlprov", root / "src"):
        for file in sorted(base.rglob("*")):
            if file.suffix not in {".h", ".cpp", ".cu", ".cuh"}:
                continue
            room = room_of(file.relative_to(base).as_posix())
            for target in INCLUDE.findall(file.read_text()):
                where = f"{file.relative_to(root)}: includes {target}"
                other = room_of(target)
                if room is None:
                    if base.name == "src":
                        yield f"{where}: the file lies in no room"
                    continue
                if other and other != room and HEIGHT[other] >= HEIGHT[room]:
                    yield f"{where}: {room} may not see {other}"
                if room in FORMAT_ROOMS and target in IO_HEADERS:
                    yield f"{where}: {room} does no I/O"
                if target.startswith("torch/") and room not in {"torch"}:
                    yield f"{where}: only the room torch sees LibTorch"


def main() -> int:
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    if not (root / "include" / "mlprov").is_dir():
        print(f"check_layers: {root} is not the project's root", file=sys.stderr)
        return 2
    found = list(findings(root))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
