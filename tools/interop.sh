#!/bin/sh
# The link against WebSocket servers that others wrote: Debian's Python package
# websockets and the npm package ws. Installs both where that is possible.
# Where it is not and they are missing, it says so and leaves the tests out.
set -eu
cd "$(dirname "$0")/.."
ws=ws@8.23.0
python=/usr/bin/python3

leave_out() { echo "interop tests left out: $1" >&2; exit 0; }

if ! "$python" -c 'import websockets' 2>/dev/null; then
  command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] || leave_out "Debian's python3-websockets is missing"
  apt-get update -q >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends python3-websockets >/dev/null
fi
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] || leave_out "Node.js and npm are missing"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends nodejs npm >/dev/null
fi
modules=.cache/interop
[ -d "$modules/node_modules/ws" ] || npm install --silent --no-save --no-package-lock --prefix "$modules" "$ws"

NODE_PATH="$PWD/$modules/node_modules" PYTHON="$python" go test -race -tags interop -run Interop -count=1 ./element/link/
