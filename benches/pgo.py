#!/usr/bin/env python3
"""Builds pressroom for how it is used: profile-guided optimisation.

usage: benches/pgo.py

Builds it with counters, has that build a generated archive (from nothing, with nothing changed, with one
edit) and this repository's site, and builds it again with what was counted. Needs rustup, which gets
LLVM's tools for the compiler that is in use; takes two builds without anything to begin from.

out: target/pgo/pressroom
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

import ours

# Another seed than the one that benchmarks measure with.
ARTICLES, SEED = 3_000, 2
PLACE = ours.REPOSITORY / "target" / "pgo"


def main():
    compiler = dict(line.split(": ", 1) for line in said("rustc", "-vV").splitlines() if ": " in line)
    host = compiler["host"]
    subprocess.run(["rustup", "component", "add", "llvm-tools"], check=True)
    merge = pathlib.Path(said("rustc", "--print", "sysroot"), "lib/rustlib", host, "bin/llvm-profdata")
    raw, counted = PLACE / "raw", PLACE / "counted.profdata"
    shutil.rmtree(raw, ignore_errors=True)
    train(cargo(host, "counting", f"-Cprofile-generate={raw}"))
    subprocess.run([merge, "merge", "-o", counted, *raw.glob("*.profraw")], check=True)
    built = cargo(host, "counted", f"-Cprofile-use={counted}")
    print(shutil.copy2(built, PLACE / "pressroom"))


def said(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def cargo(host, name, flags):
    """The program, compiled with flags that build scripts and macros do not get, since a target is named.

    What was counted is found by the names of functions, which hang on the settings of the profile: both builds
    have the same, or else nothing is used and nobody is told.
    """
    target = PLACE / name
    command = ["cargo", "build", "--locked", "--release", "--bin", "pressroom"]
    command += ["--target", host, "--target-dir", target]
    subprocess.run(command, check=True, cwd=ours.REPOSITORY, env={**os.environ, "RUSTFLAGS": flags})
    return target / host / "release" / "pressroom"


def train(program):
    with tempfile.TemporaryDirectory(prefix="pressroom-pgo.", dir=ours.MEMORY) as work:
        work = pathlib.Path(work)
        generator, archive = work / "archive", work / "site"
        source = ours.REPOSITORY / "examples" / "archive.rs"
        subprocess.run(["rustc", "--edition", "2024", "-O", "-o", generator, source], check=True)
        subprocess.run([generator, str(ARTICLES), archive, str(SEED)], check=True, stdout=subprocess.DEVNULL)
        article = sorted(archive.glob("content/**/*.md"))[ARTICLES // 2]
        build(program, archive, work / "out")
        build(program, archive, work / "out")
        with open(article, "a", encoding="utf-8") as file:
            file.write("\nAnother word.\n")
        build(program, archive, work / "out")
        build(program, ours.REPOSITORY, work / "manual")


def build(program, site, output):
    subprocess.run([program, "build", "--root", site, "--output", output], check=True, stdout=subprocess.DEVNULL)


main()
