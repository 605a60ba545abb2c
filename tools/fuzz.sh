#!/bin/sh
# Runs every fuzz target, one after the other: those that read what a device or
# a person sends over the network for FUZZLONG (30s), the others for FUZZTIME (10s).
set -eu
grep -rl --include='*_test.go' '^func Fuzz' . | sort | while read -r file; do
  dir=$(dirname "$file")
  case "$dir" in
    ./element | ./element/link) time="${FUZZLONG:-30s}" ;;
    *) time="${FUZZTIME:-10s}" ;;
  esac
  for target in $(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' "$file"); do
    echo "fuzz $dir $target for $time"
    go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 10x "$dir"
  done
done
