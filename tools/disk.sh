#!/bin/sh
# The program on disks that are full, read-only, broken or slow to come back:
# small disks in memory, which only root can mount, and system calls that
# strace makes fail or hang. What is missing and cannot be had is left out with
# a sentence.
set -eu
cd "$(dirname "$0")/.."

skip='^$'
# leave_out TESTS REASON
leave_out() {
  echo "disk tests left out: $2" >&2
  skip="$skip|$1"
}

probe=$(mktemp -d)
if mount -t tmpfs -o size=64k tmpfs "$probe" 2>/dev/null; then
  umount "$probe"
else
  leave_out TestDiskFullAndReadOnly "nothing can be mounted here"
fi
rmdir "$probe"
if ! command -v strace >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -q >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends strace >/dev/null || true
fi
if ! strace -o /dev/null true 2>/dev/null; then
  leave_out 'TestDiskReportsErrors|TestDiskHangs' "strace is missing, or may not trace"
fi

go test -tags disk -run 'TestDisk' -skip "$skip" -count=1 -timeout 5m ./cmd/fieldline/
