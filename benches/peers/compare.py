#!/usr/bin/env python3
"""Pressroom beside other generators, on the same archives.

usage: benches/peers/compare.py [SIZE…] [--runs N] [--only NAMES] [--limit SECONDS] [--chart FILE]
       benches/peers/compare.py --draw [--chart FILE]

Makes an archive of SIZE articles (1,000, 10,000 and 100,000 unless given), and builds it N times (3)
with each program in turns: from nothing, with nothing changed, and with one more sentence in one
article. Prints the Markdown of docs/benchmarks.md, and draws the chart that it shows. Progress goes to
stderr. README.md says what is compared.

  --only NAMES     a list like Pressroom,Zola; figures of other programs stay as they were
  --limit SECONDS  what one build may take (600); a program that takes longer, or that smaller sizes
                   predict to, is left out of a size, and the table says so
  --chart FILE     where to draw the chart (PEERS_DIR/peers.svg)
  --draw           print and draw what was measured before

environment:
  PEERS_DIR  a folder for the installed programs and the results (target/peers of the repository)
  PRESSROOM  a pressroom binary to measure, instead of building this checkout
  ARCHIVE    the archive generator (the example `archive`), instead of building it
  CHART      the program that draws (the example `peers_chart`), instead of building it
  HUGO       a Hugo binary to measure, instead of installing the pinned release
  ZOLA       a Zola binary to measure, instead of the one on PATH
"""

import argparse
import json
import os
import pathlib
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time

# Nothing beside the sources.
sys.dont_write_bytecode = True

import programs
import report
from programs import say

SIZES = (1_000, 10_000, 100_000)
# Pressroom reads a file that changed within the last two seconds whatever its time says.
SETTLED = 2.5
WARM_UP = 100
SENTENCE = " One more sentence."


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    request = arguments()
    kept = pathlib.Path(os.environ.get("PEERS_DIR") or programs.REPOSITORY / "target" / "peers").resolve()
    kept.mkdir(parents=True, exist_ok=True)
    results = report.Results(kept / "results.jsonl")
    # What draws too, so that hours of measuring are not lost to a compiler's mistake.
    ours = programs.build_ours(["CHART"] if request.draw else programs.OURS)
    complete = True
    if not request.draw:
        complete = Comparison(request, kept, ours, results).run()
    picture = pathlib.Path(request.chart or kept / "peers.svg").resolve()
    subprocess.run([ours["CHART"], results.file, picture], check=True)
    print(report.markdown(results, os.path.relpath(picture, programs.REPOSITORY / "docs")))
    sys.exit(0 if complete else 1)


def arguments():
    parser = argparse.ArgumentParser(usage=__doc__, add_help=False)
    parser.add_argument("sizes", nargs="*", type=positive, default=SIZES)
    parser.add_argument("--runs", type=positive, default=3)
    parser.add_argument("--only", default=",".join(each.name for each in programs.ALL))
    parser.add_argument("--limit", type=positive, default=600)
    parser.add_argument("--chart")
    parser.add_argument("--draw", action="store_true")
    parser.add_argument("-h", "--help", action="store_true")
    request = parser.parse_args()
    if request.help:
        print(__doc__)
        sys.exit(0)
    wanted = {name.lower() for name in request.only.split(",")}
    request.programs = [each() for each in programs.ALL if each.name.lower() in wanted]
    unknown = wanted - {each.name.lower() for each in request.programs}
    if unknown:
        parser.error(f"there is no program named {', '.join(sorted(unknown))}")
    request.sizes = sorted(set(request.sizes))
    return request


def positive(text):
    number = int(text.replace(",", ""))
    if number < 1:
        raise ValueError
    return number


class TooSlow(Exception):
    """A build was killed at the limit."""


class Failed(Exception):
    """A build ended with an error, or wrote nothing."""


