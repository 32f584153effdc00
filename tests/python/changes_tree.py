"""Changes to trees and objects, for forger.py. Each takes the run, its document and its decoded payloads,
and raises when it finds nothing to change."""

import copy

import maker as m
import verify as v


def some_directory(maker, document):
    filled = [slots for slots in document["directories"].values() if slots]
    return maker.rng.choice(filled)


def some_entry(maker, document):
    entries = [e for slots in document["directories"].values() for e in v.clear(slots)]
    special = [e for e in entries if e["name"] in SPECIAL]
    return maker.rng.choice(special if special and maker.rng.random() < 0.4 else entries)


SPECIAL = [
    "before",
    "result",
    "training",
    "circumstances",
    "run",
    "command",
    "epoch-00000001",
    "epoch-00000002",
    "files",
]


def change_entry(maker, document, payloads):
    rng, entry = maker.rng, some_entry(maker, document)
    key = rng.choice(list(entry) + ["salt", "salted", "size", "kind", "name"])
    other = some_entry(maker, document)
    values = {
        "name": SPECIAL
        + m.NAMES
        + [
            "epoch-00000000",
            "epoch-00000003",
            "epoch-1",
            "..",
            ".",
            "",
            "a/b",
            "%41",
            "%2f",
            "~",
            "~2",
            "%",
            "x%2E",
            "e\u0301",
            "\x01",
            "metrics",
        ],
        "kind": ["json", "file", "text", "tensor", "tree", "Tree", 1],
        "digest": [other["digest"], "0" * 64, "A" * 64, "0" * 63, None],
        "size": [0, 1, -1, 2**53 - 1, 65536, "1", None],
        "entries": [0, 1, 2, -1, 2**53 - 1, True],
        "shape": [
            [],
            [0],
            [1],
            [-1],
            [2**53 - 1],
            [2**53 - 1, 0],
            [2**27, 2**27],
            [2**26, 2**27],
            ["1"],
        ],
        "dtype": list(v.DTYPE_BITS) + ["F33", "torch:", "f32"],
        "salt": [rng.randbytes(16).hex(), other.get("salt", "0" * 32), "0" * 30, "A" * 32, None],
        "salted": [True, False, 1],
    }
    entry[key] = rng.choice(values[key])


def reshape_entry(maker, document, payloads):
    """A sound entry of another kind in its place."""
    entry, rng = some_entry(maker, document), maker.rng
    plain = {key: entry[key] for key in ("digest", "name", "salt") if key in entry}
    kind = rng.choice(["json", "file", "text", "tensor", "tree"])
    own = {
        "tensor": {"dtype": "U8", "shape": [entry.get("size", 3)]},
        "tree": {"entries": rng.choice([0, 1, 2])},
    }
    entry.clear()
    entry.update(plain, kind=kind, **own.get(kind, {"size": rng.choice([0, 2, 9])}))


def drop_key(maker, document, payloads):
    entry = some_entry(maker, document)
    del entry[maker.rng.choice(list(entry))]


def change_slots(maker, document, payloads):
    rng, slots = maker.rng, some_directory(maker, document)
    at = rng.randrange(len(slots))
    what = rng.choice(["drop", "double", "withhold", "swap", "borrow", "add", "junk", "empty"])
    if what == "drop":
        del slots[at]
    elif what == "double":
        slots.insert(at, copy.deepcopy(slots[at]))
    elif what == "withhold":
        slots[at] = v.leaf(maker.h, slots[at]).hex()
    elif what == "swap":
        slots[at], slots[0] = slots[0], slots[at]
    elif what == "borrow":
        slots.insert(at, copy.deepcopy(some_entry(maker, document)))
    elif what == "add":
        slots.insert(
            at,
            {
                "digest": maker.h(b"").hex(),
                "kind": rng.choice(["file", "text", "json"]),
                "name": rng.choice(SPECIAL + m.NAMES),
                "size": 0,
            },
        )
    elif what == "empty":
        slots.clear()
    else:
        slots[at] = rng.choice([None, 1, "", [], {}, "0" * 64, "0" * 62, "A" * 64, True])


def exchange(maker, document, payloads):
    """Two directories, or two objects, change places; or one is dropped, or a stranger comes."""
    rng = maker.rng
    part = document[rng.choice(["directories", "objects"])]
    one, two = rng.choice(list(part)), rng.choice(list(part))
    what = rng.choice(["swap", "drop", "stranger", "key"])
    if what == "swap":
        part[one], part[two] = part[two], part[one]
    elif what == "drop":
        del part[one]
    elif what == "key":
        part[rng.choice(["0" * 64, "A" * 64, "0" * 62, "x"])] = part.pop(one)
    elif part is document["objects"]:
        part[maker.h(b"stranger").hex()] = {"text": "stranger"}
    else:
        part[maker.h(b"").hex()] = []


def change_object(maker, document, payloads):
    rng, objects = maker.rng, document["objects"]
    key = rng.choice(list(objects))
    data = v.object_bytes(objects[key])
    forms = [
        {"base64": m.b64(data)},
        {"base64": m.b64(data) + "="},
        {"json": data.hex()},
        {"json": [1, {"a": None}]},
        {"json": None, "text": ""},
        {},
        {"text": 1},
        {"hex": data.hex()},
        {"base64": m.b64(b"x" * 65537)},
        {"text": "x" * 65536},
        {"json": "x" * 65535},
        {
            "base64": "ab==",
        },
        {"base64": "YQ"},
    ]
    try:
        forms.append({"text": data.decode()})
    except UnicodeDecodeError:
        pass
    objects[key] = rng.choice(forms)
