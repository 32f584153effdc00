import re

import pytest

from conftest import SOURCE

VERBS = [["verify"], ["tree"], ["prove"], ["check"], ["hash"], ["keys"], ["keys", "new"],
         ["keys", "list"], ["keys", "import"], ["keys", "export"], ["help"]]


def test_version_is_the_one_of_cmake(mlprov):
    version = re.search(r"project\(mlprov VERSION (\S+)", (SOURCE / "CMakeLists.txt").read_text())
    assert mlprov("--version").out == f"mlprov {version.group(1)}\n"


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_every_verb_explains_itself_with_an_example(mlprov, verb):
    by_flag, by_verb = mlprov(*verb, "--help"), mlprov("help", *verb)
    assert by_flag.out == by_verb.out
    assert f"Usage: mlprov {' '.join(verb)}" in by_flag.out
    example = by_flag.out.split("Example:\n")[1]
    assert example.startswith(f"  $ mlprov {verb[0]}"), example
    assert by_flag.err == ""


def test_the_list_of_verbs_is_complete(mlprov):
    listed = re.findall(r"^  ([a-z]+) {2,}\S", mlprov("help").out.split("Verbs:")[1], re.M)
    assert listed == [verb[0] for verb in VERBS if len(verb) == 1]
    assert mlprov("--help").out == mlprov("help").out


@pytest.mark.parametrize("arguments, sentence", [
    ([], "no verb was given"),
    (["frobnicate"], 'there is no verb "frobnicate"'),
    (["keys"], "no verb was given"),
    (["help", "frobnicate"], 'there is no verb "frobnicate"'),
    (["help", "keys", "frobnicate"], 'there is no verb "frobnicate"'),
    (["verify"], "BUNDLE is required"),
    (["verify", "--frobnicate", "x"], "there is no option --frobnicate"),
    (["tree", "a", "b", "c"], '"c" is one argument too many'),
    (["tree", "a", "--depth", "three"], '"three" is not a number'),
    (["tree", "a", "--depth", "-1"], "not a number"),
    (["verify", "x", "--signer"], "--signer"),
    (["hash", "--json=3", "x"], "json"),
], ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_wrong_usage_is_named(mlprov, arguments, sentence):
    result = mlprov(*arguments, code=2)
    assert sentence in result.err
    assert result.out == ""


def test_an_argument_of_control_characters_is_not_obeyed(mlprov):
    assert "\x1b" not in mlprov("\x1b[31mred", code=2).err
    assert "\x1b" not in mlprov("verify", "no such \x1b[31m file", code=3).err


def test_an_unknown_log_level_is_a_warning(mlprov):
    result = mlprov("keys", "list", MLPROV_LOG_LEVEL="loud")
    assert "MLPROV_LOG_LEVEL=loud" in result.err
    assert mlprov("keys", "list", MLPROV_LOG_LEVEL="debug").out == ""
