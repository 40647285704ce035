"""Measures builds, and tells the results as a table. Needs nothing but Python 3 on a Unix.

    measure.py run RESULTS NAME OUTPUT -- COMMAND…   runs once, appends a line of JSON to RESULTS
    measure.py table RESULTS PEER OURS               medians of both, and PEER / OURS

Wall time is that of a monotonic clock from before the start to after the end. CPU time (user and
system) and peak memory (resident set) are the kernel's, from wait4, and include the children that the
command waited for. Peak memory has a floor of about 10 MiB: a process inherits the mark of the Python
that started it.
"""

import json
import os
import statistics
import sys
import time

# ru_maxrss is in KiB on Linux and in bytes on macOS.
MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024


def run(results, name, output, command):
    """One run of a command: 0, or the exit status that it failed with."""
    sys.stdout.flush()
    log = results + ".log"
    start = time.monotonic()
    with open(log, "wb") as sink:
        pid = os.posix_spawnp(
            command[0],
            command,
            os.environ,
            file_actions=[(os.POSIX_SPAWN_DUP2, sink.fileno(), 1), (os.POSIX_SPAWN_DUP2, sink.fileno(), 2)],
        )
        _, status, usage = os.wait4(pid, 0)
    wall = time.monotonic() - start

    code = os.waitstatus_to_exitcode(status)
    if code != 0:
        with open(log, encoding="utf-8", errors="replace") as text:
            sys.stderr.write(text.read())
        print(f"{name} failed ({code}): {' '.join(command)}", file=sys.stderr)
        return 1
    files, size = contents(output)
    if files == 0:
        print(f"{name} succeeded but wrote nothing to {output}", file=sys.stderr)
        return 1
    measured = {
        "name": name,
        "wall": wall,
        "cpu": usage.ru_utime + usage.ru_stime,
        "memory": usage.ru_maxrss * MAXRSS_UNIT,
        "files": files,
        "bytes": size,
    }
    with open(results, "a", encoding="utf-8") as lines:
        lines.write(json.dumps(measured) + "\n")
    print(f"  {name:<9} {wall:8.2f} s  {measured['cpu']:8.2f} s CPU  {measured['memory'] / 2**20:7.0f} MiB", file=sys.stderr)
    return 0


def contents(folder):
    """How many files a folder holds, and their bytes."""
    files = size = 0
    for place, _, names in os.walk(folder):
        for name in names:
            files += 1
            size += os.lstat(os.path.join(place, name)).st_size
    return files, size


def table(results, peer, ours):
    """A Markdown table: a row for each program, median (lowest–highest)."""
    with open(results, encoding="utf-8") as lines:
        runs = [json.loads(line) for line in lines]
    print("| | wall, s | CPU, s | peak memory, MiB | files | MB written |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    medians = {}
    for name in (ours, peer):
        own = [each for each in runs if each["name"] == name]
        median = {key: statistics.median(each[key] for each in own) for key in ("wall", "cpu", "memory")}
        medians[name] = median

        def cell(key, unit, digits):
            values = [each[key] / unit for each in own]
            return f"{median[key] / unit:.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"

        last = own[-1]
        print(
            f"| {name} | {cell('wall', 1, 2)} | {cell('cpu', 1, 2)} | {cell('memory', 2**20, 0)} "
            f"| {last['files']:,} | {last['bytes'] / 1e6:.1f} |"
        )
    ratios = " | ".join(f"**{medians[peer][key] / medians[ours][key]:.1f}**" for key in ("wall", "cpu", "memory"))
    print(f"| {peer} / {ours} | {ratios} | | |")
    return 0


def main(arguments):
    match arguments:
        case ["run", results, name, output, "--", *command] if command:
            return run(results, name, output, command)
        case ["table", results, peer, ours]:
            return table(results, peer, ours)
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
