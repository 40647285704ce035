"""Runs one command, and prints what it took as a line of JSON.

    measure.py LIMIT LOG -- COMMAND…

Wall time is that of a monotonic clock from before the start to after the end. CPU time (user and
system) and peak memory (resident set) are the kernel's, from wait4, and include the children that the
command waited for. Peak memory has a floor of about 10 MiB: a process inherits the mark of the one that
started it, which is why this one is small and does nothing else. After LIMIT seconds the command is
killed, with all that it started.
"""

import json
import os
import signal
import sys
import time

# ru_maxrss is in KiB on Linux and in bytes on macOS.
MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024


def main(limit, log, command):
    killed = False

    def kill(_signal, _frame):
        nonlocal killed
        killed = True
        os.killpg(pid, signal.SIGKILL)

    start = time.monotonic()
    with open(log, "wb") as sink:
        pid = os.posix_spawnp(
            command[0],
            command,
            os.environ,
            file_actions=[(os.POSIX_SPAWN_DUP2, sink.fileno(), 1), (os.POSIX_SPAWN_DUP2, sink.fileno(), 2)],
            setpgroup=0,
        )
    # Its own group does not hear what is typed here.
    for each in (signal.SIGALRM, signal.SIGINT, signal.SIGTERM):
        signal.signal(each, kill)
    signal.alarm(limit)
    _, status, usage = os.wait4(pid, 0)
    wall = time.monotonic() - start
    signal.alarm(0)
    measured = {
        "killed": killed,
        "status": os.waitstatus_to_exitcode(status),
        "wall": round(wall, 4),
        "cpu": round(usage.ru_utime + usage.ru_stime, 4),
        "memory": usage.ru_maxrss * MAXRSS_UNIT,
    }
    print(json.dumps(measured))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[4:])
