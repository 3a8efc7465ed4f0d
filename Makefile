# What people type. `make run` and `make test` first set up whatever they need; nothing is done twice.
#
#   make run     install, build, migrate, load the sample at the first start, serve
#   make test    every test: unit, API on both databases and both stores, end to end, faults, front end
#                (make test-documents, test-api, test-e2e, test-faults: one of them)
#   make check   format, lint, types of the server and of the front end
#   make lock    lock the Python dependencies again after a change in pyproject.toml
#   make help    this list and the rest
#
# Needs git, make and Python 3.11 or newer with venv. Node comes from a Python package.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
  command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' && { echo $$p; break; }; done)
VENV := .venv
PY := $(VENV)/bin/python
# pip takes nothing that the lock file does not name with its hash, and runs no package's own set-up code.
PIP := $(PY) -m pip --disable-pip-version-check --no-input
INSTALL := $(PIP) install --quiet --require-hashes --no-deps --only-binary :all:
NPM := PATH="$(CURDIR)/$(VENV)/bin:$$PATH" npm
PWA_SOURCES = $(shell find pwa/src pwa/public pwa/scripts pwa/index.html pwa/package.json pwa/vite.config.ts pwa/svelte.config.js \
  pwa/tsconfig*.json 2>/dev/null)
LOCK = $(VENV)/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
  --no-header --no-annotate --no-emit-index-url --no-emit-find-links

.PHONY: run install dev pwa browser test test-documents test-api test-e2e test-faults check format types openapi migration lock shots day bench soak clean help
.DELETE_ON_ERROR:

run: install pwa
	@exec $(PY) -m plumbline run $(ARGS)

# --- What is installed ---------------------------------------------------------------------------

install: $(VENV)/.installed
dev: $(VENV)/.installed-dev

$(PY):
	@test -n "$(PYTHON)" || { echo "Plumbline needs Python 3.11 or newer. Install it (Debian, Ubuntu: apt install python3 python3-venv) and run make again."; exit 1; }
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python cannot make an environment: its venv module is missing. Install it (Debian, Ubuntu: apt install python3-venv) and run make again."; exit 1; }

$(VENV)/.installed: requirements.lock requirements-build.lock pyproject.toml | $(PY)
	@echo "Installing what Plumbline needs (the first time takes a minute) ..."
	@$(INSTALL) -r requirements.lock -r requirements-build.lock
	@$(PIP) install --quiet --no-deps --no-index --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed | $(PY)
	@echo "Installing what tests and checks need ..."
	@$(INSTALL) -r requirements-dev.lock
	@touch $@

# --- The front end -------------------------------------------------------------------------------

pwa: pwa/dist/index.html

