#!/usr/bin/env python3
"""What a search costs and finds, side by side with Pagefind where that is installed.

    benches/search.py ARTICLES [RUNS]

Makes an archive of so many articles (examples/archive.rs), builds it without and with a search, edits
one article of each, and asks the search 200 queries whose answers are known: words of the titles of
articles all over the archive, two and three of each. Times are the median of RUNS (default 5), which
take turns. `node` asks, with the script that browsers run (benches/search.mjs).

PAGEFIND names its binary, such as `node_modules/.bin/pagefind` after `npm install pagefind`. Without it, or
beyond 20,000 articles, only ours is measured. OLD names another binary of ours, to compare a build
without a search with. SITE names a folder with a site of your own, to ask instead of an archive.
"""

import json
import os
import pathlib
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

import ours

MOST_FOR_PAGEFIND = 20_000
QUERIES = 200


def build(binary, site, output):
    """Seconds that a build takes."""
    started = time.monotonic()
    command = [binary, "build", "--root", site, "--output", output]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - started


def forget(site, output):
    shutil.rmtree(output, ignore_errors=True)
    shutil.rmtree(site / ".pressroom", ignore_errors=True)


def in_turns(runs, **works):
    """The median of each work, each of which is done once a round."""
    times = {name: [] for name in works}
    for _ in range(runs):
        for name, work in works.items():
            times[name].append(work())
    return {name: round(statistics.median(taken), 3) for name, taken in times.items()}


def edit(site, number):
    """Adds a sentence to an article of the middle; the files are told by their order."""
    files = sorted(site.glob("content/*/**/*.md"))
    path = files[len(files) // 2]
    text = path.read_text()
    path.write_text(f"{text}\nSentence {number} of an edit about nothing.\n")


def cards(output):
    files = sorted((output / "search/cards").iterdir(), key=lambda file: int(file.stem))
    return [card for file in files for card in json.loads(file.read_text())]


def queries(cards, words):
    """So many words of the titles of some articles, each with the article's address."""
    chance = random.Random(7)
    asked = []
    for card in cards[:: max(1, len(cards) // QUERIES)]:
        title = re.findall(r"\w+", card["title"])
        long = [at for at, word in enumerate(title) if len(word) > 3]
        chosen = sorted(chance.sample(long, min(words, len(long))))
        if chosen:
            asked.append([" ".join(title[at] for at in chosen), urllib.parse.unquote(card["url"])])
    return asked


def ask(output, asked, *pagefind):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(asked, file)
        file.flush()
        script = ours.REPOSITORY / "benches/search.mjs"
        command = ["node", script, output, file.name, *pagefind]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def only_articles(output, cards, to):
    """The pages of articles, which are what Pagefind is to index."""
    for card in cards:
        path = urllib.parse.unquote(card["url"]).lstrip("/")
        path = path + "index.html" if path.endswith("/") else path
        (to / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(output / path, to / path)


def run_pagefind(binary, pages):
    shutil.rmtree(pages / "pagefind", ignore_errors=True)
    started = time.monotonic()
    command = [binary, "--site", pages, "--root-selector", "main"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - started


def size(folder):
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {"files": len(files), "bytes": sum(file.stat().st_size for file in files)}


def measure(binary, without, with_search, outputs, runs):
    off, on = outputs

    def fresh(program, site, output):
        forget(site, output)
        return build(program, site, output)

    works = {"without": lambda: fresh(binary, without, off), "with": lambda: fresh(binary, with_search, on)}
    if old := os.environ.get("OLD"):
        before = off.with_name("before")
        works["before"] = lambda: fresh(old, without, before)
    print("build, s:", in_turns(runs, **works))
    fresh(binary, without, off)
    numbers = iter(range(1_000_000))

    def edited(site, output):
        edit(site, next(numbers))
        # What is younger than two seconds is read whatever its time says.
        time.sleep(2.5)
        return build(binary, site, output)

    edits = {"without": lambda: edited(without, off), "with": lambda: edited(with_search, on)}
    for work in edits.values():
        work()
    print("one edit, s:", in_turns(runs, **edits))


def main():
    site = os.environ.get("SITE")
    articles, runs = (0, 1) if site else ours.numbers(__doc__, 5)
    binary, archive = ours.programs()
    with tempfile.TemporaryDirectory(dir=ours.MEMORY) as folder:
        folder = pathlib.Path(folder)
        off, on = folder / "off", folder / "on"
        if site:
            build(binary, site, on)
        else:
            without, with_search = folder / "without", folder / "with"
            for each in (without, with_search):
                subprocess.run([archive, str(articles), each], check=True, stdout=subprocess.DEVNULL)
            with (with_search / "pressroom.yaml").open("a") as settings:
                settings.write("search: true\n")
            measure(binary, without, with_search, (off, on), runs)
        print("index:", size(on / "search"))
        known = cards(on)
        asked = {words: queries(known, words) for words in (2, 3)}
        for words, some in asked.items():
            print(f"{words} words:", ask(on, some))
        pagefind = os.environ.get("PAGEFIND")
        if pagefind and len(known) <= MOST_FOR_PAGEFIND:
            pages = folder / "pages"
            only_articles(on, known, pages)
            # It has no other way to take an edit in than to read all pages again.
            print("Pagefind, s:", round(statistics.median(run_pagefind(pagefind, pages) for _ in range(runs)), 3))
            print("its index:", size(pages / "pagefind"))
            for words, some in asked.items():
                print(f"{words} words:", ask(on, some, pages / "pagefind"))


if __name__ == "__main__":
    main()
