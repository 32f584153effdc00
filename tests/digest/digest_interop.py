"""Our digests against programs and libraries that we did not write."""

import hashlib
import os
import pathlib
import shutil
import subprocess

import blake3
import pytest
from Crypto.Hash import keccak

TOOL = str(pathlib.Path(os.environ["MLPROV_BIN"]) / "digest_tool")

# Around every edge: blocks of 64, 72, 128, 136; chunks of 1024 and their subtrees; the buffers
# and threads of our own file reader (64 KiB, 128 KiB, 1 MiB, 8 MiB).
EDGES = [64, 72, 128, 136, 1024, 2048, 3072, 4096, 8192, 16384, 31744, 65536, 131072, 1 << 20,
         8 << 20, 16 << 20]
SIZES = sorted({0, 1, 2, 31, 32, 33, 55, 56, *(e + d for e in EDGES for d in (-1, 0, 1))})

REFERENCES = {
    "blake3": lambda data: blake3.blake3(data).hexdigest(),
    "sha256": lambda data: hashlib.sha256(data).hexdigest(),
    "sha3-256": lambda data: hashlib.sha3_256(data).hexdigest(),
    "keccak256": lambda data: keccak.new(digest_bits=256, data=data).hexdigest(),
    "sha512": lambda data: hashlib.sha512(data).hexdigest(),
    "blake2b-512": lambda data: hashlib.blake2b(data).hexdigest(),
}


def run(*arguments, **options):
    return subprocess.run(arguments, check=True, capture_output=True, **options).stdout.decode()


def foreign(name):
    path = shutil.which(name)
    assert path, f"{name} is missing: scripts/setup.sh installs it"
    return path


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sizes")
    pattern = bytes(i * 7 % 251 for i in range(251 * 4))
    for size in SIZES:
        data = (pattern * (size // len(pattern) + 1))[:size]
        (folder / f"{size:09d}").write_bytes(data)
    return sorted(folder.iterdir())


@pytest.mark.parametrize("algorithm", REFERENCES)
def test_libraries_give_the_same_digests(files, algorithm):
    ours = [line.split("  ", 1) for line in run(TOOL, "hash", algorithm, *files).splitlines()]
    assert [path for _, path in ours] == [str(path) for path in files]
    for digest, path in ours:
        assert digest == REFERENCES[algorithm](pathlib.Path(path).read_bytes()), path


@pytest.mark.parametrize("program, algorithm",
                         [("b3sum", "blake3"), ("sha256sum", "sha256"), ("sha512sum", "sha512"),
                          ("b2sum", "blake2b-512")])
def test_programs_print_the_same_lines(files, program, algorithm):
    assert run(TOOL, "hash", algorithm, *files) == run(foreign(program), *files)


def test_a_folder_is_what_find_sort_and_b3sum_make_of_it(tmp_path):
    for number in range(200):
        path = tmp_path / f"d{number % 7}" / f"{'x' * (number % 5)}.{number}" / "data"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(number * number))
    (tmp_path / "d0" / "link").symlink_to("../d1/.50/data")
    expected = run("bash", "-c",
                   "find -L . -type f -printf '%P\\0' | LC_ALL=C sort -z | xargs -0 " +
                   foreign("b3sum"), cwd=tmp_path)
    assert run(TOOL, "folder", "blake3", tmp_path) == expected


def test_a_pipe(tmp_path):
    data = os.urandom(3_000_001)
    ours = subprocess.run([TOOL, "hash-stdin", "blake3"], input=data, check=True,
                          capture_output=True).stdout.decode()
    assert ours == blake3.blake3(data).hexdigest() + "  /dev/stdin\n"
