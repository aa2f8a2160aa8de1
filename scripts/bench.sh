#!/usr/bin/env bash
# Runs the benchmarks: scripts/bench.sh [PATTERN [TIME]]. Only packages that have some are built, so the table is not
# drowned in packages without.
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -t packages < <(grep -rlE --include='*_test.go' --exclude-dir=node_modules '^func Benchmark' . | xargs -r -n 1 dirname | sort -u)
if ((${#packages[@]} == 0)); then
  echo "bench: no package has a benchmark" >&2
  exit 1
fi
scripts/postgres.sh start >&2
exec go test -run '^$' -bench "${1:-.}" -benchtime "${2:-1s}" -benchmem -timeout 60m "${packages[@]}"
