"""What the benchmarks of builds have in common: their arguments, our programs, and a place in memory."""

import os
import pathlib
import re
import subprocess
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parents[1]
# Where files are in memory, if there is such a place.
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def numbers(usage, otherwise):
    """The two numbers of the command line, of which the second may be left out."""
    if not 2 <= len(sys.argv) <= 3 or not all(re.fullmatch("[1-9][0-9]*", a) for a in sys.argv[1:]):
        sys.exit(usage)
    return int(sys.argv[1]), int((sys.argv + [otherwise])[2])


def programs(**others):
    """The binary to measure, the archive generator and other examples, built if need be."""
    examples = {"ARCHIVE": "archive", **others}
    names = {"PRESSROOM": "pressroom", **{name: f"examples/{file}" for name, file in examples.items()}}
    if not all(name in os.environ for name in names):
        command = ["cargo", "build", "--release", "--bins"]
        command += [argument for file in examples.values() for argument in ("--example", file)]
        subprocess.run(command, check=True, cwd=REPOSITORY)
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target")) / "release"
    return [os.environ.get(name, target / path) for name, path in names.items()]
