#!/bin/sh
# The link against programs that others wrote: Debian's Python package
# websockets, nginx, tinyproxy, microsocks and mosquitto, and the npm package
# ws. Installs them where that is possible, without starting their services; the
# tests run each with a configuration of their own. What is missing and cannot
# be installed is left out with a sentence.
set -eu
cd "$(dirname "$0")/.."
ws=ws@8.23.0
python=/usr/bin/python3
PATH="$PATH:/usr/sbin:/sbin"
export PATH

may_install() { command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; }

updated=
# install PACKAGE... installs without starting services.
install() {
  may_install || return 1
  [ -n "$updated" ] || apt-get update -q >/dev/null || return 1
  updated=yes
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >/dev/null
}

skip='^$'
# leave_out TESTS REASON
leave_out() {
  echo "interop tests left out: $2" >&2
  skip="$skip|$1"
}

if ! "$python" -c 'import websockets' 2>/dev/null && ! install python3-websockets; then
  # It is the device behind nginx and the proxies as well.
  leave_out 'TestInteropPeers/websockets|TestInteropNginx|TestInteropTinyproxy|TestInteropMicrosocks' "Debian's python3-websockets is missing"
fi
for program in nginx tinyproxy microsocks mosquitto; do
  package=$program
  [ "$program" != nginx ] || package=nginx-light
  command -v "$program" >/dev/null || install "$package" ||
    leave_out "TestInterop$(printf %s "$program" | sed 's/^n/N/; s/^t/T/; s/^m/M/')" "$program is missing (Debian's package $package)"
done
modules=.cache/interop
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  install nodejs npm || true
fi
if ! command -v node >/dev/null; then
  leave_out 'TestInteropPeers/ws' "Node.js is missing"
elif [ ! -d "$modules/node_modules/ws" ] && ! npm install --silent --no-save --no-package-lock --prefix "$modules" "$ws"; then
  leave_out 'TestInteropPeers/ws' "the npm package ws is missing and cannot be installed"
fi

NODE_PATH="$PWD/$modules/node_modules" PYTHON="$python" \
  go test -race -tags interop -run Interop -skip "$skip" -count=1 -timeout 5m ./element/link/
