# `make` lists what there is. Each line with ## is a target for people; the words behind it are its help.

LISTEN  ?= 127.0.0.1:8080
DATA    ?= data
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
# Parts of `make test` to run, separated by commas: check, go, race, web, e2e. Empty is all.
ONLY    ?=
# How many visits `make bench` makes; or which Go benchmarks it runs instead, and how long each.
SIZE    ?= 10000
BENCH   ?=
TIME    ?= 1s

GO             ?= go
NPM            ?= npm
# One way to compile for the program, its tests, linters and generators: what one has built, the others find in Go's cache, in another clone, too.
# Only the race detector needs C.
export GOFLAGS     := $(strip $(filter-out -trimpath,$(shell $(GO) env GOFLAGS 2>/dev/null)) -trimpath)
export CGO_ENABLED := 0
GOLANGCI       := v2.15.0
GOLANGCI_LINT  := .tools/bin/golangci-lint-$(GOLANGCI)
# npm writes this file itself when it has put in place what package-lock.json asks for.
WEB_MODULES    := web/node_modules/.package-lock.json
WEB_APP        := web/dist/index.html
WEB_SOURCES    := $(shell find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*' -not -path 'web/test-results/*' -not -name '*.go' -not -name '*.tsbuildinfo' 2>/dev/null)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run dev build check fmt lint test soak bench gen new-module postgres clean almoner web-modules format-check tidy-check lint-go lint-web types fresh

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## check this machine, install what Debian's packages can bring
	@scripts/setup.sh

run: build ## build, then serve the demo world on LISTEN (127.0.0.1:8080)
	bin/almoner serve --demo --data $(DATA) --listen $(LISTEN)

dev: $(WEB_MODULES) ## serve the demo world, screens reload as you edit
	@scripts/dev.sh $(LISTEN) $(DATA)

build: $(WEB_APP) almoner ## build bin/almoner with the web app in it

# go build knows best what has changed, so this always asks it. The web app goes first: it is embedded.
almoner: $(WEB_APP)
	$(GO) build -ldflags '-X almoner.dev/almoner/app.Version=$(VERSION)' -o bin/almoner ./cmd/almoner

# Vite leaves older files in dist, because the .keep in it must stay; they would all be embedded.
$(WEB_APP): $(WEB_MODULES) $(WEB_SOURCES)
	find web/dist -mindepth 1 -not -name .keep -delete
	cd web && $(NPM) run --silent build
	@touch $@

web-modules: $(WEB_MODULES)

$(WEB_MODULES): web/package.json web/package-lock.json
	cd web && $(NPM) ci --no-audit --no-fund
	@touch $@

check: format-check tidy-check lint types fresh ## format, lint, types, generated files fresh

format-check: $(GOLANGCI_LINT)
	@echo 'format' && $(GOLANGCI_LINT) fmt --diff || { echo 'format: run make fmt' >&2; exit 1; }

tidy-check:
	@echo 'go.mod' && $(GO) mod tidy -diff || { echo 'go.mod: run go mod tidy' >&2; exit 1; }

lint: lint-go lint-web ## linters of Go and of the web app

lint-go: $(GOLANGCI_LINT)
	@echo 'lint Go' && $(GOLANGCI_LINT) run

lint-web: $(WEB_MODULES)
	@echo 'lint web' && cd web && $(NPM) run --silent lint

types: $(WEB_MODULES)
	@echo 'types' && cd web && $(NPM) run --silent typecheck

fresh: $(WEB_MODULES)
	@echo 'generated files' && scripts/gen.sh --check

fmt: $(GOLANGCI_LINT) ## format the Go code
	$(GOLANGCI_LINT) fmt

# Built once and kept under its version, so that a new version here builds a new one; and as everybody builds it, who may have its parts already.
$(GOLANGCI_LINT):
	@echo 'building golangci-lint $(GOLANGCI), once; this takes a few minutes'
	env -u GOFLAGS -u CGO_ENABLED GOBIN=$(abspath .tools/bin) $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI)
	@mv .tools/bin/golangci-lint $@

test: setup ## everything that CI runs; ONLY=go,web runs parts
	@$(GO) run ./scripts/testrun -only '$(ONLY)'

soak: setup ## the long fault runs
	@$(GO) run ./scripts/testrun -only soak

bench: ## the table of docs/performance.md at SIZE=10000 visits; BENCH=Pattern TIME=3s: Go benchmarks instead
	@scripts/bench.sh '$(SIZE)' '$(BENCH)' '$(TIME)'

new-module: ## write a module with an entity and its screen; NAME=water_point, and PLURAL= where s is not enough
	@$(GO) run ./scripts/newmodule -name '$(NAME)' -plural '$(PLURAL)'

gen: $(WEB_MODULES) ## write the generated files: API documents, module pages, client types
	scripts/gen.sh

postgres: ## start the PostgreSQL server of the tests; scripts/postgres.sh stop ends it
	scripts/postgres.sh start

clean: ## remove what was built; keeps data and tools
	rm -rf bin web/test-results
	find web/dist -mindepth 1 -not -name .keep -delete
