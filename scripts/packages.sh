#!/usr/bin/env bash
# packages.sh [bench]: says which system packages are missing; installs them on Debian as root, else prints the command.
set -euo pipefail

missing=()
need() { command -v "$1" >/dev/null 2>&1 || missing+=("$2"); }
need cc build-essential
need pkg-config pkg-config
need node nodejs
need npm npm
need chromium chromium
if [ "${1:-}" = bench ]; then
  need python3 python3
  python3 -c "import ensurepip" 2>/dev/null || missing+=(python3-venv)
fi

if ! command -v cargo >/dev/null 2>&1; then
  echo "Rust is missing. Install it from https://rustup.rs (version 1.95 or newer), then try again." >&2
  exit 1
fi

if [ "${#missing[@]}" -gt 0 ]; then
  install="apt-get update && apt-get install -y ${missing[*]}"
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing: ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
  else
    echo "Missing: ${missing[*]}. On Debian: sudo sh -c '$install'" >&2
    exit 1
  fi
fi

major=$(node --version | sed -E 's/^v([0-9]+).*/\1/')
if [ "$major" -lt 20 ]; then
  echo "Node 20 or newer is needed; this is $(node --version)." >&2
  exit 1
fi
