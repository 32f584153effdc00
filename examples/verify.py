#!/usr/bin/env python3
"""A second verifier of mlprov bundles and inclusion proofs, written from docs/format.md alone.

    verify.py BUNDLE [--signer 0x…] [--root HEX] [--allow-unfinished] [--strict] [--json]
    verify.py --proof FILE [--signer 0x…] [--root HEX] [--json]

Exit codes: 0 holds, 1 refused, 2 wrong usage, 3 the file cannot be read, 4 unfinished. Needs
`blake3`, `cryptography` and `eth-account` (faster with `coincurve`). Numbers in headings are
sections of docs/format.md. Whatever the bytes say, `verify` returns a dict and never raises.
"""

import argparse
import base64
import collections
import datetime
import hashlib
import json
import re
import sys

from blake3 import blake3
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from eth_hash.auto import keccak
from eth_keys import keys
from eth_keys.exceptions import BadSignature, ValidationError

MAX_BYTES, MAX_DEPTH, MAX_VALUES, MAX_OBJECT, MAX_NAMES = 1 << 28, 32, 4_000_000, 1 << 16, 64
MAX_INT = 2**53 - 1
CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
HASHES = {
    "blake3": lambda data: blake3(data).digest(),
    "sha256": lambda data: hashlib.sha256(data).digest(),
    "sha3-256": lambda data: hashlib.sha3_256(data).digest(),
    "keccak256": keccak,
}
sha256 = HASHES["sha256"]
DTYPES_BY_BITS = {
    2: "torch:quint2x4",
    4: "F4 torch:quint4x2",
    6: "F6_E2M3 F6_E3M2",
    8: "BOOL U8 I8 F8_E4M3 F8_E5M2 F8_E8M0 F8_E4M3FNUZ F8_E5M2FNUZ torch:qint8 torch:quint8"
       " torch:bits8 torch:bits1x8 torch:bits2x4 torch:bits4x2"
       + "".join(f" torch:int{n} torch:uint{n}" for n in range(1, 8)),
    16: "U16 I16 F16 BF16 torch:bits16",
    32: "U32 I32 F32 torch:complex32 torch:qint32",
    64: "U64 I64 F64 C64",
    128: "torch:complex128",
}  # fmt: skip
DTYPE_BITS = {name: bits for bits, names in DTYPES_BY_BITS.items() for name in names.split()}


class Refused(Exception):
    """args: the refusal's name, a sentence."""


def need(condition, name, detail):
    if not condition:
        raise Refused(name, detail)


# 1. Canonical JSON ---------------------------------------------------------------------------


def canonical(value):
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def check_limits(data):
    """Counts values and depth before anything is built of them."""
    need(len(data) <= MAX_BYTES, "too-large", "more bytes than a document may have")
    plain, quoted, outside = data.replace(b"\\\\", b"").replace(b'\\"', b""), False, []
    for at in range(0, len(plain), 1 << 20):
        parts = plain[at : at + (1 << 20)].split(b'"')
        outside.append(b"".join(parts[quoted::2]))
        quoted ^= len(parts) % 2 == 0
    bare = b"".join(outside)
    opened, empty = bare.count(b"[") + bare.count(b"{"), bare.count(b"[]") + bare.count(b"{}")
    values = max(opened, 1 + bare.count(b",") + opened - empty)
    need(values <= MAX_VALUES, "too-large", "too many JSON values")
    depth = 0
    for bracket in bare.translate(None, bytes(set(range(256)) - set(b"[]{}"))):
        depth += 1 if bracket in b"[{" else -1
        need(depth <= MAX_DEPTH, "too-large", "JSON nested too deep")
        need(depth >= 0, "not-canonical", "brackets that do not match")


