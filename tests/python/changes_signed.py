"""Changes to what is signed and what stands beside it, for forger.py. Each takes the run, its document and its decoded payloads,
and raises when it finds nothing to change."""

import base64
import copy

import maker as m
import verify as v


def change_run(maker, document, payloads):
    """What circumstances/run says."""
    wrong = maker.rng.choice(
        [{"run": "0" * 32}, {"author": "0x" + "0" * 40}, {"algorithm": "md5"}, {"more": 1}]
    )
    for value in document["objects"].values():
        if type(value.get("json")) is dict and "algorithm" in value["json"]:
            value["json"].update(wrong)


def change_predicate(maker, document, payloads):
    rng = maker.rng
    payload = rng.choice(payloads)
    predicate, other = payload["predicate"], rng.choice(payloads)["predicate"]
    key = rng.choice(list(predicate))
    vkeys = [None, "log+00000000+AAAA", "x", m.Log(rng).vkey, 1]
    values = {
        "author": ["0x" + "0" * 40, predicate["author"].upper(), predicate["author"][2:]],
        "entries": [0, 1, 2, 3, 4, 5, -1, "1"],
        "log": vkeys,
        "path": [
            "",
            "before",
            "after",
            "step-00000001",
            "step-00000002",
            "training/epoch-00000001",
            "step-1",
            "training/epoch-00000002",
            "training/epoch-00000000",
            "training/epoch-000000001",
            "training",
            None,
        ],
        "phase": ["before", "epoch", "after", "step", "", "sealed", None],
        "previous": [None, "0" * 64, "0" * 62, 1],
        "run": ["0" * 32, "0" * 31, "A" * 32, None],
        "time": [
            "2026-02-29T00:00:00Z",
            "2024-02-29T00:00:00Z",
            "0000-01-01T00:00:00Z",
            "0001-01-01T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-12-31T23:59:60Z",
            "2026-01-01T00:00:00z",
            "2026-1-01T00:00:00Z",
            "2026-01-01T00:00:00+00:00",
            "9999-12-31T23:59:59Z",
            "2026-04-31T00:00:00Z",
            None,
        ],
    }
    predicate[key] = rng.choice(values[key] + [other[key]])
    if rng.random() < 0.3 and key in ("path", "phase"):
        predicate["path"], predicate["phase"] = other["path"], other["phase"]
    if rng.random() < 0.5 and key in ("author", "run", "log"):  # the same everywhere
        for each in payloads:
            each["predicate"][key] = predicate[key]
            if key == "run":
                each["subject"][0]["name"] = predicate[key]


def change_statement(maker, document, payloads):
    rng = maker.rng
    payload = rng.choice(payloads)
    subject = payload["subject"][0]
    what = rng.choice(["type", "name", "two", "algorithm", "all", "digest", "key", "root"])
    algorithm = "mlprov-tree-v1-" + rng.choice(list(v.HASHES) + ["md5", "sha512", ""])
    if what == "type":
        payload[rng.choice(["_type", "predicateType"])] = rng.choice(
            ["https://in-toto.io/Statement/v0.1", "x", None]
        )
    elif what == "name":
        subject["name"] = rng.choice(["x", "0" * 32, None])
    elif what == "two":
        payload["subject"] = rng.choice([[], [subject, subject], subject])
    elif what == "algorithm":
        subject["digest"] = {algorithm: list(subject["digest"].values())[0]}
    elif what == "all":
        for each in payloads:
            each["subject"][0]["digest"] = {
                algorithm: list(each["subject"][0]["digest"].values())[0]
            }
    elif what == "digest":
        subject["digest"] = rng.choice(
            [{}, {"sha256": "0" * 64}, {**subject["digest"], "sha256": "0" * 64}, None]
        )
    elif what == "root":
        subject["digest"] = rng.choice(payloads)["subject"][0]["digest"]
    else:
        rng.choice([payload, payload["predicate"], subject])["more"] = 1


def change_order(maker, document, payloads):
    rng, statements = maker.rng, document["statements"]
    one, two = rng.randrange(len(statements)), rng.randrange(len(statements))
    what = rng.choice(["drop", "drop", "swap", "double", "last", "first"])
    for things in (statements, payloads):
        if what == "drop":
            del things[one]
        elif what == "swap":
            things[one], things[two] = things[two], things[one]
        elif what == "double":
            things.insert(two, copy.deepcopy(things[one]))
        else:
            del things[-1 if what == "last" else 0]


