"""Where results and messages go, and what happens when nobody reads them."""

import os
import subprocess

import pytest


def run(mlprov, *arguments, **streams):
    return subprocess.run([mlprov.path, *map(str, arguments)], cwd=mlprov.folder,
                          env=mlprov.environment, timeout=120, **streams)


def closed_pipe():
    """The writing end of a pipe that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    return writing


@pytest.mark.parametrize("arguments, code", [
    (["verify", "{}/training.json"], 0), (["verify", "{}/unfinished.json"], 4),
    (["verify", "{}/author.txt"], 1), (["verify", "{}/training.json", "--json"], 0),
    (["tree", "{}/unfolding.json"], 0), (["hash", "{}"], 0), (["help"], 0), (["--version"], 0)])
def test_a_closed_pipe_is_silent_and_keeps_the_answer(mlprov, runs, arguments, code):
    writing = closed_pipe()
    done = run(mlprov, *[word.format(runs) for word in arguments], stdout=writing,
               stderr=subprocess.PIPE)
    os.close(writing)
    assert (done.returncode, done.stderr) == (code, b"")


def test_a_closed_pipe_ends_a_long_listing(mlprov, runs):
    done = subprocess.run(f'"{mlprov.path}" tree "{runs}/unfolding.json" | head -n 1',
                          shell=True, capture_output=True, timeout=120)
    assert done.returncode == 0 and done.stdout.startswith(b"run ") and done.stderr == b""


def test_closed_errors_do_not_hurt(mlprov, runs):
    writing = closed_pipe()
    done = run(mlprov, "verify", "missing", stdout=subprocess.PIPE, stderr=writing)
    os.close(writing)
    assert (done.returncode, done.stdout) == (3, b"")


def test_a_full_disk_is_an_error(mlprov, runs):
    with open("/dev/full", "wb") as full:
        done = run(mlprov, "verify", runs / "training.json", stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 3
    assert done.stderr == b"mlprov: cannot write the results: No space left on device\n"
    with open("/dev/full", "wb") as full:
        done = run(mlprov, "verify", runs / "author.txt", stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 1, "of two answers, no comes before failed"


@pytest.mark.parametrize("closed", ["0<&-", "1>&-", "2>&-", "0<&- 1>&- 2>&-"])
def test_streams_that_the_caller_closed(mlprov, runs, tmp_path, closed):
    secret = tmp_path / "proof.json"
    done = subprocess.run(
        f'exec "{mlprov.path}" prove "{runs}/training.json" before -o "{secret}" {closed}',
        shell=True, timeout=120)
    assert done.returncode == 0
    assert secret.read_bytes().startswith(b'{"chain":') and secret.read_bytes().endswith(b"}")
    done = subprocess.run(f'exec "{mlprov.path}" verify "{runs}/training.json" 1>&-', shell=True,
                          timeout=120, capture_output=True)
    assert done.returncode == 3


def test_colours_are_for_terminals_only(mlprov, runs):
    environment = {**mlprov.environment, "TERM": "xterm"}
    piped = subprocess.run([mlprov.path, "verify", f"{runs}/training.json"], env=environment,
                           capture_output=True, timeout=120)
    assert b"\x1b" not in piped.stdout
    assert b"\x1b[1;32mHOLDS" in on_terminal(mlprov, environment, runs)
    assert b"\x1b" not in on_terminal(mlprov, {**environment, "NO_COLOR": "1"}, runs)
    assert b"\x1b" not in on_terminal(mlprov, {**environment, "TERM": "dumb"}, runs)


def on_terminal(mlprov, environment, runs):
    master, slave = os.openpty()
    child = subprocess.Popen([mlprov.path, "verify", f"{runs}/training.json"], env=environment,
                             stdout=slave, stderr=subprocess.DEVNULL)
    os.close(slave)
    screen = b""
    try:
        while piece := os.read(master, 4096):
            screen += piece
    except OSError:
        pass  # the other end is closed
    assert child.wait(120) == 0
    os.close(master)
    return screen


def test_a_terminal_does_not_obey_names_of_files(mlprov, tmp_path):
    (tmp_path / "red\x1b[31m").touch()
    master, slave = os.openpty()
    child = subprocess.Popen([mlprov.path, "hash", "red\x1b[31m"], cwd=tmp_path, stdout=slave,
                             env=mlprov.environment)
    os.close(slave)
    assert child.wait(120) == 0
    assert os.read(master, 4096).endswith(b"  red\\x1b[31m\r\n")
    os.close(master)
