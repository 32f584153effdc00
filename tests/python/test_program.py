"""examples/verify.py as a program: what it prints, how it exits, and what hostile files cost it."""

import json
import resource
import subprocess
import sys
import time

import example
import pytest
import verify as v

PROGRAM = example.PAGE.parents[1] / "examples" / "verify.py"
BLOCKS = example.blocks(example.PAGE.read_text())
AUTHOR = json.loads(BLOCKS["envelope"])["signatures"][0]["keyid"]
GOLDEN = example.PAGE.parents[1] / "tests" / "golden" / "v1"


def call(*arguments):
    done = subprocess.run(
        [sys.executable, str(PROGRAM), *map(str, arguments)], capture_output=True, text=True
    )
    return done.returncode, done.stdout


@pytest.fixture
def bundle(tmp_path):
    path = tmp_path / "bundle.json"
    path.write_text(BLOCKS["bundle"])
    return path


def test_holds(bundle):
    code, out = call(bundle)
    assert code == 0 and "outcome: holds" in out and "nobody's identity checked" in out
    code, out = call(
        bundle, "--signer", AUTHOR.upper().replace("0X", "0x"), "--root", BLOCKS["root"]
    )
    assert code == 0 and "nobody" not in out


@pytest.mark.parametrize(
    "arguments, name",
    [
        (["--signer", "0x" + "0" * 40], "wrong-signer"),
        (["--root", "0" * 64], "wrong-root"),
        (["--strict"], "not-recomputed"),
    ],
)
def test_refused_demands(bundle, arguments, name):
    code, out = call(bundle, "--json", *arguments)
    assert code == 1 and json.loads(out)["refusal"] == name


def test_unfinished():
    assert call(GOLDEN / "unfinished.json")[0] == 4
    assert call(GOLDEN / "unfinished.json", "--allow-unfinished")[0] == 0
    assert call(GOLDEN / "unfinished.json", "--signer", "0x" + "0" * 40)[0] == 1


def test_proof(tmp_path):
    path = tmp_path / "proof.json"
    path.write_text(BLOCKS["proof"])
    code, out = call("--proof", path, "--signer", AUTHOR)
    assert code == 0 and "path: step-00000001/message" in out
    assert call(path)[0] == 1  # a proof is no bundle
    assert call("--proof", path, "--root", "0" * 64)[0] == 1


def test_wrong_usage_and_unreadable_files(bundle, tmp_path):
    assert call()[0] == 2
    assert call(bundle, "--signer", "0x12")[0] == 2
    assert call(bundle, "--root", "x")[0] == 2
    assert call(tmp_path / "absent")[0] == 3
    assert call(tmp_path)[0] == 3


MANY = 20_000_000
HOSTILE = {
    "deep": b"[" * MANY,
    "closed": b"]" * MANY,
    "quotes": b'"' * MANY,
    "backslashes": b"\\" * MANY,
    "escaped": b'"' + b'\\"' * MANY,
    "values": b"[" + b"1," * MANY + b"1]",
    "empties": b"[" + b"{}," * MANY + b"{}]",
    "digits": b"1" * MANY,
    "string": b'"' + b"a" * MANY + b'"',
    "keys": b"{" + b",".join(b'"%08x":0' % i for i in range(1_000_000)) + b"}",
    "same keys": b"{" + b'"a":0,' * 1_000_000 + b'"a":0}',
    "not UTF-8": b'"' + b"\xff" * MANY + b'"',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts(name):
    start = time.process_time()
    verdict = v.verify(HOSTILE[name])
    assert verdict["outcome"] == "refused"
    assert verdict["refusal"] in ("too-large", "not-canonical", "malformed")
    assert time.process_time() - start < 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1_500_000  # KiB