def change_envelope(maker, document, payloads):
    rng = maker.rng
    envelope = rng.choice(document["statements"])["envelope"]
    signature = envelope["signatures"][0]
    raw = bytearray(base64.b64decode(signature["sig"]))
    what = rng.choice(["bit", "v", "high", "zero", "two", "keyid", "type", "length", "lax", "key"])
    if what == "bit":
        raw[rng.randrange(65)] ^= 1 << rng.randrange(8)
    elif what == "v":
        raw[64] = rng.choice([0, 1, 27, 28, 29, 30, 31])
    elif what == "high":
        s = v.CURVE_ORDER - int.from_bytes(raw[32:64], "big")
        raw[32:] = s.to_bytes(32, "big") + bytes([55 - raw[64]])
    elif what == "zero":
        at = rng.choice([0, 32])
        raw[at : at + 32] = rng.choice([0, v.CURVE_ORDER, 2**256 - 1]).to_bytes(32, "big")
    elif what == "length":
        raw = raw[: rng.choice([0, 64])] + bytes(rng.choice([0, 2]))
    signature["sig"] = m.b64(raw)
    if what == "two":
        envelope["signatures"] = rng.choice([[], [signature, signature], signature])
    elif what == "keyid":
        signature["keyid"] = rng.choice(["0x" + "0" * 40, signature["keyid"].upper(), "", None])
    elif what == "type":
        envelope["payloadType"] = rng.choice(["application/json", "", None])
    elif what == "lax":
        part, key = rng.choice([(signature, "sig"), (envelope, "payload")])
        part[key] = rng.choice(
            [
                part[key].rstrip("="),
                part[key] + "\n",
                part[key] + "====",
                part[key][:-3] + "B==",
                part[key].replace("A", "-"),
                "é",
                "",
                None,
            ]
        )
    elif what == "key":
        rng.choice([envelope, signature])["more"] = 1


def change_payload(maker, document, payloads):
    """Signed bytes that are not canonical, or no statement."""
    rng = maker.rng
    at = rng.randrange(len(payloads))
    text = v.canonical(payloads[at])
    text = rng.choice(
        [
            text + b"\n",
            text.replace(b":", b": ", 1),
            text.replace(b"v1", b"\\u00761", 1),
            b"",
            b"{}",
            b"[]",
            b"null",
            b"\xff",
            text[:-1],
            text.replace(b'"entries":', b'"entries":0,"entries":', 1),
            b"[" * 40,
            text.replace(b'"entries":', b'"entries":-', 1),
            b"\xef\xbb\xbf" + text,
        ]
    )
    document["statements"][at]["envelope"] = m.envelope(maker.secret, text)
    del payloads[at:]  # so that nothing is made good from here on


def change_cosignature(maker, document, payloads):
    rng, statement = maker.rng, rng_statement(maker, document)
    cosignatures = statement["cosignatures"]
    payload = base64.b64decode(statement["envelope"]["payload"])
    what = rng.choice(["own", "stranger", "order", "bit", "v", "high", "zero", "form"])
    if what == "own":
        cosignatures.append(m.cosignature(maker.secret, payload))
        cosignatures.sort(key=lambda c: c["address"])
        return
    if what == "stranger":
        cosignatures.insert(0, m.cosignature(rng.randbytes(32), rng.choice([payload, b"another"])))
        return
    if what == "order":
        cosignatures[:] = cosignatures[::-1] if len(cosignatures) > 1 else cosignatures * 2
        return
    maker.cosigners = []  # leave them as they become
    one = rng.choice(cosignatures)
    raw = bytearray(bytes.fromhex(one["signature"][2:]))
    if what == "bit":
        raw[rng.randrange(64)] ^= 1 << rng.randrange(8)
    elif what == "v":
        raw[64] = rng.choice([0, 1, 26, 27, 28, 29])
    elif what == "high":
        s = v.CURVE_ORDER - int.from_bytes(raw[32:64], "big")
        raw[32:] = s.to_bytes(32, "big") + bytes([55 - raw[64]])
    elif what == "zero":
        at = rng.choice([0, 32])
        raw[at : at + 32] = rng.choice([0, 1, v.CURVE_ORDER, 2**256 - 1]).to_bytes(32, "big")
    one["signature"] = "0x" + raw.hex()
    if what == "form":
        one.update(
            rng.choice(
                [
                    {"signature": raw.hex()},
                    {"signature": "0x" + raw.hex().upper()},
                    {"more": 1},
                    {"address": one["address"].upper()},
                    {"signature": None},
                ]
            )
        )


