"""The golden files of version 1, through the program: they verify with every later version."""

import json
import shutil

import pytest

from conftest import SOURCE

FOLDER = SOURCE / "tests" / "golden" / "v1"
EXPECTED = json.loads((FOLDER / "expected.json").read_text())
BUNDLES = sorted(name for name in EXPECTED if not name.endswith(".proof.json"))
PROOFS = sorted(name for name in EXPECTED if name.endswith(".proof.json"))
CODES = {"holds": 0, "unfinished": 4, "refused": 1}


@pytest.mark.parametrize("name", BUNDLES)
def test_bundles(mlprov, name):
    expected = EXPECTED[name]
    code = CODES[expected["outcome"]]
    verdict = mlprov("verify", FOLDER / name, "--json", code=code).json
    for key in ("outcome", "content_root", "root", "run", "detail"):
        assert verdict[key] == expected[key], key
    assert {word: count for word, count in verdict["digests"].items() if count} == expected["digests"]
    assert [statement["id"] for statement in verdict["statements"]] == expected["statements"]
    assert len(verdict["warnings"]) == expected["warnings"]
    assert mlprov("tree", FOLDER / name, "--json").json["run"] == expected["run"]
    text = mlprov("verify", FOLDER / name, code=code).out
    assert text.startswith("HOLDS: " if code == 0 else "UNFINISHED: ")
    assert ("Warnings" in text) == (expected["warnings"] > 0)


@pytest.mark.parametrize("name", PROOFS)
def test_proofs(mlprov, name):
    verdict = mlprov("check", FOLDER / name, "--json").json
    assert verdict["path"] == EXPECTED[name]["path"]
    assert verdict["statement"]["run"] == EXPECTED[name]["run"]
    shutil.copy(FOLDER / name, mlprov.folder / "bad.json")
    with open(mlprov.folder / "bad.json", "r+b") as file:
        file.seek(100)
        byte = file.read(1)
        file.seek(100)
        file.write(bytes([byte[0] ^ 2]))
    mlprov("check", "bad.json", code=1)


def test_what_the_log_means_is_said(mlprov):
    logged = mlprov("verify", FOLDER / "logged-with-witness.json", "--network", "local").out
    assert "4 of 4 statements in it  (proves order to its owner, not time to others)" in logged
    assert "the log has the statements in this order" in logged
    assert "witness lines are not checked" in logged
    not_shown = mlprov("verify", FOLDER / "log-not-shown.json").out
    assert "their place in it is not shown" in not_shown
    mlprov("verify", FOLDER / "log-not-shown.json", "--network", "local", code=1)


def test_cosigners_count_only_where_a_policy_names_them(mlprov):
    bundle = FOLDER / "cosigned.json"
    verdict = mlprov("verify", bundle, "--json").json
    cosigners = verdict["statements"][-1]["cosigners"]
    assert mlprov("verify", bundle).out.count("nobody asked whose that is") == len(cosigners) == 2
    mlprov("verify", bundle, "--signer", cosigners[0], code=1)
    policy = {"cosigners": {"addresses": cosigners[:1], "min": 1}}
    (mlprov.folder / "policy.json").write_text(json.dumps(policy))
    text = mlprov("verify", bundle, "--policy", "policy.json").out
    assert text.startswith("HOLDS: consistent in itself, co-signed as you demanded\n")
    assert "the author's address is: no --signer was given" in text
    mlprov("verify", FOLDER / "training-blake3.json", "--policy", "policy.json", code=1)
