#!/bin/sh
# Checks that staging's configuration and its volume fit together. Changes nothing.
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
. "$here/config/staging.env"

fail() {
	printf 'check-staging: %s\n' "$1" >&2
	exit 1
}

[ "$APP_ENV" = staging ] || fail "APP_ENV is '$APP_ENV', expected 'staging'"
echo "ok   environment is $APP_ENV"

[ -n "$DATABASE_VOLUME" ] || fail "DATABASE_VOLUME is empty"
echo "ok   database volume is $DATABASE_VOLUME"

if [ "${STAGING_DB_TOKEN:-$DATABASE_TOKEN}" = "$DATABASE_TOKEN_EXPECTED" ]; then
	echo "ok   credential matches the volume"
else
	fail "credential mismatch: the volume $DATABASE_VOLUME was initialised with another credential"
fi
