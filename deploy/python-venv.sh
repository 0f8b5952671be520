#!/usr/bin/env bash
# Creates .venv with Python 3.11 or newer. PYTHON3=/path/to/python chooses the interpreter.
set -euo pipefail
cd "$(dirname "$0")/.."

python=${PYTHON3:-$(command -v python3.11 || command -v python3 || true)}
if ! "${python:-false}" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Python 3.11 or newer is needed and was not found${python:+ ($python is older)}." >&2
    echo "Install it (Debian 12: apt-get install python3 python3-venv) or name one: make PYTHON3=/path/to/python3.11 …" >&2
    exit 1
fi

# Debian keeps ensurepip in a package of its own, named after the version.
package=$("$python" -c 'import sys; print("python{}.{}-venv".format(*sys.version_info))')
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing $package"
        apt-get -qq update
        DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$package" >/dev/null
    else
        echo "$python cannot create virtual environments. As root: apt-get install $package" >&2
        exit 1
    fi
fi

echo "Creating .venv with $("$python" --version)"
"$python" -m venv --clear .venv