def parse_canonical(data):
    def integer(text):
        if len(text) > 17 or abs(int(text)) > MAX_INT:
            raise ValueError("an integer beyond 2^53-1")
        return int(text)

    def refuse(text):
        raise ValueError(f"the number {text[:40]}")

    def pairs(found):
        result = dict(found)
        good = all(re.fullmatch("[A-Za-z0-9_.:-]+", key) for key in result)
        if not good or len(result) != len(found):
            raise ValueError("a key that stands twice or is not allowed")
        return result

    check_limits(data)
    try:
        value = json.loads(data.decode(), object_pairs_hook=pairs, parse_int=integer,
                           parse_float=refuse, parse_constant=refuse)  # fmt: skip
        same = canonical(value) == data
    except ValueError as error:  # also what is wrong with UTF-8
        raise Refused("not-canonical", f"not canonical JSON: {error}") from None
    need(same, "not-canonical", "JSON, but not in its canonical form")
    return value


# Grammar: a string is a regular expression, `int` an integer from 0, [p] an array of p, a dict an
# object with just these keys (`key?` may be absent), a tuple alternatives, a function a test.


def fits(value, pattern):
    if isinstance(pattern, str):
        return type(value) is str and re.fullmatch(pattern, value) is not None
    if pattern is int:
        return type(value) is int and 0 <= value <= MAX_INT
    if pattern is None or pattern is True:
        return value is pattern
    if isinstance(pattern, tuple):
        return any(fits(value, p) for p in pattern)
    if isinstance(pattern, list):
        return type(value) is list and all(fits(v, pattern[0]) for v in value)
    if isinstance(pattern, dict):
        if type(value) is not dict:
            return False
        known = {key.rstrip("?"): p for key, p in pattern.items()}
        return set(value) <= set(known) and all(
            fits(value[key.rstrip("?")], p) if key.rstrip("?") in value else key.endswith("?")
            for key, p in pattern.items())  # fmt: skip
    return pattern(value)


def mapping(key, of):
    return lambda v: type(v) is dict and all(fits(k, key) and fits(x, of) for k, x in v.items())


def shape(value, pattern, where):
    need(fits(value, pattern), "malformed", f"{where} has not the shape that it must have")
    return value


def ascending(items):
    return all(a < b for a, b in zip(items, items[1:]))


def unbase64(value):
    """The bytes, or None."""
    try:
        data = base64.b64decode(value.encode("ascii"), validate=True)
    except ValueError:
        return None
    return data if base64.b64encode(data).decode() == value else None


# 3. Names ------------------------------------------------------------------------------------


def escape_name(outside):
    def escape(match):
        code = ord(match[0])
        short = {"~": "~0", "/": "~1"}.get(match[0])
        return short or f"%{code - 0xDC00 if code >= 0xDC80 else code:02X}"

    text = outside.decode("utf-8", "surrogateescape")  # stray bytes become U+DC80..U+DCFF
    name = re.sub("[\x00-\x1f\x7f%~/\udc80-\udcff]", escape, text)
    reserved = outside in (b".", b"..", b"circumstances")
    return f"%{outside[0]:02X}{name[1:]}" if reserved else name


def is_name(name):
    if name == "circumstances":
        return True
    if not fits(name, "[^/]+") or re.search("%(?![0-9A-F]{2})|~(?![01])", name):
        return False
    plain = {"~0": b"~", "~1": b"/"}
    raw = b"".join(bytes([int(part[1:], 16)]) if part[:1] == "%" else plain.get(part, part.encode())
                   for part in re.split("(%..|~.)", name))  # fmt: skip
    return escape_name(raw) == name


# 4. and 5. Entries and directories -----------------------------------------------------------

HEX16, HEX32, ADDRESS = "[0-9a-f]{32}", "[0-9a-f]{64}", "0x[0-9a-f]{40}"
NAMED = {"digest": HEX32, "name": is_name, "salt?": HEX16}
ENTRY = (
    {"kind": "json|file|text", "size": int, **NAMED},
    {"kind": "tensor", "dtype": "|".join(DTYPE_BITS), "shape": [int], **NAMED},
    {"kind": "tree", "entries": int, "salted?": True, **NAMED},
)


def entry_bytes(entry):
    """How many bytes an entry that is no tree stands for; None for too many."""
    if entry["kind"] != "tensor":
        return entry["size"]
    bits = 0 if 0 in entry["shape"] else DTYPE_BITS[entry["dtype"]]
    for dimension in entry["shape"]:
        bits *= dimension
        if bits > 8 * MAX_INT:
            return None
    return (bits + 7) // 8


