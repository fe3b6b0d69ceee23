# `make demo` and `make test` do all the set-up on a fresh machine that has Python 3.11 or newer. `make help` lists the rest.

SHELL := bash
.SHELLFLAGS := -o pipefail -c

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# uv installs TensorFlow and all else in seconds, where pip takes minutes of processor time. Where it cannot be had, or where
# pip alone is told of an index, pip does it: a line for each package, and the outcome.
UV := uv==0.13.9
PROGRESS := sed -n -u '/^Collecting/s/ (from.*//p; /^Installing collected/s/:.*//p; /^Successfully/s/ installed.*/ installed/p'
install = $(BIN)/uv pip install --quiet --python $(BIN)/python $(1) || $(PIP) install $(1) | $(PROGRESS)

# Each file's tests go to one process, the longest files first: see tests/conftest.py.
PARALLEL := -n auto --dist loadscope --no-loadscope-reorder

.PHONY: help demo test suite quick wheel lint docs linkcheck proof exam fuzz hostile repeat exactness secrets bench course classfaults classpage classbench benchcourse record assignments lock clean

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(VENV)/base: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else f"Python 3.11 or newer is needed; {sys.executable} is {sys.version.split()[0]}. Say: make PYTHON=python3.12 demo")'
	@echo "[1/3] making $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@echo "[2/3] installing what grading needs"
	@$(PIP) install --quiet $(UV) || echo "uv cannot be had here: pip installs"
	@$(call install,-r requirements.lock)
	@$(PIP) install --quiet --no-deps --editable .
	@echo "[3/3] looking for a sandbox"
	@sh .ci/install-sandbox
	@touch $@

$(VENV)/dev: requirements-dev.lock $(VENV)/base
	@echo "[dev] installing TensorFlow with Keras and the developers' tools; about 600 MB, up to three minutes"
	@$(call install,-r requirements-dev.lock)
	@sh .ci/install-browser
	@sh .ci/install-postgresql
	@touch $@

$(VENV)/release: requirements-dev.lock $(VENV)/base
	@echo "[release] installing what handouts, notebooks and figures are made with"
	@$(call install,--constraint requirements-dev.lock --editable '.[release]')
	@touch $@

demo: $(VENV)/base  ## install, record the answers, and grade an example submission
	@echo "grading docs/examples/first_try, which has instructive mistakes:"
	@$(BIN)/grade docs/examples/first_try || test $$? -eq 1

test: $(VENV)/dev  ## what must hold before a change lands; eight minutes on two fast processors, some twenty on slow ones
	@$(MAKE) --no-print-directory --jobs 2 --keep-going lint suite  # types take one processor for half a minute

suite: $(VENV)/dev
	@$(BIN)/python -m pytest $(PARALLEL)

quick: $(VENV)/dev lint  ## style, types, and the tests that tell most, in about a minute
	@$(BIN)/python -m tests.quick $(PARALLEL)

lint: $(VENV)/dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo --no-cache

wheel: $(VENV)/base  ## the wheel of this package, to hand out, into dist/
	@$(BIN)/python -m autograder.handing_out.wheel dist

record: $(VENV)/dev  ## record the answers of reference, Keras and misconceptions
	@$(BIN)/grade record

assignments: $(VENV)/release  ## make the students' stubs, handouts and public cases from their sources; TOPICS=layers: of these alone
	@$(BIN)/python -m autograder.quiz
	@$(BIN)/python -m autograder.grading.locate.given
	@$(BIN)/python -m autograder.handing_out.assignments $(TOPICS)

docs: $(VENV)/dev  ## build the documentation into build/docs, check its links and run its examples
	@$(BIN)/python -m sphinx -n -W --keep-going -q -j auto docs build/docs
	@$(BIN)/python -m pytest -q -m "exactness or not exactness" tests/test_docs.py tests/test_adding_an_exercise.py
	@$(BIN)/python -m pytest -q tests/test_assignments.py -k doctests
	@echo "build/docs/index.html"

linkcheck: $(VENV)/dev  ## ask the network for every external link of the documentation
	@$(BIN)/python -m sphinx -b linkcheck -q docs build/linkcheck

proof: $(VENV)/dev  ## the two proofs: every misconception, and hundreds of random mutants
	@$(BIN)/python -m tests.proof
	@$(BIN)/python -m tests.random_mutants

repeat: $(VENV)/dev  ## grade a half-wrong submission 200 times, each time in other circumstances
	@$(BIN)/python -m tests.repeat 200

exam: $(VENV)/dev  ## grade some 600 wrong programs that nobody wrote, made out of right code that is not the grader's own
	@$(BIN)/python -m tests.exam

fuzz: $(VENV)/dev  ## random input for all that reads what a stranger sends: 100,000 and more, in ten minutes
	@$(BIN)/python -m tests.fuzz 10

hostile: $(VENV)/dev  ## every scenario of tests/hostile with every backend, and the table: points, leaks, leftovers, seconds, memory
	@$(BIN)/python -m pytest -q -m "exactness or not exactness" tests/test_hostile.py -n auto --dist worksteal

exactness: $(VENV)/dev  ## the proofs of which make test takes samples, whole, and a table of them; half an hour
	@$(BIN)/python -m pytest -q -m exactness $(PARALLEL)
	@$(BIN)/python -m tests.exactness

secrets: $(VENV)/dev  ## grade right code with 1,000 course secrets: no check may ever fail; hours on two processors
	@$(BIN)/python -m tests.thousand_secrets 1000

bench: $(VENV)/dev  ## where the time goes, as ratios in one run
	@$(BIN)/python -m benchmarks.bench

course: $(VENV)/dev  ## a whole term with the real nbgrader: twelve students, a browser; each score held against grade's
	@$(BIN)/python -m tests.term

classfaults: $(VENV)/dev  ## a class of a thousand, killed twenty times, with hangs and broken archives: nobody is lost; half an hour
	@$(BIN)/python -m tests.class_faults 1000 20

classpage: $(VENV)/dev  ## the page of three hundred students in a browser: size, seconds, complaints; and its pictures for the docs
	@$(BIN)/python -m benchmarks.class_page --pictures

classbench: $(VENV)/dev  ## a hundred submissions by grade class, by nbgrader with our preprocessor and by nbgrader itself, one run; twenty minutes
	@$(BIN)/python -m benchmarks.class_bench

benchcourse: $(VENV)/dev  ## nbgrader with our preprocessor against plain nbgrader, thirty notebooks, one run; some minutes
	@$(BIN)/python -m benchmarks.nbgrader_bench

lock:  ## pin what is installed
	uv pip compile --universal --no-header --no-annotate -q pyproject.toml -o requirements.lock
	uv pip compile --universal --no-header --no-annotate -q --extra dev pyproject.toml -o requirements-dev.lock

clean:  ## remove what make made
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
