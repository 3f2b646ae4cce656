# `make help` says what there is. `make run` needs nothing but Python 3.11 or newer and the tools of a plain Debian.

PYTHON ?= # the first of PYTHONS that is new enough
PYTHONS = python3 python3.14 python3.13 python3.12 python3.11
UV = uv==0.13.8
COMPILE = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links
NO_DATABASE = DEBUG=true DATABASE_URL=postgres:///unused
BESIDE = .venv/bin/python -m config.embedded exec --purpose

# $(call install,lock file): the virtual environment has the packages of the file; done again when the file changes.
define install
	@set -e; stamp=".venv/$(1)-$$(sha256sum < $(1) | cut -c 1-16)"; \
	if ! .venv/bin/python -c '' 2> /dev/null; then \
		for python in $(or $(PYTHON),$(PYTHONS)) none; do \
			if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then break; fi; \
		done; \
		if [ $$python = none ]; then echo "Baikoo needs Python 3.11 or newer, and found none."; exit 1; fi; \
		package=$$(basename $$python)-venv; \
		if ! $$python -c 'import ensurepip' 2> /dev/null; then \
			if [ "$$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then \
				echo "Python cannot make virtual environments yet. Run: sudo apt-get install $$package"; exit 1; \
			fi; \
			echo "Installing $$package ..."; \
			apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -qq -y $$package > /dev/null; \
		fi; \
		echo "Making the virtual environment in .venv ..."; \
		$$python -m venv --clear .venv; \
	fi; \
	if [ ! -e "$$stamp" ]; then \
		.venv/bin/python -m config.install $(1); \
		touch "$$stamp"; \
	fi
endef

.PHONY: help run test quick lint matrix bench css picture mutants messages lock

help: ## say what there is
	@grep -E '^[a-z]+: ## ' Makefile | sed 's/: ## /\t/' | while IFS="$$(printf '\t')" read -r name text; do \
		printf 'make %-9s %s\n' "$$name" "$$text"; done

run: ## start Baikoo with the demo on this machine
	$(call install,requirements.lock)
	@exec .venv/bin/python -m config.start

test: ## run every check, exactly what CI runs
	$(call install,requirements-dev.lock)
	@exec $(BESIDE) test -- .venv/bin/python -m tests.run

quick: ## run the checks that take about a minute
	$(call install,requirements-dev.lock)
	@exec $(BESIDE) test -- .venv/bin/python -m tests.run quick

lint: ## run the checks that run no test, as each commit does
	$(call install,requirements-dev.lock)
	@.venv/bin/python -m tests.run lint

matrix: ## print who may do what in which state
	$(call install,requirements.lock)
	@$(NO_DATABASE) .venv/bin/python manage.py matrix

bench: ## measure speed with up to a million recommendations (options in BENCH=)
	$(call install,requirements-dev.lock)
	@exec $(BESIDE) bench -- .venv/bin/python -m bench $(BENCH)

css: ## cut the style sheet of Tabler to what our pages use (static/css/tabler.css)
	$(call install,requirements-dev.lock)
	@.venv/bin/python static/vendor/used.py

picture: ## draw the packages and who imports whom (docs/architecture.svg)
	$(call install,requirements-dev.lock)
	@.venv/bin/python -m docs.picture

mutants: ## break the rules of workflow/ in small ways, and list what no test notices (for the night)
	$(call install,requirements-dev.lock)
	@exec $(BESIDE) test -- .venv/bin/python -m tests.mutants

messages: ## collect the texts to translate, and compile the translations
	$(call install,requirements-dev.lock)
	@$(NO_DATABASE) .venv/bin/python manage.py makemessages --locale ky --locale ru --no-obsolete --add-location file
	@$(NO_DATABASE) .venv/bin/python manage.py compilemessages --locale ky --locale ru --ignore .venv

lock: ## pin the packages of pyproject.toml, with hashes
	$(call install,requirements-dev.lock)
	@.venv/bin/python -m pip install -qq --disable-pip-version-check $(UV)
	@$(COMPILE) pyproject.toml --output-file requirements.lock
	@$(COMPILE) pyproject.toml --group dev --output-file requirements-dev.lock
