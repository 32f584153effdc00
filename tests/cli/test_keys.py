import json
import os
import pathlib
import pty
import re
import select
import stat
import subprocess
import time

import pytest

PASSWORD = {"PW": "correct horse", "WRONG": "battery staple"}
LIGHT = ["--light", "--password", "env:PW"]


def new_key(mlprov, name="work", *arguments):
    return mlprov("keys", "new", name, *LIGHT, "--json", *arguments, **PASSWORD).json


def test_new_and_list(mlprov, tmp_path):
    key = new_key(mlprov, "work", "--label", "nightly")
    assert set(key) == {"address", "folder", "label", "name"}
    assert re.fullmatch("0x[0-9a-f]{40}", key["address"])
    listed = mlprov("keys", "list", "--json").json
    assert set(listed) == {"folder", "keys"}
    assert listed["keys"] == [{"address": key["address"], "label": "nightly", "name": "work"}]
    line = mlprov("keys", "list").out
    assert line.split()[0] == "work" and line.split()[1].lower() == key["address"]
    [file] = (tmp_path / "keys").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_for_people_it_says_what_to_tell_whom(mlprov):
    result = mlprov("keys", "new", *LIGHT, **PASSWORD)
    assert "key default signs as 0x" in result.out
    assert "--signer 0x" in result.out
    assert PASSWORD["PW"] not in result.out + result.err


def test_no_keys_is_no_error(mlprov):
    assert "keys new" in mlprov("keys", "list").err
    assert mlprov("keys", "list", "--json").json["keys"] == []


def test_a_name_is_taken_once(mlprov):
    key = new_key(mlprov)
    assert "work" in mlprov("keys", "new", "work", *LIGHT, code=2, **PASSWORD).err
    assert mlprov("keys", "list", "--json").json["keys"][0]["address"] == key["address"]


@pytest.mark.parametrize("arguments", [
    ["../evil", "--password", "env:PW"], ["", "--password", "env:PW"],
    ["x", "--password", "correct horse"], ["x", "--password", "keystore:y"],
    ["x", "--password", "env:PW", "--password-file", "f"], ["x", "--password", "env:EMPTY"], ["x"],
], ids=str)
def test_wrong_usage_makes_no_key(mlprov, tmp_path, arguments):
    result = mlprov("keys", "new", "--light", *arguments, code=2, EMPTY="", **PASSWORD)
    assert PASSWORD["PW"] not in result.err
    assert not list(tmp_path.rglob("*.json"))


def test_a_password_that_is_not_there(mlprov):
    assert "NOT_SET" in mlprov("keys", "new", "x", "--password", "env:NOT_SET", code=3).err
    mlprov("keys", "new", "x", "--password-file", "missing", code=3)


def test_password_files_count_by_their_first_line(mlprov, tmp_path):
    (tmp_path / "pw").write_text(PASSWORD["PW"] + "\r\nsecond line\n")
    mlprov("keys", "new", "x", "--light", "--password-file", "pw")
    mlprov("keys", "export", "x", "--unencrypted", "-o", "-", "--password", "env:PW", **PASSWORD)
    mlprov("keys", "new", "y", "--light", "--password-file", "-", stdin=b"correct horse\n")
    mlprov("keys", "export", "y", "--unencrypted", "-o", "-", "--password", "env:PW", **PASSWORD)


def test_export_and_import_of_a_keystore(mlprov, tmp_path):
    key = new_key(mlprov)
    mlprov("keys", "export", "work", "-o", "copy.json")
    copy = tmp_path / "copy.json"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert json.loads(copy.read_text())["version"] == 3
    again = mlprov("keys", "import", "copy.json", "--name", "again", *LIGHT, "--json",
                   "--source-password", "env:PW", **PASSWORD).json
    assert again["address"] == key["address"]
    wrong = mlprov("keys", "import", "copy.json", "--name", "no", *LIGHT,
                   "--source-password", "env:WRONG", code=3, **PASSWORD)
    assert "password is wrong" in wrong.err
    assert mlprov("keys", "export", "work", "-o", "-").out == copy.read_text()


