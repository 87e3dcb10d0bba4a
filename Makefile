# make demo   try the bot on a page of this machine      make test   everything that must hold
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The locks are complete, so pip need not look for more.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps
BROWSER := $(and $(shell command -v chromium),$(shell command -v chromedriver))

# What is compiled is kept, or each of the suite's processes compiles all of it anew.
export PYTHONDONTWRITEBYTECODE =

.PHONY: demo test quick lint words lock clean

demo: $(VENV)/.run
	@$(BIN)/tutorbot demo

test: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports
	@$(if $(BROWSER),,echo "No chromium and chromedriver here: the page is not played in a browser.")
	$(BIN)/pytest -n auto --dist worksteal $(if $(BROWSER),,-m "not browser")

quick: $(VENV)/.dev
	$(BIN)/pytest -q -n logical --hypothesis-profile=quick -m "not postgres and not slow"

lint: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/basedpyright
	$(BIN)/lint-imports

# After a change of what is said: brings the catalogues up to date; what is new there is to be translated.
words: $(VENV)/.dev
	$(BIN)/pybabel -q extract --add-location=file --sort-by-file --project=tutorbot -o $(VENV)/words.pot tutorbot
	$(BIN)/pybabel -q update -i $(VENV)/words.pot -d tutorbot/locales -D tutorbot --width=100 --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date

# Exact versions by hash, so that a fresh machine gets what was tested. Needs uv.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml --group build -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml --group build --group dev --all-extras -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("tutorbot needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.11 demo") if sys.version_info < (3, 11) else 0'
	@test -x $(BIN)/python || { echo "Making a virtual environment in $(VENV) (once) ..."; $(PYTHON) -m venv $(VENV); }
	@echo "Installing what tutorbot needs (once, a minute) ..."
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	@echo "Installing what its tests need (once) ..."
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@