pwa/node_modules/.package-lock.json: pwa/package-lock.json | $(VENV)/.installed
	@echo "Installing what the front end needs ..."
	@cd pwa && $(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

pwa/dist/index.html: pwa/node_modules/.package-lock.json $(PWA_SOURCES) backend/plumbline/serve/compress.py
	@echo "Building the front end ..."
	@mkdir -p build && { (cd pwa && $(NPM) run --silent build -- --logLevel warn) >build/pwa.log 2>&1 || { cat build/pwa.log; exit 1; }; }
	@touch $@
	@$(PY) -m plumbline.serve.compress pwa/dist
	@(cd pwa && $(NPM) run --silent size) >build/size.log 2>&1 || { cat build/size.log; exit 1; }

# --- Tests and checks ----------------------------------------------------------------------------

browser: dev
	@$(PY) -m tests.support.browser --install

test: test-documents test-api test-e2e test-faults

# What is written is tried: each command of the operations page, and each route of the API's own document.
DOCUMENTS = tests/faults/test_operations_page.py tests/faults/test_fuzzing.py

test-documents: dev pwa
	$(PY) -m pytest $(DOCUMENTS) -n 2 $(ARGS)

# The rules, the API on both databases and both stores, and the front end without a browser.
test-api: dev pwa
	$(PY) -m pytest --ignore=tests/e2e --ignore=tests/faults --ignore=tests/bench -n 2 --dist loadfile $(ARGS)
	cd pwa && $(NPM) test

# In real browsers, one for each core; without one this fails with a sentence.
test-e2e: dev pwa browser
	$(PY) -m pytest tests/e2e -n 2 --dist loadfile $(ARGS)

# Processes killed, disks filled, stores and databases taken away. Files in their order: those with the fewest tests are
# the longest here, and begun last they would be waited for by one core alone.
test-faults: dev pwa
	$(PY) -m pytest tests/faults $(DOCUMENTS:%=--ignore=%) -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

check: dev pwa/node_modules/.package-lock.json openapi
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	cd pwa && $(NPM) run check
	@cd pwa && PATH="$(CURDIR)/$(VENV)/bin:$$PATH" node_modules/.bin/openapi-typescript ../build/openapi.json -o ../build/api.gen.ts >/dev/null
	@cmp -s build/api.gen.ts pwa/src/shared/api.gen.ts || { echo "pwa/src/shared/api.gen.ts is older than the API. Run: make types"; exit 1; }

openapi: install
	@mkdir -p build && $(PY) -m plumbline openapi build/openapi.json

types: openapi pwa/node_modules/.package-lock.json
	@cd pwa && $(NPM) run --silent types
	@$(PY) -m plumbline.identity.table > pwa/src/shared/roles.gen.ts

# make migration NAME=add-lot-colour
migration: dev
	$(PY) -m plumbline migration $(NAME)
	@$(VENV)/bin/ruff check --quiet --fix migrations; $(VENV)/bin/ruff format --quiet migrations

format: dev
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

shots: dev pwa browser
	$(PY) -m tests.e2e.shots $(ARGS)

# A crew's day without a line, in each language, with its pictures.
day: dev pwa browser
	$(PY) -m tests.e2e.day $(ARGS)

# Measured by benches and counted by tests, in one run: on the screen, and in build/bench.json.
COUNTING = tests/api/test_exactly_once.py tests/api/test_many_clients.py tests/api/test_nothing_overwritten.py \
  tests/api/test_statements.py tests/api/test_stranger_acts.py tests/api/test_stranger_matrix.py \
  tests/faults/test_kill.py tests/faults/test_two_phones.py

bench: dev pwa browser
	$(PY) -m pytest tests/bench $(COUNTING) -q -s $(ARGS)

# make soak ROUNDS=20 SEED=5 kills less often, and whom it killed the last time it printed that seed.
# EXAMPLES: how many questions schemathesis makes up for each operation and phase.
ROUNDS ?= 200
# STEPS: how many steps with three photos of 1.2 MB go over a bad line.
EXAMPLES ?= 100
STEPS ?= 300
# KILLS: how often Chromium is killed while it captures and sends.
KILLS ?= 100
# ITEMS: how many steps two windows and the service worker share.
ITEMS ?= 500

soak: dev pwa browser day
	ROUNDS=$(ROUNDS) EXAMPLES=$(EXAMPLES) STEPS=$(STEPS) MOMENTS=8 $(PY) -m pytest -q \
	  tests/faults/test_kill.py tests/faults/test_fuzzing.py tests/faults/test_chaos.py $(ARGS)
	KILLS=$(KILLS) ITEMS=$(ITEMS) $(PY) -m pytest -q tests/faults/test_browser_killed.py tests/faults/test_one_sender.py $(ARGS)
	SCREENS=all $(PY) -m pytest -q tests/e2e/test_keyboard.py tests/e2e/test_screens.py $(ARGS)
	GRAPHS=2000 ACTS=100000 NEIGHBOURS=1000000 RACES=50 ROWS=20000 $(PY) -m pytest -q tests/api/test_trace_oracle.py \
	  tests/api/test_snapshot.py tests/api/test_mass_balance.py tests/api/test_bad_input_of_traces_and_recalls.py
	$(PY) -m pytest -q -s tests/bench/test_scanner.py tests/bench/test_lighthouse.py $(ARGS)
	SHAPES=sqlite,postgresql $(PY) -m pytest -q tests/e2e/test_recall_story.py tests/faults/test_operations_page.py
	DIALOGS=lot,assembly,suppliers,recall-room,ncr,defect,recalled-lot,ncr-phone \
	  SETS=zh-360x740,zh-1440x900,en-360x740,en-1440x900 $(PY) -m pytest -q tests/e2e/test_screens.py -k dialogs

# The lock files name versions and hashes, never an index: a mirror or PyPI itself serves them alike.
lock: $(VENV)/.installed-dev
	$(LOCK) pyproject.toml -o requirements.lock $(UPGRADE)
	$(LOCK) --group build -c requirements.lock -o requirements-build.lock $(UPGRADE)
	$(LOCK) pyproject.toml --group dev -c requirements.lock -c requirements-build.lock -o requirements-dev.lock $(UPGRADE)

# Takes away what was built and installed; var/ with the data stays.
clean:
	rm -rf $(VENV) build pwa/dist pwa/node_modules .mypy_cache .ruff_cache .pytest_cache

help:
	@sed -n '/^# What/,/^$$/s/^# \{0,1\}//p' Makefile
	@echo "  make format  put everything into the common format"
	@echo "  make types   generate the front end's API types from the server"
	@echo "  make migration NAME=add-lot-colour   write a migration for what changed in the tables"
	@echo "  make shots   make the screenshots in tests/shots"
	@echo "  make day     live through a crew's day without a line, browser killed, in both languages"
	@echo "  make bench   measure"
	@echo "  make soak    kill everything, browsers too, again and again while phones send (ROUNDS, KILLS, SEED)"
	@echo "  make clean   remove what was built and installed; the data in var/ stays"
	@echo "  make lock UPGRADE=--upgrade   take newer versions"