def is_entry(value):
    return fits(value, ENTRY) and (value["kind"] == "tree" or entry_bytes(value) is not None)


def is_directory(slots):
    good = fits(slots, [(HEX32, is_entry)])
    return good and ascending([entry["name"].encode() for entry in clear(slots)])


def clear(slots):
    return [slot for slot in slots if type(slot) is dict]


def is_salted(slots, _=None):
    return any(type(slot) is str or "salt" in slot or "salted" in slot for slot in slots)


def leaf(h, slot):
    return h(b"\0" + canonical(slot)) if type(slot) is dict else bytes.fromhex(slot)


def merkle_root(h, leaves):
    """RFC 6962: pairing neighbours and letting an odd last one rise gives the same tree."""
    level = list(leaves)
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        level = [h(b"\1" + a + b) for a, b in zip(level[::2], level[1::2])] + odd
    return level[0] if level else h(b"")


def root_from_path(h, node, index, size, path):
    """RFC 9162 section 2.1.3.2; None unless the path has the length that index and size demand."""
    fn, sn = index, size - 1
    for sibling in map(bytes.fromhex, path):
        if fn > sn or sn == 0:
            return None
        if fn & 1 or fn == sn:
            node = h(b"\1" + sibling + node)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            node = h(b"\1" + node + sibling)
        fn, sn = fn >> 1, sn >> 1
    return node if index < size and sn == 0 else None


# 8. and 9. Statements and signatures ---------------------------------------------------------

KEY_NAME = "[^+\x00-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+"
PATHS = {"before": "before", "after": "", "epoch": r"training/epoch-([0-9]{8})",
         "step": r"step-([0-9]{8})"}  # fmt: skip
PAYLOAD_TYPE = "application/vnd.in-toto+json"
SUBJECT = "mlprov-tree-v1-"
ENVELOPE = {"payload": "[A-Za-z0-9+/=]*", "payloadType": re.escape(PAYLOAD_TYPE),
            "signatures": [{"keyid": ADDRESS, "sig": "[A-Za-z0-9+/]{87}="}]}  # fmt: skip


def parse_vkey(text):
    """Name, id and key of a log's verifier key, or None."""
    match = type(text) is str and re.fullmatch(f"({KEY_NAME})\\+([0-9a-f]{{8}})\\+(.*)", text)
    key = unbase64(match[3]) if match else None
    good = key and len(key) == 33 and key[0] == 1
    good = good and sha256(match[1].encode() + b"\n" + key)[:4].hex() == match[2]
    return (match[1], bytes.fromhex(match[2]), key[1:]) if good else None


