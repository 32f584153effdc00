"""Canonical JSON against software that we did not write: the package rfc8785 (Trail of Bits), and the
one line of Python that docs/format.md gives as the encoder of the strict profile."""
import json
import os
import random
import struct
import subprocess

import rfc8785

TOOL = os.path.join(os.environ["MLPROV_BIN"], "mlprov_test_json")
LIMIT = 2**53 - 1
LETTERS = ["a", "Z", "0", "_", "\"", "\\", "/", "\n", "\t", "\b", "\x00", "\x1f", "\x7f", "\x80", "\u00e9",
           "\u2028", "\ud7ff", "\ue000", "\ufb33", "\ufffd", "\uffff", "\U00010000", "\U0001f602",
           "\U0010ffff"]


def answers(mode, texts):
    """The tool's answer to each text."""
    assert not any("\n" in text for text in texts)
    # As bytes: in text mode Python would take a lone CR for the end of a line.
    done = subprocess.run([TOOL, mode], input="".join(text + "\n" for text in texts).encode("utf-8"),
                          capture_output=True, check=True)
    lines = done.stdout.decode("utf-8").split("\n")[:-1]
    assert len(lines) == len(texts)
    return lines


def any_double(rng):
    """Every bit pattern alike, or a decimal that people would write."""
    if rng.random() < 0.5:
        value = struct.unpack("<d", rng.randbytes(8))[0]
        return value if value == value and abs(value) != float("inf") else 0.0
    return rng.randint(-10**6, 10**6) * 10.0 ** rng.randint(-30, 30)


def any_string(rng):
    return "".join(rng.choice(LETTERS) for _ in range(rng.randint(0, 8)))


def any_value(rng, depth, strict):
    kinds = ["null", "bool", "integer", "string"] + ([] if strict else ["double"])
    kind = rng.choice(kinds + (["array", "object"] * 2 if depth else []))
    if kind == "null":
        return None
    if kind == "bool":
        return rng.random() < 0.5
    if kind == "integer":
        return rng.choice([0, -1, LIMIT, -LIMIT, rng.randint(-LIMIT, LIMIT), rng.randint(-99, 99)])
    if kind == "double":
        return any_double(rng)
    if kind == "string":
        return any_string(rng)
    size = rng.randint(0, 5)
    if kind == "array":
        return [any_value(rng, depth - 1, strict) for _ in range(size)]
    key = (lambda: "".join(rng.choices("abzAZ09_.:-", k=rng.randint(1, 4)))) if strict else (
        lambda: any_string(rng))
    return {key(): any_value(rng, depth - 1, strict) for _ in range(size)}


def spell(rng, value):
    """Some JSON text of the value: any order of keys, escapes and spaces."""
    if isinstance(value, dict):
        items = list(value.items())
        rng.shuffle(items)
        value = dict(items)
    return json.dumps(value, ensure_ascii=rng.random() < 0.5,
                      separators=rng.choice([(",", ":"), (", ", ": ")]))


def test_jcs_is_that_of_rfc8785():
    rng = random.Random(8785)
    values = [any_value(rng, 5, strict=False) for _ in range(6000)]
    got = answers("jcs", [spell(rng, value) for value in values])
    for value, line in zip(values, got):
        assert line == rfc8785.dumps(value).decode("utf-8"), value


def test_every_sort_of_double():
    rng = random.Random(754)
    values = [any_double(rng) for _ in range(20000)]
    values += [m * 10.0**e for e in range(-30, 30) for m in (1, 9.999999999999999, 1.5, -1)]
    got = answers("jcs", [repr(value) for value in values])
    for value, line in zip(values, got):
        assert line == rfc8785.dumps(value).decode("ascii"), value


def test_strict_profile_is_one_line_of_python():
    rng = random.Random(53)
    values = [any_value(rng, 5, strict=True) for _ in range(6000)]
    got = answers("canonical", [spell(rng, value) for value in values])
    for value, line in zip(values, got):
        assert line == json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert line == rfc8785.dumps(value).decode("utf-8")
    assert answers("parse-canonical", got) == got


def test_strict_parser_takes_exactly_the_fixed_points():
    """A text altered anywhere is taken only if it is again the form of what it says."""
    rng = random.Random(1)
    texts = []
    for _ in range(6000):
        text = json.dumps(any_value(rng, 3, strict=True), ensure_ascii=False, sort_keys=True,
                          separators=(",", ":"))
        at = rng.randrange(len(text) + 1)
        new = rng.choice(['"', ",", " ", "0", "1", "-", "e", ".", "{", "}", "[", "]", ":", "\\", "a", "u",
                          "\u00e9", ""])
        texts.append(text[:at] + new + text[at + rng.randint(0, 1):])
    texts = [text for text in texts if text]
    taken = 0
    for text, line in zip(texts, answers("parse-canonical", texts)):
        expected = fixed_point(text)
        taken += expected
        assert line == text if expected else line.startswith("!"), text
    assert 500 < taken < len(texts) - 500


def fixed_point(text):
    def unique(pairs):
        keys = [key for key, _ in pairs]
        allowed = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:-")
        if len(set(keys)) != len(keys) or any(not key or set(key) - allowed for key in keys):
            raise ValueError
        return dict(pairs)

    def refuse(_):
        raise ValueError

    def integer(digits):
        if abs(int(digits)) > LIMIT:
            raise ValueError
        return int(digits)

    try:
        value = json.loads(text, object_pairs_hook=unique, parse_float=refuse, parse_constant=refuse,
                           parse_int=integer)
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")) == text
    except ValueError:
        return False
