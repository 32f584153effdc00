import json
import stat

import pytest

from conftest import STRANGER

KEYS = {"demands", "detail", "digest", "entry", "exit_code", "identity_checked", "outcome", "path",
        "refusal", "statement"}
PATHS = ["before/code/diff", "before/data/train/sub/odd~0name%25", "before/config", "before",
         "before/config/parameters", "training/epoch-00000002/model/fc.weight",
         "result/weights/fc.weight", "circumstances", "training/epoch-00000001"]


@pytest.mark.parametrize("path", PATHS)
def test_every_entry_can_be_proved(mlprov, runs, author, path):
    mlprov("prove", runs / "training.json", path, "-o", "proof.json")
    result = mlprov("check", "proof.json", "--signer", author)
    assert result.out.startswith(f"INCLUDED: {path}\n")
    assert "not that it is the only one" in result.out
    assert mlprov("check", "proof.json", "--json").json["path"] == path


def test_proofs_of_steps_and_of_unfinished_runs(mlprov, runs):
    for run, path in [("steps", "step-00000002/files/notes.txt"), ("command", "step-00000002/message"),
                      ("command", "before/command/command"),
                      ("unfinished", "training/epoch-00000002/metrics")]:
        proof = mlprov("prove", runs / f"{run}.json", path, "-o", "-").out_bytes
        assert mlprov("check", "-", "--json", stdin=proof).json["path"] == path


def test_json_has_stable_names(mlprov, runs, author):
    mlprov("prove", runs / "training.json", "before/code/diff", "-o", "proof.json")
    facts = mlprov("check", "proof.json", "--json").json
    assert set(facts) == KEYS
    assert (facts["outcome"], facts["digest"], facts["identity_checked"]) == ("holds", "bound", False)
    assert facts["entry"]["kind"] == "text"
    assert set(facts["statement"]) == {"algorithm", "author", "id", "path", "phase", "root", "run",
                                       "time"}
    refused = mlprov("check", "proof.json", "--json", "--signer", STRANGER, code=1).json
    assert set(refused) == KEYS and refused["refusal"] == "wrong-signer"
    assert refused["entry"] is None and refused["exit_code"] == 1


def test_identity_is_demanded(mlprov, runs, author):
    mlprov("prove", runs / "training.json", "before/code/diff", "-o", "proof.json")
    assert "nobody's identity checked" in mlprov("check", "proof.json").out
    root = mlprov("check", "proof.json", "--json").json["statement"]["root"]
    assert "nobody's" not in mlprov("check", "proof.json", "--root", root).out
    assert mlprov("check", "proof.json", "--root", "0" * 64, code=1).out.startswith(
        "REFUSED: wrong-root\n")
    assert "REFUSED: wrong-signer" in mlprov("check", "proof.json", "--signer", STRANGER, code=1).out
    mlprov("check", "proof.json", "--signer", "nobody", code=2)


def test_a_file_at_hand(mlprov, runs):
    mlprov("prove", runs / "training.json", "before/data/train/big.bin", "-o", "big")
    assert "recomputed from" in mlprov("check", "big", "--artifact", runs / "data/big.bin").out
    wrong = mlprov("check", "big", "--artifact", runs / "data/small.txt", code=1)
    assert wrong.out.startswith("REFUSED: artifact\n")
    mlprov("check", "big", "--artifact", "missing", code=3)
    mlprov("prove", runs / "training.json", "result/weights/fc.weight", "-o", "tensor")
    mlprov("check", "tensor", "--artifact", runs / "model.safetensors")
    assert "F32 [3,2]" in mlprov("check", "tensor", "--artifact", runs / "turned.safetensors",
                                 code=1).out
    mlprov("prove", runs / "training.json", "before/data", "-o", "folder")
    mlprov("check", "folder", "--artifact", runs / "data", code=2)


@pytest.mark.parametrize("path", ["nope", "before/nope", "before/code/diff/below", "step-00000001",
                                  "before/../before", "../before"])
def test_what_is_not_there_cannot_be_proved(mlprov, runs, tmp_path, path):
    assert path.split("/")[-1] in mlprov("prove", runs / "training.json", path, "-o", "x", code=1).err
    assert not (tmp_path / "x").exists()


def test_what_is_withheld_cannot_be_proved(mlprov, runs):
    mlprov("prove", runs / "withheld.json", "before/config/parameters", "-o", "x", code=1)
    mlprov("prove", runs / "withheld.json", "before/code/diff", "-o", "x", code=1)


def test_an_altered_run_proves_nothing(mlprov, runs, tmp_path):
    content = (runs / "training.json").read_text()
    (tmp_path / "bad.json").write_text(content.replace("+ one line", "- one line"))
    result = mlprov("prove", "bad.json", "before/code/diff", "-o", "x", code=1)
    assert "digest-mismatch" in result.err and not (tmp_path / "x").exists()
    mlprov("prove", "missing.json", "before", "-o", "x", code=3)


def test_the_output_is_never_overwritten_unasked(mlprov, runs, tmp_path):
    target = tmp_path / "run.json"
    target.write_bytes((runs / "training.json").read_bytes())
    assert "--force" in mlprov("prove", "run.json", "before", "-o", "run.json", code=2).err
    assert target.read_bytes() == (runs / "training.json").read_bytes()
    mlprov("prove", "run.json", "before", "-o", "proof.json")
    mlprov("prove", "run.json", "before", "-o", "proof.json")  # the same content
    mlprov("prove", "run.json", "before/code", "-o", "proof.json", "--force")
    assert stat.S_IMODE((tmp_path / "proof.json").stat().st_mode) & 0o600 == 0o600
    assert "mlprov-proof-v1" in mlprov("prove", "run.json", "before", "-o", "/dev/stdout").out
    mlprov("prove", "run.json", "before", code=2)


def test_every_altered_byte_of_a_proof_is_refused(mlprov, runs, tmp_path):
    proof = bytearray(mlprov("prove", runs / "training.json", "before/code/diff", "-o", "-").out_bytes)
    for at in range(0, len(proof), 37):
        bad = bytes(proof[:at]) + bytes([proof[at] ^ 1]) + bytes(proof[at + 1:])
        mlprov("check", "-", stdin=bad, code=1)
    document = json.loads(proof)
    document["chain"][-1]["index"] += 1
    lie = json.dumps(document, sort_keys=True, separators=(",", ":")).encode()
    assert mlprov("check", "-", "--json", stdin=lie, code=1).json["refusal"] == "root-mismatch"
