"""Our log against software that we did not write.

golang.org/x/mod's note and tlog and tessera's client (both in logcheck) and tessera's fsck judge
logs that log_tool wrote; log_tool judges one that tessera wrote.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

LOG_TOOL = Path(os.environ["MLPROV_BIN"]) / "log_tool"
TOOLS = Path(os.environ["MLPROV_SOURCE_DIR"]) / ".cache" / "bin"
NAME = "example.com/mlprov-test"
# fsck never ends on a log whose tiles are wrong; this long without success counts as a refusal.
FSCK_SECONDS = 60
FSCK_SECONDS_WHEN_BROKEN = 15


def tool(name):
    path = TOOLS / name
    assert path.exists(), f"{name} is missing: run scripts/build_test_tools.sh, which needs Go"
    return path


def run(*command, seconds=300):
    """Runs to the end and gives (exit code, output); a time-out is exit code 124."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return 124, "timed out"
    return done.returncode, done.stdout


def must(*command):
    code, output = run(*command)
    assert code == 0, f"{command} gave {code}: {output}"
    return output


def logcheck(folder, vkey, *options):
    return run(tool("logcheck"), *options, folder, vkey)


def fsck(folder, vkey, seconds=FSCK_SECONDS):
    """Gives (accepted, output). The exit code alone says nothing: a bad signature leaves it 0."""
    key = folder.parent / "fsck.pub"
    key.write_text(vkey)
    code, output = run(tool("fsck"), "-storage_url", f"file://{folder}/", "-public_key", key,
                       "-ui=false", "-logtostderr", seconds=seconds)
    return code == 0 and "Successfully fsck'd log" in output, output


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    secret, vkey = must(LOG_TOOL, "keygen", NAME).split()
    (folder / "log.key").write_text(secret)
    return folder / "log.key", vkey


@pytest.fixture
def log_of(tmp_path, keys):
    def make(size):
        must(LOG_TOOL, "write", tmp_path / "log", size, keys[0])
        return tmp_path / "log"

    return make


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 513])
def test_others_accept_our_log(log_of, keys, size):
    folder = log_of(size)
    assert logcheck(folder, keys[1])[0] == 0, logcheck(folder, keys[1])
    accepted, output = fsck(folder, keys[1])
    assert accepted, output
    assert f"log with size {size}" in output
    must(LOG_TOOL, "read", folder, keys[1])


def test_others_accept_a_large_log(log_of, keys):
    folder = log_of(300)
    shutil.copy(folder / "checkpoint", folder.parent / "old")
    log_of(70000)
    for path in ["tile/0/272", "tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17",
                 "tile/2/000.p/1", "tile/entries/272", "tile/entries/273.p/112"]:
        assert (folder / path).is_file(), path
    code, output = logcheck(folder, keys[1], "-old", folder.parent / "old")
    assert code == 0, output
    accepted, output = fsck(folder, keys[1])
    assert accepted, output
    must(LOG_TOOL, "read", folder, keys[1], folder.parent / "old")
    for index in [0, 255, 256, 65535, 65536, 69999]:
        assert_same_proof(folder, keys[1], "record", index)
    for size in [1, 255, 300, 65536, 69999, 70000]:
        assert_same_proof(folder, keys[1], "tree", size)


def assert_same_proof(folder, vkey, kind, number):
    theirs = must(tool("logcheck"), f"-{kind}", number, folder, vkey)
    assert must(LOG_TOOL, kind, folder, vkey, number) == theirs, f"{kind} {number}"


def test_a_log_grows(log_of, keys):
    folder = log_of(300)
    shutil.copy(folder / "checkpoint", folder.parent / "old")
    full_tile = (folder / "tile/0/000").stat()
    log_of(700)
    assert (folder / "tile/0/000").stat().st_mtime_ns == full_tile.st_mtime_ns, "rewritten"
    assert (folder / "tile/0/001.p/44").is_file(), "a published partial tile is gone"
    code, output = logcheck(folder, keys[1], "-old", folder.parent / "old")
    assert code == 0, output
    accepted, output = fsck(folder, keys[1])
    assert accepted, output
    must(LOG_TOOL, "read", folder, keys[1], folder.parent / "old")
    assert_same_proof(folder, keys[1], "tree", 300)


