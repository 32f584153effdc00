"""The log that a store writes, against software that we did not write.

golang.org/x/mod's note and tlog and tessera's client (both in logcheck) and tessera's fsck read
the folder as it lies on disk; the SQLite shell reads the database.
"""

import os
import shutil
import subprocess
from pathlib import Path

STORE_TOOL = Path(os.environ["MLPROV_BIN"]) / "store_tool"
TOOLS = Path(os.environ["MLPROV_SOURCE_DIR"]) / ".cache" / "bin"
FSCK_SECONDS = 60


def tool(name):
    path = TOOLS / name
    assert path.exists(), f"{name} is missing: run scripts/build_test_tools.sh, which needs Go"
    return path


def run(*command, seconds=300):
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=seconds)
    return done.returncode, done.stdout


def must(*command):
    code, output = run(*command)
    assert code == 0, f"{command} gave {code}: {output}"
    return output


def logcheck(folder, *options):
    vkey = (folder / "log.vkey").read_text().strip()
    return run(tool("logcheck"), *options, folder, vkey)


def fsck(folder, key_file):
    key_file.write_text((folder / "log.vkey").read_text().strip())
    code, output = run(tool("fsck"), "-storage_url", f"file://{folder}/", "-public_key", key_file,
                       "-ui=false", "-logtostderr", seconds=FSCK_SECONDS)
    return code == 0 and "Successfully fsck'd log" in output, output


def test_others_accept_the_log_while_it_grows(tmp_path):
    store = tmp_path / ".mlprov"
    log = store / "log"
    old = tmp_path / "old"
    for total, more in ((3, 3), (258, 255), (520, 262)):
        must(STORE_TOOL, "steps", store, more)
        code, output = logcheck(log)
        assert code == 0, output
        accepted, output = fsck(log, tmp_path / "fsck.pub")
        assert accepted, output
        assert (log / "checkpoint").read_text().splitlines()[1] == str(total)
        if old.exists():
            code, output = logcheck(log, "-old", old)
            assert code == 0, output
        shutil.copy(log / "checkpoint", old)


def test_the_log_of_two_writers(tmp_path):
    store = tmp_path / ".mlprov"
    writers = [subprocess.Popen([STORE_TOOL, "steps", store, "60"], stdout=subprocess.DEVNULL)
               for _ in range(2)]
    assert [writer.wait(timeout=300) for writer in writers] == [0, 0]
    code, output = logcheck(store / "log")
    assert code == 0, output


def test_partial_tiles_do_not_pile_up(tmp_path):
    store = tmp_path / ".mlprov"
    must(STORE_TOOL, "steps", store, 40)
    tiles = [path for path in (store / "log" / "tile").rglob("*") if path.is_file()]
    assert sorted(str(path.relative_to(store / "log")) for path in tiles) == [
        "tile/0/000.p/40", "tile/entries/000.p/40"]


def test_the_sqlite_shell_reads_the_database(tmp_path):
    store = tmp_path / ".mlprov"
    must(STORE_TOOL, "steps", store, 5)
    database = store / "store.db"
    assert must("sqlite3", database, "PRAGMA integrity_check").strip() == "ok"
    assert must("sqlite3", database, "SELECT count(*) FROM statements").strip() == "5"
    envelopes = must("sqlite3", database,
                     "SELECT envelope FROM statements ORDER BY log_index").splitlines()
    assert all(line.startswith('{"payload":"') for line in envelopes)
