#!/usr/bin/env bash
# Checks what building and testing need, and installs what Debian's packages can bring: a browser for the browser tests,
# fonts for Arabic pages, PostgreSQL, a C compiler for the race detector. Says plainly what is missing elsewhere.
# Does nothing, quickly, when all is there.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()

# at_least WHAT HAVE WANT: notes WHAT as missing when the version HAVE is below WANT.
at_least() {
  if [[ "$(printf '%s\n%s\n' "$3" "$2" | sort -V | head -n 1)" != "$3" ]]; then
    missing+=("$1 $3 or newer (found $2)")
  fi
}

if command -v go >/dev/null; then
  at_least Go "$(go env GOVERSION | sed 's/^go//; s/[^0-9.].*//')" 1.26
else
  missing+=("Go 1.26 or newer")
fi
if command -v node >/dev/null; then
  at_least Node "$(node --version | sed 's/^v//')" 20
else
  missing+=("Node 20 or newer")
fi
for tool in npm git make; do
  command -v "$tool" >/dev/null || missing+=("$tool")
done

has_arabic_font() { command -v fc-list >/dev/null && [[ -n "$(fc-list :lang=ar family)" ]]; }
has_postgres() {
  [[ -n "${ALMONER_TEST_POSTGRES:-}" ]] || command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null ||
    compgen -G '/usr/pgsql-*/bin/initdb' >/dev/null || compgen -G '/*/*/opt/postgresql*/bin/initdb' >/dev/null
}

# The browser that takes least is asked for once in each clone: not every system has its package, and any other browser will do.
asked=.tools/asked-for-headless-shell
if [[ -z "${CHROMIUM:-}" && ! -e "$asked" ]] && ! command -v chromium-headless-shell >/dev/null; then
  mkdir -p .tools && touch "$asked"
  if TRIES=1 scripts/apt.sh chromium-headless-shell 2>/dev/null; then echo 'setup: installed chromium-headless-shell'; fi
fi

packages=()
scripts/chromium.sh find >/dev/null || packages+=(chromium)
has_arabic_font || packages+=(fontconfig fonts-noto-core)
has_postgres || packages+=(postgresql)
command -v "${CC:-cc}" >/dev/null || packages+=(gcc libc6-dev)

if ((${#packages[@]})); then
  if scripts/apt.sh "${packages[@]}"; then
    echo "setup: installed ${packages[*]}"
  else
    missing+=("${packages[*]} (names of Debian's packages; install what your system calls them)")
  fi
fi

if ((${#missing[@]})); then
  echo "setup: this machine lacks:" >&2
  printf '  - %s\n' "${missing[@]}" >&2
  exit 1
fi
echo "setup: all there"
