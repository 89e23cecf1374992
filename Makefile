# Needs Python 3.11 to 3.13, make and the package registry; installs everything else into .venv.
PYTHON ?= python3
UV_VERSION = 0.13.9
export UV_PYTHON_DOWNLOADS = never
export UV_COMPILE_BYTECODE = 1
# A company's network may present a certificate of its own, which only the system knows.
export UV_SYSTEM_CERTS = true
export NODE_EXTRA_CA_CERTS ?= $(wildcard /etc/ssl/certs/ca-certificates.crt)
export DBT_SEND_ANONYMOUS_USAGE_STATS = false
export PREFECT_SERVER_ANALYTICS_ENABLED = false
export POSTGRES_BIN
BIN = .venv/bin
EXAMPLES ?= 500
CRASH_KILLS ?= 100
CRASH_SEED ?= 1
ENDURING = tests/test_activity.py tests/test_adopted_helpdesk.py tests/test_adopted_run.py tests/test_alarm_fires.py tests/test_any_order.py \
	tests/test_bad_surroundings.py tests/test_evidence.py tests/test_forecast.py tests/test_inherited.py \
	tests/test_crash_matrix.py tests/test_dependents_together.py tests/test_dbt_site.py tests/test_demo.py tests/test_distributed.py tests/test_docs.py tests/test_doctor.py tests/test_residue_kept.py \
	tests/test_clocks.py tests/test_dying_runs.py tests/test_told_to_end.py tests/test_lanes.py tests/test_scale.py tests/test_vars_refused.py \
	tests/test_live_platform.py tests/test_files_of_many_forms.py tests/test_minimal_adopter.py tests/test_shared_rows.py tests/test_shared_rows_told_twice.py tests/test_residue.py tests/test_restore.py tests/test_retries.py \
	tests/test_nights_ahead.py tests/test_nights_remembered.py tests/test_proofs.py tests/test_proofs_activity.py tests/test_proofs_elsewhere.py tests/test_several_databases.py tests/test_ten_years.py tests/test_wheel.py
# What may be used beside a product under Apache-2.0. Of text-unidecode, which names two, the Artistic License is chosen.
LICENCES = Apache;Artistic License;BSD;ISC;Lesser General Public License;LGPL-3.0;MIT;MPL-2.0;Mozilla Public License 2.0;PSF-2.0

BROWSER = tests/test_browser.py tests/test_walk_through.py
AXE_VERSION = 4.14.1

.PHONY: help install docs demo test browser walk-through endure calendar explore crash bench lint wheel audit
help:
	@echo "make install  install everything into .venv; the command is then .venv/bin/retention"
	@echo "make demo     build a small platform here and show the main job on it"
	@echo "make test     run the tests; POSTGRES_BIN=/usr/lib/postgresql/15/bin runs them on that server, TESTS=... only those"
	@echo "make browser  open reports of a real night in Chromium; installs it, as root, where it is missing"
	@echo "make endure   the slow tests: kills, orders of events, a live platform, residue, a backup restored, ten years of nights"
	@echo "make explore  draw 2,000 small worlds against the model of the rules, and 500 orders of events; EXAMPLES=... scales both"
	@echo "make crash    kill flow, session, database and store 100 times; CRASH_KILLS=... times, CRASH_SEED=... at other points"
	@echo "make walk-through takes the pictures of docs/walk-through.md anew, in Chromium"
	@echo "make bench    measure against what one would write by hand, and write docs/performance.md; SHORT=1 only tries it, CONTESTS=... some"
	@echo "make calendar plan and record ten years of nights; PYTHON=python3.13 does it on that interpreter"
	@echo "make docs     build the docs as a site that opens from a file"
	@echo "make lint     check style, types, imports and the dbt project"
	@echo "make wheel    build dist/, install the wheel into an empty environment, run the demo from there"
	@echo "make audit    licences and known vulnerabilities of what is locked; asks PyPI for the latter"

install: .venv/installed
	@echo "Installed. The command is $(BIN)/retention"

docs: .venv/installed
	PYTHONPATH=. $(BIN)/python docs/write_reference.py
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs site
	@echo "Open site/index.html"

