# 守望 Shouwang: every command of the project. `make` prints the list.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

BIN := .venv/bin
PYTHON := $(BIN)/python
DEMO ?= small
PORT ?= 5000
WORKERS ?= 2

# A stamp carries the hash of the lock file it installed: pip runs again only when that file changes.
hash = $(shell sha256sum $(1) | cut -c1-12)
RUNTIME := .venv/.runtime-$(call hash,requirements.txt)
DEV := .venv/.dev-$(call hash,requirements-dev.txt)
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/messages.po))

PIP_INSTALL := $(PYTHON) -m pip install -qq --disable-pip-version-check --require-hashes

# No test may ever meet a database or a Redis that the shell happens to name.
PYTEST := env -u DATABASE_URL -u REDIS_URL $(BIN)/pytest -n $(WORKERS) --dist worksteal

##@ Start here

.PHONY: demo setup help

demo: $(RUNTIME) $(CATALOGUES) ## serve the demo county 清禾县 (DEMO=small|full, PORT=5000)
	@exec deploy/demo.sh $(DEMO) $(PORT)

setup: $(DEV) $(CATALOGUES) ## create .venv with runtime and test packages, compile the translations

help: ## print this list
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { print "\n" substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

##@ Prove it

.PHONY: test test-long check bench test-packages

test: setup test-packages check ## all checks and all tests, on both databases, with Redis and a browser (≤ 10 min)
	@$(PYTEST)

test-long: setup test-packages ## the tests marked long, and every property with many more cases
	@$(PYTEST) -m "long or hypothesis" --hypothesis-profile=long

check: setup ## lint, format, types and the floors of the house
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy portal
	@$(BIN)/lint-imports --no-logo

bench: setup test-packages ## measure the ratios of docs/performance.md
	@$(PYTHON) -m bench

test-packages:
	@deploy/test-packages.sh

##@ Keep house

.PHONY: messages screenshots lock clean clean-demo

messages: $(DEV) ## collect the texts for translation into translations/
	@mkdir -p build
	@$(BIN)/pybabel -q extract -F babel.cfg -k _l -k lazy_gettext --sort-output --no-location --no-wrap \
		--project=shouwang -o build/messages.pot .
	@$(BIN)/pybabel -q update -i build/messages.pot -d translations -l zh_Hans_CN --init-missing --no-wrap \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date

screenshots: setup ## take docs/screenshots anew from the full demo county
	@$(PYTHON) -m tests.screenshots

lock: ## pin the packages of pyproject.toml with hashes (needs uv; LOCK=--upgrade for newer versions)
	@$(LOCK_WITH) -o requirements.txt
	@$(LOCK_WITH) -o requirements-dev.txt --extra dev
LOCK_WITH = UV_PYTHON_DOWNLOADS=never uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate pyproject.toml $(LOCK)

clean: ## remove caches and compiled files
	@rm -rf build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis $(CATALOGUES)
	@find . -path ./.venv -prune -o -name __pycache__ -type d -print0 | xargs -0r rm -rf

clean-demo: ## forget the demo data; the next `make demo` loads it anew
	@rm -rf instance/demo[-.]*

# The environment

.venv/bin/pip:
	@deploy/python-venv.sh

$(RUNTIME): | .venv/bin/pip
	@echo "Installing the runtime packages"
	@$(PIP_INSTALL) -r requirements.txt
	@rm -f .venv/.runtime-* && touch $@

$(DEV): | .venv/bin/pip
	@echo "Installing the runtime and test packages"
	@$(PIP_INSTALL) -r requirements-dev.txt
	@rm -f .venv/.runtime-* .venv/.dev-* && touch $@ $(RUNTIME)

translations/%.mo: translations/%.po | $(RUNTIME)
	@$(BIN)/pybabel -q compile -i $< -o $@
