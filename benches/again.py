#!/usr/bin/env python3
"""What it costs to build again.

usage: benches/again.py ARTICLES [RUNS]

Makes an archive of so many articles, in memory where there is /dev/shm, and builds it RUNS times (3
by default) from nothing, with nothing changed, and with one more word in one article; prints
medians. Between builds it waits until files are old enough for their times to be believed.

environment:
  PRESSROOM  a pressroom binary to measure, instead of building this checkout
  ARCHIVE    the archive generator (the example `archive`), instead of building it
"""

import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True

import ours

SETTLED = 2.5


def main():
    articles, runs = ours.numbers(__doc__, 3)
    binary, generator = ours.programs()
    with tempfile.TemporaryDirectory(prefix="pressroom-again.", dir=ours.MEMORY) as work:
        site, output = pathlib.Path(work) / "site", pathlib.Path(work) / "out"
        subprocess.run([generator, str(articles), site], check=True, stdout=subprocess.DEVNULL)
        edited = sorted(site.glob("content/**/*.md"))[articles // 2]
        builds = {"clean": [], "nothing changed": [], "one article edited": []}
        for run in range(runs):
            for made in (output, site / ".pressroom"):
                shutil.rmtree(made, ignore_errors=True)
            time.sleep(SETTLED)
            builds["clean"].append(build(binary, site, output))
            builds["nothing changed"].append(build(binary, site, output))
            with open(edited, "a", encoding="utf-8") as file:
                file.write(f"\nAnother word, {run}.\n")
            time.sleep(SETTLED)
            builds["one article edited"].append(build(binary, site, output))
    print(f"{articles:,} articles, medians of {runs}")
    for name, measured in builds.items():
        wall, cpu, memory = (statistics.median(column) for column in zip(*measured))
        print(f"{name:<20}{wall:8.2f} s wall {cpu:8.2f} s CPU {memory:8.0f} MiB")


def build(binary, site, output):
    """Seconds of the clock and of the processor, and the peak memory in MiB."""
    started = time.monotonic()
    command = [binary, "build", "--root", site, "--output", output]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as child:
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"the build of {site} failed")
    return time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


main()