class Comparison:
    """One run of the benchmark."""

    def __init__(self, request, kept, ours, results):
        self.request, self.kept, self.ours, self.results = request, kept, ours, results
        self.complete = True
        # Names of programs that were over the limit; what an earlier run had as its limit is its own.
        self.slow = set()

    def run(self):
        """True when nothing went wrong; being too slow, or not being here, is nothing wrong."""
        ready = []
        for program in self.request.programs:
            try:
                program.find(self.kept, self.ours)
                ready.append(program)
            except programs.Missing as reason:
                say(f"!!! {program.name} is left out: {reason}")
                for articles in self.request.sizes:
                    self.leave_out(program, articles, str(reason))
        # Memory rather than a disk, whose speed on shared machines varies more than what is measured.
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.machine = machine("tmpfs" if memory else "disk, so expect larger differences between runs")
        with tempfile.TemporaryDirectory(prefix="pressroom-peers.", dir=memory) as scratch:
            self.warm_up(ready, pathlib.Path(scratch) / "warm-up")
            for articles in self.request.sizes:
                self.measure(ready, articles, pathlib.Path(scratch) / str(articles))
        return self.complete

    def leave_out(self, program, articles, reason):
        self.results.forget(program.name, articles)
        self.results.add({"program": program.name, "articles": articles, "left_out": reason})

    def give_up(self, program, articles, failure):
        if isinstance(failure, TooSlow):
            say(f"!!! {program.name} was stopped after {self.request.limit} s")
            self.slow.add(program.name)
            self.leave_out(program, articles, self.over_the_limit())
        else:
            say(f"!!! {program.name} failed: {failure}")
            self.leave_out(program, articles, "failed")
            self.complete = False

    def warm_up(self, ready, folder):
        """One build of a small archive, not counted: it brings the programs' files into memory."""
        say(f"warming up with {WARM_UP} articles")
        archive = self.archive(WARM_UP, folder)
        for program in list(ready):
            program.prepare(archive, folder)
            try:
                self.build(program, folder)
            except (Failed, TooSlow) as failure:
                for articles in self.request.sizes:
                    self.give_up(program, articles, failure)
                ready.remove(program)
            shutil.rmtree(folder / "output", ignore_errors=True)
        shutil.rmtree(folder)

    def archive(self, articles, folder):
        folder.mkdir()
        subprocess.run([self.ours["ARCHIVE"], str(articles), folder / "archive"], check=True, stdout=sys.stderr)
        return folder / "archive"

    def measure(self, ready, articles, folder):
        say(f"\n{articles:,} articles")
        here = [program for program in ready if self.within_limit(program, articles)]
        archive = self.archive(articles, folder)
        # File names end with the number of the article.
        in_order = sorted((archive / "content").glob("**/*.md"), key=lambda file: file.stem[-6:])
        middle = in_order[len(in_order) // 2].relative_to(archive / "content").as_posix()
        for program in here:
            self.results.forget(program.name, articles)
            program.prepare(archive, folder)
        for number in range(1, self.request.runs + 1):
            say(f"run {number} of {self.request.runs}")
            for program in list(here):
                try:
                    self.turn(program, articles, number, middle, folder)
                except (Failed, TooSlow) as failure:
                    self.give_up(program, articles, failure)
                    here.remove(program)
                shutil.rmtree(folder / "output", ignore_errors=True)
        shutil.rmtree(folder)

    def over_the_limit(self):
        return f"over the limit of {self.request.limit} s"

    def within_limit(self, program, articles):
        """False when smaller sizes predict that a build takes too long."""
        expected = self.results.expected(program.name, articles) or 0
        if program.name not in self.slow and expected <= self.request.limit:
            return True
        self.slow.add(program.name)
        say(f"!!! {program.name} is left out: it would be {self.over_the_limit()}")
        self.leave_out(program, articles, self.over_the_limit())
        return False

    def turn(self, program, articles, number, middle, folder):
        """The three builds of one program."""
        for cache in program.caches():
            shutil.rmtree(cache, ignore_errors=True)
        source = program.source(middle)
        original = source.read_text(encoding="utf-8")
        try:
            for scenario in report.SCENARIOS:
                if scenario == "one edit":
                    source.write_text(with_one_more_sentence(original), encoding="utf-8")
                time.sleep(SETTLED)
                measured = self.build(program, folder)
                say(
                    f"  {program.name:<9} {scenario:<15} {measured['wall']:8.2f} s {measured['cpu']:8.2f} s CPU"
                    f" {measured['memory'] / 2**20:7.0f} MiB {measured['files']:8,} files"
                )
                about = {"program": program.name, "articles": articles, "scenario": scenario, "run": number}
                self.results.add({**about, **measured, "version": program.version, "machine": self.machine})
        finally:
            source.write_text(original, encoding="utf-8")

    def build(self, program, folder):
        """One build, into the folder `output`: what it took, and what it wrote."""
        output, log = folder / "output", folder / "log"
        before = files_in(output)
        command, place = program.command(output)
        measuring = [sys.executable, programs.HERE / "measure.py", str(self.request.limit), log, "--", *command]
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        printed = subprocess.run(measuring, cwd=place, env=environment, check=True, stdout=subprocess.PIPE).stdout
        measured = json.loads(printed)
        if measured.pop("killed"):
            raise TooSlow
        after = files_in(output)
        status = measured.pop("status")
        if status != 0 or not after:
            says = log.read_text(encoding="utf-8", errors="replace")[-2_000:]
            raise Failed(f"{' '.join(map(str, command))} ended with {status}\n{says}")
        written = [state[0] for file, state in after.items() if before.get(file) != state]
        return {**measured, "files": len(written), "bytes": sum(written), "files_in_all": len(after)}


def with_one_more_sentence(text):
    """At the end of the first paragraph."""
    front_matter, body = text.split("\n---\n\n", 1)
    paragraph, rest = body.split("\n", 1)
    return f"{front_matter}\n---\n\n{paragraph}{SENTENCE}\n{rest}"


def files_in(folder):
    """Size, number and time of each file: a file that is written anew has another of these."""
    found = {}
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            state = os.lstat(path)
            found[path] = (state.st_size, state.st_ino, state.st_mtime_ns)
    return found


def machine(medium):
    processor = "an unknown processor"
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            processor = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = programs.memory_of_machine() / 2**30
    system = f"{platform.system()} {platform.machine()}"
    return f"{cores} cores of {processor}, {memory:.0f} GiB, {system}; load at the start {os.getloadavg()[0]:.1f}; files on {medium}"


if __name__ == "__main__":
    main()
