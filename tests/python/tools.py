"""Calls the C++ programs that the build made."""

import json
import os
import pathlib
import subprocess


def program(name):
    folder = os.environ.get("MLPROV_BIN")
    assert folder, "MLPROV_BIN must name the folder of the built programs"
    path = pathlib.Path(folder) / name
    assert path.exists(), f"{path} is not built"
    return str(path)


def run(*arguments):
    done = subprocess.run(arguments, capture_output=True, timeout=600)
    assert done.returncode == 0, f"{arguments[:3]} gave {done.returncode}: {done.stderr[-2000:]!r}"
    return done.stdout


def verify_files(paths, batch=400):
    """The C++ verdicts on bundles, in order."""
    tool, verdicts = program("bundle_tool"), []
    for at in range(0, len(paths), batch):
        names = [str(path) for path in paths[at : at + batch]]
        verdicts += [json.loads(line) for line in run(tool, "verify", *names).splitlines()]
    assert len(verdicts) == len(paths), "bundle_tool verify must print a line a file"
    return verdicts
