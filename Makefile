# Two commands on a fresh machine that has Python, make and a C compiler:
#   make demo    see the whole story in a minute; it ends by naming the command that shows it in
#                the browser
#   make test    lint, types, import contracts and all tests, on real servers
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WHEEL_VENV := .venv-wheel
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
# As pip does for what it copies: a command then starts at once, wherever Python may write nothing.
COMPILE = $(BIN)/python -m compileall -q crosspromo

# Public test data, where it lies beside the checkout; tests that need it say so when it does not.
ifneq ($(wildcard ../shared/data),)
export CROSSPROMO_CORPUS ?= $(abspath ../shared/data)
endif

.PHONY: demo test lint types contracts servers tests suite wheel simulate properties fuzz screenshots docs bench supply clean

demo: $(VENV)/.installed
	$(BIN)/crosspromo demo

# What needs no tests, side by side; then the tests, with their closing lines last.
test:
	$(MAKE) -j 2 lint types contracts servers wheel
	$(MAKE) suite

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

contracts: $(VENV)/.dev
	$(BIN)/lint-imports

servers: $(VENV)/.dev
	$(BIN)/python tests/servers/node.py install tests/servers/pds tests/servers/axe tests/reference_text

# The wheel, in an environment of its own with nothing of this checkout to lean on: the command that
# the end-to-end tests type is the one that users would install.
wheel: $(VENV)/.dev
	rm -rf dist $(WHEEL_VENV)
	$(BIN)/python -m build --wheel --no-isolation --outdir dist
	$(PYTHON) -m venv $(WHEEL_VENV)
	$(WHEEL_VENV)/bin/python $(PIP_INSTALL) "$$(echo dist/*.whl)[postgres,web]"

tests: servers wheel
	$(MAKE) suite

suite:
	CROSSPROMO_COMMAND=$(abspath $(WHEEL_VENV)/bin/crosspromo) $(BIN)/pytest -n auto --dist worksteal --durations 15

# Stories of daemons that are killed and networks that misbehave:
#   make simulate SEEDS=5000 FROM=0 DATABASE=postgresql
SEEDS ?= 300
FROM ?= 0
DATABASE ?= sqlite
simulate: $(VENV)/.dev
	PYTHONPATH=tests $(BIN)/python -m simulation --seeds $(SEEDS) --from $(FROM) --database $(DATABASE)

# The property tests, with other examples than `make test` draws, and so many times as many:
#   make properties DEPTH=50
DEPTH ?= 10
properties: servers
	CROSSPROMO_DEPTH=$(DEPTH) $(BIN)/pytest -n auto --dist worksteal -m hypothesis --timeout 7200

# Coverage-guided, over every parser of what others wrote, each for so many seconds:
#   make fuzz SECONDS=600 ONLY=calendar
SECONDS ?= 60
ONLY ?=
fuzz: $(VENV)/.fuzz
	PYTHONPATH=tests:. $(BIN)/python -m fuzz --seconds $(SECONDS) --only "$(ONLY)"

# Every page of the console at two widths, light and dark, in build/screenshots: to be looked at.
screenshots: $(VENV)/.dev
	PYTHONPATH=tests:. $(BIN)/python -m in_a_browser.screenshots build/screenshots

docs: $(VENV)/.dev
	$(BIN)/python docs/reference/make_cli.py

bench: $(VENV)/.bench
	$(BIN)/python -m bench $(BENCH)

# A year of self posts and occasions, by the gate alone and with the planner; some minutes:
#   make supply SUPPLY="--seeds 2 --weeks 10"
supply: $(VENV)/.dev
	$(BIN)/python -m bench.planning.supply $(SUPPLY)

$(VENV)/.installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python $(PIP_INSTALL) --editable '.[web]'
	$(COMPILE)
	touch $@

$(VENV)/.dev: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python $(PIP_INSTALL) --editable '.[dev]'
	$(COMPILE)
	touch $@ $(VENV)/.installed

$(VENV)/.bench: $(VENV)/.dev
	$(BIN)/python $(PIP_INSTALL) --editable '.[dev,bench]'
	touch $@ $(VENV)/.dev $(VENV)/.installed

$(VENV)/.fuzz: $(VENV)/.dev
	$(BIN)/python $(PIP_INSTALL) --editable '.[dev,fuzz]'
	touch $@ $(VENV)/.dev $(VENV)/.installed

clean:
	rm -rf $(VENV) $(WHEEL_VENV) build dist
