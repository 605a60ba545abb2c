#!/bin/sh
# Runs every fuzz target, one after the other: those that read what a device or
# a person sends over the network for FUZZLONG (30s), the others for FUZZTIME (10s).
set -eu
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Before 1.27 Go reports the end of -fuzztime as a failure now and then
# (golang/go issue 75804). It is told from a finding by what it prints: that one
# line and nothing else, with no input kept and no worker lost.
only_time_ran_out() {
  ! grep -qiE 'failing input|panic|hung or terminated|DATA RACE' "$log" &&
    [ "$(sed -n '/^--- FAIL: /,$p' "$log" | sed -n '2p;3p' | tr -s ' \n' ' ')" = " context deadline exceeded FAIL " ]
}

grep -rl --include='*_test.go' '^func Fuzz' . | sort | while read -r file; do
  dir=$(dirname "$file")
  case "$dir" in
    ./element | ./element/codec | ./element/link) time="${FUZZLONG:-30s}" ;;
    *) time="${FUZZTIME:-10s}" ;;
  esac
  for target in $(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' "$file"); do
    echo "fuzz $dir $target for $time"
    if go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 10x "$dir" >"$log" 2>&1; then
      tail -n 3 "$log"
      continue
    fi
    cat "$log"
    only_time_ran_out || exit 1
    echo "fuzz $target: the time ran out and nothing was found (golang/go issue 75804)"
  done
done