def test_export_and_import_of_the_bare_secret(mlprov, tmp_path):
    key = new_key(mlprov)
    secret = mlprov("keys", "export", "work", "--unencrypted", "-o", "-", "--password", "env:PW",
                    **PASSWORD).out
    assert re.fullmatch("[0-9a-f]{64}\n", secret)
    for number, (source, stdin) in enumerate([("env:SECRET", b""), ("-", secret.encode())]):
        made = mlprov("keys", "import", source, "--name", f"copy{number}", *LIGHT, "--json",
                      stdin=stdin, SECRET=secret.strip(), **PASSWORD).json
        assert made["address"] == key["address"]
    mlprov("keys", "export", "work", "--unencrypted", "-o", "-", "--password", "env:WRONG", code=3,
           **PASSWORD)


def test_import_of_what_is_no_key(mlprov, tmp_path):
    (tmp_path / "zero").write_text("0" * 64)
    (tmp_path / "short").write_text("ab" * 31)
    for source in ("zero", "short", "missing"):
        result = mlprov("keys", "import", source, *LIGHT, code=3, **PASSWORD)
        assert "ab" * 31 not in result.err
    assert not (tmp_path / "keys").exists()


def test_an_export_never_overwrites_unasked(mlprov, tmp_path):
    new_key(mlprov)
    target = tmp_path / "precious"
    target.write_text("something else")
    assert "--force" in mlprov("keys", "export", "work", "-o", "precious", code=2).err
    assert target.read_text() == "something else"
    mlprov("keys", "export", "work", "-o", "precious", "--force")
    mlprov("keys", "export", "work", "-o", "precious")  # the same content: nothing is lost
    assert json.loads(target.read_text())["version"] == 3
    mlprov("keys", "export", "work", "-o", "no/such/folder", code=3)
    assert "there is work" in mlprov("keys", "export", "other", "-o", "x", code=3).err


class Terminal:
    """The program with a terminal of its own, typed at."""

    def __init__(self, mlprov, *arguments):
        self.screen = b""
        self.child, self.master = pty.fork()
        if self.child == 0:
            os.chdir(mlprov.folder)
            os.execve(mlprov.path, [mlprov.path, *arguments], mlprov.environment)

    def wait_for(self, text):
        until = time.monotonic() + 60
        while text not in self.screen:
            assert time.monotonic() < until, f"{text!r} did not come: {self.screen!r}"
            self._read()

    def type(self, keys):
        os.write(self.master, keys)

    def finish(self):
        while self._read():
            pass
        os.close(self.master)
        return os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])

    def _read(self):
        if not select.select([self.master], [], [], 60)[0]:
            return False
        try:
            piece = os.read(self.master, 4096)
        except OSError:
            return False
        self.screen += piece
        return bool(piece)


def test_on_a_terminal_the_password_is_asked_twice_and_not_shown(mlprov, tmp_path):
    terminal = Terminal(mlprov, "keys", "new", "work", "--light")
    terminal.wait_for(b"a password for the key work: ")
    terminal.type(b"wrong\x15corrext\x7f\x7fct horse\r")
    terminal.wait_for(b"once more")
    terminal.type(b"correct horse\r")
    assert terminal.finish() == 0, terminal.screen
    assert b"horse" not in terminal.screen
    mlprov("keys", "export", "work", "--unencrypted", "-o", "-", "--password", "env:PW", **PASSWORD)


@pytest.mark.parametrize("typed", [[b"one\r", b"two\r"], [b"\x03"], [b"one\r", b"\x03"], [b"\x04"]])
def test_on_a_terminal_a_change_of_mind_makes_no_key(mlprov, tmp_path, typed):
    terminal = Terminal(mlprov, "keys", "new", "work", "--light")
    for prompt, keys in zip([b"a password for", b"once more"], typed):
        terminal.wait_for(prompt)
        terminal.wait_for(b": ")
        terminal.type(keys)
    assert terminal.finish() == 2, terminal.screen
    assert not list(tmp_path.rglob("*.json"))
