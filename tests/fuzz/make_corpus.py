"""Writes the seed corpora of the fuzz targets: small inputs of every shape that the formats have.

    MLPROV_BIN=build/release/bin .cache/venv/bin/python tests/fuzz/make_corpus.py

Inputs are named by what they are; those that a fuzzer once found are kept beside them as `found-...` and
are not touched."""
import base64
import hashlib
import json
import os
import pathlib
import struct
import subprocess
import tempfile

import eth_keyfile
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

BIN = pathlib.Path(os.environ["MLPROV_BIN"])
CORPUS = pathlib.Path(__file__).parent / "corpus"
H64, H32 = "b" * 64, "a" * 32


def write(target, name, content):
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def tool(*arguments):
    return subprocess.run([BIN / "bundle_tool", *map(str, arguments)], capture_output=True, check=True).stdout


def features(bundle):
    """What a bundle shows a reader, as words."""
    words = {f"phase {json.loads(base64.b64decode(s['envelope']['payload']))['predicate']['phase']}"
             for s in bundle["statements"]}
    words |= {key for s in bundle["statements"] for key in ("cosignatures", "inclusion", "receipts") if s[key]}
    for slots in bundle["directories"].values():
        words |= {"withheld" if isinstance(slot, str) else slot["kind"] for slot in slots} or {"empty"}
        words |= {key for slot in slots if isinstance(slot, dict) for key in ("salt", "salted") if key in slot}
    words |= {f"object {form}" for value in bundle["objects"].values() for form in value}
    words |= {next(iter(json.loads(base64.b64decode(bundle["statements"][0]["envelope"]["payload"]))
                        ["subject"][0]["digest"]))}
    return words


def bundles():
    """Small random bundles that together show everything."""
    candidates = sorted((tool("random", seed) for seed in range(1, 300)), key=len)
    seen, chosen = set(), []
    for text in candidates:
        if features(json.loads(text)) - seen:
            seen |= features(json.loads(text))
            chosen.append(text)
    return chosen


