# Each target does all of its own set-up: nothing but Python 3.11 or later and make is needed.

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/installed
COMPILE := uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install run test lint demo bench lock clean

help: ## show these targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

install: $(INSTALLED) ## make .venv with the console script .venv/bin/ingest
	@echo "$(BIN)/ingest is installed"

run: $(INSTALLED) ## run the daemon over config/
	@exec $(BIN)/ingest run

test: $(INSTALLED) ## run the tests
	@$(BIN)/pytest -n 2 --dist worksteal

lint: $(INSTALLED) ## check style, types and layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

demo: $(INSTALLED) ## see the whole product at work, without internet
	@exec $(BIN)/ingest demo

bench: $(INSTALLED) ## measure the figures of the README
	@exec $(BIN)/python -m benchmarks

lock: ## renew requirements/*.lock from pyproject.toml (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv; install it with: pip install uv" >&2; exit 1; }
	$(COMPILE) --output-file requirements/run.lock
	$(COMPILE) --group dev --constraint requirements/run.lock --output-file requirements/dev.lock

clean: ## remove .venv and all caches
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .grimp_cache
	find ingest tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

$(INSTALLED): requirements/dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Ingest needs Python 3.11 or later, and\
	 $(PYTHON) is not; name another: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make virtual environments; on Debian\
	 or Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes --requirement requirements/dev.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
