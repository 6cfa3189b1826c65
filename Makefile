# `make run` starts a studio on this machine; `make help` lists the rest.
# Each target brings what it needs, and does nothing twice: see the stamps below.

VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
PYTEST := $(BIN)/python -m pytest
TEMPLATES = $(shell find templates -name '*.html')

# The first Python here that the studio runs on. Looked for only when .venv is made.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	&& echo $$python && break; done)

# uv installs packages into .venv and nothing else: it never brings a Python of its own.
export UV_PYTHON_DOWNLOADS := never

# A studio is many processes. Where an image forbids Python to keep what it compiled, each start
# compiles Django and all else anew: 4.5 s of CPU for `manage.py check`, against 1.2 s.
unexport PYTHONDONTWRITEBYTECODE
INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes

.DEFAULT_GOAL := help
.PHONY: help run dev install quick coverage test test-long chaos lint format messages lock bench clean test-machine

help:  ## Show this list
	@sed -n 's/^\([a-z-]*\):.*  ## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

run: $(VENV)/run.stamp  ## Start the studio here; STUDIO_PORT, STUDIO_DATA, STUDIO_DEMO=0: docs/settings.md
	@exec $(MANAGE) run

dev: $(VENV)/dev.stamp  ## The same, started again when code changes; STUDIO_DEBUG_TOOLBAR=1 shows queries and times
	@exec env STUDIO_DEBUG=1 $(MANAGE) run --watch

install: $(VENV)/dev.stamp  ## Install what development and the tests need into .venv

# Rooms whose tests need neither a browser nor running processes; the sandbox's contract takes 20 s alone.
QUICK := $(addprefix tests/,batch budgets costs hooks house letters recipes search usage vendors words) \
	--deselect tests/vendors/test_sandbox_contract.py

quick: $(VENV)/dev.stamp  ## What concerns most changes, in about a minute
	$(PYTEST) -n 2 $(QUICK)

coverage: $(VENV)/dev.stamp  ## Which lines the quick tests do not reach
	$(PYTEST) -n 2 $(QUICK) --cov=videos --cov=studio --cov-report=term:skip-covered

test: $(VENV)/dev.stamp test-machine  ## Everything that must hold before a change is taken; some twelve minutes on two cores
	$(PYTEST) -n 2 --dist loadgroup
	$(BIN)/python -m tests.postgres $(PYTEST) -n 2 -m "both_databases and not long"

test-long: $(VENV)/dev.stamp test-machine  ## The slow tests: faults, browsers, long runs; an hour or more
	$(PYTEST) -n 2 --dist loadgroup -m "long and not alone" --timeout 1800
	$(PYTEST) -m "long and alone" --timeout 1800
	$(BIN)/python -m tests.postgres $(PYTEST) -n 2 -m "long and both_databases or postgres_long" --timeout 1800

chaos: $(VENV)/dev.stamp test-machine  ## Kill what runs, at random; JOBS=1000, DATABASE=postgres, SEED=7, LASTS=600, TASK=naive
	$(BIN)/python -m tests.chaos

lint: $(VENV)/dev.stamp  ## Style, likely mistakes, types, templates, migrations, catalogues
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/djade --check --target-version 5.2 $(TEMPLATES)
	$(MANAGE) check --fail-level WARNING
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) catalogues --check

format: $(VENV)/dev.stamp  ## Bring code and templates into shape
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/djade --target-version 5.2 $(TEMPLATES)

messages: $(VENV)/dev.stamp  ## Collect strings for the translators (needs gettext)
	$(MANAGE) makemessages --locale de --locale zh_Hans --no-obsolete --add-location file \
		--ignore tests --ignore bench --ignore docs --ignore var

bench: $(VENV)/dev.stamp  ## Measure what docs and CHANGELOG claim
	$(BIN)/python -m bench

COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header
lock: $(VENV)/uv.stamp  ## Choose versions anew from pyproject.toml; UPGRADE=--upgrade takes the newest
	$(COMPILE) $(UPGRADE) --group install --output-file requirements/uv.txt
	$(COMPILE) $(UPGRADE) pyproject.toml --output-file requirements/run.txt
	$(COMPILE) $(UPGRADE) pyproject.toml --group dev --constraints requirements/run.txt --output-file requirements/dev.txt

clean:  ## Remove .venv and caches; the data under var/ stays
	rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache .hypothesis test-results
	find . -name __pycache__ -prune -exec rm -rf {} +

test-machine:
	@.ci/machine

# A stamp is as new as what it installed, so a second start installs nothing.
$(VENV)/uv.stamp: requirements/uv.txt
	@test -n "$(PYTHON)" || { echo "The studio needs Python 3.11, 3.12 or 3.13, and finds none here." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(VENV)/run.stamp: requirements/run.txt $(VENV)/uv.stamp
	$(INSTALL) -r $<
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/run.stamp
	$(INSTALL) -r $<
	@touch $@
