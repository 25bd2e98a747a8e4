#!/usr/bin/env bash
# The browser tests, twice: on the mock server (every state of every screen), and on kubus-web with
# the demo town, made here from seed 1: town, key, build, two releases, window, browser.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
target=$(cd "${1:-target}" && pwd)
work=$(mktemp -d)
web=

finish() {
  if [ -n "$web" ]; then kill "$web" 2>/dev/null || true; wait "$web" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap finish EXIT

cd "$root/e2e"
npm ci --no-audit --no-fund
node run.mjs

export KUBUS_KEYS="$work/keys"
kubus="$target/debug/kubus"
"$kubus" town --out "$work/demo" --residents 200000 --months 48 --seed 1
"$kubus" key "$work/demo"
"$kubus" run "$work/demo" >"$work/run.log"
"$kubus" release "$work/demo" >>"$work/run.log"
"$kubus" verify "$work/demo"

export KUBUS_WEB_INITIAL_PASSWORD_FILE="$work/password"
"$target/debug/kubus-web" --releases "$work/demo/releases" --state "$work/state" --listen 127.0.0.1:0 \
  --assets "$root/web/dist" --lang en >"$work/web.out" 2>"$work/web.err" &
web=$!
for _ in $(seq 100); do
  grep -q 'http://' "$work/web.out" && break
  kill -0 "$web" || { cat "$work/web.err"; exit 1; }
  sleep 0.1
done

KUBUS_E2E_URL=$(grep -oE 'http://[0-9.:]+' "$work/web.out") \
KUBUS_E2E_NAME=beheer \
KUBUS_E2E_PASSWORD=$(cat "$work/password") \
KUBUS_E2E_TRUTH="$work/demo/truth.json" \
KUBUS_E2E_WINDOW="$target/debug/kubus-web" \
KUBUS_E2E_RELEASES="$work/demo/releases" \
KUBUS_E2E_STATE="$work/state" \
  node run.mjs
