#!/usr/bin/env bash
# Measures the program and prints a Markdown table: scripts/bench.sh [VISITS [PATTERN [TIME]]]. With PATTERN the Go benchmarks of that name are run instead,
# each for TIME; only packages that have some are built.
set -euo pipefail
cd "$(dirname "$0")/.."

visits="${1:-10000}"
pattern="${2:-}"
scripts/postgres.sh start >&2
if [[ -n "$pattern" ]]; then
  mapfile -t packages < <(grep -rlE --include='*_test.go' --exclude-dir=node_modules '^func Benchmark' . | xargs -r -n 1 dirname | sort -u)
  exec go test -run '^$' -bench "$pattern" -benchtime "${3:-1s}" -benchmem -timeout 60m "${packages[@]}"
fi

echo "# $(date -u +%F), $(go version | cut -d' ' -f3-4), $(nproc) cores, $(awk '/MemTotal/ { printf "%d GB", $2 / 1048576 }' /proc/meminfo), load before: $(cut -d' ' -f1 /proc/loadavg)"
echo
ALMONER_BENCH_VISITS="$visits" go test ./app -run '^TestBench(Table|People|Start)$' -count 1 -timeout 120m -v | grep -E '^\||^ *(---|[a-z_]+\.go:)|^(FAIL|ok)' | grep -v -- '--- PASS'
