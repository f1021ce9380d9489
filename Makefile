# The News And Times. `make help` lists what there is.

PORT ?= 8000
DATA_DIR ?= var
export PORT DATA_DIR

VENV := .venv
BIN := $(VENV)/bin
INSTALL := sh .ci/install-packages $(VENV)
LOCK = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
  --no-emit-index-url --no-emit-find-links
SOURCES := manage.py newsandtimes blog aggregator newsletter tests benchmarks
TEMPLATES = $(shell find templates -name '*.html')

.DEFAULT_GOAL := help
.PHONY: help run test lint format messages lock clean

help:  ## List the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

run: $(VENV)/.run .env  ## Start the site with its demo (PORT=8000, DATA_DIR=var)
	@$(BIN)/python manage.py develop || [ $$? -eq 130 ]  # 130: stopped by Ctrl-C

test: $(VENV)/.dev  ## Run the whole test suite in parallel (or TESTS="tests/blog -x")
	@$(BIN)/python -m pytest --numprocesses auto --quiet $(TESTS)

lint: $(VENV)/.dev  ## Check style, types, templates, floors and migrations
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/ruff format --check $(SOURCES)
	@$(BIN)/djade --check $(TEMPLATES)
	@$(BIN)/lint-imports
	@. ./tests/environment.sh && $(BIN)/mypy
	@. ./tests/environment.sh && $(BIN)/python manage.py makemigrations --check --dry-run

format: $(VENV)/.dev  ## Put source and templates in the house's form
	@$(BIN)/ruff check --fix --quiet $(SOURCES) || true
	@$(BIN)/ruff format $(SOURCES)
	@$(BIN)/djade $(TEMPLATES) || true

messages: $(VENV)/.dev  ## Bring the translations' catalogues up to date (needs GNU gettext)
	@. ./tests/environment.sh && $(BIN)/python manage.py makemessages --verbosity 0
	@. ./tests/environment.sh && $(BIN)/python manage.py compilemessages --ignore $(VENV) --verbosity 0

lock: $(VENV)/.dev  ## Resolve the dependencies anew
	@$(LOCK) --python-version 3.12 --upgrade pyproject.toml -o requirements.txt
	@$(LOCK) --python-version 3.12 pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
	@echo uv | $(LOCK) --upgrade - -o .ci/uv.txt

clean:  ## Remove the environment and caches; data in DATA_DIR stays
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache staticfiles

$(BIN)/python:
	@sh .ci/make-environment $(VENV)

$(VENV)/.run: requirements.txt | $(BIN)/python
	@echo "Installing the packages (once) …"
	@$(INSTALL) requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt requirements.txt | $(BIN)/python
	@echo "Installing the packages and the tools of development (once) …"
	@$(INSTALL) requirements-dev.txt
	@touch $@ $(VENV)/.run

.env: | $(BIN)/python
	@$(BIN)/python -c 'import secrets; print("DEVELOPMENT=1"); print("SECRET_KEY=" + secrets.token_urlsafe(64))' > $@.new
	@chmod 600 $@.new && mv $@.new $@
