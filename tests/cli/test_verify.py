import base64
import json

import pytest

from conftest import STRANGER

KEYS = {"algorithm", "author", "content_root", "demands", "detail", "digests", "exit_code",
        "identity_checked", "outcome", "refusal", "root", "run", "statements", "warnings"}


def altered(runs, change):
    document = json.loads((runs / "training.json").read_text())
    change(document)
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def test_a_run_holds_and_says_whose_identity_was_not_checked(mlprov, runs, author):
    result = mlprov("verify", runs / "training.json")
    assert result.out.startswith("HOLDS: consistent in itself; nobody's identity checked\n")
    for words in (author, "its own claim: not checked", "before, 2 epochs, after",
                  "23 recomputed, 2 bound", "2 digests are only bound", "--signer ADDRESS",
                  "no log or network vouches"):
        assert words in result.out, words
    assert result.err == ""


def test_the_author_is_demanded(mlprov, runs, author):
    result = mlprov("verify", runs / "training.json", "--signer", author)
    assert result.out.startswith("HOLDS: consistent in itself, signed by the author you named\n")
    assert "nobody's identity" not in result.out
    mlprov("verify", runs / "training.json", "--signer", author.lower())
    mlprov("verify", "--signer", STRANGER, "--signer", author, runs / "training.json")
    refused = mlprov("verify", runs / "training.json", "--signer", STRANGER, code=1)
    assert refused.out.startswith("REFUSED: wrong-signer\n")
    assert "HOLDS" not in refused.out


@pytest.mark.parametrize("address", ["0x12", "alice", STRANGER.replace("E7", "e7"), ""])
def test_an_address_that_is_none(mlprov, runs, address):
    mlprov("verify", runs / "training.json", "--signer", address, code=2)


def test_the_root_is_demanded(mlprov, runs):
    root = mlprov("verify", runs / "training.json", "--json").json["root"]
    for text in (root, root.upper(), "blake3:" + root):
        assert "with the root you named" in mlprov("verify", runs / "training.json", "--root",
                                                   text).out
    assert "wrong-root" in mlprov("verify", runs / "training.json", "--root", "0" * 64, code=1).out
    mlprov("verify", runs / "training.json", "--root", root[1:], code=2)


def test_json_has_stable_names(mlprov, runs, author):
    verdict = mlprov("verify", runs / "training.json", "--json").json
    assert set(verdict) == KEYS
    assert (verdict["outcome"], verdict["exit_code"], verdict["refusal"]) == ("holds", 0, None)
    assert verdict["identity_checked"] is False
    assert verdict["author"] == author.lower()
    assert verdict["digests"] == {"recomputed": 23, "bound": 2, "withheld": 0, "missing": 0,
                                  "mismatch": 0}
    assert [s["phase"] for s in verdict["statements"]] == ["before", "epoch", "epoch", "after"]
    assert all(set(s) == {"cosigners", "id", "log", "path", "phase", "root", "time"}
               for s in verdict["statements"])
    assert set(verdict["demands"]) == {"allow_unfinished", "cosigners", "log", "min_cosigners",
                                       "networks", "not_before", "root", "signers", "strict"}
    refused = mlprov("verify", runs / "training.json", "--json", "--signer", STRANGER, code=1).json
    assert set(refused) == KEYS
    assert (refused["outcome"], refused["refusal"]) == ("refused", "wrong-signer")
    assert refused["exit_code"] == 1 and refused["author"] is None


def test_an_unfinished_run_is_neither(mlprov, runs):
    result = mlprov("verify", runs / "unfinished.json", code=4)
    assert result.out.startswith("UNFINISHED: ") and "unfinished at epoch 2" in result.out
    assert mlprov("verify", runs / "unfinished.json", "--json", code=4).json["outcome"] == "unfinished"
    allowed = mlprov("verify", runs / "unfinished.json", "--allow-unfinished")
    assert allowed.out.startswith("HOLDS: ") and "unfinished at epoch 2" in allowed.out
    mlprov("verify", runs / "unfinished.json", "--signer", STRANGER, code=1)


def test_what_is_withheld_is_counted(mlprov, runs):
    result = mlprov("verify", runs / "withheld.json")
    assert "2 entries are withheld" in result.out
    assert mlprov("verify", runs / "withheld.json", "--json").json["digests"]["withheld"] == 2


def test_runs_of_steps_and_with_a_command(mlprov, runs):
    assert "2 steps" in mlprov("verify", runs / "steps.json").out
    assert "1 step, before, 2 epochs, after, 1 step" in mlprov("verify", runs / "command.json").out


def test_artifacts_are_recomputed(mlprov, runs):
    whole = ["--artifact", f"before/data/train={runs}/data",
             "--artifact", f"result/weights={runs}/model.safetensors"]
    result = mlprov("verify", runs / "training.json", "--strict", *whole)
    assert "25 recomputed" in result.out and "only bound" not in result.out
    assert "the files you gave are, byte for byte, those of the run" in result.out
    for argument in (f"before/data/train/big.bin={runs}/data/big.bin",
                     f"/before/data/train/={runs}/data",
                     f"result/weights/fc.weight={runs}/model.safetensors"):
        bound = mlprov("verify", runs / "training.json", "--json", "--artifact", argument).json
        assert bound["digests"]["bound"] == 1, argument
    assert "not-recomputed" in mlprov("verify", runs / "training.json", "--strict", code=1).out


