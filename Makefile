# Les commandes de Jalon. « make » seul en donne la liste.
SHELL := /bin/sh
.DEFAULT_GOAL := help

BIN := .venv/bin
INSTALLED := .venv/.installed
PACKAGES := core plugins projections server tenants tests $(wildcard benchmarks)

# A second run costs nothing: the environment is only synchronised again when what pins it changed.
$(INSTALLED): pyproject.toml uv.lock .ci/bootstrap
	@sh .ci/bootstrap
	@touch $@

help: ## affiche cette liste
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(INSTALLED) ## joue la démonstration et la sert jusqu'à Ctrl-C (ARGS="--no-serve --tenants 100")
	@$(BIN)/jalon demo $(ARGS)

# A file's tests stay on one worker, so that what a module's fixtures build is built once.
test: services ## passe tous les tests (ARGS="plugins/ravie -k presence" pour en choisir)
	@$(BIN)/python -m pytest -n 2 --dist loadfile --durations 10 $(ARGS)

check: $(INSTALLED) ## vérifie la mise en forme, le style, les types et les contrats d'import
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/ruff check --config .ci/domain_files.toml core plugins
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(INSTALLED) ## met le code en forme et corrige ce qui peut l'être
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

services: $(INSTALLED) ## installe PostgreSQL 15 et RabbitMQ pour les tests (sans root : dans .services)
	@$(BIN)/python -m tests.services.debian

new-module: $(INSTALLED) ## crée un module depuis plugins/_template (NAME=mon_module)
	@test -n "$(NAME)" || { echo "Donnez un nom au module : make new-module NAME=mon_module" >&2; exit 2; }
	@$(BIN)/jalon new-module $(NAME)

clean: ## efface ce que les commandes ont installé ou produit, sauf les données de .jalon
	rm -rf .venv .tools .services .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis dist
	find $(PACKAGES) -type d -name __pycache__ -prune -exec rm -rf {} +

.PHONY: help demo test check format services new-module clean
