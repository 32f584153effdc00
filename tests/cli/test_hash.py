import hashlib
import os
import subprocess

import pytest

CHUNK = 1024
SIZES = [0, 1, 63, 64, 65, 127, 128, 129, 135, 136, 137, CHUNK - 1, CHUNK, CHUNK + 1,
         2 * CHUNK, 2 * CHUNK + 1, 8 * CHUNK, 65535, 65536, 65537, 1 << 20, (1 << 20) + 1]


def fill(path, size):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(i % 251 for i in range(251)) * (size // 251 + 1))
    os.truncate(path, size)


def other(program, *paths, folder):
    return subprocess.run([program, *paths], cwd=folder, capture_output=True, check=True).stdout


@pytest.mark.parametrize("program, algorithm",
                         [("b3sum", "blake3"), ("sha256sum", "sha256"), ("sha512sum", "sha512"),
                          ("b2sum", "blake2b-512")])
def test_prints_what_the_usual_programs_print(mlprov, tmp_path, program, algorithm):
    names = [f"size-{size:08d}" for size in SIZES]
    for name, size in zip(names, SIZES):
        fill(tmp_path / name, size)
    result = mlprov("hash", "--algorithm", algorithm, *names)
    assert result.out_bytes == other(program, *names, folder=tmp_path)


def test_sha3_is_the_standard_one_and_keccak_is_not(mlprov, tmp_path):
    fill(tmp_path / "x", 200)
    expected = hashlib.sha3_256((tmp_path / "x").read_bytes()).hexdigest()
    assert mlprov("hash", "-a", "sha3-256", "x").out == f"{expected}  x\n"
    (tmp_path / "empty").touch()
    assert mlprov("hash", "-a", "keccak256", "empty").out.startswith("c5d2460186f7233c927e7db2dcc7")


def test_a_folder_is_its_files_in_order(mlprov, tmp_path):
    names = ["b", "a/z", "a.b/x", "a/b/c", "ä", "Z", " spaces ", "[x,y]", "-dash", "{}"]
    for size, name in enumerate(names):
        fill(tmp_path / "d" / name, size)
    listed = sorted(("d/" + name).encode() for name in names)
    assert mlprov("hash", "d").out_bytes == other("b3sum", *listed, folder=tmp_path)
    assert mlprov("hash", "d/").out_bytes == mlprov("hash", "d").out_bytes
    inside = mlprov("hash", "d/[x,y]", "d/{}", "--", "-dash", "hash", code=3).out
    assert [line.split("  ", 1)[1] for line in inside.splitlines()] == ["d/[x,y]", "d/{}"]
    fill(tmp_path / "-dash", 3)
    fill(tmp_path / "--", 3)
    assert mlprov("hash", "--", "-dash", "--").out_bytes == other("b3sum", "--", "-dash", "--",
                                                                  folder=tmp_path)


def test_odd_names_are_escaped_as_coreutils_does(mlprov, tmp_path):
    names = ["new\nline", "back\\slash", "carriage\rreturn", "tab\tname", "esc\x1b[31m"]
    for name in names:
        fill(tmp_path / name, 3)
    (tmp_path / os.fsdecode(b"\xff")).touch()
    result = mlprov("hash", "-a", "sha256", *names, os.fsdecode(b"\xff"))
    assert result.out_bytes == other("sha256sum", *names, b"\xff", folder=tmp_path)
    (tmp_path / "list").write_bytes(result.out_bytes)
    assert mlprov("hash", "-a", "sha256", "--check", "--quiet", "list").out == ""
    other("sha256sum", "--check", "--strict", "list", folder=tmp_path)
    checked = mlprov("hash", "-a", "sha256", "--check", "list")
    assert "\x1b" not in checked.out and "esc\\x1b[31m: OK" in checked.out


def test_standard_input(mlprov):
    expected = hashlib.sha256(b"piped").hexdigest()
    assert mlprov("hash", "-a", "sha256", "-", stdin=b"piped").out == f"{expected}  -\n"
    assert mlprov("hash", "-a", "sha256", "/dev/stdin", stdin=b"piped").out.startswith(expected)


def test_what_cannot_be_read_is_named_and_the_rest_printed(mlprov, tmp_path):
    fill(tmp_path / "a", 1)
    fill(tmp_path / "c", 2)
    result = mlprov("hash", "a", "missing", "c", code=3)
    assert [line.split("  ")[1] for line in result.out.splitlines()] == ["a", "c"]
    assert "missing: No such file" in result.err


def test_a_dangling_link_in_a_folder_is_refused(mlprov, tmp_path):
    fill(tmp_path / "d" / "a", 1)
    (tmp_path / "d" / "link").symlink_to("nowhere")
    assert "link" in mlprov("hash", "d", code=3).err


def test_json_has_stable_names(mlprov, tmp_path):
    fill(tmp_path / "a", 5)
    result = mlprov("hash", "--json", "a", "missing", code=3).json
    assert set(result) == {"algorithm", "errors", "files"}
    assert result["algorithm"] == "blake3"
    assert [set(file) for file in result["files"]] == [{"digest", "path", "size"}]
    assert result["files"][0]["size"] == 5
    assert [set(error) for error in result["errors"]] == [{"message", "path"}]


@pytest.mark.parametrize("arguments", [["-a", "md5", "a"], ["-a", "BLAKE3", "a"], ["--quiet", "a"],
                                       ["--check", "--tensors", "a"], []])
def test_wrong_usage(mlprov, arguments):
    mlprov("hash", *arguments, code=2)


def test_check_names_each_file(mlprov, tmp_path):
    for name in "abc":
        fill(tmp_path / name, 7)
    listing = mlprov("hash", "a", "b", "c").out
    (tmp_path / "list").write_text(listing)
    assert mlprov("hash", "--check", "list").out == "a: OK\nb: OK\nc: OK\n"
    (tmp_path / "binary").write_text(listing.replace("  ", " *").upper().replace("A\n", "a\n")
                                     .replace("B\n", "b\n").replace("C\n", "c\n"))
    assert mlprov("hash", "--check", "binary").out == "a: OK\nb: OK\nc: OK\n"
    assert mlprov("hash", "--check", "-", stdin=listing.encode()).out.count("OK") == 3

    fill(tmp_path / "b", 8)
    failed = mlprov("hash", "--check", "list", code=1)
    assert failed.out == "a: OK\nb: FAILED\nc: OK\n"
    assert "1 digest did NOT match" in failed.err
    (tmp_path / "c").unlink()
    assert mlprov("hash", "--check", "list", "--quiet", code=1).out == (
        "b: FAILED\nc: FAILED open or read\n")
    fill(tmp_path / "b", 7)
    assert "c: FAILED open or read" in mlprov("hash", "--check", "list", code=3).out


@pytest.mark.parametrize("line", [
    "", "no digest", "abc  a", "{0} a", "{0}  ", "{0}   ", "{0}00  a", "{0}\ta", "g{1}  a",
    "\\{0}  a\\x", "\\{0}  a\\", "{0}  a\0b",
], ids=repr)
def test_check_refuses_a_line_that_is_none(mlprov, tmp_path, line):
    fill(tmp_path / "a", 7)
    good = mlprov("hash", "a").out.split()[0]
    bad = line.format(good, good[1:])
    (tmp_path / "list").write_bytes(f"{good}  a\n{bad}\n".encode())
    result = mlprov("hash", "--check", "list", code=3 if line == "{0}   " else 1)
    assert "a: OK\n" in result.out
    if line != "{0}   ":
        assert "line 2 is not a digest and a path" in result.err


def test_check_of_another_algorithm_or_of_nothing(mlprov, tmp_path):
    fill(tmp_path / "a", 7)
    (tmp_path / "list").write_text(mlprov("hash", "-a", "sha512", "a").out)
    assert "--algorithm" in mlprov("hash", "--check", "list", code=1).err
    mlprov("hash", "--check", "/dev/null", code=1)
    mlprov("hash", "--check", "missing", code=3)


def test_check_json(mlprov, tmp_path):
    fill(tmp_path / "a", 7)
    listing = mlprov("hash", "a").out
    (tmp_path / "list").write_text(listing + "0" * 64 + "  a\n" + listing.replace("  a", "  gone") +
                                   "rubbish\n")
    result = mlprov("hash", "--check", "--json", "list", code=1).json
    assert set(result) == {"algorithm", "failed", "files", "malformed_lines", "unreadable"}
    assert [file["status"] for file in result["files"]] == ["ok", "failed", "unreadable"]
    assert (result["failed"], result["unreadable"], result["malformed_lines"]) == (1, 1, 1)


def test_tensors_of_a_safetensors_file(mlprov, runs):
    result = mlprov("hash", "--tensors", runs / "model.safetensors")
    digest = result.out.split()[0]
    assert result.out == f"{digest}  F32 [2,3]  fc.weight\n"
    raw = (runs / "model.safetensors").read_bytes()[-24:]
    assert mlprov("hash", "-", stdin=raw).out.split()[0] == digest
    facts = mlprov("hash", "--tensors", "--json", runs / "model.safetensors").json
    assert set(facts) == {"algorithm", "errors", "files"}
    assert facts["files"][0]["tensors"] == [{"digest": digest, "dtype": "F32", "name": "fc.weight",
                                             "shape": [2, 3], "size": 24}]
    assert "not a file of tensors" not in mlprov("hash", "--tensors", runs / "training.json",
                                                 code=3).out
