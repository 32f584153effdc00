#!/usr/bin/env python3
"""Prints a folder with handwritten digits in IDX files, making one in the user's cache if needed.

Order: MLPROV_MNIST_DIR; the cache ($XDG_CACHE_HOME or ~/.cache, /mlprov/mnist); a download of
MNIST, checked by SHA-256; else the 1,797 real digits (UCI, 8x8 pixels) that the scikit-learn
wheel ships, taken through pip and written as 28x28 images. Standard library only.
"""
import csv
import gzip
import hashlib
import io
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import urllib.request
import zipfile

MIRRORS = ("https://ossci-datasets.s3.amazonaws.com/mnist/",
           "https://storage.googleapis.com/cvdf-datasets/mnist/")
SHA256 = {
    "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
}
TEST_DIGITS = 297  # of the 1,797, the last ones


def say(text: str) -> None:
    print(f"get_mnist: {text}", file=sys.stderr)


def cache() -> pathlib.Path:
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return pathlib.Path(base) / "mlprov" / "mnist"


def is_complete(folder: pathlib.Path) -> bool:
    return all((folder / name).exists() or (folder / name[:-3]).exists() for name in SHA256)


def write(folder: pathlib.Path, files: dict) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        temporary = folder / (name + ".part")
        temporary.write_bytes(content)
        temporary.replace(folder / name)


def fetch(name: str, digest: str) -> bytes:
    for mirror in MIRRORS:
        try:
            with urllib.request.urlopen(mirror + name, timeout=10) as answer:
                content = answer.read()
        except OSError:
            continue
        if hashlib.sha256(content).hexdigest() == digest:
            return content
        say(f"{name} from a mirror has another SHA-256 and is not used")
    raise OSError(f"no mirror gave {name}")


def enlarge(pixels: list) -> bytes:
    """8x8 values of 0..16 as a 28x28 image: each pixel three times, a border of two."""
    image = bytearray(28 * 28)
    for row in range(24):
        for column in range(24):
            value = pixels[row // 3 * 8 + column // 3] * 255 // 16
            image[(row + 2) * 28 + column + 2] = value
    return bytes(image)


def idx(images: list, labels: list, prefix: str) -> dict:
    head = struct.pack(">IIII", 0x803, len(images), 28, 28)
    return {f"{prefix}-images-idx3-ubyte": head + b"".join(images),
            f"{prefix}-labels-idx1-ubyte": struct.pack(">II", 0x801, len(labels)) + bytes(labels)}


def uci_digits() -> dict:
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
                        "--disable-pip-version-check", "--only-binary=:all:", "--dest", scratch,
                        "scikit-learn"], check=True)
        wheel = next(pathlib.Path(scratch).glob("*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            packed = archive.read("sklearn/datasets/data/digits.csv.gz")
    rows = [[int(float(cell)) for cell in row]
            for row in csv.reader(io.TextIOWrapper(io.BytesIO(gzip.decompress(packed))))]
    images, labels = [enlarge(row[:64]) for row in rows], [row[64] for row in rows]
    return {**idx(images[:-TEST_DIGITS], labels[:-TEST_DIGITS], "train"),
            **idx(images[-TEST_DIGITS:], labels[-TEST_DIGITS:], "t10k")}


def main() -> int:
    given = os.environ.get("MLPROV_MNIST_DIR")
    folder = pathlib.Path(given) if given else cache()
    if is_complete(folder):
        print(folder)
        return 0
    if given:
        say(f"MLPROV_MNIST_DIR is {given}, which does not hold the four IDX files")
        return 3
    try:
        say("downloading MNIST (11 MB)")
        write(folder, {name: fetch(name, digest) for name, digest in SHA256.items()})
    except OSError as error:
        say(f"{error}; taking the 1,797 digits of the scikit-learn package instead")
        try:
            write(folder, uci_digits())
        except (OSError, subprocess.CalledProcessError, StopIteration, KeyError) as second:
            say(f"that did not work either ({second}): give the program --data DIR")
            return 3
    print(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
