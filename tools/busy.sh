#!/bin/sh
# Runs a command while BUSY (4) processes spin beside it, as on a machine that
# has other work, and ends them with it: tools/busy.sh go test ./...
set -eu
spinners=
trap 'kill $spinners 2>/dev/null || true' EXIT
trap 'exit 130' INT TERM
for _ in $(seq "${BUSY:-4}"); do
  (while :; do :; done) &
  spinners="$spinners $!"
done
"$@"
