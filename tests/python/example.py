"""The worked example of docs/format.md: a run of one step, made of fixed keys and fixed texts.

Run as a program it writes the example's blocks into the page again.
"""

import base64
import pathlib
import re

import maker as m
import verify as v
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "format.md"
AUTHOR, COSIGNER, LOG_SEED = b"\x46" * 32, b"\x47" * 32, b"\x48" * 32
RUN, SALT = "000102030405060708090a0b0c0d0e0f", "101112131415161718191a1b1c1d1e1f"
FENCE = re.compile(r"^```\w+ example=([\w-]+)( lines)?\n(.*?)^```$", re.M | re.S)


def blocks(page):
    """{name: text} of a page's example blocks; `lines` blocks keep their last newline."""
    return {name: text if lines else text[:-1] for name, lines, text in FENCE.findall(page)}


def note(log, text):
    key = Ed25519PrivateKey.from_private_bytes(LOG_SEED)
    return f"{text}\n\u2014 {log} {m.b64(log_id(log) + key.sign(text.encode()))}\n"


def log_key():
    public = Ed25519PrivateKey.from_private_bytes(LOG_SEED).public_key()
    return b"\x01" + public.public_bytes(Encoding.Raw, PublicFormat.Raw)


def log_id(log):
    return v.sha256(log.encode() + b"\n" + log_key())[:4]


def build():
    """The blocks, in the order of the page."""
    h, author = v.sha256, m.address_of(AUTHOR)
    text = b"hello\n"
    message = {"digest": h(text).hex(), "kind": "text", "name": "message", "size": len(text)}
    said = {"algorithm": "sha256", "author": author, "run": RUN}
    run = {
        "digest": h(v.canonical(said)).hex(),
        "kind": "json",
        "name": "run",
        "size": len(v.canonical(said)),
    }
    host = {"digest": h(b"gpu-7").hex(), "kind": "text", "name": "host", "salt": SALT, "size": 5}
    circumstances = [v.leaf(h, host).hex(), run]
    step = [
        {
            "digest": root(circumstances),
            "entries": 2,
            "kind": "tree",
            "name": "circumstances",
            "salted": True,
        },
        message,
    ]
    content = [{"digest": root([message]), "entries": 1, "kind": "tree", "name": "step-00000001"}]

    log = "example.org/mlprov"
    vkey = f"{log}+{log_id(log).hex()}+{m.b64(log_key())}"
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "predicate": {
            "author": author,
            "entries": 2,
            "log": vkey,
            "path": "step-00000001",
            "phase": "step",
            "previous": None,
            "run": RUN,
            "time": "2026-11-21T00:00:00Z",
        },
        "predicateType": "urn:mlprov:statement:v1",
        "subject": [{"digest": {"mlprov-tree-v1-sha256": root(step)}, "name": RUN}],
    }
    payload = v.canonical(statement)
    identity = h(payload)
    envelope = m.envelope(AUTHOR, payload)
    strangers = [h(b"one"), identity, h(b"three")]
    leaves = [h(b"\0" + entry) for entry in strangers]
    checkpoint = note(log, f"{log}\n3\n{m.b64(v.merkle_root(h, leaves))}\n")
    inclusion = {"index": 1, "path": [node.hex() for node in m.audit_path(leaves, 1)]}
    bundle = {
        "directories": {root(step): step, root(circumstances): circumstances},
        "format": "mlprov-bundle-v1",
        "log": {"checkpoint": checkpoint, "vkey": vkey},
        "objects": {message["digest"]: {"text": "hello\n"}, run["digest"]: {"json": said}},
        "statements": [
            {
                "cosignatures": [m.cosignature(COSIGNER, payload)],
                "envelope": envelope,
                "inclusion": inclusion,
                "receipts": [],
            }
        ],
    }
    proof = {
        "chain": [{"entry": message, "index": 1, "path": [v.leaf(h, step[0]).hex()]}],
        "format": "mlprov-proof-v1",
        "statement": envelope,
    }
    return {
        "object": text.decode(),
        "entry": v.canonical(message).decode(),
        "leaf": v.leaf(h, message).hex(),
        "salted-entry": v.canonical(host).decode(),
        "withheld-leaf": v.leaf(h, host).hex(),
        "run": v.canonical(said).decode(),
        "circumstances": v.canonical(circumstances).decode(),
        "circumstances-root": root(circumstances),
        "directory": v.canonical(step).decode(),
        "root": root(step),
        "content": v.canonical(content).decode(),
        "content-root": root(content),
        "statement": payload.decode(),
        "identity": identity.hex(),
        "pae": f"DSSEv1 28 application/vnd.in-toto+json {len(payload)} {payload.decode()}",
        "signature": base64.b64decode(envelope["signatures"][0]["sig"]).hex(),
        "envelope": v.canonical(envelope).decode(),
        "cosign-text": f"mlprov statement v1\nsha256:{identity.hex()}\n",
        "cosignature": v.canonical(m.cosignature(COSIGNER, payload)).decode(),
        "vkey": vkey,
        "log-leaves": "\n".join(leaf.hex() for leaf in leaves),
        "checkpoint": checkpoint,
        "inclusion": v.canonical(inclusion).decode(),
        "bundle": v.canonical(bundle).decode(),
        "proof": v.canonical(proof).decode(),
    }


def root(slots):
    return v.merkle_root(v.sha256, [v.leaf(v.sha256, slot) for slot in slots]).hex()


def fill(page):
    """The page with the blocks' contents as built."""
    made = build()

    def one(match):
        name, lines, _ = match.groups()
        head = match[0].split("\n", 1)[0]
        return f"{head}\n{made[name]}{'' if lines else chr(10)}```"

    return FENCE.sub(one, page)


if __name__ == "__main__":
    PAGE.write_text(fill(PAGE.read_text()))
