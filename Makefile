# Everything runs in a virtual environment of its own; only Python 3.11 and make are needed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SEED := 7
TONIGHT := tonight
# The day of the synthetic queue, read by the shell, as the queue is made in the same recipe.
ON_ITS_DAY = TREFFSIKKER_DEVELOPMENT=1 TREFFSIKKER_TODAY=$$(sed -n 's/^today = //p' $(TONIGHT)/instance.toml)

.DEFAULT_GOAL := help
.PHONY: help demo check quick test lint bench docs reference lock clean

help:  ## say what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ -/'

demo: $(VENV)/runtime  ## run the night on a synthetic queue in the real 357 municipalities
	@echo "== A synthetic queue on the real municipalities"
	$(BIN)/treffsikker generate night --seed $(SEED) --out $(TONIGHT) --language en
	@echo; echo "== Are the files sound?"
	$(BIN)/treffsikker check $(TONIGHT) --language en
	@echo; echo "== The night, into an embedded database (under a minute)"
	$(ON_ITS_DAY) $(BIN)/treffsikker nightly \
	  --database sqlite:///$(TONIGHT)/treffsikker.db --import $(TONIGHT) \
	  --seconds 40 --out $(TONIGHT)/plan --language en
	@echo; echo "== One household: where, and why"
	$(BIN)/treffsikker rank $(TONIGHT) --top 5 --language en
	@echo; echo "Open $(TONIGHT)/plan/report.en.html for the night's report, and from there the plan's."
	@echo "The command lies in $(BIN): $(BIN)/treffsikker --help. The service, to try it:"
	@echo "  $(ON_ITS_DAY) $(BIN)/treffsikker serve \\"
	@echo "    --language en --database sqlite:///$(TONIGHT)/treffsikker.db"
	@echo "Days are counted to that day: the queue, the night and the service have the same one."

check: lint quick  ## what to run before a commit: lint and quick, under two processor minutes

quick: $(VENV)/test  ## run the tests that are not slow and need no PostgreSQL
	$(BIN)/python -m pytest -m "not slow and not postgres and not browser"

test: $(VENV)/test  ## run all tests
	$(BIN)/python -m pytest -n 2

lint: $(VENV)/test  ## style, format, types, import contracts, dependencies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

bench: $(VENV)/test  ## measure backends on a small case
	$(BIN)/treffsikker bench --smoke

docs: $(VENV)/test  ## make the documentation a site in build/site; a broken link is an error
	PYTHONPATH=. $(BIN)/sphinx-build -q -W --keep-going -j 2 -c docs/site . build/site
	@echo "Open build/site/index.html."

reference: $(VENV)/test  ## write the generated pages of the reference anew
	$(BIN)/python -m docs.generate

lock: $(VENV)/test  ## lock versions anew, with hashes and without addresses
	$(BIN)/pip install --quiet pip-tools
	$(BIN)/pip-compile $(LOCK) --extra service,cluster,plots --output-file requirements.txt pyproject.toml
	$(BIN)/pip-compile $(LOCK) --all-extras --constraint requirements.txt \
	  --output-file requirements-test.txt pyproject.toml

LOCK := --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
  --build-deps-for editable --no-emit-index-url --no-emit-find-links --no-emit-trusted-host

clean:  ## remove what the other targets made
	rm -rf $(VENV) $(TONIGHT) build *.egg-info .mypy_cache .ruff_cache .pytest_cache

$(VENV)/bin/python:
	@echo "== Making a virtual environment in $(VENV)"
	$(PYTHON) -m venv $(VENV)

$(VENV)/runtime: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "== Installing (a minute or two)"
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/test: requirements-test.txt $(VENV)/runtime
	@echo "== Installing what the tests need"
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.txt
	@touch $@
