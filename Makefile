# Everything a newcomer types. `make run` and `make test` need only python3 (3.11 or later) and the package registry.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: run test check bench lock clean

run: $(VENV)/.run
	$(BIN)/evenhand up --demo

test: $(VENV)/.dev
	$(BIN)/python -m tests $(ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djlint --lint --quiet evenhand
	$(BIN)/lint-imports
	$(MAKE) test

bench: $(VENV)/.dev
	$(BIN)/python -m bench $(ARGS)

# The locks carry hashes and no addresses: the registry is whichever your pip is set up for.
LOCK := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header --no-annotate
lock: $(VENV)/.dev
	$(LOCK) pyproject.toml -o requirements.txt
	$(LOCK) --all-extras --group dev -c requirements.txt pyproject.toml -o requirements-dev.txt

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Evenhand needs Python 3.11 or later; this is " + sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing into $(VENV); the first time this takes a few minutes."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

clean:
	rm -rf $(VENV) data
