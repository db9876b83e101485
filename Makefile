# Everything that people and CI run. Needs git, make and a Python 3 with venv;
# uv is taken from the PATH, or put in .uv/, and brings the rest from uv.lock.

PORT ?= 8000
FORMAT ?= odt
PEILDATUM ?=
OUT ?=
# Through the environment, so that no character in them means anything to the shell.
export FORMAT PEILDATUM OUT
UV_VERSION := 0.13.9
UV := $(or $(shell command -v uv 2>/dev/null),.uv/bin/uv)
MANAGE := .venv/bin/python manage.py

.DEFAULT_GOAL := help
.PHONY: help run test annex lint format bench screenshots accessibility audit sbom clean prepared

help: ## Show what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

run: export SITE_URL := $(or $(SITE_URL),http://127.0.0.1:$(PORT))
run: prepared ## Serve the site on http://127.0.0.1:$(PORT), on an embedded database
	@$(MANAGE) load_kwalibo
	@$(MANAGE) ensure_staff
	@$(MANAGE) collectstatic --noinput --verbosity 0
	@echo "De site staat op http://127.0.0.1:$(PORT)/ (stoppen: Ctrl-C)"
	@$(MANAGE) release_due --elke 30 & watch=$$!; trap 'kill $$watch 2>/dev/null' EXIT INT TERM; \
	.venv/bin/gunicorn --bind 127.0.0.1:$(PORT)

test: .venv/.dev tests/tools/node_modules/.made ## Run lint, types and all tests, on SQLite and on PostgreSQL
	@.venv/bin/python -m tests.run

annex: .venv/.run ## Make the annex: FORMAT=odt PEILDATUM=2024-12-31 OUT=bijlage.odt
	@$(MANAGE) export_annex --prepare --format="$$FORMAT" --peildatum="$$PEILDATUM" --output="$$OUT"

lint: .venv/.dev ## Check style and types
	@.venv/bin/python -m tests.run lint

format: .venv/.dev ## Put code and templates in the house style
	@.venv/bin/ruff check --fix --quiet .
	@.venv/bin/ruff format --quiet .
	@git ls-files 'templates/*.html' | xargs .venv/bin/djade --target-version 6.1

bench: .venv/.dev ## Measure over HTTP, at scale (SIZE=100000 KEEP=folder), documents; QUICK=1: fewer rounds; WRITE=1: into docs/
	@.venv/bin/python -m tests.bench_server $(if $(QUICK),--quick) $(if $(WRITE),--write)
	@.venv/bin/python -m tests.bench
	@.venv/bin/python -m tests.bench_past
	@.venv/bin/python -m tests.bench_scale --measures $(or $(SIZE),10000) $(if $(KEEP),--keep $(KEEP)) $(if $(QUICK),--rounds 5) $(if $(WRITE),--write)
	@.venv/bin/python -m tests.bench_documents --sizes 50 500 5000 $(if $(QUICK),--rounds 1) $(if $(WRITE),--write)

screenshots: .venv/.dev ## Make the pictures in docs/screenshots/
	@.venv/bin/python -m tests.browser.screenshots

accessibility: .venv/.dev ## Look for barriers on every page, for the accessibility statement
	@DJANGO_SETTINGS_MODULE=kwalibo.settings .venv/bin/python -m tests.browser.accessibility

# Needs the network: it asks the advisory service of PyPI; docs/beheer.md says how to do it without.
audit: .venv/.dev ## Look for known weaknesses in the packages of uv.lock (asks pypi.org)
	@mkdir -p var
	@$(UV) export --frozen --no-dev --no-emit-project --quiet --output-file var/requirements.txt
	@.venv/bin/pip-audit --strict --require-hashes --disable-pip --requirement var/requirements.txt

sbom: .venv/.run ## Write what the site is made of to sbom.cdx.json (CycloneDX)
	@.venv/bin/python deploy/sbom.py sbom.cdx.json

clean: ## Throw away the environment and what tools left behind; keeps var/
	rm -rf .venv .uv staticfiles tests/tools/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results

prepared: .venv/.run
	@$(MANAGE) migrate --verbosity 0

.venv/.run: uv.lock pyproject.toml .python-version | $(UV)
	@$(UV) sync --frozen --quiet --inexact --no-dev
	@touch $@

.venv/.dev: uv.lock pyproject.toml .python-version | $(UV)
	@$(UV) sync --frozen --quiet --inexact
	@touch $@ .venv/.run

# The checkers of HTML, the API and speed; without npm their tests are skipped and named.
tests/tools/node_modules/.made: tests/tools/package-lock.json
	@! command -v npm >/dev/null || (cd tests/tools && npm ci --silent && touch node_modules/.made)

.uv/bin/uv:
	@python3 -m venv .uv || { rm -rf .uv; \
		echo "Python kan hier geen omgeving maken. Op Debian: apt install python3-venv" >&2; exit 1; }
	@.uv/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION) || { rm -rf .uv; exit 1; }
