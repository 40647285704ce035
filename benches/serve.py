#!/usr/bin/env python3
"""How long an open page waits for an edit.

usage: benches/serve.py ARTICLES [EDITS]

Makes an archive of so many articles, in memory where there is /dev/shm, and serves it once and then several
times more, so that these find what the first one kept. Then a page listens as a browser does, a sentence is added to its
article EDITS times (200 by default), and it is measured how long it takes from the moment that the
file is written to the word that the page has changed, and to the changed page itself.

environment:
  PRESSROOM  a pressroom binary to measure, instead of building this checkout
  ARCHIVE    the archive generator (the example `archive`), instead of building it
"""

import http.client
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True

import ours

SETTLED = 2.5
# How often a site is served that was served before.
STARTS = 7
# So long all pages may be looked at, in seconds.
SWEEP = 180


def main():
    articles, edits = ours.numbers(__doc__, 200)
    binary, generator = ours.programs()
    with tempfile.TemporaryDirectory(prefix="pressroom-serve.", dir=ours.MEMORY) as work:
        site = pathlib.Path(work) / "site"
        subprocess.run([generator, str(articles), site], check=True, stdout=subprocess.DEVNULL)
        edited = sorted(site.glob("content/**/*.md"))[articles // 2]
        path = "/" + "/".join([edited.relative_to(site / "content").parts[0], edited.stem]) + "/"
        time.sleep(SETTLED)
        cold, server = start(binary, site)
        end(server[0])
        time.sleep(SETTLED)
        warm = []
        for _ in range(STARTS):
            took, (process, port) = start(binary, site)
            warm.append(took)
            if len(warm) < STARTS:
                end(process)
        told, fetched = [], []
        try:
            path = page_of(port, edited.stem, path)
            words = listen(port, path)
            for edit in range(edits):
                sentence = f"Sentence {edit} of many."
                text = edited.read_text(encoding="utf-8") + f"\n{sentence}\n"
                began = time.perf_counter()
                edited.write_text(text, encoding="utf-8")
                while "reload" not in next(words):
                    pass
                told.append(time.perf_counter() - began)
                if sentence not in get(port, path):
                    sys.exit(f"the page of edit {edit} is not the one that was written")
                fetched.append(time.perf_counter() - began)
                time.sleep(0.05)
            until = time.time() + SWEEP
            # Pages that nobody has opened are looked at first.
            while used(process.pid, 2) > 0.05 and time.time() < until:
                pass
            idle = used(process.pid, 5)
            peak = status(process.pid, "VmHWM")
        finally:
            end(process)
    print(f"{articles:,} articles, {edits} edits, milliseconds")
    warm.sort()
    after = f"{warm[STARTS // 2]:.0f} in the median of {STARTS} ({warm[0]:.0f} to {warm[-1]:.0f})"
    print(f"ready: {cold:.0f} the first time, {after} after that; {peak / 1024:.0f} MiB at most")
    print(f"idle: {idle:.2f} s of processor time in 5 s")
    print(f"{'':<22}{'median':>8}{'95 %':>8}{'99 %':>8}{'most':>8}")
    for what, times in {"to the word": told, "to the changed page": fetched}.items():
        times = sorted(1000 * seconds for seconds in times)
        at = lambda share: times[min(len(times) - 1, int(share * len(times)))]
        print(f"{what:<22}{at(0.5):8.1f}{at(0.95):8.1f}{at(0.99):8.1f}{times[-1]:8.1f}")


def used(process, seconds):
    before = processor(process)
    time.sleep(seconds)
    return processor(process) - before


def start(binary, site, watch="--watch"):
    command = [binary, "serve", watch, "--port", "0", "--format", "json", "--root", site]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    ready = json.loads(process.stdout.readline())
    port = int(re.search(r":(\d+)/", ready["url"])[1])
    return ready["milliseconds"], (process, port)


def end(process):
    process.terminate()
    process.wait()


def get(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path)
    return connection.getresponse().read().decode()


def page_of(port, stem, guess):
    """The path of an article's page, which is told by its file's name."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("HEAD", guess)
    if connection.getresponse().status == 200:
        return guess
    sys.exit(f"there is no page {guess} for {stem}")


def listen(port, path):
    tag = re.search('data-tag="([0-9a-f]*)"', get(port, path))[1]
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", f"/_pressroom/events?path={path}&tag={tag}")
    response = connection.getresponse()
    while line := response.readline():
        if line.startswith(b"data: "):
            yield json.loads(line[6:])


def processor(pid):
    """Seconds of processor time that a process has had."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def status(pid, name):
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(rf"{name}:\s+(\d+)", text)[1])


if __name__ == "__main__":
    main()
