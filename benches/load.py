#!/usr/bin/env python3
"""What a server bears while its site is edited.

usage: benches/load.py ARTICLES [SECONDS]

Makes an archive of so many articles, in memory where there is /dev/shm, and serves it. For SECONDS (30 by
default) 16 connections ask for pages without a pause: an article that is edited, 40 others and the home
page. Meanwhile a sentence is added to that article twice a second, and each time it is waited for the page to
have it. Then 1,000 pages listen at once, and one more edit is made, of which each must hear. After that it is
measured what the server does while nothing happens, and the same once more for one that looks at all files
each second (`--poll`).

environment:
  PRESSROOM  a pressroom binary to measure, instead of building this checkout
  ARCHIVE    the archive generator (the example `archive`), instead of building it
  LOAD       what asks for pages (the example `load`), instead of building it
"""

import json
import pathlib
import resource
import selectors
import socket
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True

import ours
from serve import SETTLED, end, get, listen, processor, start, status

CONNECTIONS = 16
OTHERS = 40
BETWEEN_EDITS = 0.5
LISTENERS = 1_000
IDLE = 60


def main():
    articles, seconds = ours.numbers(__doc__, 30)
    binary, generator, load = ours.programs(LOAD="load")
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory(prefix="pressroom-load.", dir=ours.MEMORY) as work:
        site = pathlib.Path(work) / "site"
        subprocess.run([generator, str(articles), site], check=True, stdout=subprocess.DEVNULL)
        stories = sorted(site.glob("content/**/*.md"))
        edited = stories[articles // 2]
        others = stories[:: max(1, articles // OTHERS)][:OTHERS]
        path = path_of(site, edited)
        paths = [path, "/", *(path_of(site, story) for story in others)]
        time.sleep(SETTLED)
        _, (process, port) = start(binary, site)
        try:
            get(port, path)
            before = status(process.pid, "VmRSS")
            asked, waited = under_load(load, port, seconds, paths, edited)
            after = status(process.pid, "VmRSS")
            heard, took, listening = with_listeners(process.pid, port, path, edited)
            idle = at_rest(process.pid)
            peak = status(process.pid, "VmHWM")
        finally:
            end(process)
        _, (process, port) = start(binary, site, "--poll")
        try:
            polling = at_rest(process.pid)
        finally:
            end(process)
    print(f"{articles:,} articles, {asked['seconds']:.0f} s, {CONNECTIONS} connections, {len(waited)} edits")
    print(f"{asked['pages'] / asked['seconds']:,.0f} pages a second, {asked['errors']} errors")
    print(f"milliseconds: median {asked['median']}, 99 % {asked['most_of_100']}, most {asked['most']}")
    print(f"milliseconds from an edit to its page: median {middle(waited):.0f}, most {max(waited):.0f}")
    print(f"MiB: {before / 1024:.0f} before, {after / 1024:.0f} after, {peak / 1024:.0f} at most")
    print(f"{LISTENERS:,} pages listen: {listening / 1024:.0f} MiB, {heard:,} heard of an edit within {took:.2f} s")
    print(f"at rest: {idle:.2f} % of a processor; with --poll {polling:.2f} %")


def under_load(load, port, seconds, paths, edited):
    """What asked for pages says, and how many milliseconds each edit took to show."""
    command = [load, f"127.0.0.1:{port}", str(seconds), str(CONNECTIONS), *paths]
    waited = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as asking:
        while asking.poll() is None:
            sentence = f"Sentence {len(waited)} of many."
            began = time.perf_counter()
            append(edited, sentence)
            while sentence not in get(port, paths[0]):
                if time.perf_counter() - began > 20:
                    sys.exit(f"{sentence} does not come")
                time.sleep(0.002)
            waited.append(1000 * (time.perf_counter() - began))
            time.sleep(BETWEEN_EDITS)
        return json.loads(asking.stdout.read()), waited


def with_listeners(pid, port, path, edited):
    """How many pages that listen hear of an edit, after how many seconds the last, and the memory then."""
    _ = next(listen(port, path))
    waiting = selectors.DefaultSelector()
    request = f"GET /_pressroom/events?path={path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"
    for _ in range(LISTENERS):
        page = socket.create_connection(("127.0.0.1", port))
        page.sendall(request.encode())
        waiting.register(page, selectors.EVENT_READ)
    hear(waiting, LISTENERS)
    listening = status(pid, "VmRSS")
    began = time.perf_counter()
    append(edited, "One that all hear of.")
    heard = hear(waiting, LISTENERS)
    took = time.perf_counter() - began
    for key in list(waiting.get_map().values()):
        key.fileobj.close()
    return heard, took, listening


def hear(waiting, wanted):
    """How many have been told to reload, at the latest after 20 seconds."""
    heard, until = set(), time.monotonic() + 20
    while len(heard) < wanted and time.monotonic() < until:
        for key, _ in waiting.select(timeout=1):
            if b'"reload"' in key.fileobj.recv(65536):
                heard.add(key.fd)
    return len(heard)


def at_rest(pid):
    """The share of a processor, in hundredths, that is used while nothing happens."""
    time.sleep(12)
    before = processor(pid)
    time.sleep(IDLE)
    return 100 * (processor(pid) - before) / IDLE


def append(file, sentence):
    with open(file, "a", encoding="utf-8") as text:
        text.write(f"\n{sentence}\n")


def path_of(site, story):
    return "/" + "/".join([story.relative_to(site / "content").parts[0], story.stem]) + "/"


def middle(numbers):
    return sorted(numbers)[len(numbers) // 2]


if __name__ == "__main__":
    main()
