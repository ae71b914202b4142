# Two commands: `make run` (the demo, no credentials) and `make test`. Both set themselves up.
PYTHON ?= python3
BIN := .venv/bin
AXE := .node/axe-4.14.1/node_modules/axe-core/axe.min.js
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

.DEFAULT_GOAL := run
.PHONY: run test test-all check chaos bench screenshots format lock schema clean

run: .venv/run
	@$(BIN)/petition-bot demo

test: .venv/dev
	@$(BIN)/python -m pytest

# Also what needs Chromium and packages from npm; here nothing may be left out or skipped.
test-all: .venv/dev .node/ready $(AXE)
	@test -n "$(CHROMIUM)" || { echo "make test-all needs Chromium: sudo apt install chromium"; exit 1; }
	@PETITION_BOT_CHROMIUM=$(CHROMIUM) PETITION_BOT_TWITTER_TEXT=$(CURDIR)/.node/node_modules/twitter-text \
	  PETITION_BOT_PDS=$(CURDIR)/.node/node_modules PETITION_BOT_AXE=$(CURDIR)/$(AXE) PETITION_BOT_ALL=1 \
	  $(BIN)/python -m pytest

# `make check TEST=test-all` runs the larger suite in the same go.
TEST := test
check: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(MAKE) --no-print-directory $(TEST)

# Kills the running bot a thousand times and counts what it did twice or not at all.
chaos: .venv/dev
	@$(BIN)/python -m chaos

bench: .venv/dev
	@$(BIN)/python -m bench

format: .venv/dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.venv/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "petition-bot needs Python 3.11 or newer."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "petition-bot needs Python 3.11 or newer; name one with make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "This Python lacks venv. On Debian or Ubuntu: sudo apt install python3-venv"; exit 1; }
	@$(PYTHON) -m venv .venv

PIP := $(BIN)/python -m pip install -q --disable-pip-version-check

.venv/run: requirements.txt pyproject.toml | .venv/bin/python
	@echo "Installing into .venv (once) …"
	@$(PIP) --require-hashes -r requirements.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: requirements-dev.txt .venv/run
	@echo "Installing what the tests need (once) …"
	@$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@

.node/ready:
	@command -v npm >/dev/null || { echo "make test-all needs Node.js with npm: sudo apt install npm"; exit 1; }
	@npm install --silent --no-audit --no-fund --ignore-scripts --prefix .node \
	  twitter-text@3.1.0 @atproto/pds@0.4.217 @did-plc/server@0.0.1
	@cd .node/node_modules/better-sqlite3 \
	  && node "$$(npm root -g)/npm/node_modules/node-gyp/bin/node-gyp.js" rebuild --release \
	    --nodedir="$$(node -p 'require("path").resolve(process.execPath, "../..")')" >$(CURDIR)/.node/gyp.log 2>&1
	@touch $@

$(AXE):
	@npm install --silent --no-audit --no-fund --ignore-scripts --prefix .node/axe-4.14.1 axe-core@4.14.1

# Every page, light and dark, on a desktop and a phone, in build/screenshots; the two of the README go to docs/.
screenshots: .venv/dev
	@test -n "$(CHROMIUM)" || { echo "make screenshots needs Chromium: sudo apt install chromium"; exit 1; }
	@PETITION_BOT_CHROMIUM=$(CHROMIUM) $(BIN)/python -m tests.web.screenshots

# Needs uv; writes the lock files, for every Python from 3.11 on, without naming an index.
COMPILE := uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url
lock:
	$(COMPILE) pyproject.toml --group build -o requirements.txt
	$(COMPILE) pyproject.toml --group build --extra postgres -c requirements.txt -o requirements-postgres.txt
	$(COMPILE) pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt

clean:
	rm -rf .venv .node build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
