# Two commands matter: `make lab` to learn, `make test` to check. `make help` lists the rest.
VENV ?= .venv
NOTEBOOK ?= notebooks
LAB_ARGS ?=
PYTEST_ARGS ?=
BENCH_ARGS ?=
SITE_ARGS ?=
NAME ?=
ORACLE_TENSORFLOW ?= tensorflow-cpu==2.21.*
ORACLE_VENV := .venv-oracle

python := $(VENV)/bin/python
oracle_python := TF_CPP_MIN_LOG_LEVEL=3 $(ORACLE_VENV)/bin/python
# Graphviz from conda and TensorBoard's program are found here.
export PATH := $(abspath $(VENV))/bin:$(PATH)
# Without compiled modules at hand every process would compile the whole package anew.
export PYTHONDONTWRITEBYTECODE :=
# A learner's own IPython settings must not decide whether tests pass.
test_env := IPYTHONDIR=$(abspath $(VENV))/ipython
# Two cores are common; a notebook or a module of tests stays on one worker.
pytest := $(test_env) $(python) -m pytest -n 2 --dist loadscope $(PYTEST_ARGS)
nbval := --nbval --nbval-current-env --nbval-cell-timeout=120 \
         --nbval-sanitize-with=tests/nbval_sanitize.cfg

# Loading nbformat (nbval does at once) takes each worker seconds.
core := -p no:nbval --ignore=tests/lessons --ignore=tests/browser -m "not browser and not slow"

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help lab test core check lesson site lint format oracle bench setup setup-dev dot chromium

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

lab: setup dot ## open the lessons in JupyterLab (LAB_ARGS=--no-browser and the like)
	@JUPYTER_CONFIG_DIR=$(CURDIR)/.jupyter $(python) -m jupyterlab $(LAB_ARGS)

test: setup-dev dot chromium ## every test: units, layering, lists, notebooks, browser
	@$(pytest) $(nbval) tests notebooks

core: setup-dev dot ## the quick tests: no browser, no notebooks, no servers
	@$(pytest) $(core) tests

check: setup-dev dot ## run a notebook, wherever it is, and compare its outputs: make check NOTEBOOK=mine.ipynb
	@$(test_env) $(python) .ci/check_notebook.py "$(NOTEBOOK)" $(PYTEST_ARGS)

lesson: setup dot ## begin a lesson of your own from the template: make lesson NAME=11_my_lesson
	@$(test_env) $(python) .ci/new_lesson.py "$(NAME)"

site: setup ## all lessons as a static site in .site (SITE_ARGS=--no-solutions and the like)
	@$(python) .ci/build_site.py $(SITE_ARGS)

lint: setup-dev ## formatting, lint rules and types
	@$(python) -m ruff format --check .
	@$(python) -m ruff check .
	@$(python) -m mypy

format: setup-dev ## let ruff format and mend what it can
	@$(python) -m ruff format .
	@$(python) -m ruff check --fix .

oracle: setup-dev $(ORACLE_VENV)/.installed ## ask real TensorFlow again and compare with what is recorded
	@$(oracle_python) tests/oracle/record.py --check
	@for recorder in tests/*/recorded/record_*.py; do $(oracle_python) $$recorder || exit 1; done
	@git diff --exit-code --stat -- 'tests/*/recorded'
	@ORACLE_PYTHON=$(abspath $(ORACLE_VENV))/bin/python $(python) -m tests.oracle.journeys

bench: setup-dev $(ORACLE_VENV)/.installed ## minitf and real TensorFlow in turn (BENCH_ARGS to pick a workload)
	@ORACLE_PYTHON=$(abspath $(ORACLE_VENV))/bin/python $(python) -m tests.benchmarks $(BENCH_ARGS)

$(ORACLE_VENV)/.installed: | setup-dev
	@echo "minitf: installing $(ORACLE_TENSORFLOW) into $(ORACLE_VENV) (some minutes, once)" >&2
	@$(python) -m venv --clear $(ORACLE_VENV)
	@$(ORACLE_VENV)/bin/python -m pip install --quiet --disable-pip-version-check "$(ORACLE_TENSORFLOW)"
	@touch $@

setup:
	@.ci/setup.sh $(VENV)

setup-dev:
	@.ci/setup.sh $(VENV) dev

dot: | setup
	@.ci/dot.sh $(VENV)

chromium: | setup-dev
	@.ci/chromium.sh $(VENV)
