"""Inclusion proofs of runs made by maker.py, good and altered."""

import copy
import json

import maker as m
import verify as v


def hash_path(h, leaves, index):
    """RFC 6962 section 2.1.1 with any hash, lowest first."""
    path = []
    while len(leaves) > 1:
        if index ^ 1 < len(leaves):
            path.append(leaves[index ^ 1].hex())
        odd = leaves[-1:] if len(leaves) % 2 else []
        leaves = [h(b"\1" + a + b) for a, b in zip(leaves[::2], leaves[1::2])] + odd
        index //= 2
    return path


def make(maker):
    """A proof of some entry in clear, or nothing where a run has none."""
    rng = maker.rng
    at = rng.randrange(len(maker.payloads))
    chain, root = [], maker.roots[at]
    while root in maker.directories:
        slots = maker.directories[root]
        places = [i for i, slot in enumerate(slots) if type(slot) is dict]
        if not places or (chain and rng.random() < 0.3):
            break
        index = rng.choice(places)
        leaves = [v.leaf(maker.h, slot) for slot in slots]
        path = hash_path(maker.h, leaves, index)
        chain.append({"entry": slots[index], "index": index, "path": path})
        root = slots[index]["digest"] if slots[index]["kind"] == "tree" else None
    if not chain:
        return None
    statement = m.envelope(maker.secret, maker.payloads[at])
    document = {"chain": chain, "format": "mlprov-proof-v1", "statement": statement}
    return json.loads(v.canonical(document))


def change_chain(maker, document, other):
    rng, chain = maker.rng, document["chain"]
    at = rng.randrange(len(chain))
    what = rng.choice(["drop", "double", "borrow", "path", "shorten", "lengthen", "index", "empty"])
    if what == "drop":
        del chain[at]
    elif what == "double":
        chain.insert(at, copy.deepcopy(chain[at]))
    elif what == "borrow":
        chain[at] = rng.choice(other["chain"])
    elif what == "path" and chain[at]["path"]:
        path = chain[at]["path"]
        path[rng.randrange(len(path))] = rng.choice(["0" * 64, "0" * 62, None, "A" * 64])
    elif what == "shorten":
        chain[at]["path"] = chain[at]["path"][1:]
    elif what == "lengthen":
        chain[at]["path"] += rng.choice([["0" * 64], ["0" * 64] * 70])
    elif what == "index":
        chain[at]["index"] = rng.choice([0, 1, 2, 3, 2**53 - 1, -1, "0", True])
    elif what == "empty":
        document["chain"] = rng.choice([[], chain * 30, None, {}])


def change_entry(maker, document, other):
    rng = maker.rng
    entry = rng.choice(document["chain"])["entry"]
    changes = [{"name": "x"}, {"name": ".."}, {"digest": "0" * 64}, {"entries": 1}, {"size": 1}]
    entry.update(rng.choice(changes + [{"kind": "file"}, {"salt": "0" * 32}, {"salted": True}]))


def change_statement(maker, document, other):
    rng = maker.rng
    another = m.envelope(rng.randbytes(32), rng.choice(maker.payloads))
    mine = m.envelope(maker.secret, rng.choice(maker.payloads))
    wrapped = {"envelope": document["statement"]}
    document["statement"] = rng.choice([another, mine, other["statement"], wrapped, None])


def change_top(maker, document, other):
    changes = [{"format": "mlprov-proof-v2"}, {"more": 1}, {"size": 4}, {"statement": None}]
    document.update(maker.rng.choice(changes))


def forge(maker, document, other):
    document = copy.deepcopy(document)
    change = maker.rng.choice(
        [change_chain, change_chain, change_entry, change_statement, change_top]
    )
    change(maker, document, other)
    return v.canonical(document)
