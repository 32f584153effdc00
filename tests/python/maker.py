"""Random good bundles, written from docs/format.md: what a reader must accept."""

import base64
import datetime
import json

import verify as v
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from eth_hash.auto import keccak
from eth_keys import keys

NAMES = [
    "a",
    "b",
    "weights",
    "fc1.weight",
    "ö",
    "日本",
    "%2E",
    "%2E.",
    "%63ircumstances",
    "~0",
    "~1x",
    "x%25y",
    "%00",
    "%FF%FE",
    "Z z",
    '"q"',
    "back\\slash",
    "\u2028",
    "\U0001f600",
    "\x7f".replace("\x7f", "%7F"),
    "0000000001.data",
    "0000000001.target",
    "run",
    "command",
    "message",
]


def b64(data):
    return base64.b64encode(data).decode()


def sign(secret, digest):
    signature = keys.PrivateKey(secret).sign_msg_hash(digest)
    r, s = signature.r.to_bytes(32, "big"), signature.s.to_bytes(32, "big")
    return r + s + bytes([27 + signature.v])


def address_of(secret):
    return "0x" + keccak(keys.PrivateKey(secret).public_key.to_bytes())[12:].hex()


def envelope(secret, payload, signer=None):
    pae = b"DSSEv1 28 application/vnd.in-toto+json %d " % len(payload) + payload
    return {
        "payload": b64(payload),
        "payloadType": "application/vnd.in-toto+json",
        "signatures": [
            {"keyid": signer or address_of(secret), "sig": b64(sign(secret, v.sha256(pae)))}
        ],
    }


def cosignature(secret, payload):
    text = b"mlprov statement v1\nsha256:%s\n" % v.sha256(payload).hex().encode()
    digest = keccak(b"\x19Ethereum Signed Message:\n%d" % len(text) + text)
    return {"address": address_of(secret), "signature": "0x" + sign(secret, digest).hex()}


class Log:
    """A log of one's own: an Ed25519 key and the leaves."""

    def __init__(self, rng):
        self.key = Ed25519PrivateKey.from_private_bytes(rng.randbytes(32))
        self.name = rng.choice(["example.org/log", "log", "münchen.example/日本"])
        public = b"\x01" + self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.id = v.sha256(self.name.encode() + b"\n" + public)[:4]
        self.vkey = f"{self.name}+{self.id.hex()}+{b64(public)}"

    def checkpoint(self, identities, extensions=(), witness=None, origin=None, size=None):
        leaves = [v.sha256(b"\0" + identity) for identity in identities]
        root = b64(v.merkle_root(v.sha256, leaves))
        size = len(leaves) if size is None else size
        text = "\n".join([origin or self.name, str(size), root, *extensions]) + "\n"
        lines = [f"\u2014 {self.name} {b64(self.id + self.key.sign(text.encode()))}\n"]
        if witness:
            lines.insert(witness[0], f"\u2014 {witness[1]} {b64(witness[2])}\n")
        return text + "\n" + "".join(lines)


def audit_path(hashes, index):
    """RFC 6962 section 2.1.1, lowest first."""
    if len(hashes) <= 1:
        return []
    k = 1 << (len(hashes) - 1).bit_length() - 1
    left, right = hashes[:k], hashes[k:]
    if index < k:
        return audit_path(left, index) + [v.merkle_root(v.sha256, right)]
    return audit_path(right, index - k) + [v.merkle_root(v.sha256, left)]


