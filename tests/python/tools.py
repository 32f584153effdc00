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


def run(*arguments, may_fail=False):
    """What a program prints; nothing for a failure that may be."""
    done = subprocess.run(arguments, capture_output=True, timeout=600)
    if may_fail and done.returncode != 0:
        return b""
    assert done.returncode == 0, f"{arguments[:3]} gave {done.returncode}: {done.stderr[-2000:]!r}"
    return done.stdout


def verdicts(verb, paths, batch=400):
    """What bundle_tool says to `verify` or `check` each of these files, in order."""
    tool, lines = program("bundle_tool"), []
    for at in range(0, len(paths), batch):
        names = [str(path) for path in paths[at : at + batch]]
        lines += run(tool, verb, *names).splitlines()
    assert len(lines) == len(paths), f"bundle_tool {verb} must print a line a file"
    return [json.loads(line) for line in lines]
