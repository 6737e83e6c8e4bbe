# One verb a need: `make` alone lists them. Only Python 3.11 to 3.13 and make are needed beforehand.
SHELL := /bin/sh
.SHELLFLAGS := -eu -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -q
UV ?= uv
PYTEST_ARGS ?=
# Scripts in a virtual environment carry its place: a checkout that was moved gets a new one.
PLACE := $(VENV)/.place
ifneq ($(shell cat $(PLACE) 2>/dev/null),$(CURDIR))
$(shell rm -f $(PLACE))
endif

.PHONY: help setup setup-dev run test lint coverage check check-long mutants bench lock format clean

help: ## list the verbs
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 20

setup: $(VENV)/.editable ## prepare .venv: pinned, hash-checked dependencies and the nguon command

setup-dev: $(VENV)/.dev $(VENV)/.editable ## the same with the tools for tests and checks

run: setup ## the demo province, then the server on http://127.0.0.1:8000 (PORT, NGUON_HOME)
	@$(BIN)/nguon demo
	@exec $(BIN)/nguon serve

test: setup-dev ## all tests, two processes
	@$(BIN)/python -m pytest -n 2 $(PYTEST_ARGS)

lint: setup-dev ## format, lint, spelling, types, layers, dependencies
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/codespell
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/deptry src
	@$(BIN)/squawk src/db/migrations/*.sql

coverage: setup-dev ## the rules are covered, branch by branch
	@$(BIN)/python -m pytest tests/domain -q -n 2 --cov=src/domain --cov-branch --cov-fail-under=100 \
	  --cov-report=term:skip-covered

check: lint coverage test ## what CI runs

check-long: export NGUON_PROFILE := long
check-long: PYTEST_ARGS += --timeout 1200 # the longest test of this profile runs for ten minutes
check-long: check ## check with the long profiles of the property tests

mutants: setup-dev ## one small change of a rule at a time, which some test has to notice (MODULES="probation target")
	@$(BIN)/python -m tests.mutants $(MODULES)

bench: setup-dev ## every benchmark, one after the other
	@for file in benchmarks/[!_]*.py; do echo "== $$file"; $(BIN)/python "$$file"; done

lock: ## write the locks anew (needs uv; LOCK_ARGS=--upgrade raises the pins)
	@command -v $(UV) >/dev/null || { echo "make lock needs uv (pip install uv), or UV=path/to/uv" >&2; exit 1; }
	@$(UV) pip compile pyproject.toml --group build --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --quiet $(LOCK_ARGS) -o requirements.lock
	@$(UV) pip compile pyproject.toml --group build --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --quiet $(LOCK_ARGS) \
	  -c requirements.lock -o requirements-dev.lock

format: setup-dev ## format, and repair what can be repaired
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix --quiet .

clean: ## remove .venv and the caches; ./var stays
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(PLACE):
	@chosen=""; \
	for candidate in $(or $(PYTHON),python3.11 python3.12 python3.13 python3); do \
	  if $$candidate -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	    >/dev/null 2>&1; then chosen=$$candidate; break; fi; \
	done; \
	if [ -z "$$chosen" ]; then \
	  echo "make setup needs Python 3.11, 3.12 or 3.13 with the modules venv and ensurepip" >&2; \
	  echo "(on Debian and Ubuntu: apt-get install python3.11-venv), or PYTHON=path/to/python" >&2; \
	  exit 1; \
	fi; \
	$$chosen -m venv --clear $(VENV)
	@printf '%s' '$(CURDIR)' > $@

# A stamp is written only when its step is complete, so an interrupted one is simply done again.
$(VENV)/.runtime: requirements.lock $(PLACE)
	@echo "installing the pinned dependencies into $(VENV)"
	@$(PIP) install --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "installing the tools for tests and checks"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.editable: pyproject.toml $(VENV)/.runtime
	@$(PIP) install --no-index --no-deps --no-build-isolation --editable .
	@touch $@
