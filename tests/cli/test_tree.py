import re

import pytest

from conftest import assert_one_sentence


def test_a_run_is_drawn(mlprov, runs):
    lines = mlprov("tree", runs / "training.json").out.splitlines()
    assert lines[0].startswith("run 0123456789abcdef0123456789abcdef  blake3")
    assert re.fullmatch(r"├── before/  4 entries  [0-9a-f]{8}  signed", lines[1])
    text = "\n".join(lines)
    for row in (r"│   │   ├── host  text 11 B  [0-9a-f]{8}  salted",
                r"├── big.bin  file 100.0 kB  [0-9a-f]{8}\n",
                r"└── odd~0name%25  file 3 B",
                r"fc.weight  tensor F32 \[2,3\] 24 B",
                r"├── epoch-00000001/  2 entries  [0-9a-f]{8}  signed"):
        assert re.search(row, text), row
    assert lines[-1] == "15 directories, 12 other entries"


def test_a_locale_without_unicode_gets_plain_lines(mlprov, runs):
    text = mlprov("tree", runs / "training.json", "before", "--depth", "1", LC_ALL="C").out
    assert text.isascii() and "|-- code/" in text and "`-- data/" in text


def test_the_short_digest_is_the_digest(mlprov, runs):
    digest = mlprov("hash", runs / "data/small.txt").out.split()[0]
    assert f"small.txt  file 5 B  {digest[:8]}" in mlprov("tree", runs / "training.json").out
    whole = mlprov("tree", runs / "training.json", "before/data/train/small.txt").out
    assert whole == f"before/data/train/small.txt  file 5 B  {digest}\n"


def test_a_part_and_a_depth(mlprov, runs):
    part = mlprov("tree", runs / "training.json", "before/data/").out
    assert part.startswith("before/data  blake3") and "config" not in part
    assert mlprov("tree", runs / "training.json", "./before//data").out == part
    assert len(mlprov("tree", runs / "training.json", "--depth", "1").out.splitlines()) == 4 + 3
    assert mlprov("tree", runs / "training.json", "--depth", "0").out == mlprov(
        "tree", runs / "training.json").out


def test_what_is_not_shown_is_said(mlprov, runs):
    text = mlprov("tree", runs / "withheld.json").out
    assert text.count("(withheld)") == 2 and "code/  1 entry" in text and "not carried" in text
    assert "2 withheld; 4 directories not carried" in text
    assert "not carried" in mlprov("tree", runs / "withheld.json", "before/code", code=1).err
    for path in ("nope", "before/config/parameters", "before/code/diff"):
        mlprov("tree", runs / "withheld.json", path, code=1)


def test_runs_of_other_shapes(mlprov, runs):
    assert "step-00000002/" in mlprov("tree", runs / "steps.json").out
    unfinished = mlprov("tree", runs / "unfinished.json").out
    assert "unfinished at epoch 2" in unfinished and "result" not in unfinished
    command = mlprov("tree", runs / "command.json").out
    for name in ("before/", "circumstances/", "result/", "step-00000001/", "step-00000002/",
                 "training/"):
        assert re.search(f"^.── {name}  ", command, re.M), name


def test_json_has_stable_names(mlprov, runs):
    facts = mlprov("tree", runs / "withheld.json", "--json").json
    assert set(facts) == {"algorithm", "entries", "entry", "is_whole", "path", "run"}
    assert facts["is_whole"] is True and facts["path"] == "" and facts["entry"] is None
    entries = {entry["path"]: entry for entry in facts["entries"] if "path" in entry}
    assert set(entries["before"]) == {"carried", "digest", "entries", "kind", "name", "path",
                                      "salted", "signed"}
    assert entries["before"]["signed"] and not entries["before/config"]["signed"]
    assert entries["before/code"]["carried"] is False
    withheld = [entry for entry in facts["entries"] if "path" not in entry]
    assert [set(entry) for entry in withheld] == [{"folder", "withheld_leaf"}] * 2
    assert {entry["folder"] for entry in withheld} == {"before/circumstances", "before/config"}
    below = mlprov("tree", runs / "training.json", "before/code", "--json").json
    assert [entry["path"] for entry in below["entries"]] == ["before/code/diff"]
    assert below["entry"]["kind"] == "tree"
    leaf = mlprov("tree", runs / "training.json", "before/code/diff", "--json").json
    assert leaf["entry"]["kind"] == "text" and leaf["entries"] == []


def test_an_altered_run_is_not_shown(mlprov, runs, tmp_path):
    content = (runs / "training.json").read_text()
    (tmp_path / "bad.json").write_text(content.replace("+ one line", "- one line"))
    result = mlprov("tree", "bad.json", code=1)
    assert result.out == "" and "digest-mismatch" in result.err
    assert_one_sentence(result.err)
    mlprov("tree", runs / "author.txt", code=1)
    mlprov("tree", "missing.json", code=3)


def test_a_bundle_that_unfolds_without_end_is_cut(mlprov, runs):
    lines = mlprov("tree", runs / "unfolding.json").out.splitlines()
    assert len(lines) == 100_000 + 4 and "cut after 100,000 lines" in lines[-1]
    few = mlprov("tree", runs / "unfolding.json", "--rows", "7", "--json").json
    assert len(few["entries"]) == 7 and few["is_whole"] is False


@pytest.mark.parametrize("verb", ["tree", "verify"])
def test_a_bundle_cannot_drive_the_terminal(mlprov, runs, verb):
    result = mlprov(verb, runs / "hostile.json")
    for bad in ("\x1b", "\x07", "\x9b", "\u202e"):
        assert bad not in result.out + result.err
    as_json = mlprov(verb, runs / "hostile.json", "--json")
    assert as_json.out.isascii() and "\x7f" not in as_json.out


def test_hostile_names_are_shown_escaped(mlprov, runs):
    text = mlprov("tree", runs / "hostile.json", "step-00000001/files").out
    for name in ("%1B]0;owned%07", r"c1 \u{9b} 31m", r"txt.\u{202e}gpj.exe", "line%0Abreak %FF"):
        assert name in text
    assert len(text.splitlines()) == 1 + 4 + 2
