#!/usr/bin/env bash
# Prints what Lighthouse says of a built site, and fails when a score is below 100. Progress goes to
# stderr, the table to stdout.
set -euo pipefail

usage='usage: benches/lighthouse/scores.sh [FOLDER]

  FOLDER  a built site; without it the manual is built and looked at

environment:
  CHROMIUM  the browser, when it is not /usr/bin/chromium

Needs Node.js 20.19 or newer, and the network, once, to install Lighthouse from npm.'

case "${1-}" in -h | --help) printf '%s\n' "$usage"; exit 0 ;; esac
[ $# -le 1 ] || { printf '%s\n' "$usage" >&2; exit 2; }

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd -- "$here/../.." && pwd)

# npm writes this file when it has installed everything.
if [[ ! $here/node_modules/.package-lock.json -nt $here/package-lock.json ]]; then
    npm ci --prefix "$here" --ignore-scripts --no-audit --no-fund >&2
fi
if [[ -n ${1-} ]]; then
    folder=$1
else
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    (cd "$repository" && cargo run --release --locked --quiet -- build --output "$folder/manual") >&2
    folder=$folder/manual
fi
node "$here/scores.js" "$folder"
