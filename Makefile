# What a person or CI calls. The environment is made from the lock file, and made again when that changes.
PYTHONS := $(shell for name in python3.13 python3.12 python3.11; do $$name -c '' 2> /dev/null && echo $$name; done)
PYTHON ?= $(or $(firstword $(PYTHONS)),$(error leerplicht needs python3.11, python3.12 or python3.13))
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help run test unit pythons oldest mutants lint format dev bench docs beelden wheel lock browser office spark vendor sbom scan clean

help:  ## Show what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

run: $(READY)  ## Read what was delivered (the example when nothing was), and publish
	@$(BIN)/leerplicht example --if-empty
	@$(BIN)/leerplicht run || [ $$? -eq 10 ]  # 10: nothing new

test: $(READY)  ## Run all tests
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

unit: $(READY)  ## Run the unit tests
	$(BIN)/pytest -n 2 tests/unit

pythons:  ## Run the unit tests on every other Python that is here
	@set -e; for python in $(filter-out $(PYTHON),$(PYTHONS)); do $(MAKE) --no-print-directory unit PYTHON=$$python VENV=$(VENV)-$$python; done

oldest:  ## Run the unit tests on the oldest Python that is here, if that is another
	@$(if $(filter-out $(PYTHON),$(lastword $(PYTHONS))),$(MAKE) --no-print-directory unit PYTHON=$(lastword $(PYTHONS)) VENV=$(VENV)-$(lastword $(PYTHONS)))

mutants: $(READY)  ## Alter the models' SQL in one place at a time: do their unit tests notice? (minutes)
	@$(BIN)/python tests/mutation/mutants.py

lint: $(READY)  ## Check style, types, who imports whom, and SQL
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sqlfluff lint --disable-progress-bar dbt_project docs/vragen

format: $(READY)  ## Put Python and SQL in their form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/sqlfluff fix --disable-progress-bar dbt_project docs/vragen

dev: $(READY)  ## Open Dagster's UI on 127.0.0.1:3000
	$(BIN)/leerplicht dev

docs: $(READY)  ## Show dbt's documentation on 127.0.0.1:8080
	$(BIN)/leerplicht docs

bench: $(READY)  ## Measure nights beside a floor, pandas and bare dbt, an hour or SIZES="klein region"; writes benchmarks/results/
	$(BIN)/python benchmarks/night.py $(SIZES)

beelden: $(READY)  ## Make the pictures in docs/beelden/ again, of what make run published
	$(BIN)/python docs/beelden/factsheet.py
	$(BIN)/python docs/beelden/portal.py

wheel: $(READY)  ## Build the wheel in dist/: the pipeline with the pins of requirements.lock
	$(BIN)/uv build --quiet --wheel --no-build-isolation --python $(BIN)/python --out-dir dist

COMPILE = $(BIN)/uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 --only-binary :all: \
  --generate-hashes --no-emit-index-url --no-header --no-annotate
lock: $(READY)  ## Renew the lock files from pyproject.toml: of the pipeline, and of that with what develops it
	$(COMPILE) --group runtime --output-file requirements.lock
	$(COMPILE) --group dev --constraint requirements.lock --output-file requirements-dev.lock
	$(COMPILE) --no-binary pyspark --group spark --constraint requirements-dev.lock --output-file requirements-spark.lock

SBOM := dist/leerplicht.cdx.json
PINNED = @folder=$$(mktemp -d) && trap 'rm -rf $$folder' EXIT && uv=$(abspath $(BIN)/uv) && cd $$folder && \
  $$uv init --quiet --bare --name leerplicht --python ">=3.11,<3.14" && $$uv add --quiet --no-sync --requirements $(CURDIR)/requirements.lock &&
sbom: $(READY)  ## Write the bill of materials in dist/: CycloneDX JSON, of what requirements.lock pins (asks the index who needs whom)
	@mkdir -p dist
	$(PINNED) $$uv export --quiet --frozen --preview-features sbom-export --format cyclonedx1.5 --output-file $(CURDIR)/$(SBOM)
	@echo $(SBOM)

scan: $(READY)  ## Ask osv.dev which known vulnerabilities the pins have (needs a network)
	$(PINNED) $$uv audit --frozen --preview-features audit-command

DEBIAN = @if command -v $(1) > /dev/null; then :; \
	elif [ "$$(id -u)" = 0 ]; then apt-get -o Acquire::Retries=3 update -qq && apt-get -o Acquire::Retries=3 install -y -qq --no-install-recommends $(2) > /dev/null; \
	else echo "$(1) is missing, and only root can install it: the tests that need it are skipped"; fi

browser:  ## Install the browser that opens the portal in tests, where it is missing (Debian, as root)
	$(call DEBIAN,chromium,chromium)

office:  ## Install what opens the workbook and checks the PDF in tests, where it is missing (Debian, as root; minutes)
	$(call DEBIAN,soffice,libreoffice-calc)
	$(call DEBIAN,java,default-jre-headless)

spark:  ## Install Spark in the environment, from its own lock file: the tests that need it run where Java is (pyspark has no wheel)
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --only-binary :all: --no-binary pyspark --no-build-isolation \
	  --requirements requirements-spark.lock

VENDOR := orchestration/publication/renderings/portal/vendor
vendor:  ## Renew the JavaScript libraries of the portal (needs node and npm; running does not)
	@folder=$$(mktemp -d) && trap 'rm -rf $$folder' EXIT && cp $(VENDOR)/*.js* $$folder && \
	  (cd $$folder && npm ci --ignore-scripts --no-audit --no-fund && node bundle.js .) && cp $$folder/libraries.* $(VENDOR)/

clean:  ## Remove the environment and all caches; the data lake stays
	rm -rf .venv* dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(READY): requirements-dev.lock pyproject.toml
	@echo "Making the environment in $(VENV) with $(PYTHON) from requirements-dev.lock …"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(grep -o '^uv==[^ ]*' requirements-dev.lock)"
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes --only-binary :all: --compile-bytecode requirements-dev.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $(READY)
