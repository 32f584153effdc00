"""docs/format.md's worked example: every block is what its layer says, and as a whole it holds."""

import base64
import json

import example
import pytest
import verify as v
from eth_account import Account
from eth_account.messages import encode_defunct


@pytest.fixture(scope="module")
def block():
    return example.blocks(example.PAGE.read_text())


def test_page_is_what_the_program_writes(block):
    made = example.build()
    assert list(block) == list(made)
    for name, text in made.items():
        assert block[name] == text, name


def test_documents_are_canonical(block):
    for name in (
        "entry",
        "salted-entry",
        "run",
        "circumstances",
        "directory",
        "content",
        "statement",
        "envelope",
        "cosignature",
        "inclusion",
        "bundle",
        "proof",
    ):
        assert v.canonical(v.parse_canonical(block[name].encode())).decode() == block[name], name


def test_tree(block):
    h = v.sha256
    entry = json.loads(block["entry"])
    assert entry["digest"] == h(block["object"].encode()).hex()
    assert entry["size"] == len(block["object"].encode())
    assert block["leaf"] == h(b"\0" + block["entry"].encode()).hex()
    assert block["withheld-leaf"] == h(b"\0" + block["salted-entry"].encode()).hex()
    circumstances, directory = json.loads(block["circumstances"]), json.loads(block["directory"])
    assert circumstances[0] == block["withheld-leaf"]
    assert circumstances[1]["digest"] == h(block["run"].encode()).hex()
    for slots, root in ((circumstances, "circumstances-root"), (directory, "root")):
        leaves = [v.leaf(h, slot) for slot in slots]
        assert h(b"\1" + leaves[0] + leaves[1]).hex() == block[root]
    assert directory[0]["digest"] == block["circumstances-root"] and directory[1] == entry
    content = json.loads(block["content"])
    assert content[0]["digest"] == block["leaf"]
    assert v.leaf(h, content[0]).hex() == block["content-root"]


def test_statement_and_signatures(block):
    payload = block["statement"].encode()
    assert v.sha256(payload).hex() == block["identity"]
    assert (
        block["pae"] == f"DSSEv1 28 application/vnd.in-toto+json {len(payload)} {payload.decode()}"
    )
    envelope = json.loads(block["envelope"])
    assert base64.b64decode(envelope["payload"]) == payload
    assert base64.b64decode(envelope["signatures"][0]["sig"]).hex() == block["signature"]
    signer = v.recover(v.sha256(block["pae"].encode()), bytes.fromhex(block["signature"]))
    assert (
        signer == json.loads(payload)["predicate"]["author"] == envelope["signatures"][0]["keyid"]
    )
    assert signer == Account.from_key(example.AUTHOR).address.lower()
    cosignature = json.loads(block["cosignature"])
    message = encode_defunct(text=block["cosign-text"])
    by = Account.recover_message(message, signature=cosignature["signature"]).lower()
    assert by == cosignature["address"] == Account.from_key(example.COSIGNER).address.lower()
    assert f"sha256:{block['identity']}\n" in block["cosign-text"]


def test_log(block):
    leaves = [bytes.fromhex(line) for line in block["log-leaves"].split("\n")]
    entries = [v.sha256(b"one"), bytes.fromhex(block["identity"]), v.sha256(b"three")]
    assert leaves == [v.sha256(b"\0" + entry) for entry in entries]
    text, others = v.open_note(block["checkpoint"], v.parse_vkey(block["vkey"]))
    assert others == 0
    origin, size, root = text.split("\n")[:3]
    assert (origin, size) == ("example.org/mlprov", "3")
    assert base64.b64decode(root) == v.merkle_root(v.sha256, leaves)
    inclusion = json.loads(block["inclusion"])
    got = v.root_from_path(v.sha256, leaves[1], inclusion["index"], 3, inclusion["path"])
    assert got == base64.b64decode(root)


def test_bundle_and_proof(block):
    bundle = json.loads(block["bundle"])
    vouched = bundle["statements"][0]
    parts = {
        "envelope": vouched["envelope"],
        "cosignature": vouched["cosignatures"][0],
        "inclusion": vouched["inclusion"],
        "directory": bundle["directories"][block["root"]],
        "circumstances": bundle["directories"][block["circumstances-root"]],
    }
    for name, part in parts.items():
        assert v.canonical(part).decode() == block[name], name
    assert bundle["log"] == {"checkpoint": block["checkpoint"], "vkey": block["vkey"]}
    verdict = v.verify(block["bundle"].encode())
    assert verdict["outcome"] == "holds", verdict
    assert verdict["root"] == block["root"] and verdict["content_root"] == block["content-root"]
    assert verdict["digests"] == {"recomputed": 3, "withheld": 1}
    verdict = v.verify_proof(block["proof"].encode())
    assert verdict["outcome"] == "holds", verdict
    assert (
        verdict["path"] == "step-00000001/message"
        and v.canonical(verdict["entry"]).decode() == block["entry"]
    )


def test_every_changed_byte_of_the_bundle_is_refused(block):
    """All but two bits of each byte: the rest is left to the differential test."""
    text = block["bundle"].encode()
    for at in range(len(text)):
        for bit in (0, 5):
            changed = text[:at] + bytes([text[at] ^ 1 << bit]) + text[at + 1 :]
            assert v.verify(changed)["outcome"] == "refused", (at, text[at - 20 : at + 20])
