#!/usr/bin/env bash
# npm from the machine (Node ≥ 20.19, which the linter wants), or else from a wheel with Node, put into the virtual
# environment once.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
if command -v npm >/dev/null 2>&1 && command -v node >/dev/null 2>&1 \
    && node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a * 100 + b < 2019 ? 1 : 0)' \
      >/dev/null 2>&1; then
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
