# make demo | app | test | test-all | lint | bench | screenshots | translations | lock | clean. Everything Python goes into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/python -m uv
UV_VERSION := 0.13.9
ROOMS := shared client server desktop
STAMP := $(VENV)/.installed
DEMO_DIR := demo-results
DEMO_ENV := ZEROSEC_DATA_DIR=$(CURDIR)/build/demo-server
# A test server must answer within milliseconds on two cores: leave the numerical libraries one thread each.
TEST_PROGRAMS := build/test-programs
TEST_ENV := OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 ZEROSEC_TEST_PROGRAMS=$(CURDIR)/$(TEST_PROGRAMS)/bin
PYTEST := $(TEST_ENV) $(BIN)/pytest
# Files are shared out over so many processes, one more than two cores have: a test waits for its server much of its time.
# Scale goes alone: it fills the memory.
TEST_PROCESSES ?= 3
PYTEST_SHARED := $(PYTEST) -n $(TEST_PROCESSES) --dist loadfile --no-loadscope-reorder

.PHONY: help demo app screenshots translations bench-desktop bench-models test test-all test-fast lint format bench lock clean setup system-packages
.DEFAULT_GOAL := help

help:
	@sed -n 's/^## //p' Makefile

## make demo      run a real linear analysis through the bundled server and leave a report in demo-results/
## make app       open the window
## make test      install what the tests need and run them
## make test-all  make test and the longest suites
## make lint      format, rules, types, import contracts
## make bench     measure, and print a table of figures beside their targets
## make bench-models   scores of the models beside FLAML, AutoGluon and scikit-learn (BENCH_MODELS="--tables 3 --folds 1 --seconds 10": quick)
## make bench-desktop  measure the window: start, stalls, lists, tables
## make screenshots    drive the window through its screens and write pictures to build/screenshots and the guide
## make translations   bring the translation files up to date with the texts
## make lock      resolve requirements.lock anew

setup: $(STAMP)

system-packages:
	@packaging/system-packages.sh run

$(STAMP): requirements.lock pyproject.toml $(ROOMS:%=%/pyproject.toml) packaging/system-packages.sh
	packaging/system-packages.sh run
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	UV_PYTHON_DOWNLOADS=never $(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	UV_PYTHON_DOWNLOADS=never $(UV) pip install --quiet --python $(BIN)/python --no-deps $(ROOMS:%=-e %)
	$(BIN)/python -m compileall -q $(ROOMS) >/dev/null
	@touch $@

demo: $(STAMP)
	@$(DEMO_ENV) BIN=$(BIN) OUT=$(DEMO_DIR) packaging/demo.sh

app: $(STAMP)
	packaging/system-packages.sh app
	$(BIN)/zerosec-desktop

screenshots: $(STAMP)
	packaging/system-packages.sh app
	QT_QPA_PLATFORM=offscreen $(BIN)/python packaging/screenshots.py build/screenshots --guide docs/images/window

translations: $(STAMP)
	$(BIN)/python packaging/translations.py

bench-desktop: $(STAMP)
	packaging/system-packages.sh test
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.bench desktop_window desktop_data

# The rivals and the tables live in an environment of their own, beside ours; a run that was interrupted goes on.
BENCH_MODELS ?=
BENCH_VENV := build/bench-models/venv
bench-models: $(STAMP)
	test -x $(BENCH_VENV)/bin/python || $(PYTHON) -m venv $(BENCH_VENV)
	$(UV) pip install --quiet --python $(BENCH_VENV)/bin/python -r tests/bench_models/requirements.txt
	nice -n 5 $(BIN)/python -m tests.bench_models $(BENCH_MODELS)

# Where one of them cannot be had (UMI-tools needs a C compiler), its tests say so and are skipped.
$(TEST_PROGRAMS)/.installed: tests/science/programs.txt $(STAMP)
	test -x $(TEST_PROGRAMS)/bin/python || $(PYTHON) -m venv $(TEST_PROGRAMS)
	-$(UV) pip install --quiet --python $(TEST_PROGRAMS)/bin/python -r tests/science/programs.txt
	-$(UV) pip install --quiet --python $(TEST_PROGRAMS)/bin/python --no-build-isolation umi_tools==1.1.6
	@touch $@

# Fast tests first; each later stage starts only when the one before is green.
test: $(STAMP) $(TEST_PROGRAMS)/.installed
	packaging/system-packages.sh test
	$(PYTEST_SHARED) -m "not faults and not science and not scale and not long"
	$(PYTEST_SHARED) -m "science and not long"
	$(PYTEST_SHARED) -m "faults and not long"
	$(PYTEST) -m "scale and not long"

test-fast: $(STAMP)
	$(PYTEST_SHARED) -m "not faults and not science and not scale and not long"

test-all: test
	$(PYTEST) -m long
	$(PYTEST_SHARED) --hypothesis-profile=search tests/unit tests/contract

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(STAMP)
	packaging/system-packages.sh test
	$(BIN)/python -m tests.bench

lock: $(STAMP)
	$(UV) pip compile pyproject.toml --group test --group lint --universal --python-version 3.11 --all-extras \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet \
	  $(ROOMS:%=--no-emit-package zerosec-%) -o requirements.lock

clean:
	rm -rf $(VENV) build $(DEMO_DIR) bench-results .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
