#!/usr/bin/env bash
# The browser tests on the mock server: every screen, in both languages, with the keyboard.
set -euo pipefail
cd "$(dirname "$0")/../e2e"
npm ci --no-audit --no-fund
node run.mjs
