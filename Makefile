# The two commands are `make run` and `make test`. Everything is installed below this folder, in .venv, .local and
# node_modules; with root and apt, also the browser and the fonts that pictures and tests need.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
PY := .venv/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help python setup run reset test beside lint types unit unit-edges unit-core vitest infra integration browser pages journeys bench chaos layer synth bootstrap deploy openapi outage format

help: ## what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: python ## install what is needed (run and test do it by themselves)
	@$(PYTHON) -m local.prepare

# Asked here, because an old interpreter cannot even read local/prepare.py.
python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  found=$$($(PYTHON) --version 2>&1) || found="no $(PYTHON)"; \
	  echo "Ryoji cannot be set up: it needs Python 3.11 or later, and there is $$found. Install it, and name it as in \`make run PYTHON=python3.12\`." >&2; \
	  exit 1; }

run: setup ## the sandbox on this machine, until Ctrl-C
	@$(PY) -m local.run

reset: python ## empty the sandbox
	@$(PYTHON) -m local.prepare --reset

test: setup ## everything that must hold
	@$(MAKE) --no-print-directory lint
	@# What waits for the cloud half of its time, twice, and beside it what needs no cloud.
	@$(MAKE) --no-print-directory --jobs 3 --output-sync=target journeys integration beside

# What needs no cloud, with lower priority: it has what the others leave, and all of the machine when they are done.
BESIDE = types vitest infra $(UNIT) pages
beside:
	@for each in $(BESIDE); do nice -n 5 $(MAKE) --no-print-directory $$each || exit; done

lint:
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@npm run --silent web:lint

types:
	@.venv/bin/mypy
	@npm run --silent web:check

# Two halves, each in a process of its own: the workers of pytest-xdist would both read all of it.
UNIT := unit-edges unit-core
EDGES := tests/unit/doors tests/unit/evidence tests/unit/issuance

unit: ## fast tests of behaviour
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target $(UNIT)

unit-edges:
	@.venv/bin/pytest $(EDGES)

unit-core:
	@.venv/bin/pytest tests/unit $(EDGES:%=--ignore=%)

vitest: ## the web's own tests
	@npm run --silent web:test

infra: ## the template and the machines
	@# cfn-lint and cdk-nag judge the templates here; CDK's own look at them warns only, and takes as long as both.
	@CDK_VALIDATION=false .venv/bin/pytest tests/infra

integration: ## the deployed stack on the local cloud
	@.venv/bin/pytest tests/integration

browser: ## Chromium looks at every page, then walks the journeys
	@$(MAKE) --no-print-directory pages
	@$(MAKE) --no-print-directory journeys

pages: ## every page before a stand-in
	@.venv/bin/pytest tests/browser/*_static -n 3 --dist loadfile

journeys: ## a sandbox starts, stops with nothing left, and goes on; then Chromium walks the journeys in it
	@.venv/bin/pytest tests/starting tests/browser/renewal tests/browser/travellers

bench: setup layer ## the figures; also benchmarks/latest.json
	@$(PY) -m benchmarks

chaos: setup ## cases to their ends while calls fail and partners are down: docs/chaos.md
	@HYPOTHESIS=chaos $(PY) -m pytest tests/unit/cases/test_any_order.py -n 2 -q --hypothesis-show-statistics
	@$(PY) -m chaos

layer: setup ## the dependency layer for AWS (arm64), without Docker
	@$(PY) -m layers.build

synth: setup layer ## the template for AWS, in cdk.out
	@$(PY) -m infra.deploy synth --quiet

bootstrap: setup ## prepare an AWS account once: docs/deploy.md
	@$(PY) -m infra.deploy bootstrap

deploy: setup layer ## put it into a real AWS account: docs/deploy.md
	@$(PY) -m infra.deploy deploy

openapi: setup ## write docs/openapi.json from the doors
	@$(PY) -m infra.openapi

outage: setup ## write the carriers' outage procedure, a page of the site
	@$(PY) -m infra.outage_page

format: ## format the Python code
	@.venv/bin/ruff check --fix -q . || true
	@.venv/bin/ruff format .
