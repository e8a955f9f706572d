# Descent: make run · check · test · verify · walk · chaos · lint · docs · garden · bench · build · setup.
# Needs Python ≥ 3.11, git and make; brings everything else itself.
SHELL := /bin/bash
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' && echo $$p && break; done)
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin
WITH_NODE := PATH="$(CURDIR)/.venv/bin:$$PATH"
VERIFIED := tests/engine/verifier $(addprefix tests/engine/test_,detectors_learn.py accuracy.py findings.py zoo.py) \
	tests/app/test_export.py
PRETTY := static tests/js tests/browser/*.js eslint.config.js package.json jsconfig.json

.PHONY: run check test verify walk chaos cover lint docs garden garden-day bench build format setup setup-dev check-browser clean

run: setup
	HOST=$(HOST) PORT=$(PORT) $(BIN)/python -m app

setup: .venv/.runtime node_modules/.runtime

setup-dev: .venv/.dev node_modules/.dev tools/contract/node_modules/.dev

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is wanted"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.runtime: requirements.lock | .venv/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/.dev: requirements-dev.lock | .venv/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ .venv/.runtime

# npm comes from the machine, or from a wheel that carries Node.
node_modules/.runtime: package-lock.json | .venv/bin/python
	tools/npm.sh ci --omit=dev --ignore-scripts
	@touch $@

node_modules/.dev: package-lock.json | .venv/bin/python
	tools/npm.sh ci --ignore-scripts
	@touch $@ node_modules/.runtime

# The tools that read the OpenAPI document want another TypeScript than tsc, so they have a folder of their own.
tools/contract/node_modules/.dev: tools/contract/package-lock.json | .venv/bin/python
	cd tools/contract && ../npm.sh ci --ignore-scripts
	@touch $@

check-browser:
	tools/browser.sh

test: setup-dev check-browser
	$(BIN)/python -m pytest $(or $(ARGS),-n 2 --dist loadfile --no-loadscope-reorder --cov --cov-report=)
	$(if $(ARGS),,$(BIN)/python -m tests.floors)

# The long forms of what `make test` does in short.
verify: setup-dev
	VERIFY=full $(BIN)/python -m pytest $(VERIFIED) $(or $(ARGS),-n 2 --dist load)

walk: setup-dev check-browser
	WALK=full $(BIN)/python -m pytest tests/browser/test_walk.py tests/browser/test_fit.py $(ARGS)

# Kills host and server 100 times under load; ARGS='--kills 500 --seed 7' for more.
chaos: setup-dev
	$(BIN)/python -m tests.chaos $(ARGS)

# Which lines and branches of app and engine the tests reach, workers and jobs included.
cover: setup-dev
	$(BIN)/python -m pytest -q --cov --cov-report= tests/app tests/engine tests/parity \
		--ignore tests/engine/verifier $(or $(ARGS),-n 2 --dist loadfile)
	$(BIN)/coverage report --include='engine/*'
	$(BIN)/coverage report --include='app/*'

# Before a commit: what reads the code, and the tests that need neither a browser nor minutes.
check: lint
	$(BIN)/python -m pytest -q -m "not browser and not slow" $(ARGS)

# Plants mistakes one at a time and says which test catches each (hours); ARGS='--record' keeps it.
garden: setup-dev check-browser
	$(BIN)/python -m tests.garden $(ARGS)

# The day's tenth of them, each with the test that caught it last time.
garden-day: setup-dev check-browser
	$(BIN)/python -m tests.garden --quick --again --tenth day --jobs 2 $(ARGS)

# The sdist and the wheel, in dist/.
build: setup-dev
	$(BIN)/python -m build --no-isolation

bench: setup-dev check-browser
	$(BIN)/python -m bench $(ARGS)

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(WITH_NODE) node_modules/.bin/tsc -p jsconfig.json
	$(WITH_NODE) node_modules/.bin/eslint .
	$(WITH_NODE) node_modules/.bin/prettier --check $(PRETTY)
	$(BIN)/hadolint Dockerfile

# docs/stream.md, views.md, settings.md, errors.md and the browser's types, from the code.
docs: setup-dev
	$(BIN)/python -m tools.make_docs

format: setup-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(WITH_NODE) node_modules/.bin/eslint --fix .
	$(WITH_NODE) node_modules/.bin/prettier --write $(PRETTY)

clean:
	rm -rf .venv node_modules tools/contract/node_modules var dist .coverage .pytest_cache .mypy_cache .ruff_cache