def make_bundles_proofs_statements():
    for i, text in enumerate(bundles()):
        write("bundle", f"bundle-{i}", text)
        for j, statement in enumerate(json.loads(text)["statements"][:2]):
            write("statement", f"signed-{i}-{j}", canonical(statement))
            write("statement", f"envelope-{i}-{j}", canonical(statement["envelope"]))
            write("statement", f"payload-{i}-{j}", base64.b64decode(statement["envelope"]["payload"]))
        with tempfile.NamedTemporaryFile() as file:
            file.write(text)
            file.flush()
            try:
                write("proof", f"proof-{i}", tool("prove", i, file.name))
            except subprocess.CalledProcessError:
                pass  # this walk through the bundle found no entry
    write("statement", "address", "0x" + "c" * 40)
    write("statement", "address-eip55", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")
    write("statement", "signature", "0x" + "01" * 64 + "1b")


def make_entries():
    entries = [{"digest": H64, "kind": kind, "name": kind, "size": 3} for kind in ("json", "file", "text")]
    entries += [{"digest": H64, "dtype": dtype, "kind": "tensor", "name": "w", "shape": shape}
                for dtype, shape in (("F32", []), ("BF16", [2, 0, 3]), ("F4", [3]), ("torch:quint2x4", [7, 7]))]
    entries += [{"digest": H64, "entries": n, "kind": "tree", "name": "circumstances", **more}
                for n, more in ((0, {}), (2**53 - 1, {"salted": True}))]
    entries += [{**entry, "salt": H32} for entry in (entries[1], entries[3], entries[-1])]
    for i, entry in enumerate(entries):
        write("entry", f"entry-{i}", canonical(entry))
    for i, name in enumerate(["a/b", "..", "%2E", "~1", "\u65e5\u672c", "%63ircumstances", "%FF", "a\x00b"]):
        write("entry", f"name-{i}", name)
    write("entry", "name-latin", b"\xe9\xff/~%")


def make_json():
    texts = ["{}", "[]", "null", "-1", "9007199254740991", '{"A":[1,{"b":null}],"a":"x","a-b":false}',
             '"\\b\\t\\n\\u0000\\u001f\u00e9\U0001f602"', '{"bits":"3ff0000000000000"}', "[" * 32 + "]" * 32,
             " [1.5e3, -0.0 ,\t5e-324 ]\n", '{"b":1,"a":2}', '{"a":1,"a":1}', '"\\ud83d\\ude02"', "[1e308,1e-7]",
             '{"\ue000":1,"\U0001f602":2}', "\ufeff{}", "[" * 40]
    for i, text in enumerate(texts):
        write("json", f"text-{i}", text)


def make_policies():
    key = vkey(b"\x11" * 32)
    address = "0x" + "c" * 40
    write("schema", "policy", json.dumps(
        {"allow_unfinished": True, "cosigners": {"addresses": [address], "min": 1}, "log": key,
         "networks": ["local"], "not_before": "2026-01-01T00:00:00Z", "root": H64, "signers": [address],
         "strict": False}))
    write("schema", "policy-wrong", json.dumps({"signers": [], "cosigners": {"min": 0}, "root": 1, "x": []}))
    for target, name in (("entry", "entry-1"), ("entry", "entry-4"), ("proof", "proof-1"),
                         ("bundle", "bundle-0"), ("statement", "payload-0-0"), ("statement", "envelope-0-0")):
        write("schema", f"{target}-{name}", (CORPUS / target / name).read_bytes())


def vkey(seed, name="example.org/log"):
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(Encoding.Raw,
                                                                                  PublicFormat.Raw)
    key = b"\x01" + public
    identity = hashlib.sha256(name.encode() + b"\n" + key).hexdigest()[:8]
    return f"{name}+{identity}+{base64.b64encode(key).decode()}"


def signature_line(seed, name, text):
    identity = bytes.fromhex(vkey(seed, name).split("+")[1])
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(text.encode())
    return f"\u2014 {name} {base64.b64encode(identity + signature).decode()}\n"


def make_notes():
    seed, name = b"\x11" * 32, "example.org/log"
    root = base64.b64encode(hashlib.sha256(b"x").digest()).decode()
    texts = [f"{name}\n0\n{root}\n", f"{name}\n123456789\n{root}\nextension one\nextension two\n", "hello\n\nworld\n"]
    for i, text in enumerate(texts):
        lines = signature_line(seed, name, text)
        write("note", f"text-{i}", text)
        write("note", f"note-{i}", f"{text}\n{lines}")
        write("note", f"witnessed-{i}", f"{text}\n{lines}{signature_line(b'B' * 32, 'witness.example', text)}")
        write("note", f"forged-{i}", f"{text}x\n\n{lines}")
    write("note", "vkey", vkey(seed))
    secret = base64.b64encode(b"\x01" + seed).decode()
    write("note", "skey", f"PRIVATE+KEY+{name}+{vkey(seed).split('+')[1]}+{secret}")


def make_tiles():
    for i, path in enumerate(["tile/0/000", "tile/entries/x001/234.p/8", "tile/5/x999/x000/255.p/255", "tile/0/000.p/256"]):
        write("tile", f"path-{i}", path)
    hashes = b"".join(hashlib.sha256(bytes([i])).digest() for i in range(256))
    for width in (1, 2, 256):
        write("tile", f"hashes-{width}", bytes([width - 1]) + hashes[: 32 * width])
        entries = b"".join(b"\x00\x20" + hashes[32 * i: 32 * i + 32] for i in range(width))
        write("tile", f"entries-{width}", bytes([width - 1]) + entries)
    write("tile", "entries-odd", b"\x02\x00\x00\x00\x01a\xff\xff" + b"z" * 65535)
    for factor, shift, index in ((1, 0, 0), (7, 0, 99), (255, 3, 200), (129, 17, 255)):
        write("tile", f"proof-{factor}-{shift}", bytes([factor, shift, index]) + hashes[:64])


def safetensors(header, data, padding=0):
    text = (header if isinstance(header, str) else json.dumps(header)).encode() + b" " * padding
    return struct.pack("<Q", len(text)) + text + data


def make_safetensors():
    def tensor(dtype, shape, begin, end):
        return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}

    write("safetensors", "empty", safetensors({}, b""))
    write("safetensors", "metadata", safetensors({"__metadata__": {"a": "b", "\u00e9": ""}}, b"", 7))
    write("safetensors", "two", safetensors({"a": tensor("F32", [2, 1], 0, 8), "b": tensor("U8", [], 8, 9)}, b"123456789"))
    write("safetensors", "zero", safetensors({"z": tensor("BF16", [0, 5], 0, 0), "f": tensor("F4", [2], 0, 1)}, b"x"))
    write("safetensors", "gap", safetensors({"a": tensor("U8", [1], 1, 2)}, b"12"))
    write("safetensors", "overlap", safetensors({"a": tensor("U8", [2], 0, 2), "b": tensor("U8", [2], 1, 3)}, b"123"))
    write("safetensors", "huge-shape", safetensors({"a": tensor("U8", [2**32, 2**32], 0, 0)}, b""))
    write("safetensors", "twice", safetensors('{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":1}', b""))
    write("safetensors", "huge-header", struct.pack("<Q", 2**63) + b"{}")


def make_keystores():
    for kdf, iterations in (("scrypt", 2), ("pbkdf2", 3)):
        document = eth_keyfile.create_keyfile_json(b"\x41" * 32, b"testpassword", kdf=kdf, iterations=iterations,
                                                   salt_size=16)
        write("keystore", kdf, json.dumps(document))
        document["Crypto"] = document.pop("crypto")
        document.pop("address")
        write("keystore", f"{kdf}-capital", json.dumps(document))
        document["Crypto"]["mac"] = "00" * 32
        write("keystore", f"{kdf}-wrong", json.dumps(document))
    for i, text in enumerate(["env:NAME", "file:/a b", "keystore:job", "0x" + "41" * 32]):
        write("keystore", f"reference-{i}", text)


make_bundles_proofs_statements()
make_entries()
make_json()
make_policies()
make_notes()
make_tiles()
make_safetensors()
make_keystores()
