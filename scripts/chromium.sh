#!/usr/bin/env bash
# Prints the path of the browser that the browser tests drive. Debian's chromium-headless-shell comes first: it has no window to draw, and takes a
# third less of the processors for the same stories.
#   scripts/chromium.sh        installs it when there is no browser
#   scripts/chromium.sh find   only looks; fails when there is none
# The variable CHROMIUM names another one.
set -euo pipefail
cd "$(dirname "$0")/.."

find_browser() {
  local name
  for name in ${CHROMIUM:+"$CHROMIUM"} chromium-headless-shell chromium chromium-browser google-chrome; do
    command -v "$name" && return
  done
  return 1
}

case "${1:-}" in
find)
  find_browser
  ;;
'')
  if ! find_browser; then
    scripts/apt.sh chromium-headless-shell fonts-noto-core >&2 || scripts/apt.sh chromium fonts-noto-core >&2
    find_browser
  fi
  ;;
*)
  echo "usage: scripts/chromium.sh [find]" >&2
  exit 2
  ;;
esac
