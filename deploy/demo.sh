#!/usr/bin/env bash
# Loads the demo county once and serves it: deploy/demo.sh small|full PORT. A second start finds everything done.
set -euo pipefail
cd "$(dirname "$0")/.."
umask 077

profile=${1:-small} port=${2:-5000}
database=instance/demo-$profile.sqlite
migrated=instance/demo-$profile.migrated

case $profile in small | full) ;; *) echo "DEMO is small or full, not $profile." >&2 && exit 2 ;; esac
if (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    echo "Port $port is taken. Another one: make demo PORT=$((port + 1))" >&2
    exit 1
fi

flask() {
    DATABASE_URL=sqlite:///$PWD/$1 .venv/bin/flask "${@:2}"
}

# Data sealed with a lost key cannot be read: a new key begins new data.
make_key() {
    rm -f instance/demo-*
    .venv/bin/python -c 'import secrets; print("SECRET_KEY=" + secrets.token_hex(32))' >instance/demo.env
}

# Only a complete database gets the name: what an interrupted seed leaves behind is thrown away.
load() {
    echo "Loading the demo county 清禾县 ($profile)"
    rm -f "$database".part*
    flask "$database.part" db upgrade
    flask "$database.part" seed demo --profile "$profile"
    if [ -e "$database.part-wal" ]; then
        echo "The seed has left its database open." >&2
        exit 1
    fi
    mv "$database.part" "$database"
    touch "$migrated"
}

is_migrated() {
    [ -e "$migrated" ] && [ -z "$(find migrations -name '*.py' -newer "$migrated" -print -quit)" ]
}

migrate() {
    flask "$database" db upgrade
    touch "$migrated"
}

mkdir -p instance
exec 9>instance/.demo.lock
flock 9 # two first starts at once load the data once
[ -s instance/demo.env ] || make_key
set -a
source instance/demo.env
FLASK_APP=wsgi PORTAL_DEMO=1 PORTAL_TODAY=2025-06-30 REDIS_URL=
set +a
if [ ! -e "$database" ]; then
    load
elif ! is_migrated; then
    migrate
fi
exec 9>&-

DATABASE_URL=sqlite:///$PWD/$database exec .venv/bin/flask serve --host 127.0.0.1 --port "$port"