demo: .venv/installed
	@$(BIN)/retention demo

test: .venv/installed
	$(BIN)/pytest -q -n 2 $(or $(TESTS),$(addprefix --ignore=,$(ENDURING) $(BROWSER)))

browser: .venv/installed .browser/installed
	$(BIN)/pytest -q $(BROWSER)

walk-through: .venv/installed .browser/installed
	PICTURES=1 $(BIN)/pytest -q tests/test_walk_through.py

# The system's Chromium with its driver, and the accessibility checker.
.browser/installed: Makefile
	{ test -x /usr/bin/chromedriver && command -v npm; } > /dev/null || { test "$$(id -u)" = 0 && apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium chromium-driver \
		$$(command -v npm > /dev/null || echo npm); } || \
		{ echo "Expected root, to install chromium, chromium-driver and npm. Install them, then call this again."; false; }
	npm install --silent --no-audit --no-fund --no-save --prefix .browser axe-core@$(AXE_VERSION)
	touch $@

# The live platform alone: what it measures is how long a writer waits.
endure: .venv/installed
	$(BIN)/pytest -q -n 2 $(or $(TESTS),$(filter-out tests/test_live_platform.py,$(ENDURING)))
	$(if $(TESTS),,$(BIN)/pytest -q tests/test_live_platform.py)

calendar: .venv/installed
	UV_PROJECT_ENVIRONMENT=.venv-calendar .uv/bin/uv sync --locked --all-extras --quiet \
		--python "$$($(PYTHON) -c 'import sys; print(sys.executable)')"
	.venv-calendar/bin/python --version
	.venv-calendar/bin/pytest -q tests/test_calendar.py tests/test_ten_years.py

explore: .venv/installed
	PROPERTY_EXAMPLES=$$(($(EXAMPLES) * 4)) ORDER_EXAMPLES=$(EXAMPLES) $(BIN)/pytest -q -s \
		tests/test_rules_property.py tests/test_any_order.py --timeout=36000

crash: .venv/installed
	CRASH_KILLS=$(CRASH_KILLS) CRASH_SEED=$(CRASH_SEED) $(BIN)/pytest -q -s --show-capture=no tests/test_crash_matrix.py

bench: .venv/installed
	UV_PROJECT_ENVIRONMENT=.venv-bench .uv/bin/uv sync --locked --only-group bench --quiet \
		--python "$$($(PYTHON) -c 'import sys; print(sys.executable)')"
	$(BIN)/python -m bench $(if $(SHORT),--short) $(CONTESTS)

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tests/with_postgres.py $(BIN)/sqlfluff lint --disable-progress-bar models functions tests/generic
	$(BIN)/dbt --warn-error parse --no-partial-parse --profiles-dir .

wheel: .venv/installed
	rm -rf dist .venv-wheel
	.uv/bin/uv build --quiet --out-dir dist
	.uv/bin/uv venv --quiet --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv-wheel
	.uv/bin/uv pip install --quiet --python .venv-wheel/bin/python "$$(ls dist/*.whl)[demo]"
	cd "$$(mktemp -d)" && "$(CURDIR)/.venv-wheel/bin/retention" demo

audit: .venv/installed
	UV_PROJECT_ENVIRONMENT=.venv-audit .uv/bin/uv sync --locked --only-group audit --quiet \
		--python "$$($(PYTHON) -c 'import sys; print(sys.executable)')"
	.uv/bin/uv export --locked --no-dev --all-extras --no-emit-project --quiet --output-file .venv-audit/locked.txt
	.venv-audit/bin/pip-licenses --python=$(BIN)/python --partial-match --allow-only="$(LICENCES)" \
		--packages $$(sed -n 's/^\([A-Za-z0-9._-]*\)==.*/\1/p' .venv-audit/locked.txt)
	.venv-audit/bin/pip-audit --strict --require-hashes --disable-pip --requirement .venv-audit/locked.txt

.venv/installed: pyproject.toml uv.lock
	test -x .uv/bin/uv || { $(PYTHON) -m venv .uv && .uv/bin/pip install --quiet uv==$(UV_VERSION); }
	.uv/bin/uv sync --locked --all-extras --quiet --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')"
	touch $@
