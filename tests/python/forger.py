"""Altered bundles whose altering goes deep: after a change, digests, roots, statements and
signatures are made good again up to a random level, so that each check gets its turn."""

import base64
import copy
import json

import changes_signed as signed
import changes_tree as tree
import maker as m
import verify as v

LEVELS = ["objects", "directories", "references", "statements", "chain", "signatures", "log"]


def forge(maker):
    """The bytes of an altered bundle of this run."""
    rng, document, cosigners = maker.rng, copy.deepcopy(maker.document), maker.cosigners
    payloads = [
        json.loads(base64.b64decode(s["envelope"]["payload"])) for s in document["statements"]
    ]
    for _ in range(rng.choice([1, 1, 1, 2])):
        change = rng.choice(CHANGES)
        try:
            change(maker, document, payloads)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            pass  # nothing of the sort in this bundle, or too broken by the change before
    level = rng.choice([0, 2, 3, 5, 6, 7, 7, 7, 7, 7, 7])
    try:
        repair(maker, document, payloads, set(LEVELS[:level]))
    except (IndexError, KeyError, TypeError, AttributeError, ValueError, RecursionError):
        pass
    finally:
        maker.cosigners = cosigners
    try:
        return v.canonical(document)
    except ValueError:
        return v.canonical(maker.document)


# Making good again.


def repair(maker, document, payloads, levels):
    renamed = {}
    if "objects" in levels:
        sizes = repair_objects(maker, document, renamed)
    if "directories" in levels:
        roots = repair_directories(maker, document, renamed, sizes, "references" in levels)
    if "statements" in levels:
        for payload in payloads:
            digests = payload["subject"][0]["digest"]
            for key in digests:
                digests[key] = roots.get(digests[key], digests[key])
                if "references" in levels and digests[key] in document["directories"]:
                    payload["predicate"]["entries"] = len(document["directories"][digests[key]])
    if "chain" in levels:
        previous = None
        for payload in payloads:
            payload["predicate"]["previous"] = previous
            previous = v.sha256(v.canonical(payload)).hex()
    if "signatures" in levels:
        for statement, payload in zip(document["statements"], payloads):
            signed = m.envelope(maker.secret, v.canonical(payload))
            statement["envelope"].update(payload=signed["payload"], signatures=signed["signatures"])
            for secret in maker.cosigners:
                made = m.cosignature(secret, v.canonical(payload))
                for cosignature in statement["cosignatures"]:
                    if cosignature["address"] == made["address"]:
                        cosignature.update(made)
    if "log" in levels and document["log"] is not None:
        m.put_into_log(maker, document)


def repair_objects(maker, document, renamed):
    sizes, objects = {}, {}
    for key, value in document["objects"].items():
        data = v.object_bytes(value)
        new = maker.h(data).hex() if data is not None and len(key) == 64 else key
        renamed[key], sizes[new], objects[new] = new, len(data or b""), value
    document["objects"] = objects
    return sizes


def repair_directories(maker, document, renamed, sizes, references):
    old, new, roots = document["directories"], {}, {}

    def visit(root):  # test trees are shallow
        if root in roots or root not in old:
            return
        roots[root] = root
        for entry in v.clear(old[root]):
            if entry["kind"] == "tree":
                visit(entry["digest"])
                entry["digest"] = roots.get(entry["digest"], entry["digest"])
                if references and entry["digest"] in new:
                    fit(entry, new[entry["digest"]])
            else:
                entry["digest"] = renamed.get(entry["digest"], entry["digest"])
                if references and "size" in entry:
                    entry["size"] = sizes.get(entry["digest"], entry["size"])
        if maker.rng.random() < 0.9:
            old[root].sort(key=lambda s: s["name"].encode() if type(s) is dict else b"")
        roots[root] = v.merkle_root(maker.h, [v.leaf(maker.h, slot) for slot in old[root]]).hex()
        new[roots[root]] = old[root]

    def fit(entry, slots):
        entry["entries"] = len(slots)
        entry.pop("salted", None)
        if any(type(s) is str or "salt" in s or "salted" in s for s in slots):
            entry["salted"] = True

    for root in list(old):
        visit(root)
    document["directories"] = new
    return roots


CHANGES = (
    [tree.change_entry] * 6
    + [tree.reshape_entry, tree.drop_key]
    + [tree.change_slots] * 4
    + [tree.exchange] * 2
    + [
        tree.change_object,
        signed.change_run,
        signed.change_predicate,
        signed.change_predicate,
        signed.change_statement,
        signed.change_order,
        signed.change_order,
        signed.change_envelope,
        signed.change_payload,
        signed.change_cosignature,
        signed.change_receipts,
        signed.change_log,
        signed.change_log,
        signed.change_anything,
    ]
)