def add_with_tessera(folder, key, entries):
    must(tool("posix-oneshot"), "--storage_dir", folder, "--private_key", key,
         "--entries", entries / "*")


def write_entries(folder, contents):
    folder.mkdir()
    for i, content in enumerate(contents):
        (folder / f"{i:04}").write_bytes(content)
    return folder


def test_a_log_with_another_history_is_refused(log_of, keys, tmp_path):
    """Signed by the same key, but not grown from what that key signed before."""
    other = tmp_path / "other"
    add_with_tessera(other, keys[0], write_entries(tmp_path / "in", [b"a", b"b", b"c"]))
    folder = log_of(300)
    assert logcheck(folder, keys[1], "-old", other / "checkpoint")[0] == 1
    assert run(LOG_TOOL, "read", folder, keys[1], other / "checkpoint")[0] == 1
    # Nor may a log be shorter than it was.
    assert logcheck(other, keys[1], "-old", folder / "checkpoint")[0] == 1
    assert run(LOG_TOOL, "read", other, keys[1], folder / "checkpoint")[0] == 1


def flip(path, at):
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


TAMPERED = [
    ("an entry", "tile/entries/000", 40),
    ("an entry's length", "tile/entries/001.p/44", 1),
    ("a leaf hash", "tile/0/000", 5),
    ("a leaf hash at the edge", "tile/0/001.p/44", 32 * 43),
    ("a hash above", "tile/1/000.p/1", 0),
    ("the checkpoint's origin", "checkpoint", 0),
    ("the checkpoint's size", "checkpoint", len(NAME) + 3),
    ("the checkpoint's root", "checkpoint", len(NAME) + 10),
    ("the checkpoint's signature", "checkpoint", -20),
]


@pytest.mark.parametrize("what, path, at", TAMPERED, ids=[row[0] for row in TAMPERED])
def test_a_tampered_log_is_refused(log_of, keys, what, path, at):
    folder = log_of(300)
    flip(folder / path, at)
    assert logcheck(folder, keys[1])[0] == 1, what
    assert run(LOG_TOOL, "read", folder, keys[1])[0] == 1, what


@pytest.mark.parametrize("path, at", [("tile/0/000", 5), ("checkpoint", -20)])
def test_fsck_refuses_it_too(log_of, keys, path, at):
    folder = log_of(300)
    flip(folder / path, at)
    assert not fsck(folder, keys[1], FSCK_SECONDS_WHEN_BROKEN)[0]


@pytest.mark.parametrize("path", ["tile/0/000", "tile/1/000.p/1", "tile/entries/001.p/44"])
def test_a_missing_or_shortened_file_is_refused(log_of, keys, path):
    folder = log_of(300)
    whole = (folder / path).read_bytes()
    for rest in [whole[:-1], whole[:-32], b""]:
        (folder / path).write_bytes(rest)
        assert run(LOG_TOOL, "read", folder, keys[1])[0] == 1, (path, len(rest))
    (folder / path).unlink()
    assert run(LOG_TOOL, "read", folder, keys[1])[0] == 1, path
    assert logcheck(folder, keys[1])[0] == 1, path


def test_a_foreign_key_is_refused(log_of, keys):
    folder = log_of(3)
    other = must(LOG_TOOL, "keygen", NAME).split()[1]
    assert logcheck(folder, other)[0] == 1
    assert run(LOG_TOOL, "read", folder, other)[0] == 1


def test_we_accept_tesseras_log(tmp_path, keys):
    folder = tmp_path / "log"
    first = write_entries(tmp_path / "first", [bytes([i % 251]) * (i % 36) for i in range(300)])
    add_with_tessera(folder, keys[0], first)
    assert must(LOG_TOOL, "read", folder, keys[1]) == "ok: 300 entries\n"

    shutil.copy(folder / "checkpoint", tmp_path / "old")
    second = write_entries(tmp_path / "second", [b"second %d" % i for i in range(300)])
    add_with_tessera(folder, keys[0], second)
    assert must(LOG_TOOL, "read", folder, keys[1], tmp_path / "old") == "ok: 600 entries\n"
    for index in [0, 255, 256, 599]:
        assert_same_proof(folder, keys[1], "record", index)

    flip(folder / "tile/entries/001", 9)
    assert run(LOG_TOOL, "read", folder, keys[1])[0] == 1
