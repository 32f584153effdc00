"""The golden documents of every released version stay verifiable, also without the library."""

import json
import pathlib

import pytest
import verify as v

GOLDEN = pathlib.Path(__file__).parents[1] / "golden" / "v1"
EXPECTED = json.loads((GOLDEN / "expected.json").read_text())


def test_each_document_is_expected():
    names = {path.name for path in GOLDEN.glob("*.json")} - {"expected.json"}
    assert names == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_verdict(name):
    data, expected = (GOLDEN / name).read_bytes(), EXPECTED[name]
    verdict = (v.verify_proof if name.endswith(".proof.json") else v.verify)(data)
    assert verdict["outcome"] == expected["outcome"], verdict
    for key in ("root", "content_root", "run", "path", "digests"):
        if key in expected:
            assert verdict[key] == expected[key], key
    if "warnings" in expected:
        assert len(verdict["warnings"]) == expected["warnings"], verdict["warnings"]


@pytest.mark.parametrize("name", ["steps.json", "withheld.json", "logged-with-witness.json"])
def test_changed_bytes_are_refused(name):
    """What is not evidence may change: lines of the checkpoint by others than the log."""
    data = (GOLDEN / name).read_bytes()
    witness = range(0)
    if name == "logged-with-witness.json":
        start = data.index("\\n\\n\u2014 ".encode())
        witness = range(start, data.index(b'","vkey"', start))
    for at in range(0, len(data), len(data) // 1500 + 1):
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        if at not in witness:
            assert v.verify(changed)["outcome"] == "refused", (at, data[at - 20 : at + 20])
