#!/bin/sh
# A PostgreSQL server for tests and trials: loopback only, no password, not safe against power loss. Not for real data.
#
#   scripts/postgres.sh install   find the server programs, or install Debian's package
#   scripts/postgres.sh start     start it (again) and write its address to .tools/postgres/url
#   scripts/postgres.sh stop      stop it; data on disk stays, data in memory goes
#   scripts/postgres.sh url       print the address
#
# PostgreSQL refuses to run as root; as root, everything runs as the user postgres, or nobody. The data lie in memory where there is plenty: every test has
# a database of its own, which is several hundred files, and making and removing those on disk takes longer than the tests do.
set -eu
umask 022

root=$(cd "$(dirname "$0")/.." && pwd)
tools=$root/.tools/postgres

say() { printf '%s\n' "$*"; }
die() { printf 'postgres.sh: %s\n' "$*" >&2; exit 1; }

# find_bin sets bin to the folder of the server programs, the newest when there are several.
find_bin() {
  bin=
  for dir in $(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin 2>/dev/null | sort -Vr) \
             $(printf '%s' "$PATH" | tr ':' ' '); do
    if [ -x "$dir/postgres" ] && [ -x "$dir/initdb" ] && [ -x "$dir/pg_ctl" ] && "$dir/postgres" --version >/dev/null 2>&1; then
      bin=$dir
      return 0
    fi
  done
  return 1
}

install_server() {
  if find_bin; then
    say "PostgreSQL is here: $("$bin/postgres" --version)"
    return
  fi
  command -v apt-get >/dev/null 2>&1 ||
    die "no PostgreSQL server programs found (postgres, initdb, pg_ctl), and there is no apt-get to install them with.
Install PostgreSQL 15 or newer with your system's package manager, or set ALMONER_TEST_POSTGRES to the address of a server."
  as=
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || die "installing PostgreSQL needs root: run \`apt-get install postgresql\` as root"
    as=sudo
  fi
  say "Installing PostgreSQL…"
  $as apt-get update -q
  $as env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends postgresql
  find_bin || die "the package postgresql was installed, but its programs are not in /usr/lib/postgresql/*/bin"
}

# find_owner sets owner to the account that runs the server.
find_owner() {
  owner=$(id -un)
  if [ "$(id -u)" -eq 0 ]; then
    for owner in postgres nobody ''; do
      [ -n "$owner" ] && id "$owner" >/dev/null 2>&1 && return
    done
    die "PostgreSQL does not run as root, and there is neither a user postgres nor nobody"
  fi
}

# as_owner runs a command as the server's account, from a folder that it can read.
as_owner() {
  if [ "$(id -un)" = "$owner" ]; then
    (cd / && "$@")
  elif command -v runuser >/dev/null 2>&1; then
    (cd / && runuser -u "$owner" -- "$@")
  elif command -v setpriv >/dev/null 2>&1; then
    (cd / && setpriv --reuid="$owner" --regid="$(id -g "$owner")" --clear-groups -- "$@")
  else
    die "neither runuser nor setpriv is here to become $owner with"
  fi
}

# in_memory makes home a new folder in memory, where there is enough of it for tests of a million rows.
memory=/dev/shm
enough=12000000 # kB
in_memory() {
  [ "$(stat -f -c %T "$memory" 2>/dev/null)" = tmpfs ] && [ -w "$memory" ] || return 1
  [ "$(df -Pk "$memory" | awk 'NR == 2 {print $4}')" -ge "$enough" ] || return 1
  [ "$(awk '$1 == "MemAvailable:" {print $2}' /proc/meminfo)" -ge "$enough" ] || return 1
  # Those of checkouts that are gone.
  for left in "$memory"/almoner-postgres-*; do
    [ -f "$left/checkout" ] || continue
    [ "$(cat "$(cat "$left/checkout")/.tools/postgres/home" 2>/dev/null)" = "$left" ] && continue
    data=$left/data
    running || rm -rf "$left"
  done
  home=$(mktemp -d "$memory/almoner-postgres-XXXXXX") || return 1
  [ "$(id -un)" = "$owner" ] || chown "$owner" "$home"
  printf '%s\n' "$root" >"$home/checkout"
}

# find_data sets data (the database files) and run (the socket, whose path must be short).
find_data() {
  mkdir -p "$tools"
  # A restart of the machine empties its memory.
  if [ -f "$tools/home" ] && [ -d "$(cat "$tools/home")" ]; then
    home=$(cat "$tools/home")
  elif in_memory; then
    printf '%s\n' "$home" >"$tools/home"
  else
    home=$tools
    if [ "$(id -un)" != "$owner" ]; then
      # The checkout may lie where only root can go, and then the server cannot.
      mkdir -p "$tools/data"
      chown "$owner" "$tools/data"
      if ! as_owner test -w "$tools/data" 2>/dev/null; then
        rmdir "$tools/data" 2>/dev/null || true
        home=
        for place in /var/lib /var/tmp /tmp; do
          [ -w "$place" ] || continue
          home=$(mktemp -d "$place/almoner-postgres-XXXXXX") || continue
          chown "$owner" "$home"
          as_owner test -w "$home" 2>/dev/null && break
          rmdir "$home"
          home=
        done
        [ -n "$home" ] || die "found no folder that $owner can write to"
      fi
    fi
    printf '%s\n' "$home" >"$tools/home"
  fi
  data=$home/data
  if [ -f "$tools/run" ] && [ -d "$(cat "$tools/run")" ]; then
    run=$(cat "$tools/run")
  else
    run=$(mktemp -d /tmp/apg-XXXXXX)
    [ "$(id -un)" = "$owner" ] || chown "$owner" "$run"
    printf '%s\n' "$run" >"$tools/run"
  fi
}

