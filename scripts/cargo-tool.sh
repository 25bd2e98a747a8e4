#!/usr/bin/env bash
# Runs a cargo subcommand, installing it first when it is absent: cargo-tool.sh CRATE SUBCOMMAND ARGS…
set -euo pipefail
crate=$1
shift
command -v "$crate" >/dev/null 2>&1 || cargo install --locked --quiet "$crate"
exec cargo "$@"