def rng_statement(maker, document):
    return maker.rng.choice(document["statements"])


def change_receipts(maker, document, payloads):
    rng, statement = maker.rng, rng_statement(maker, document)
    receipt = {"driver": "x", "name": "y", "receipt": {}}
    statement["receipts"] = rng.choice(
        [
            [receipt],
            [receipt, receipt],
            [receipt, {**receipt, "driver": "w"}],
            [receipt, {**receipt, "name": "z"}],
            [{**receipt, "name": "\U0001f600"}, {**receipt, "name": "\uffff"}],
            [{**receipt, "name": ""}],
            [{**receipt, "driver": ""}],
            [{**receipt, "receipt": []}],
            [{**receipt, "receipt": {"deep": [{}]}}],
            [{**receipt, "more": 1}],
            [None],
            None,
            {},
            [{**receipt, "name": "\n"}],
            [{**receipt, "driver": None}],
        ]
    )


def change_log(maker, document, payloads):
    rng, log = maker.rng, document["log"]
    statement = rng_statement(maker, document)
    what = rng.choice(
        ["drop", "vkey", "note", "inclusion", "index", "path", "none", "again", "made"]
    )
    identities = [v.sha256(v.canonical(payload)) for payload in payloads]
    if what == "drop":
        document["log"] = None
    elif what == "vkey":
        log["vkey"] = rng.choice(
            [m.Log(rng).vkey, "", log["vkey"][:-4], log["vkey"] + "=", "a b" + log["vkey"], 1, None]
        )
    elif what == "note":
        note = log["checkpoint"]
        at = rng.randrange(len(note))
        log["checkpoint"] = rng.choice(
            [
                note[:at] + chr(ord(note[at]) ^ 1) + note[at + 1 :],
                note[:-1],
                note + "\n",
                note.replace("\n\n", "\n", 1),
                note + "\u2014 x AAAAAAA=\n",
                note + "\u2014 x AAAA\n",
                "\t" + note,
                note + "\u2014  AAAAAAA=\n",
                "",
                "\n\n",
                note + "\u2014 x AAAAAAA=\n" * 99,
                note + "\u2014 x AAAAAAA=\n" * 100,
                note.replace("\u2014", "-"),
                None,
                note + note.split("\n\n")[-1],
                note + "\u2014 x\u2003y AAAAAAA=\n",
                note + "\u2014 x AAAAAAB=\n",
            ]
        )
    elif what == "inclusion":
        statement["inclusion"] = {"index": 0, "path": []}
    elif what == "index":
        statement["inclusion"]["index"] = rng.choice([0, 1, 2, -1, 2**53 - 1, "0", None])
    elif what == "path":
        path = statement["inclusion"]["path"]
        path.insert(0, rng.choice(["0" * 64, "0" * 62, None])) if rng.random() < 0.5 else path.pop()
    elif what == "none":
        for each in document["statements"]:
            each["inclusion"] = None
    elif what == "again":  # everybody at the same place of a log of one leaf
        document["log"] = {
            "checkpoint": maker.log.checkpoint(identities[:1]),
            "vkey": maker.log.vkey,
        }
        for each in document["statements"][: rng.choice([1, 2])]:
            each["inclusion"] = {"index": 0, "path": []}
    else:
        options = rng.choice(
            [
                {"origin": "other"},
                {"size": "01"},
                {"size": 2**63},
                {"size": 0},
                {"extensions": ("",)},
                {"size": "x"},
                {"origin": "log\n"},
                {"size": 2**64},
                {"size": "-1"},
            ]
        )
        document["log"] = {
            "checkpoint": maker.log.checkpoint(identities, **options),
            "vkey": maker.log.vkey,
        }


def change_anything(maker, document, payloads):
    """Something somewhere becomes something else."""
    rng, at, value = maker.rng, [], document
    while type(value) in (dict, list) and value and (len(at) < 1 or rng.random() < 0.85):
        key = rng.choice(list(value) if type(value) is dict else range(len(value)))
        at.append((value, key))
        value = value[key]
    parent, key = at[-1]
    what = rng.choice(["set", "drop", "more"])
    if what == "drop":
        del parent[key]
    elif what == "more" and type(parent) is dict:
        parent[rng.choice(["more", "aa", "é", "a b", ""])] = value
    else:
        parent[key] = rng.choice(
            [None, True, 0, -1, 2**53, 0.5, "", "x", [], {}, [[]], "0" * 64, [value]]
        )
