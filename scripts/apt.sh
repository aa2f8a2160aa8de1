#!/usr/bin/env bash
# Installs Debian packages: scripts/apt.sh PACKAGE…
# Tries three times, or as often as TRIES says. Fails with a sentence where there is no apt-get, or no right to use it. Asks no question.
set -euo pipefail

if ! command -v apt-get >/dev/null; then
  echo "apt: no apt-get on this machine, install by hand: $*" >&2
  exit 1
fi
as_root=()
if [[ "$(id -u)" != 0 ]]; then
  # -n: fail instead of asking for a password, nobody may be there to answer.
  if ! sudo -n true 2>/dev/null; then
    echo "apt: not allowed without a password, run: sudo apt-get install $*" >&2
    exit 1
  fi
  as_root=(sudo -n)
fi

log="$(mktemp)"
trap 'rm -f "$log"' EXIT
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@" </dev/null >"$log" 2>&1; }

tries="${TRIES:-3}"
for ((try = 1; try <= tries; try++)); do
  if apt update -q && apt install -q -y --no-install-recommends "$@"; then
    exit 0
  fi
  echo "apt: try $try of $tries failed" >&2
  ((try == tries)) || sleep $((try * 5))
done
echo "apt: could not install $*; the last lines of apt-get:" >&2
tail -n 20 "$log" >&2
exit 1
