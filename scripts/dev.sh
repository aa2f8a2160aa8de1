#!/usr/bin/env bash
# The server with the demo world, and in front of it the web app's development server, which reloads what you change
# and passes /api on. Ctrl-C ends both. Changed Go code needs a restart.
#   scripts/dev.sh LISTEN DATA
set -euo pipefail
cd "$(dirname "$0")/.."

listen="$1" data="$2"
go build -o bin/almoner-dev ./cmd/almoner
bin/almoner-dev serve --demo --data "$data" --listen "$listen" &
server=$!
# Not through npm, which ends without ending what it started.
(cd web && ALMONER_URL="http://$listen" exec node_modules/.bin/vite) &
screens=$!
trap 'kill "$server" "$screens" 2>/dev/null || true; wait' EXIT
# When either ends, so does the other.
wait -n
