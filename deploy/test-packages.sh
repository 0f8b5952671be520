#!/usr/bin/env bash
# Installs what the tests need from Debian, as root; otherwise says what is missing. Never starts a service.
set -euo pipefail

missing=()
need() { # PACKAGE TEST…: the package is missing unless the test holds
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}
chinese_font() { [ -n "$(fc-list :lang=zh family)" ]; }
library() { grep -q "$1" <<<"$(/sbin/ldconfig -p)"; }
browser() { command -v chromium || command -v chromium-browser || command -v google-chrome || command -v google-chrome-stable; }
look() {
    missing=()
    need redis-server test -x /usr/bin/redis-server
    need postgresql compgen -G '/usr/lib/postgresql/*/bin/initdb'
    need chromium browser
    need fontconfig command -v fc-list
    need fonts-noto-cjk chinese_font
    need libpango-1.0-0 library libpango-1.0.so.0
    need libpangoft2-1.0-0 library libpangoft2-1.0.so.0
    need libharfbuzz-subset0 library libharfbuzz-subset.so.0
}

quietly() { # what apt has to say matters only if it fails, and even then the tests go on
    local said
    said=$("$@" 2>&1) || echo "$said" >&2
}

look
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    # Debian asks policy-rc.d before it starts the service of a new package; 101 means no.
    if [ ! -e /usr/sbin/policy-rc.d ]; then
        trap 'rm -f /usr/sbin/policy-rc.d' EXIT
        printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
        chmod +x /usr/sbin/policy-rc.d
    fi
    quietly apt-get -qq update
    quietly apt-get -qq install -y --no-install-recommends "${missing[@]}"
    look
    [ ${#missing[@]} -eq 0 ] && exit 0
fi

# The tests run all the same: wheels stand in for PostgreSQL and Redis, and what needs a browser fails and says so.
cat >&2 <<END
Not installed: ${missing[*]}
As root: apt-get update && apt-get install -y --no-install-recommends ${missing[*]}
END
