import os
import pathlib
import sys

SOURCE = pathlib.Path(os.environ.get("MLPROV_SOURCE_DIR", pathlib.Path(__file__).parents[2]))
sys.path[:0] = [str(SOURCE / "examples"), str(pathlib.Path(__file__).parent)]
