#!/bin/sh
# Finds Chromium and node, or installs Debian's packages where that is possible.
set -eu
missing=""
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 ||
  missing="chromium fonts-dejavu-core"
command -v node >/dev/null 2>&1 || missing="$missing nodejs"
if [ -z "$missing" ]; then exit 0; fi
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  echo "installing Debian's$(printf ' %s' $missing) for the tests of pages"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q >/dev/null
  # shellcheck disable=SC2086 # a list of packages
  apt-get install -y -q --no-install-recommends $missing >/dev/null
  exit 0
fi
echo "The tests of pages need Chromium and node: install the packages 'chromium' and 'nodejs' (Debian) or put them on the PATH." >&2
exit 1
