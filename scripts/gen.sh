#!/usr/bin/env bash
# Writes the files that are made from others and committed, or proves that they are fresh:
#   scripts/gen.sh           writes them
#   scripts/gen.sh --check   writes them too, and fails when that changed one
# Go packages say what they make in a go:generate line; web/package.json says it in its script "gen". Go goes first:
# the types of the web client are made from the API document that Go writes.
set -euo pipefail
cd "$(dirname "$0")/.."

# Where generated files live: nothing else may be changed by generating.
generated=(docs/api docs/modules web/src/api/generated)

fingerprint() {
  local dir
  for dir in "${generated[@]}"; do
    if [[ -d "$dir" ]]; then find "$dir" -type f; fi
  done | LC_ALL=C sort | while IFS= read -r file; do sha256sum "$file"; done
}

check=false
case "${1:-}" in
--check) check=true ;;
'') ;;
*)
  echo "usage: scripts/gen.sh [--check]" >&2
  exit 2
  ;;
esac

before="$(fingerprint)"
go generate ./...
npm --prefix web run --silent gen
if $check; then
  after="$(fingerprint)"
  if [[ "$before" != "$after" ]]; then
    echo "gen: these generated files were not fresh; they are now, look at the difference and commit it:" >&2
    diff <(echo "$before") <(echo "$after") | awk '/^[<>] ./ {print "  " $3}' | sort -u >&2
    exit 1
  fi
fi