# running asks for a live server process: its number in the pid file may be a dead one's, or by now another program's.
running() {
  [ -s "$data/postmaster.pid" ] || return 1
  case $(ps -o stat=,comm= -p "$(head -n 1 "$data/postmaster.pid")" 2>/dev/null) in
    Z* | *defunct*) return 1 ;;
    *postgres* | *postmaster*) return 0 ;;
  esac
  return 1
}

answers() { as_owner "$bin/pg_isready" -q -h 127.0.0.1 -p "$1" >/dev/null 2>&1; }

# next_free sets port to the first one from itself on that nobody listens on. The range lies below the numbers that the system
# gives to outgoing connections, and beginning at a number of our own keeps the address stable.
first_port=15432
last_port=15531
next_free() {
  while [ "$port" -le "$last_port" ]; do
    if command -v ss >/dev/null 2>&1; then
      ss -Hltn "sport = :$port" 2>/dev/null | grep -q . || return 0
    elif ! answers "$port"; then
      return 0
    fi
    port=$((port + 1))
  done
  die "no free port between $first_port and $last_port"
}

write_url() {
  printf 'postgres://almoner@127.0.0.1:%s/postgres?sslmode=disable\n' "$1" >"$tools/url.new"
  mv "$tools/url.new" "$tools/url"
}

start_on() {
  as_owner "$bin/pg_ctl" -D "$data" -l "$log" -w -t 60 start -o "-c listen_addresses=127.0.0.1 -p $1 \
    -c unix_socket_directories=$run -c max_connections=200 -c fsync=off -c full_page_writes=off -c synchronous_commit=off \
    -c shared_buffers=128MB -c wal_level=minimal -c max_wal_senders=0 -c max_wal_size=2GB -c autovacuum=off -c log_min_messages=log" \
    >/dev/null 2>&1 </dev/null
}

start_server() {
  install_server >/dev/null
  find_bin || die "no PostgreSQL server programs found: run scripts/postgres.sh install"
  find_owner
  find_data
  command -v ps >/dev/null 2>&1 || die "the program ps is missing: install the package procps"
  if running; then
    port=$(sed -n 4p "$data/postmaster.pid")
    answers "$port" && { write_url "$port"; say "PostgreSQL runs already: $(cat "$tools/url")"; return; }
  fi
  if [ ! -s "$data/PG_VERSION" ]; then
    # What is left of an interrupted initdb.
    rm -rf "$data"
    mkdir -p "$data"
    chmod 700 "$data"
    [ "$(id -un)" = "$owner" ] || chown "$owner" "$data"
    as_owner "$bin/initdb" -D "$data" -U almoner -A trust -E UTF8 --locale=C --no-sync >"$tools/initdb.log" 2>&1 ||
      { cat "$tools/initdb.log" >&2; die "initdb failed"; }
  fi
  have=$(cat "$data/PG_VERSION")
  want=$("$bin/postgres" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
  [ "$have" = "$want" ] || die "the test data in $data belongs to PostgreSQL $have, but $want is installed: remove $data and start again"
  log=$home/server.log
  if [ "$(id -un)" != "$owner" ]; then
    : >>"$log"
    chown "$owner" "$log"
  fi
  if [ -e "$data/postmaster.pid" ]; then
    # Its server was killed; the helpers it had take a moment to notice.
    sleep 1
    rm -f "$data/postmaster.pid" "$run"/.s.PGSQL.*
  fi
  port=$first_port
  next_free
  tries=0
  until start_on "$port"; do
    tries=$((tries + 1))
    case $tries:$(tail -n 5 "$log") in
      # Somebody took the port between looking and starting.
      [1-9]:*'TCP/IP sockets'*) port=$((port + 1)); next_free ;;
      *) tail -n 20 "$log" >&2; die "PostgreSQL did not start; its log is $log" ;;
    esac
  done
  write_url "$port"
  say "PostgreSQL runs: $(cat "$tools/url")"
}

stop_server() {
  find_bin || die "no PostgreSQL server programs found"
  find_owner
  [ -f "$tools/home" ] || { say "PostgreSQL was never started here."; return; }
  find_data
  if running; then
    as_owner "$bin/pg_ctl" -D "$data" -m fast -w stop >/dev/null
    say "PostgreSQL is stopped."
  else
    say "PostgreSQL does not run."
  fi
  rm -f "$tools/url"
  case $home in
    "$memory"/*) rm -rf "$home" "$tools/home" ;;
  esac
}

case ${1:-} in
  install) install_server ;;
  start) start_server ;;
  stop) stop_server ;;
  url)
    [ -s "$tools/url" ] || die "PostgreSQL does not run: start it with \`make postgres\`"
    cat "$tools/url"
    ;;
  *) die "usage: scripts/postgres.sh install|start|stop|url" ;;
esac
