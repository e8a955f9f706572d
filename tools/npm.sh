#!/usr/bin/env bash
# npm from the machine (Node ≥ 18), or else from a wheel with Node, put into the virtual environment once.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
if command -v npm >/dev/null 2>&1 && command -v node >/dev/null 2>&1 \
    && node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 18 ? 1 : 0)' >/dev/null 2>&1; then
  exec npm --no-fund --no-audit --no-update-notifier "$@"
fi
if [ ! -x "$here/.venv/bin/npm" ]; then
  wheel=$("$here/.venv/bin/python" -c '
import sys, tomllib
print(tomllib.load(open(sys.argv[1], "rb"))["tool"]["descent"]["node"])' "$here/pyproject.toml")
  "$here/.venv/bin/python" -m pip install -q --disable-pip-version-check "$wheel" >&2
fi
export PATH="$here/.venv/bin:$PATH"
exec npm --no-fund --no-audit --no-update-notifier "$@"
