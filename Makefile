# make help lists the targets. `make report` and `make test` set up what they need first.

PYTHON ?= python3
STUDY ?=
RAW ?=
BIN := .venv/bin
READY := .venv/.ready
# The second try of a download trusts the machine's certificates too: offices whose proxy has its own need that.
UV := VIRTUAL_ENV="$(CURDIR)/.venv" UV_COMPILE_BYTECODE=1 PYTHONDONTWRITEBYTECODE= $(BIN)/uv pip
OPTIONS := $(if $(STUDY),--study $(STUDY)) $(if $(RAW),--raw $(RAW))

.DEFAULT_GOAL := help
.PHONY: help setup report certificate plan check bless validate verify archive compare changes test test-slow test-independent test-browser lint format synthetic docs benchmark coverage lock clean

help:  ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

setup: $(READY)  ## Make .venv from the hash lock (done by the other targets when needed)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "innosurvey needs Python 3.11 or newer: make PYTHON=python3.12 …"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@sed -n '/^uv==/,/# via/p' requirements.lock > .venv/uv.lock
	@$(BIN)/uv --version >/dev/null 2>&1 || $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r .venv/uv.lock
	@$(UV) sync --quiet --require-hashes requirements.lock || UV_SYSTEM_CERTS=1 $(UV) sync --quiet --require-hashes requirements.lock
	@$(UV) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

report: $(READY)  ## Build the report (STUDY=name or file, RAW=folder of the raw files)
	@$(BIN)/innosurvey report $(OPTIONS)

certificate: .venv/.certificate  ## Estimate published tables again from their data; fails where a number is off
	@$(BIN)/innosurvey report --study certificate

# Separate from `setup`, which takes out what requirements.lock does not name: installed again after it.
.venv/.certificate: requirements-certificate.lock $(READY)
	@$(UV) install --quiet --no-deps --require-hashes -r requirements-certificate.lock || UV_SYSTEM_CERTS=1 $(UV) install --quiet --no-deps --require-hashes -r requirements-certificate.lock
	@touch $@

plan: $(READY)  ## Say which steps would run, and why
	@$(BIN)/innosurvey plan $(OPTIONS)

check: $(READY)  ## Check configuration, codebooks and raw files without running
	@$(BIN)/innosurvey check $(OPTIONS)

bless: $(READY)  ## Store what the study says as a release (RELEASE=name WHO="…" WHY="…")
	@$(BIN)/innosurvey bless $(OPTIONS) --release "$(RELEASE)" --who "$(WHO)" --why "$(WHY)"

validate: $(READY)  ## See that what is published is up to date, passed the last look, and is whole
	@$(BIN)/innosurvey validate $(OPTIONS)

verify: $(READY)  ## Build the study again in a temporary folder and compare the bytes
	@$(BIN)/innosurvey verify $(OPTIONS)

archive: $(READY)  ## Pack the study for those who replicate it (TO=file.zip, WITHOUT_DATA=1)
	@$(BIN)/innosurvey archive $(OPTIONS) $(if $(TO),--to "$(TO)") $(if $(WITHOUT_DATA),--without-data)

compare: $(READY)  ## Say what changed since the newest release (AGAINST=name for another, MARKDOWN=file for a summary, PAGE=file for a page)
	@$(BIN)/innosurvey compare $(OPTIONS) $(if $(AGAINST),--against "$(AGAINST)") $(if $(MARKDOWN),--markdown "$(MARKDOWN)") $(if $(PAGE),--page "$(PAGE)")

changes: $(READY)  ## Say what changed since the newest release, and why (AGAINST=name, RAW_BEFORE=folder, PAGE=file, MARKDOWN=file, TABLE=file; RECORD=yes keeps it for the report)
	@$(BIN)/innosurvey changes $(OPTIONS) $(if $(RECORD),--record) $(if $(AGAINST),--against "$(AGAINST)") $(if $(RAW_BEFORE),--raw-before "$(RAW_BEFORE)") $(if $(PAGE),--page "$(PAGE)") $(if $(MARKDOWN),--markdown "$(MARKDOWN)") $(if $(TABLE),--table "$(TABLE)")

test: $(READY)  ## Run the everyday tests
	@$(BIN)/python -m pytest -n 2 -m "not slow and not browser"

test-slow: $(READY)  ## Run the slow tests: the workflow end to end, the independent engines
	@$(BIN)/python -m pytest -n 2 -m slow

test-independent: $(READY)  ## Compare with other programs on made-up and real firms: R, svy (skipped where absent)
	@$(BIN)/python -m pytest -m independent -rs

test-browser: .venv/.browser  ## Open the report in Chromium: what a reader does, and the rules of accessibility
	@$(BIN)/python -m pytest -m browser -rs

.venv/.browser: requirements-browser.lock $(READY)
	@$(UV) install --quiet --require-hashes -r requirements-browser.lock || UV_SYSTEM_CERTS=1 $(UV) install --quiet --require-hashes -r requirements-browser.lock
	@touch $@

lint: $(READY)  ## Check style, types and the workflow
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/snakefmt --check --compact-diff Snakefile workflow
	@$(BIN)/mypy
	@$(BIN)/snakemake --lint

format: $(READY)  ## Format the code
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet . ; $(BIN)/snakefmt Snakefile workflow

synthetic: $(READY)  ## Make the synthetic Seoul survey again, byte for byte
	@$(BIN)/innosurvey synthetic

docs: $(READY)  ## Draw the picture of the workflow and write the reference anew
	@$(BIN)/python tools/draw_workflow.py
	@$(BIN)/python tools/make_reference.py

benchmark: $(READY)  ## Time the build's steps (benchmarks/)
	@$(BIN)/python benchmarks/steps.py

coverage: $(READY)  ## Count how often intervals cover the truth (benchmarks/)
	@$(BIN)/python benchmarks/coverage.py
	@$(BIN)/python benchmarks/coverage_models.py

LOCK := $(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --custom-compile-command "make lock" --quiet

lock: $(READY)  ## Resolve the dependencies anew: requirements.lock, and those of the certificate and of the browser
	@$(LOCK) pyproject.toml --group dev --output-file requirements.lock
	@$(LOCK) --group certificate --no-deps --output-file requirements-certificate.lock
	@$(LOCK) --group browser --constraint requirements.lock --output-file requirements-browser.lock

clean:  ## Remove the environment and all results
	rm -rf .venv results .snakemake
