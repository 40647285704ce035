#!/usr/bin/env python3
"""What related articles take of a clean build.

usage: benches/related/share.py ARTICLES [RUNS]

Makes an archive of so many articles and a copy of it with `related: false`, builds both in turns
(RUNS times each, 5 by default, after one build of each that is not counted), in memory where there
is /dev/shm, and prints medians. With `related: false` no words are read, nothing is compared, and
there are no blocks and pages of related articles to render.

CPU is user and system time of all threads. "finding" is what the stages `parse` and `site` take
more, and "showing" what all others take more, as shares of all stages.

environment:
  PRESSROOM  a pressroom binary to measure, instead of building this checkout
  ARCHIVE    the archive generator (the example `archive`), instead of building it
"""

import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import ours

FINDING = ("parse", "site")


def main():
    articles, runs = ours.numbers(__doc__, 5)
    binary, generator = ours.programs()
    with tempfile.TemporaryDirectory(prefix="pressroom-share.", dir=ours.MEMORY) as work:
        work = pathlib.Path(work)
        subprocess.run([generator, str(articles), work / "on"], check=True, stdout=subprocess.DEVNULL)
        shutil.copytree(work / "on", work / "off")
        with open(work / "off" / "pressroom.yaml", "a", encoding="utf-8") as config:
            config.write("related: false\n")
        builds = {"on": [], "off": []}
        for run in range(runs + 1):
            for name in builds:
                measured = build(binary, work / name, work / "out")
                if run > 0:
                    builds[name].append(measured)
                print(f"{run}/{runs} {name}: {measured['cpu']:.2f} s", file=sys.stderr)
    report(articles, runs, builds)


def build(binary, site, output):
    """One clean build: its CPU seconds, peak memory in MiB, and the milliseconds of its stages."""
    shutil.rmtree(output, ignore_errors=True)
    command = [binary, "build", "--root", site, "--output", output, "--profile"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        told = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"the build of {site} failed")
    stages = re.search(r"^Stage .*\n((?:\S+ +[0-9.]+\n)+)", told, re.MULTILINE)
    lines = [line.split() for line in stages.group(1).splitlines()]
    return {
        "cpu": usage.ru_utime + usage.ru_stime,
        "memory": usage.ru_maxrss / 1024,
        "stages": {name: float(milliseconds) for name, milliseconds in lines},
    }


def report(articles, runs, builds):
    def median(name, of):
        return statistics.median(of(measured) for measured in builds[name])

    def more(of):
        return median("on", of) - median("off", of)

    def finding(measured):
        return sum(measured["stages"][stage] for stage in FINDING)

    def whole(measured):
        return sum(measured["stages"].values())

    cpu, memory = (lambda m: m["cpu"]), (lambda m: m["memory"])
    shares = sorted(1 - off["cpu"] / on["cpu"] for on, off in zip(builds["on"], builds["off"]))
    print(f"{articles:,} articles, medians of {runs} builds of each")
    print(f"CPU       {median('on', cpu):8.2f} s, without related {median('off', cpu):.2f} s")
    print(f"share     {more(cpu) / median('on', cpu):8.1%}, in single pairs {shares[0]:.1%} to {shares[-1]:.1%}")
    print(f"  finding {more(finding) / median('on', whole):8.1%}")
    print(f"  showing {(more(whole) - more(finding)) / median('on', whole):8.1%}")
    print(f"wall      {median('on', whole) / 1000:8.2f} s, without related {median('off', whole) / 1000:.2f} s")
    print(f"memory    {median('on', memory):8.0f} MiB, without related {median('off', memory):.0f} MiB")


main()
