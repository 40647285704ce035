"""What was measured: kept as lines of JSON, told as Markdown."""

import json
import math
import statistics

SCENARIOS = ("clean", "nothing changed", "one edit")
OURS = "Pressroom"
# As they stand in the tables.
PROGRAMS = (OURS, "Hugo", "Eleventy", "Zola")


class Results:
    """The lines of a file, one for each build and for each program that was left out."""

    def __init__(self, file):
        self.file = file
        self.lines = []
        if file.exists():
            self.lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]

    def forget(self, program, articles):
        """Drops what an earlier run said."""
        gone = (program, articles)
        self.lines = [line for line in self.lines if (line["program"], line["articles"]) != gone]
        self.file.write_text("".join(json.dumps(line) + "\n" for line in self.lines), encoding="utf-8")

    def add(self, line):
        self.lines.append(line)
        with open(self.file, "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def runs(self, program, articles, scenario):
        wanted = {"program": program, "articles": articles, "scenario": scenario}
        return [line for line in self.lines if wanted.items() <= line.items()]

    def left_out(self, program, articles):
        """Why there are no figures, if there are none."""
        for line in self.lines:
            if line["program"] == program and line["articles"] == articles and "left_out" in line:
                return line["left_out"]
        return None

    def sizes(self):
        return sorted({line["articles"] for line in self.lines})

    def expected(self, program, articles):
        """Seconds that a clean build should take by the two next smaller sizes, or None.

        Time is taken to grow as a power of the size: the one that the two sizes show, at least the first.
        """
        known = []
        for size in self.sizes():
            runs = self.runs(program, size, "clean")
            if size < articles and runs:
                known.append((size, statistics.median(run["wall"] for run in runs)))
        if not known:
            return None
        power = 1
        (size, wall) = known[-1]
        if len(known) > 1:
            (smaller, less) = known[-2]
            power = max(1, math.log(wall / less) / math.log(size / smaller))
        return wall * (articles / size) ** power


def markdown(results, picture):
    """All of it, as it stands in docs/benchmarks.md."""
    parts = [f"![{ALT}]({picture})"]
    for scenario in SCENARIOS:
        parts.append(table(results, scenario))
    parts.append("\n".join(f"- {note}" for note in notes(results)))
    return "\n\n".join(parts)


ALT = (
    "Seconds by the number of articles for each program, on logarithmic scales, in three charts: "
    "clean builds, builds with nothing changed, builds after one edit. The tables below have the same figures"
)

# Key, heading, unit, whether it is compared.
COLUMNS = (
    ("wall", "wall, s", 1, True),
    ("cpu", "CPU, s", 1, True),
    ("memory", "peak memory, MiB", 2**20, True),
    ("files", "files written", 1, False),
    ("bytes", "MB written", 1e6, False),
)


def table(results, scenario):
    title = scenario[0].upper() + scenario[1:]
    lines = [
        f"| {title}: articles | | " + " | ".join(heading for _, heading, _, _ in COLUMNS) + " |",
        "| ---: | --- |" + " ---: |" * len(COLUMNS),
    ]
    for articles in results.sizes():
        ours = results.runs(OURS, articles, scenario)
        label = f"{articles:,} "
        for program in PROGRAMS:
            runs = results.runs(program, articles, scenario)
            reason = results.left_out(program, articles)
            if reason:
                cells = [reason] + [""] * (len(COLUMNS) - 1)
            elif runs:
                cells = [cell(runs, ours if program != OURS else [], *column) for column in COLUMNS]
            else:
                continue
            lines.append(f"| {label}| {program} | " + " | ".join(cells) + " |")
            label = ""
    return "\n".join(lines)


def cell(runs, ours, key, _heading, unit, compared):
    values = [run[key] / unit for run in runs]
    median = statistics.median(values)
    if key == "files":
        return f"{median:,.0f}"
    digits = 0 if key == "memory" else 1 if key == "bytes" or median >= 100 else 2
    text = f"{median:,.{digits}f}"
    if compared and len(values) > 1:
        text += f" ({min(values):,.{digits}f}–{max(values):,.{digits}f})"
    base = statistics.median(run[key] for run in ours) / unit if ours else 0
    if compared and base > 0:
        times = median / base
        text += f" **{times:,.{0 if times >= 100 else 1}f}×**"
    return text


def notes(results):
    """What one has to know to compare the figures with others."""
    measured = [line for line in results.lines if "wall" in line]
    several = any(len(results.runs(*key)) > 1 for key in {(l["program"], l["articles"], l["scenario"]) for l in measured})
    if several:
        yield "median (lowest–highest), and **how many times** Pressroom's"
    else:
        yield "single builds, and **how many times** Pressroom's"
    counts = {}
    for articles in results.sizes():
        runs = {line["run"] for line in measured if line["articles"] == articles}
        if runs:
            counts.setdefault(len(runs), []).append(f"{articles:,}")
    for count, sizes in counts.items():
        yield f"{count} run{'' if count == 1 else 's'} of {' and '.join(sizes)} articles"
    versions = dict.fromkeys(line["version"] for line in measured)
    yield "; ".join(versions)
    yield from dict.fromkeys(line["machine"] for line in measured)
