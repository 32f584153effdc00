"""Two verifiers, one description: on every bundle, good or altered, the same verdict."""

import collections
import concurrent.futures
import json
import random
import time

import example
import forger
import maker
import proofs
import pytest
import tools
import verify as v

COMPARED = ("outcome", "refusal", "root", "content_root", "run", "author")
COMPARED_IN_PROOFS = ("outcome", "refusal", "root", "run", "author", "path")


def verdict_of(data):
    verdict = v.verify(data)
    return {key: verdict.get(key) for key in COMPARED}


def proved(data):
    verdict = v.verify_proof(data)
    return {key: verdict.get(key) for key in COMPARED_IN_PROOFS}


def good_and_forged(seed):
    """One run and what forgers make of it."""
    made = maker.Maker(random.Random(seed))
    return [v.canonical(made.document)] + [forger.forge(made) for _ in range(9)]


def flipped(data, count, seed):
    """The text with single bits changed: all bytes in turn, or some."""
    rng = random.Random(seed)
    places = range(len(data)) if count is None else sorted(rng.sample(range(len(data)), count))
    return [data[:i] + bytes([data[i] ^ 1 << rng.randrange(8)]) + data[i + 1 :] for i in places]


def proofs_of(seed):
    """Proofs of two runs' entries, and what becomes of them with parts of each other."""
    made = [maker.Maker(random.Random(2 * seed + n)) for n in (0, 1)]
    good = [proof for one in made for proof in [proofs.make(one) for _ in range(4)] if proof]
    forged = [proofs.forge(made[0], made[0].rng.choice(good), good[-1]) for _ in range(12) if good]
    return [v.canonical(proof) for proof in good] + forged


def work(task):
    kind, seed = task
    if kind == "proof":
        return [
            (f"{kind} {seed} {n}", data, proved(data)) for n, data in enumerate(proofs_of(seed))
        ]
    if kind == "python":
        bundles = good_and_forged(seed)
    elif kind == "flip":
        bundles = flipped(v.canonical(maker.Maker(random.Random(seed)).document), 40, seed)
    else:
        bundles = flipped(example.blocks(example.PAGE.read_text())["bundle"].encode(), None, seed)
    return [(f"{kind} {seed} {n}", data, verdict_of(data)) for n, data in enumerate(bundles)]


def agree(cases, folder, verb="verify", compared=COMPARED):
    """Writes the bundles, asks C++ about each, and compares; counts verdicts by name."""
    paths = []
    for n, (_, data, _) in enumerate(cases):
        paths.append(folder / f"{n}.json")
        paths[-1].write_bytes(data)
    counts, wrong = collections.Counter(), []
    for (name, _, mine), path, theirs in zip(cases, paths, tools.verdicts(verb, paths)):
        theirs = {key: theirs.get(key) for key in compared}
        counts[mine["refusal"] or mine["outcome"]] += 1
        if mine == theirs:
            path.unlink()
        else:
            wrong.append(f"{name}: Python {json.dumps(mine)}, C++ {json.dumps(theirs)}, {path}")
    assert not wrong, f"{len(wrong)} of {len(cases)} differ:\n" + "\n".join(wrong[:10])
    return counts


def gather(tasks):
    with concurrent.futures.ProcessPoolExecutor(max_workers=2) as pool:
        return [case for cases in pool.map(work, tasks, chunksize=8) for case in cases]


def test_bundles_made_in_python(tmp_path):
    cases = gather([("python", seed) for seed in range(300)])
    good = [mine for name, _, mine in cases if name.endswith(" 0")]
    assert all(mine["outcome"] in ("holds", "unfinished") for mine in good)
    counts = agree(cases, tmp_path)
    expected = {
        "holds",
        "unfinished",
        "not-canonical",
        "malformed",
        "bad-signature",
        "log",
        "skeleton",
        "statement-mismatch",
        "statement-order",
        "statement-chain",
        "root-mismatch",
        "digest-mismatch",
        "kind-mismatch",
        "epoch-mismatch",
        "salt-reuse",
        "unreferenced",
    }
    assert expected <= set(counts), f"the forger never came to {expected - set(counts)}"