def test_artifacts_that_are_not_the_runs(mlprov, runs, tmp_path):
    (tmp_path / "small").write_text("five\n")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "stranger").touch()
    for argument, words in [(f"before/data/train/small.txt=small", "small.txt"),
                            (f"before/data/train=more", "stranger"),
                            (f"no/such/path=small", "no/such/path"),
                            (f"result/weights={runs}/turned.safetensors", "F32 [3,2] in the file")]:
        result = mlprov("verify", runs / "training.json", "--artifact", argument, code=1)
        assert result.out.startswith("REFUSED: artifact\n") and words in result.out
        refused = mlprov("verify", runs / "training.json", "--artifact", argument, "--json", code=1)
        assert refused.json["refusal"] == "artifact" and set(refused.json) == KEYS


def test_artifact_arguments_that_make_no_sense(mlprov, runs):
    for argument in ("nothing", "=file", "path="):
        assert "PATH=FILE" in mlprov("verify", runs / "training.json", "--artifact", argument,
                                     code=2).err
    mlprov("verify", runs / "training.json", "--artifact",
           f"before/data/train={runs}/author.txt", code=2)
    mlprov("verify", runs / "training.json", "--artifact", "before/code/diff=missing", code=3)
    # What does not verify by itself is refused before any file is looked at.
    mlprov("verify", runs / "author.txt", "--artifact", "a=missing", code=1)


def test_policies(mlprov, runs, author, tmp_path):
    def policy(**keys):
        (tmp_path / "policy.json").write_text(json.dumps(keys))
        return ["verify", runs / "training.json", "--policy", "policy.json"]

    assert "signed by the author you named" in mlprov(*policy(signers=[author])).out
    assert "wrong-signer" in mlprov(*policy(signers=[STRANGER]), code=1).out
    assert "policy" in mlprov(*policy(networks=["local"]), code=1).out
    assert "policy" in mlprov(*policy(not_before="2027-01-01T00:00:00Z"), code=1).out
    mlprov(*policy(not_before="2026-01-01T00:00:00Z"))
    # Policy and arguments narrow each other; neither widens.
    mlprov(*policy(signers=[author, STRANGER]), "--signer", author)
    mlprov(*policy(signers=[author]), "--signer", STRANGER, code=2)
    mlprov(*policy(root="0" * 64), "--root", "1" * 64, code=2)
    assert "not-recomputed" in mlprov(*policy(strict=True), code=1).out


@pytest.mark.parametrize("text", ['{"signer": []}', "{", '{"signers": []}', '{"strict": 1}', "[]"])
def test_a_policy_that_is_none_is_wrong_usage(mlprov, runs, tmp_path, text):
    (tmp_path / "policy.json").write_text(text)
    assert "policy" in mlprov("verify", runs / "training.json", "--policy", "policy.json",
                              code=2).err


def test_networks_are_demanded(mlprov, runs):
    assert "policy" in mlprov("verify", runs / "training.json", "--network", "local", code=1).out
    assert "policy" in mlprov("verify", runs / "training.json", "--network", "sepolia", code=1).out
    mlprov("verify", runs / "training.json", "--offline")
    mlprov("verify", runs / "training.json", "--policy", "missing.json", code=3)


def test_altered_bundles_are_refused_by_name(mlprov, runs, tmp_path):
    whole = (runs / "training.json").read_bytes()
    cases = {
        "too short": (whole[:-1], "not-canonical"),
        "indented": (json.dumps(json.loads(whole), indent=1).encode(), "not-canonical"),
        "a newline": (whole + b"\n", "not-canonical"),
        "no json": (b"\x89PNG", "not-canonical"),
        "empty": (b"", "not-canonical"),
        "another document": (b'{"a":1}', "malformed"),
        "no statements": (altered(runs, lambda d: d.update(statements=[])), "malformed"),
        "epoch dropped": (altered(runs, lambda d: d["statements"].pop(2)), "statement-chain"),
        "epochs exchanged": (altered(runs, lambda d: d["statements"].insert(
            1, d["statements"].pop(2))), "statement-order"),
        "signature": (altered(runs, flip_signature), "bad-signature"),
        "object": (altered(runs, change_object), "digest-mismatch"),
        "entry": (altered(runs, change_entry), "root-mismatch"),
    }
    for name, (content, refusal) in cases.items():
        (tmp_path / "bad.json").write_bytes(content)
        result = mlprov("verify", "bad.json", code=1)
        assert result.out.startswith(f"REFUSED: {refusal}\n"), f"{name}: {result}"
        assert "Nothing that it says should be relied on" in result.out
        assert mlprov("verify", "-", "--json", stdin=content, code=1).json["refusal"] == refusal


def flip_signature(document):
    signature = document["statements"][0]["envelope"]["signatures"][0]
    raw = bytearray(base64.b64decode(signature["sig"]))
    raw[5] ^= 1
    signature["sig"] = base64.b64encode(raw).decode()


def change_object(document):
    for content in document["objects"].values():
        if content.get("text") == "+ one line\n":
            content["text"] = "- one line\n"


def change_entry(document):
    for slots in document["directories"].values():
        for slot in slots:
            if slot["name"] == "small.txt":
                slot["size"] += 1


def test_what_cannot_be_read_is_not_refused(mlprov, tmp_path):
    for argument in ("missing.json", tmp_path, "missing/run.json"):
        result = mlprov("verify", argument, code=3)
        assert result.out == "" and "cannot read" in result.err
    mlprov("verify", "", code=2)


def test_the_wrong_kind_of_document_is_pointed_out(mlprov, runs):
    mlprov("prove", runs / "training.json", "before/code/diff", "-o", "proof.json")
    assert "mlprov check" in mlprov("verify", "proof.json", code=1).out
    assert "mlprov verify" in mlprov("check", runs / "training.json", code=1).out


def test_endless_input_is_refused_within_bounds(mlprov):
    assert mlprov("verify", "/dev/zero", code=1).out.startswith("REFUSED: too-large\n")
    assert mlprov("check", "/dev/zero", "--json", code=1).json["refusal"] == "too-large"
