# Straatkubus. Two commands do all the set-up on a fresh machine: `make demo` and `make test`.
# KUBUS_DEMO_RESIDENTS and KUBUS_DEMO_MONTHS make a smaller demo town; KUBUS_LISTEN is its address.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo demo-data test check bench study packages front rust

TARGET ?= $(or $(CARGO_TARGET_DIR),target)
KUBUS := $(TARGET)/debug/kubus
KUBUS_WEB := $(TARGET)/debug/kubus-web
KUBUS_DEMO_RESIDENTS ?= 200000
KUBUS_DEMO_MONTHS ?= 48
KUBUS_LISTEN ?= 127.0.0.1:8080

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

packages: ## system packages: installs them on Debian as root, else prints the command
	@bash scripts/packages.sh

front: packages ## the front end
	cd web && npm ci --no-audit --no-fund && npm run build

rust: packages ## both programs and all tests: one profile, so dependencies are compiled once
	cargo build --workspace --all-targets --locked

demo-data: rust
	$(KUBUS) town --out towns/demo --residents $(KUBUS_DEMO_RESIDENTS) --months $(KUBUS_DEMO_MONTHS)
	$(KUBUS) key towns/demo --if-absent
	$(KUBUS) run towns/demo

demo: front demo-data ## build everything, make the demo town, run the whole flow, serve it
	$(KUBUS_WEB) --releases towns/demo/releases --state towns/demo/state --listen $(KUBUS_LISTEN) --assets web/dist

test: front rust ## all tests, browser included
	cd web && npm test
	cargo test --workspace --locked
	bash scripts/e2e.sh $(TARGET)
	@bash scripts/skipped.sh

check: front ## formatting, lints as errors, licences, unused dependencies, front-end lint and types
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	bash scripts/cargo-tool.sh cargo-deny deny check bans licenses sources
	bash scripts/cargo-tool.sh cargo-machete machete
	cd web && npm run check

study: rust ## studies over many towns; their results stand in docs/, dated
	cargo test --workspace --locked --test lists -- --ignored --nocapture
	cargo test --workspace --locked --lib -- --ignored --nocapture two_hundred_panels
	python3 bench/frontier.py --residents 60000 --seeds 8 --kubus $(KUBUS)

bench: rust ## ratios against named peers, measured in one run
	@bash scripts/packages.sh bench
	python3 bench/run.py $(TARGET)
	python3 bench/signals.py $(TARGET)
	python3 bench/drill.py $(TARGET)
	python3 bench/disclosure.py --postcodes 1930 --kubus $(KUBUS)
	python3 bench/disclosure.py --postcodes 350 --grid --kubus $(KUBUS)
	python3 bench/forecast.py $(TARGET)