def test_flipped_bits(tmp_path):
    counts = agree(gather([("flip", seed) for seed in range(20)] + [("example", 1)]), tmp_path)
    assert sum(counts.values()) > 3000


def made_in_cpp(seed, folder):
    """A bundle that the C++ library wrote, what its forger makes of it, and a proof or none."""
    tool, path = tools.program("bundle_tool"), folder / f"random-{seed}.json"
    path.write_bytes(tools.run(tool, "random", str(seed)))
    mutations = [1000 * seed + n for n in range(5)]
    bundles = [path.read_bytes()]
    bundles += [tools.run(tool, "mutate", str(mutation), str(path)) for mutation in mutations]
    cases = [(f"random {seed} {n}", data, verdict_of(data)) for n, data in enumerate(bundles)]
    proof = tools.run(tool, "prove", str(seed), str(path), may_fail=True)
    return cases, [(f"proof of random {seed}", proof, proved(proof))] if proof else []


def test_bundles_made_in_cpp(tmp_path):
    bundles, some_proofs = [], []
    for seed in range(60):
        cases, found = made_in_cpp(seed, tmp_path)
        assert cases[0][2]["outcome"] != "refused", cases[0][::2]
        bundles += cases
        some_proofs += found
    agree(bundles, tmp_path)
    assert len(some_proofs) > 20
    assert agree(some_proofs, tmp_path, "check", COMPARED_IN_PROOFS) == {"holds": len(some_proofs)}


@pytest.mark.parametrize("depth", [60, 62, 63, 64, 65, 66, 200])
def test_deep_trees(tmp_path, depth):
    made = maker.Maker(random.Random(5))
    entry = made.content("file", "end", b"", True)
    for level in range(depth):
        entry = made.tree("d", [entry], True)
    made.payloads, made.roots, made.chance = [], [], 0.0
    made.state_(
        "step",
        "step-00000001",
        made.tree("", [made.circumstances(True), {**entry, "name": "files"}]),
    )
    data = v.canonical(made.bundle())
    counts = agree([(f"depth {depth}", data, verdict_of(data))], tmp_path)
    assert counts == {"holds" if depth <= 62 else "too-large": 1}


def test_directory_bomb(tmp_path):
    """2^60 paths through 60 directories: looked at once each."""
    made = maker.Maker(random.Random(6))
    made.payloads, made.roots, made.chance = [], [], 0.0
    entry = made.content("file", "end", b"", True)
    for level in range(60):
        entry = made.tree("files", [{**entry, "name": name} for name in "abc"], True)
    step = made.tree("", [made.circumstances(True), entry])
    for number in range(1, 200):
        made.state_("step", f"step-{number:08d}", step)
    data = v.canonical(made.bundle())
    start = time.process_time()
    verdict = verdict_of(data)
    assert time.process_time() - start < 10
    assert agree([("bomb", data, verdict)], tmp_path) == {"holds": 1}


def test_proofs(tmp_path):
    cases = gather([("proof", seed) for seed in range(60)])
    counts = agree(cases, tmp_path, "check", COMPARED_IN_PROOFS)
    assert {"holds", "malformed", "bad-signature", "kind-mismatch", "root-mismatch"} <= set(counts)


def test_limits(tmp_path):
    """One value more than allowed, one level more, one byte more."""
    texts = {
        "values": b"[" + b"0," * 3_999_998 + b"0]",
        "values over": b"[" + b"0," * 3_999_999 + b"0]",
        "depth": b"[" * 32 + b"]" * 32,
        "depth over": b"[" * 33 + b"]" * 33,
        "bytes over": b'"' + b"a" * (1 << 28) + b'"',
    }
    counts = agree([(name, data, verdict_of(data)) for name, data in texts.items()], tmp_path)
    assert counts == {"malformed": 2, "too-large": 3}
