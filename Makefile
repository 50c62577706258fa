# Needs Python 3.11+ and make. `make help` lists what can be asked for.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input install --quiet
LOCKED := --require-hashes --no-deps
WORKERS ?= 2
# Tests wait for vendors' rate limits more than they compute.
TEST_WORKERS ?= 4
BROWSERS := chromium chromium-browser google-chrome google-chrome-stable
MINUTES ?= 5
PYTEST_ARGS ?=
BENCH_ARGS ?=
KILLS_ARGS ?=
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate $(LOCK_ARGS)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo browser test soak kills referee strangers bench bench-quick image-test lint format lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

setup: $(VENV)/.installed-dev ## the environment in .venv/; every other target sees to it itself

demo: $(VENV)/.installed ## the whole story on sandboxes, about a minute
	@$(BIN)/syncer demo

test: $(VENV)/.installed-dev ## all tests; the last line counts those that needed ../shared
	@$(BIN)/python -m pytest -n $(TEST_WORKERS) --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

browser: ## Debian's Chromium, for the tests of the client's page; needs root where there is none
	@for name in $(BROWSERS); do command -v $$name >/dev/null && exit 0; done; \
	test "$$(id -u)" = 0 && command -v apt-get >/dev/null || { \
		echo "no browser here ($(BROWSERS)): install Debian's package chromium as root" >&2; exit 1; }; \
	export DEBIAN_FRONTEND=noninteractive; \
	apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium >/dev/null

referee: $(VENV)/.installed-dev ## what the last run of tests sent and answered, held against the vendors' documents
	@$(BIN)/python -m tests.referee

strangers: $(VENV)/.installed-dev ## the vendors' own clients act as people; they live in .strangers/
	@$(BIN)/python -m tests.strangers

kills: $(VENV)/.installed-dev ## kill syncer at every boundary; KILLS_ARGS="--every 20" for a sample
	@$(BIN)/python -m tests.kills --workers $(WORKERS) $(KILLS_ARGS)

soak: $(VENV)/.installed-dev ## the laws under random cases; MINUTES=5 SEED= WORKERS=2
	@$(BIN)/python -m tests.laws.soak --minutes $(MINUTES) --workers $(WORKERS) $(if $(SEED),--seed $(SEED))

bench: $(VENV)/.installed-dev ## what a cycle costs beside the peers; hours; writes docs/performance.md; BENCH_ARGS="--most 10000"
	@$(BIN)/python -m tests.bench $(BENCH_ARGS)

bench-quick: $(VENV)/.installed-dev ## the same with few records, under a minute; the peers live in .bench/
	@$(BIN)/python -m tests.bench --quick $(BENCH_ARGS)

image-test: $(VENV)/.installed-dev ## build the Dockerfile on a base made here and run it read-only; root, 10 minutes
	@$(BIN)/python -m tests.image

lint: $(VENV)/.installed-dev ## style, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.installed-dev ## put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(VENV)/.installed-dev ## lock again after a change of dependencies; LOCK_ARGS=--upgrade moves all
	$(LOCK) pyproject.toml --extra notify --extra postgres --output-file requirements.lock
	$(LOCK) --group build --constraint requirements.lock --output-file requirements-build.lock
	$(LOCK) pyproject.toml --extra notify --extra postgres --group build --group dev --constraint requirements.lock \
		--constraint requirements-build.lock --output-file requirements-dev.lock

clean: ## remove the environment and all caches
	rm -rf $(VENV) .image .strangers .bench build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "syncer needs Python 3.11 or newer on the PATH" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# What is needed to run: the libraries, then the project itself as a link to this folder.
$(VENV)/.installed: requirements.lock requirements-build.lock pyproject.toml hatch_build.py | $(VENV)/bin/python
	$(PIP) $(LOCKED) -r requirements.lock -r requirements-build.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

# And to develop.
$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	$(PIP) $(LOCKED) -r requirements-dev.lock
	@touch $@