class Maker:
    """One run. `document` is the bundle; the keys stay at hand, so that it can be forged."""

    def __init__(self, rng, salts=True):
        self.rng, self.salts = rng, salts
        self.algorithm = rng.choice(list(v.HASHES))
        self.h = v.HASHES[self.algorithm]
        self.secret, self.run = rng.randbytes(32), rng.randbytes(16).hex()
        self.cosigners = [rng.randbytes(32) for _ in range(rng.choice([0, 0, 1, 2]))]
        self.log = Log(rng) if rng.random() < 0.4 else None
        self.directories, self.objects = {}, {}
        self.payloads, self.roots = [], []
        self.document = self.make()

    # Trees.

    def salt(self, chance):
        if self.salts and self.rng.random() < chance:
            return {"salt": self.rng.randbytes(16).hex()}
        return {}

    def content(self, kind, name, data, carried=True, chance=0.0, **extra):
        """An entry that is no tree."""
        entry = {"digest": self.h(data).hex(), "kind": kind, "name": name, **self.salt(chance)}
        entry.update(extra or {"size": len(data)})
        if carried:
            self.objects[entry["digest"]] = data
        return entry

    def json(self, name, value, **options):
        return self.content("json", name, v.canonical(value), **options)

    def tree(self, name, slots, carried=True, chance=0.0):
        """A `tree` entry; slots are entries, or (entry, True) for those to be withheld."""
        slots = sorted(slots, key=lambda s: (s[0] if type(s) is tuple else s)["name"].encode())
        slots = [v.leaf(self.h, s[0]).hex() if type(s) is tuple else s for s in slots]
        root = v.merkle_root(self.h, [v.leaf(self.h, s) for s in slots]).hex()
        if carried:
            self.directories[root] = slots
        entry = {
            "digest": root,
            "entries": len(slots),
            "kind": "tree",
            "name": name,
            **self.salt(chance),
        }
        if any(type(s) is str or "salt" in s or "salted" in s for s in slots):
            entry["salted"] = True
        return entry

    def free(self, depth, carried=True, chance=0.0, count=4):
        """Random entries below a place where everything is allowed."""
        names = self.rng.sample(NAMES, self.rng.randint(0, count))
        slots = []
        for name in names:
            hide = carried and self.rng.random() < 0.3
            here = carried and self.rng.random() < 0.8
            if hide and chance and self.rng.random() < 0.5:
                entry = self.one(name, depth, False, chance)
                entry["salt"] = self.rng.randbytes(16).hex()
                slots.append((entry, True))
            else:
                slots.append(self.one(name, depth, here, chance))
        return slots

    def one(self, name, depth, carried, chance):
        rng = self.rng
        kind = rng.choice(["json", "file", "text", "tensor"] + ["tree"] * 2 * (depth > 0))
        options = {"carried": carried, "chance": chance}
        if kind == "tree":
            return self.tree(name, self.free(depth - 1, carried, chance), **options)
        if kind == "json":
            value = rng.choice(
                [
                    0,
                    -7,
                    2**53 - 1,
                    "",
                    '\u0001\u2028\x7f"\\/',
                    [],
                    {},
                    {"bits": "7ff8000000000000"},
                    None,
                    True,
                    {"b": [1, {"a": "ü"}], "a": str(2**63)},
                ]
            )
            return self.json(name, value, **options)
        if kind == "text":
            return self.content(
                kind, name, rng.choice(["", "text\n", "ü\0\U0001f600"]).encode(), **options
            )
        if kind == "file":
            return self.content(
                kind,
                name,
                rng.choice([b"", b"{}", b"text\n", rng.randbytes(9), b"\0" * 65536]),
                **options,
            )
        dtype = rng.choice(list(v.DTYPE_BITS))
        shape = [rng.choice([0, 1, 2, 3, 5]) for _ in range(rng.randint(0, 3))]
        data = rng.randbytes(v.entry_bytes({"kind": "tensor", "dtype": dtype, "shape": shape}))
        if rng.random() < 0.1:  # more than anybody carries
            dtype, shape = "U8", rng.choice([[2**40], [2**53 - 1], [2**26, 2**26]])
            data, options["carried"] = rng.randbytes(40), False
        elif not data and rng.random() < 0.3:
            shape = rng.choice([[0, 2**53 - 1], [2**53 - 1, 2**53 - 1, 0]])
        return self.content(kind, name, data, dtype=dtype, shape=shape, **options)

    def circumstances(self, required, carried=True):
        run = {"algorithm": self.algorithm, "author": address_of(self.secret), "run": self.run}
        slots = [s for s in self.free(1, carried, 0.6)]
        slots = [s for s in slots if (s[0] if type(s) is tuple else s)["name"] != "run"]
        if required:
            slots.append(self.json("run", run))
        return self.tree("circumstances", slots, carried)

    def without(self, slots, *names):
        return [s for s in slots if (s[0] if type(s) is tuple else s)["name"] not in names]

    def listed(self, count=4, chance=0.0):
        """Entries of a list that is carried whole: nothing withheld at its own level."""
        slots = self.without(self.free(2, True, chance, count), "command")
        return [s for s in slots if type(s) is not tuple]

    # Statements.

    def step(self, number):
        rng, slots = self.rng, [self.circumstances(True)]
        for name, kind in v.STEP.items():
            if name != "circumstances" and rng.random() < 0.5:
                carried = rng.random() < 0.8
                if kind == "tree":
                    slots.append(self.tree(name, self.free(2, carried, self.chance), carried))
                elif kind == "json":
                    slots.append(
                        self.json(name, ["run", {"n": number}], carried=carried, chance=self.chance)
                    )
                else:
                    slots.append(self.content("text", name, b"message", carried, self.chance))
        return self.tree(f"step-{number:08d}", slots)

    def state(self, plain):
        """before, result or an epoch."""
        slots = self.listed(chance=self.chance)
        if plain or self.rng.random() < 0.5:
            slots.append(self.circumstances(plain, plain or self.rng.random() < 0.7))
        return slots

    def state_(self, phase, path, tree):
        self.time += datetime.timedelta(seconds=self.rng.choice([0, 1, 60, -5]))
        previous = v.sha256(self.payloads[-1]).hex() if self.payloads else None
        statement = {
            "_type": "https://in-toto.io/Statement/v1",
            "predicate": {
                "author": address_of(self.secret),
                "entries": tree["entries"],
                "log": self.log.vkey if self.log else None,
                "path": path,
                "phase": phase,
                "previous": previous,
                "run": self.run,
                "time": self.time.strftime("%Y-%m-%dT%H:%M:%SZ"),
            },
            "predicateType": "urn:mlprov:statement:v1",
            "subject": [
                {"digest": {f"mlprov-tree-v1-{self.algorithm}": tree["digest"]}, "name": self.run}
            ],
        }
        self.payloads.append(v.canonical(statement))
        self.roots.append(tree["digest"])

    def make(self):
        rng = self.rng
        self.chance = rng.choice([0.0, 0.0, 0.3])
        self.time = datetime.datetime(2026, 11, 21)
        form = rng.choice(["steps", "training", "training", "training", "unfinished"])
        steps = 0
        if form == "steps":
            for steps in range(1, rng.randint(1, 3) + 1):
                self.state_("step", f"step-{steps:08d}", self.step(steps))
        else:
            command = []
            if rng.random() < 0.3:
                steps, tree = 1, self.step(1)
                self.state_("step", "step-00000001", tree)
                command = [{**tree, "name": "command"}]
            before = self.tree("before", self.state(True) + command, chance=self.chance)
            self.state_("before", "before", before)
            epochs = [
                self.tree(f"epoch-{k:08d}", self.state(False), chance=self.chance)
                for k in range(1, rng.randint(0, 3) + 1)
            ]
            for tree in epochs:
                self.state_("epoch", f"training/{tree['name']}", tree)
            if form == "training":
                top = [
                    before,
                    self.circumstances(False, rng.random() < 0.7),
                    self.tree("result", self.state(False)),
                    self.tree("training", epochs),
                ]
                self.state_("after", "", self.tree("", top))
                for number in range(steps + 1, steps + 1 + rng.choice([0, 0, 1, 2])):
                    self.state_("step", f"step-{number:08d}", self.step(number))
        return self.bundle()

    def bundle(self):
        vouched = []
        for payload in self.payloads:
            cosignatures = [cosignature(secret, payload) for secret in self.cosigners]
            receipts = [
                {"driver": "none-such", "name": name, "receipt": {"n": 1}}
                for name in sorted(self.rng.sample(["a", "ab", "ü"], self.rng.choice([0, 0, 2])))
            ]
            vouched.append(
                {
                    "cosignatures": sorted(cosignatures, key=lambda c: c["address"]),
                    "envelope": envelope(self.secret, payload),
                    "inclusion": None,
                    "receipts": receipts,
                }
            )
        directories, kinds = self.reached()
        document = {
            "directories": directories,
            "format": "mlprov-bundle-v1",
            "log": None,
            "objects": {key: self.form(key, kinds[key]) for key in kinds},
            "statements": vouched,
        }
        put_into_log(self, document)
        return json.loads(v.canonical(document))

    def reached(self):
        """Directories, and objects with the kinds that refer to them, below the statements."""
        directories, kinds, todo = {}, {}, list(self.roots)
        while todo:
            root = todo.pop()
            if root in directories or root not in self.directories:
                continue
            directories[root] = self.directories[root]
            for entry in v.clear(directories[root]):
                if entry["kind"] == "tree":
                    todo.append(entry["digest"])
                elif entry["digest"] in self.objects:
                    kinds.setdefault(entry["digest"], set()).add(entry["kind"])
        return directories, kinds

    def form(self, key, kinds):
        data = self.objects[key]
        if "json" in kinds:
            return {"json": json.loads(data)}
        return {"text": data.decode()} if "text" in kinds else {"base64": b64(data)}


def put_into_log(maker, document, skip=0.2):
    """Appends the statements, with strangers between them, to the run's log."""
    document["log"] = None
    if not maker.log:
        return
    rng, identities, indices = maker.rng, [], []
    for vouched in document["statements"]:
        identities += [rng.randbytes(32) for _ in range(rng.choice([0, 0, 1, 3]))]
        indices.append(len(identities))
        identities.append(v.sha256(base64.b64decode(vouched["envelope"]["payload"])))
    leaves = [v.sha256(b"\0" + identity) for identity in identities]
    for vouched, index in zip(document["statements"], indices):
        path = [node.hex() for node in audit_path(leaves, index)]
        vouched["inclusion"] = None if rng.random() < skip else {"index": index, "path": path}
    if any(vouched["inclusion"] for vouched in document["statements"]):
        witness = rng.choice(
            [None, (0, "witness.example", rng.randbytes(76)), (1, "w", rng.randbytes(5))]
        )
        extensions = rng.choice([(), ("extension",), ("one", "two ü")])
        document["log"] = {
            "checkpoint": maker.log.checkpoint(identities, extensions, witness),
            "vkey": maker.log.vkey,
        }
