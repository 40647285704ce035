#!/usr/bin/env python3
"""How fast photographs are published, beside the image libraries alone.

    benches/pictures.py [COUNT] [ROUNDS]

In turns, COUNT photographs of 12 million pixels (500 by default; examples/photographs.rs makes them)
are decoded, made narrower and encoded by the libraries alone, and published by a first build of a
site that shows them. Then the site is built again: as it is, and into an empty folder, where all that
is needed is kept. Prints the seconds of each, and medians of their ratios.

PRESSROOM and PHOTOGRAPHS name the binaries (default: those of target/release).
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRESSROOM = os.environ.get("PRESSROOM", str(ROOT / "target/release/pressroom"))
PHOTOGRAPHS = os.environ.get("PHOTOGRAPHS", str(ROOT / "target/release/examples/photographs"))


def build(site):
    started = time.monotonic()
    subprocess.run(
        [PRESSROOM, "build", "--root", site],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.monotonic() - started


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        subprocess.run([PHOTOGRAPHS, "make", str(count), site], check=True)
        ratios = []
        for _ in range(rounds):
            output = subprocess.run(
                [PHOTOGRAPHS, "libraries", site], check=True, capture_output=True, text=True
            )
            libraries = float(output.stdout)
            shutil.rmtree(site / ".libraries")
            shutil.rmtree(site / "public", ignore_errors=True)
            shutil.rmtree(site / ".pressroom", ignore_errors=True)
            first = build(site)
            second = build(site)
            shutil.rmtree(site / "public")
            kept = build(site)
            ratios.append(libraries / first)
            print(
                f"libraries {libraries:7.2f} s   first build {first:7.2f} s   "
                f"again {second:6.3f} s   into an empty folder {kept:6.2f} s",
                flush=True,
            )
        print(f"of the libraries' speed, in the median: {statistics.median(ratios):.0%}")


if __name__ == "__main__":
    main()
