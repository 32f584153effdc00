"""configs/schemas against the package jsonschema: they are draft 7, and both validators take and refuse
the same documents."""
import copy
import json
import os
import pathlib
import random
import subprocess

import jsonschema
import pytest
import referencing

ROOT = pathlib.Path(os.environ["MLPROV_SOURCE_DIR"])
TOOL = os.path.join(os.environ["MLPROV_BIN"], "mlprov_test_json")
SCHEMAS = {path.name: json.loads(path.read_text()) for path in (ROOT / "configs/schemas").glob("*.json")}
REGISTRY = referencing.Registry().with_resources(
    (name, referencing.Resource.from_contents(schema)) for name, schema in SCHEMAS.items())

H32, H64, ADDRESS = "a" * 32, "b" * 64, "0x" + "c" * 40
VKEY = "log.example+deadbeef+A" + "Z" * 43
ENTRY = {"digest": H64, "kind": "file", "name": "x~0\u00e9", "size": 3}
TENSOR = {"digest": H64, "dtype": "F32", "kind": "tensor", "name": "w", "salt": H32, "shape": [2, 0]}
TREE = {"digest": H64, "entries": 0, "kind": "tree", "name": "%2E.", "salted": True}
ENVELOPE = {"payload": "e30=", "payloadType": "application/vnd.in-toto+json",
            "signatures": [{"keyid": ADDRESS, "sig": "A" * 85 + "xw="}]}
STATEMENT = {"_type": "https://in-toto.io/Statement/v1",
             "predicate": {"author": ADDRESS, "entries": 1, "log": None, "path": "before", "phase": "before",
                           "previous": None, "run": H32, "time": "2026-11-21T00:00:00Z"},
             "predicateType": "urn:mlprov:statement:v1",
             "subject": [{"digest": {"mlprov-tree-v1-keccak256": H64}, "name": H32}]}
DOCUMENTS = {
    "entry": [ENTRY, TENSOR, TREE],
    "envelope": [ENVELOPE],
    "statement": [STATEMENT],
    "proof": [{"chain": [{"entry": TREE, "index": 1, "path": [H64]}], "format": "mlprov-proof-v1",
               "statement": ENVELOPE}],
    "policy": [{"allow_unfinished": True, "cosigners": {"addresses": [ADDRESS], "min": 1}, "log": VKEY,
                "networks": ["local"], "not_before": "2026-01-01T00:00:00Z", "root": H64,
                "signers": [ADDRESS], "strict": False}],
    "bundle": [{"directories": {H64: [ENTRY, H64, TREE]}, "format": "mlprov-bundle-v1",
                "log": {"checkpoint": "x", "vkey": VKEY}, "objects": {H64: {"base64": "AAA="}},
                "statements": [{"cosignatures": [{"address": ADDRESS, "signature": "0x" + "0" * 128 + "1c"}],
                                "envelope": ENVELOPE, "inclusion": {"index": 0, "path": []},
                                "receipts": [{"driver": "d", "name": "n", "receipt": {}}]}]}],
}
VALUES = [None, True, False, 0, -1, 1, 2**53 - 1, 2**53, "", "x", "..", H32, H64, H64.upper(), ADDRESS, VKEY,
          [], {}, [None], {"json": 1}, "tree", "file", "step", "epoch", "after", "2026-02-30T00:00:00Z",
          "2026-13-01T00:00:00Z", "\u00e9\u2028", "AAAA", "AAA", "%00", "~2", "F64", "torch:uint7"]


def places(value):
    """Every container in a value, with its keys."""
    if isinstance(value, (dict, list)):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from places(value[key])


def any_value(rng):
    return copy.deepcopy(rng.choice(VALUES))


def spoil(rng, document):
    document = copy.deepcopy(document)
    for _ in range(rng.randint(1, 2)):
        container, key = rng.choice(list(places(document)) or [({}, "")])
        act = rng.randrange(4)
        if act == 0 and isinstance(container, dict):
            container.pop(key, None)
        elif act == 1 and isinstance(container, dict):
            container[rng.choice(["x", "", "size", "salt", H64, "json"])] = any_value(rng)
        elif act == 2 and isinstance(container, list):
            container.append(any_value(rng))
        else:
            container[key] = any_value(rng)
    return document


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_schema_is_draft_7(name):
    jsonschema.Draft7Validator.check_schema(SCHEMAS[name])
    assert SCHEMAS[name]["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert SCHEMAS[name]["$id"] == name


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_both_validators_agree(name):
    rng = random.Random(name)
    validator = jsonschema.Draft7Validator(SCHEMAS[f"{name}.schema.json"], registry=REGISTRY)
    documents = DOCUMENTS[name] + [spoil(rng, document) for document in DOCUMENTS[name] for _ in range(1500)]
    done = subprocess.run([TOOL, "schema", name], input="".join(json.dumps(d) + "\n" for d in documents),
                          capture_output=True, check=True, encoding="utf-8")
    lines = done.stdout.splitlines()
    assert len(lines) == len(documents)
    fitting = 0
    for document, line in zip(documents, lines):
        expected = validator.is_valid(document)
        fitting += expected
        assert (line == "ok") == expected, (document, line)
    assert lines[: len(DOCUMENTS[name])] == ["ok"] * len(DOCUMENTS[name])
    assert 5 < fitting < len(documents) - 500
