#!/usr/bin/env bash
# Says which tests were skipped because the folder with other people's data is not beside this one.
# A skipped test has not passed; the test runner does not show what a test says when it ends well.
set -euo pipefail
cd "$(dirname "$0")/.."
for folder in reference data standards; do
  if [ -d "../shared/$folder" ]; then continue; fi
  echo "SKIPPED, not passed: ../shared/$folder is absent. Tests that read it:"
  grep -rlE "shared/$folder|\"shared\"" --include='*.rs' crates | sort | sed 's/^/  /'
done
