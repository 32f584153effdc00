"""The built program, run in a folder of its own, with an environment of its own."""

import json
import os
import pathlib
import subprocess

import pytest

BIN = pathlib.Path(os.environ.get("MLPROV_BIN", "."))
SOURCE = pathlib.Path(os.environ.get("MLPROV_SOURCE_DIR", pathlib.Path(__file__).parents[2]))


class Result:
    def __init__(self, done):
        self.code, self.out_bytes, self.err_bytes = done.returncode, done.stdout, done.stderr
        self.out = done.stdout.decode("utf-8", "surrogateescape")
        self.err = done.stderr.decode("utf-8", "surrogateescape")

    @property
    def json(self):
        return json.loads(self.out)

    def __repr__(self):
        return f"exit {self.code}\n--- out\n{self.out}\n--- err\n{self.err}"


class Program:
    """mlprov("verify", "run.json", code=1) fails the test unless that is the exit code."""

    def __init__(self, folder):
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "LC_ALL": "C.UTF-8",
            "MLPROV_KEYS": str(folder / "keys"),
        }
        # Sanitizers take their options from here; a leak would otherwise pass unseen.
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"):
            if name in os.environ:
                self.environment[name] = os.environ[name]

    @property
    def path(self):
        return str(BIN / "mlprov")

    def __call__(self, *arguments, code=0, stdin=b"", **environment):
        done = subprocess.run(
            [self.path, *map(os.fsencode, map(str, arguments))],
            cwd=self.folder, input=stdin, capture_output=True, timeout=300,
            env={**self.environment, **environment}, start_new_session=True)
        result = Result(done)
        assert result.code == code, f"mlprov {arguments} gave {result}"
        if code != 0 and not result.out:
            assert_one_sentence(result.err)
        return result


def assert_one_sentence(err):
    """An error is one line that names the program, without a trace of its insides."""
    lines = err.rstrip("\n").split("\n")
    assert lines[-1].startswith("mlprov: "), err
    assert "terminate called" not in err and "std::" not in err, err


@pytest.fixture
def mlprov(tmp_path):
    assert (BIN / "mlprov").exists(), f"{BIN}/mlprov is not built: set MLPROV_BIN"
    return Program(tmp_path)


@pytest.fixture(scope="session")
def runs(tmp_path_factory):
    """Bundles and the files that they speak of: see make_runs.cpp."""
    folder = tmp_path_factory.mktemp("runs")
    subprocess.run([str(BIN / "cli_make_runs"), str(folder)], check=True, timeout=300)
    return folder


@pytest.fixture(scope="session")
def author(runs):
    return (runs / "author.txt").read_text()


STRANGER = "0x52908400098527886E0F7030069857D2E4169EE7"