def is_time(value):
    if not fits(value, "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z"):
        return False
    try:
        return bool(datetime.datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ"))
    except ValueError:
        return False


PREDICATE = {"author": ADDRESS, "entries": int, "log": (None, parse_vkey), "path": "(?s).*",
             "phase": "|".join(PATHS), "previous": (None, HEX32), "run": HEX16,
             "time": is_time}  # fmt: skip
STATEMENT = {
    "_type": re.escape("https://in-toto.io/Statement/v1"),
    "predicate": PREDICATE,
    "predicateType": "urn:mlprov:statement:v1",
    "subject": [{"digest": {f"{SUBJECT}{h}?": HEX32 for h in HASHES}, "name": HEX16}],
}


def parse_envelope(value):
    """The predicate of the statement within, with more beside it."""
    shape(value, ENVELOPE, "an envelope")
    need(len(value["signatures"]) == 1, "malformed", "an envelope needs exactly one signature")
    payload = unbase64(value["payload"])
    signature = unbase64(value["signatures"][0]["sig"])
    need(payload is not None and signature, "malformed", "an envelope's base64")
    try:
        statement = shape(parse_canonical(payload), STATEMENT, "a payload")
    except Refused as refused:
        raise Refused("malformed", f"payload: {refused.args[1]}") from None
    s, subject = dict(statement["predicate"]), statement["subject"]
    need(len(subject) == 1 and len(subject[0]["digest"]) == 1, "malformed", "not one subject")
    ((key, s["root"]),) = subject[0]["digest"].items()
    number = re.fullmatch(PATHS[s["phase"]], s["path"])
    good = number and subject[0]["name"] == s["run"] and s["path"][-8:] != "00000000"
    need(good, "malformed", "a statement whose path or subject is not its own")
    pae = b"DSSEv1 %d %s %d " % (len(PAYLOAD_TYPE), PAYLOAD_TYPE.encode(), len(payload)) + payload
    s.update(algorithm=key[len(SUBJECT):], id=sha256(payload), signed=sha256(pae), sig=signature,
             keyid=value["signatures"][0]["keyid"])  # fmt: skip
    return s


def recover(digest, signature):
    """The address that signed, or None."""
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:64], "big")
    if not (0 < r < CURVE_ORDER and 0 < s <= CURVE_ORDER // 2 and signature[64] in (27, 28)):
        return None
    try:
        public = keys.Signature(vrs=(signature[64] - 27, r, s))
        return "0x" + keccak(public.recover_public_key_from_msg_hash(digest).to_bytes())[12:].hex()
    except (BadSignature, ValidationError, ValueError):
        return None


def check_envelope(s):
    good = s["keyid"] == s["author"] == recover(s["signed"], s["sig"])
    need(good, "bad-signature", f"the statement {s['path']!r} is not signed by its author")


def check_cosignature(cosignature, identity):
    text = b"mlprov statement v1\nsha256:%s\n" % identity.hex().encode()
    digest = keccak(b"\x19Ethereum Signed Message:\n%d" % len(text) + text)
    signer = recover(digest, bytes.fromhex(cosignature["signature"][2:]))
    claimed = cosignature["address"]
    need(signer == claimed, "bad-signature", f"the co-signature of {claimed}")


# 10. The log ---------------------------------------------------------------------------------


def open_note(note, vkey):
    """The text of a note, and how many lines are by others, when the verifier key signed it."""
    name, identity, key = vkey
    text, middle, rest = note.rpartition("\n\n")
    text, lines = text + "\n", rest.split("\n")
    good = middle and lines.pop() == "" and 0 < len(lines) <= 100
    good = good and len(note.encode()) <= 1_000_000 and not re.search("[\x00-\x09\x0b-\x1f]", note)
    need(good, "log", "the checkpoint is no note")
    verified = 0
    for line in lines:
        match = re.fullmatch(f"\u2014 ({KEY_NAME}) (.*)", line)
        signature = unbase64(match[2]) if match else None
        need(signature and len(signature) >= 5, "log", "a signature line that is none")
        if match[1] == name and signature[:4] == identity:
            try:
                Ed25519PublicKey.from_public_bytes(key).verify(signature[4:], text.encode())
            except (InvalidSignature, ValueError):
                raise Refused("log", "the log's signature does not hold") from None
            verified += 1
    need(verified, "log", "the checkpoint is not signed by the log")
    return text, len(lines) - verified


def check_log(log, statements):
    """Returns how many lines of the checkpoint are by others than the log."""
    included = [s for s in statements if s["inclusion"]]
    need(bool(log) == bool(included), "log", "a log without inclusions, or these without a log")
    if not log:
        return 0
    vkey = parse_vkey(log["vkey"])
    need(vkey, "log", "a verifier key that is none")
    text, others = open_note(log["checkpoint"], vkey)
    origin, size, root, *more = text.split("\n")[:-1] + ["", ""]
    good = origin == vkey[0] and all(more[:-2]) and re.fullmatch("0|[1-9][0-9]{0,18}", size)
    root = unbase64(root) if good and int(size) < 2**63 else None
    need(root and len(root) == 32, "log", "the checkpoint's body")
    last = -1
    for s in included:
        index, path = s["inclusion"]["index"], s["inclusion"]["path"]
        got = root_from_path(sha256, sha256(b"\0" + s["id"]), index, int(size), path)
        good = s["log"] == log["vkey"] and got == root and index > last
        need(good, "log", f"{s['path']!r} does not stand in this log after those before it")
        last = index
    return others


# 11. The bundle ------------------------------------------------------------------------------

ANY = lambda value: True  # noqa: E731
OBJECT = ({"json": ANY}, {"text": "(?s).*"}, {"base64": "[A-Za-z0-9+/=]*"})
VOUCHED = {
    "cosignatures": [{"address": ADDRESS, "signature": "0x[0-9a-f]{130}"}],
    "envelope": ENVELOPE,
    "inclusion": (None, {"index": int, "path": [HEX32]}),
    "receipts": [{"driver": "(?s).+", "name": "(?s).+", "receipt": mapping(".*", ANY)}],
}
BUNDLE = {
    "directories": mapping(HEX32, is_directory),
    "format": "mlprov-bundle-v1",
    "log": (None, {"checkpoint": "(?s).*", "vkey": "(?s).*"}),
    "objects": mapping(HEX32, OBJECT),
    "statements": [VOUCHED],
}


def object_bytes(value):
    if "json" in value:
        return canonical(value["json"])
    return value["text"].encode() if "text" in value else unbase64(value["base64"])


def parse_statement(vouched):
    s = parse_envelope(vouched["envelope"])
    s.update({key: vouched[key] for key in ("cosignatures", "inclusion", "receipts")})
    signers = [c["address"] for c in s["cosignatures"]]
    receipts = [(r["driver"].encode(), r["name"].encode()) for r in s["receipts"]]
    good = ascending(signers) and s["author"] not in signers and ascending(receipts)
    need(good, "malformed", f"cosignatures or receipts of {s['path']!r}")
    return s


class Bundle:
    def __init__(self, data):
        """Checks 1 to 3."""
        value = shape(parse_canonical(data), BUNDLE, "the bundle")
        self.directories, self.log = value["directories"], value["log"]
        self.forms = {key: next(iter(form)) for key, form in value["objects"].items()}
        self.objects = {key: object_bytes(form) for key, form in value["objects"].items()}
        good = all(data is not None and len(data) <= MAX_OBJECT for data in self.objects.values())
        need(good, "malformed", "an object that is too large, or no base64")
        self.statements = [parse_statement(vouched) for vouched in value["statements"]]
        need(self.statements, "malformed", "no statements")
        self.first, self.last = self.statements[0], self.statements[-1]
        self.h = HASHES[self.first["algorithm"]]
        self.names = {key: {entry["name"]: entry for entry in clear(slots)}
                      for key, slots in self.directories.items()}  # fmt: skip

    def phase(self, phase):
        return [s for s in self.statements if s["phase"] == phase]

    def below(self, slots):
        """The digests of the carried directories that a list leads to."""
        trees = [entry["digest"] for entry in clear(slots) if entry["kind"] == "tree"]
        return [digest for digest in trees if digest in self.directories]

    def bottom_up(self, combine):
        """{digest: combine(slots, results below)} of all reached directories, each once."""
        done, todo = {}, [s["root"] for s in self.statements]
        while todo:
            slots = self.directories[todo[-1]]
            waiting = [] if todo[-1] in done else [d for d in self.below(slots) if d not in done]
            todo.extend(waiting)
            if not waiting:
                digest = todo.pop()
                done[digest] = done[digest] if digest in done else combine(slots, done)
        return done

    def check_statements(self):
        """Checks 4 to 7."""
        for s in self.statements:
            check_envelope(s)
            for cosignature in s["cosignatures"]:
                check_cosignature(cosignature, s["id"])
        for s in self.statements:
            good = all(s[key] == self.first[key] for key in ("run", "algorithm", "author", "log"))
            need(good, "statement-mismatch", f"{s['path']!r} is of another run, author or log")
        word = "".join(s["phase"][0] for s in self.statements)
        need(re.fullmatch("s+|s?be*(as*)?", word), "statement-order", f"the phases {word[:80]}")
        self.leading = word.startswith("sb")
        for number, s in [*enumerate(self.phase("epoch"), 1), *enumerate(self.phase("step"), 1)]:
            need(int(s["path"][-8:]) == number, "statement-order", f"the number of {s['path']!r}")
        previous = None
        for s in self.statements:
            need(s["previous"] == previous, "statement-chain", f"`previous` of {s['path']!r}")
            previous = s["id"].hex()

    def check_digests(self):
        """Checks 8 to 13."""
        for key, slots in self.directories.items():
            root = merkle_root(self.h, [leaf(self.h, slot) for slot in slots])
            need(root.hex() == key, "root-mismatch", f"the directory {key}")
        for key, data in self.objects.items():
            need(self.h(data).hex() == key, "digest-mismatch", f"the object {key}")
        for s in self.statements:
            need(s["root"] in self.directories, "skeleton", f"{s['path']!r} is not carried")
        for s in self.statements:
            good = s["entries"] == len(self.directories[s["root"]])
            need(good, "statement-mismatch", f"entries of {s['path']!r}")
        heights = self.bottom_up(self.height)
        for s in self.statements:
            names = len(s["path"].split("/")) if s["path"] else 0
            need(names + heights[s["root"]] <= MAX_NAMES, "too-large", f"below {s['path']!r}")
        self.salted = self.bottom_up(is_salted)
        self.kinds = collections.defaultdict(set)
        for root in self.salted:
            for entry in clear(self.directories[root]):
                self.check_reference(entry)
        for key, kinds in self.kinds.items():
            form = "json" if "json" in kinds else "text" if "text" in kinds else "base64"
            need(self.forms[key] == form, "kind-mismatch", f"the form of the object {key}")

    def height(self, slots, known):
        return 1 + max([known[digest] for digest in self.below(slots)], default=0) if slots else 0

    def check_reference(self, entry):
        digest, good = entry["digest"], True
        if entry["kind"] != "tree" and digest in self.objects:
            self.kinds[digest].add(entry["kind"])
            good = entry_bytes(entry) == len(self.objects[digest])
        elif entry["kind"] == "tree" and digest in self.directories:
            good = entry["entries"] == len(self.directories[digest])
            good = good and ("salted" in entry) == self.salted[digest]
        need(good, "kind-mismatch", f"{entry['name']!r} is not what its entry says")

    def check_skeleton(self):
        """Check 14: looks at every directory once a class, and counts a word for every slot."""
        self.words, self.loose, self.hides = collections.Counter(), None, False
        todo = [(s["root"], {"after": "top"}.get(s["phase"], s["phase"])) for s in self.statements]
        seen = set()
        while todo:
            digest, cls = todo.pop()
            good = digest in self.directories or cls not in CARRIED
            where = f"the directory {digest} of class {cls}"
            need(good, "skeleton", f"{where} is not carried")
            if digest in self.directories and (digest, cls) not in seen:
                seen.add((digest, cls))
                slots = self.directories[digest]
                need(self.fits_class(digest, cls), "skeleton", where)
                for slot in slots:
                    self.count(slot, cls)
                todo += [(tree["digest"], child_class(cls, tree["name"]))
                         for tree in clear(slots) if tree["kind"] == "tree"]  # fmt: skip

    def fits_class(self, digest, cls):
        kinds = {name: entry["kind"] for name, entry in self.names[digest].items()}
        good = cls not in CARRIED or len(kinds) == len(self.directories[digest])
        if cls == "top":
            good = good and kinds == TOP
        elif cls == "training":
            good = good and kinds == {f"epoch-{i:08d}": "tree" for i in range(1, len(kinds) + 1)}
        elif cls == "step":
            good = good and kinds.items() <= STEP.items()
        if "circumstances" in kinds:
            good = good and cls in CARRIED and kinds["circumstances"] == "tree"
        if cls == "before":
            good = good and kinds.get("command") == ("tree" if self.leading else None)
        if cls in ("before", "step"):
            run = self.run_entry(digest)
            good = good and run and run["kind"] == "json" and "salt" not in run
            good = good and run["digest"] in self.objects
        return good

    def run_entry(self, digest):
        tree = self.names[digest].get("circumstances", {})
        return self.names.get(tree.get("digest"), {}).get("run")

    def count(self, slot, cls):
        inside = cls in ("circumstances", "inside")
        word, salted = "withheld", True
        if type(slot) is dict:
            at_hand = self.directories if slot["kind"] == "tree" else self.objects
            word = "recomputed" if slot["digest"] in at_hand else "bound"
            salted = "salt" in slot or (word == "bound" and "salted" in slot)
            inside = inside or slot["name"] == "circumstances"
        self.words[word] += 1
        self.hides = self.hides or (salted and not inside)
        if word == "withheld" or (word == "bound" and not inside):
            self.loose = f"an entry in a directory of class {cls} is {word}"

    def check_tree(self):
        """Checks 15 to 18."""
        run = canonical({key: self.first[key] for key in ("algorithm", "author", "run")})
        for s in self.phase("before") + self.phase("step"):
            said = self.objects[self.run_entry(s["root"])["digest"]]
            need(said == run, "statement-mismatch", f"circumstances of {s['path']!r}")
        before, after, epochs = map(self.phase, ("before", "after", "epoch"))
        pairs = [(s, "command", self.first) for s in before if self.leading]
        for s, name, other in pairs + [(s, "before", before[0]) for s in after]:
            good = same(self.names[s["root"]][name], other)
            need(good, "statement-mismatch", f"{name!r} is not what {other['path']!r} speaks for")
        for s in after:
            training = self.directories[self.names[s["root"]]["training"]["digest"]]
            good = len(training) == len(epochs) and all(map(same, training, epochs))
            need(good, "epoch-mismatch", "the epochs of the tree are not those of the statements")
        entries = [entry for slots in self.directories.values() for entry in clear(slots)]
        salts = [entry["salt"] for entry in entries if "salt" in entry]
        need(len(set(salts)) == len(salts), "salt-reuse", "a salt stands twice")
        good = set(self.directories) == set(self.salted) and set(self.objects) == set(self.kinds)
        need(good, "unreferenced", "a directory or an object is not reached")

    def content(self, slots, known):
        """7. (root, entries) of a directory's content."""
        leaves = []
        for entry in clear(slots):
            if entry["name"] != "circumstances":
                entry = {
                    key: value for key, value in entry.items() if key not in ("salt", "salted")
                }
                if entry["kind"] == "tree" and entry["digest"] in known:
                    entry["digest"], entry["entries"] = known[entry["digest"]]
                leaves.append(leaf(self.h, entry))
        return merkle_root(self.h, leaves).hex(), len(leaves)

    def content_root(self):
        known, after = self.bottom_up(self.content), self.phase("after")
        if self.hides or (self.phase("before") and not after):
            return None
        if after:
            return known[after[0]["root"]][0]
        steps = []
        for s in self.statements:
            root, entries = known[s["root"]]
            steps.append({"digest": root, "entries": entries, "kind": "tree", "name": s["path"]})
        return merkle_root(self.h, [leaf(self.h, step) for step in steps]).hex()

    def warnings(self, witnesses):
        for earlier, s in zip(self.statements, self.statements[1:]):
            if s["time"] < earlier["time"]:
                yield f"the time of {s['path']!r} steps back"
        for s in self.statements:
            if s["log"] is not None and s["inclusion"] is None:
                yield f"log not checked: {s['path']!r} has no inclusion"
            for r in s["receipts"]:
                yield f"receipt not checked: {r['driver']} {r['name']} for {s['path']!r}"
        if witnesses:
            yield f"{witnesses} witness lines of the checkpoint are not checked"


TOP = dict.fromkeys(("before", "circumstances", "result", "training"), "tree")
STEP = {"circumstances": "tree", "command": "json", "files": "tree", "inputs": "tree",
        "message": "text", "metrics": "json", "outputs": "tree"}  # fmt: skip
CARRIED = {"top", "before", "training", "epoch", "result", "step"}


def child_class(cls, name):
    if cls == "top":
        return name
    if cls in ("circumstances", "inside"):
        return "inside"
    special = {"circumstances": "circumstances", "command": "step" if cls == "before" else "free"}
    return "epoch" if cls == "training" else special.get(name, "free")


def same(entry, s):
    return (entry["digest"], entry["entries"]) == (s["root"], s["entries"])


# 13. and 14. Verdicts ------------------------------------------------------------------------


def verify(data, signer=None, root=None, allow_unfinished=False, strict=False):
    """The verdict on a bundle's bytes."""

    def check():
        bundle = Bundle(data)
        bundle.check_statements()
        bundle.check_digests()
        bundle.check_skeleton()
        bundle.check_tree()
        witnesses = check_log(bundle.log, bundle.statements)
        verdict = asked_for((bundle.phase("after") or [bundle.last])[0], signer, root)
        need(not (strict and bundle.loose), "not-recomputed", bundle.loose)
        unfinished = bundle.phase("before") and not bundle.phase("after")
        verdict["outcome"] = "unfinished" if unfinished and not allow_unfinished else "holds"
        verdict["detail"] = f"unfinished at {bundle.last['phase']}" if unfinished else ""
        return {**verdict, "content_root": bundle.content_root(), "digests": dict(bundle.words),
                "warnings": list(bundle.warnings(witnesses))}  # fmt: skip

    return answer(check)


def verify_proof(data, signer=None, root=None):
    """The verdict on an inclusion proof's bytes (12)."""

    def check():
        proof = {"chain": [{"entry": is_entry, "index": int, "path": [HEX32]}],
                 "format": "mlprov-proof-v1", "statement": ENVELOPE}  # fmt: skip
        value = shape(parse_canonical(data), proof, "the proof")
        s, chain = parse_envelope(value["statement"]), value["chain"]
        need(0 < len(chain) <= MAX_NAMES, "malformed", "an empty or endless chain")
        check_envelope(s)
        inner = all(step["entry"]["kind"] == "tree" for step in chain[:-1])
        need(inner, "kind-mismatch", "an element before the last is no directory")
        h, at, size = HASHES[s["algorithm"]], s["root"], s["entries"]
        for step in chain:
            entry = step["entry"]
            got = root_from_path(h, leaf(h, entry), step["index"], size, step["path"])
            need(got == bytes.fromhex(at), "root-mismatch", f"{entry['name']!r} is not included")
            at, size = entry["digest"], entry.get("entries")
        names = [s["path"]] * bool(s["path"]) + [step["entry"]["name"] for step in chain]
        return {**asked_for(s, signer, root), "entry": chain[-1]["entry"], "path": "/".join(names)}

    return answer(check)


def asked_for(s, signer, root):
    need(signer in (None, s["author"]), "wrong-signer", f"the author is {s['author']}")
    need(root in (None, s["root"]), "wrong-root", f"the root is {s['root']}")
    verdict = {"outcome": "holds", "refusal": None, "identity_checked": bool(signer or root)}
    return {**verdict, **{key: s[key] for key in ("run", "algorithm", "author", "root")}}


def answer(check):
    try:
        return check()
    except Refused as refused:
        return {"outcome": "refused", "refusal": refused.args[0], "detail": refused.args[1]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", help="a bundle, or with --proof an inclusion proof")
    parser.add_argument("--proof", action="store_true")
    parser.add_argument("--signer", type=str.lower, help="address that must be the author's")
    parser.add_argument("--root", type=str.lower, help="what the root must be")
    parser.add_argument("--allow-unfinished", action="store_true")
    parser.add_argument("--strict", action="store_true", help="every digest must be recomputed")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not fits(options.signer, (None, ADDRESS)) or not fits(options.root, (None, HEX32)):
        parser.error("--signer is 0x and 40 hex characters, --root 64")
    try:
        with open(options.file, "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        print(f"verify.py: {error}", file=sys.stderr)
        return 3
    o = options
    if o.proof:
        verdict = verify_proof(data, o.signer, o.root)
    else:
        verdict = verify(data, o.signer, o.root, o.allow_unfinished, o.strict)
    if options.json:
        print(json.dumps(verdict, indent=2, sort_keys=True))
    else:
        said = [f"{key}: {value}" for key, value in verdict.items() if value not in (None, "")]
        print("\n".join(said))
        if not verdict.get("identity_checked", True):
            print("consistent in itself; nobody's identity checked")
    return {"holds": 0, "refused": 1, "unfinished": 4}[verdict["outcome"]]


if __name__ == "__main__":
    sys.exit(main())
