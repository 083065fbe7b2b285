# Two commands are all a newcomer needs: `make run` and `make test`. Each target installs what it misses first.
#
#   make run      train the line-up on Fashion-MNIST and write the report   (PROFILE=smoke|quick|paper)
#                 DATA=shapes     the same on drawn shapes, which need no data package
#                 RESULTS=DIR     where studies go, instead of results/local
#                 ARGS='…'        more options for `lineup run`
#   make test     run every test
#   make test-products   build a package elsewhere against the library products, and run it
#   make lint     check the formatting of all Swift files
#   make bench    check that Lineup and PyTorch compute the same, then time both in turns: Benchmarks/README.md
#                 QUICK=1         five minutes instead of an hour and a half; writes nothing
#                 PYTHON=FILE     a Python that has torch, diffusers and safetensors, instead of installing them
#   make docs     write the generated pages (experiments/schema.json, docs/experiment-file.md, docs/metrics.md) and the
#                 reference of all public declarations (docs/build)
#   make paper    build paper/main.pdf from the published results
#   make build    build the lineup command

EXPERIMENT ?= experiments/gan-vs-diffusion.json
PROFILE ?= quick
RESULTS ?= results/local
DATA ?=
ARGS ?=

SWIFT_BUILD := swift build -c release
LINEUP = $(shell $(SWIFT_BUILD) --show-bin-path)/lineup
NAME = $(basename $(notdir $(EXPERIMENT)))
OTHER_DATA = $(if $(DATA),--set 'name="$(NAME)-$(DATA)"' --set 'data={"name":"$(DATA)"}')

.PHONY: run test test-products lint bench docs paper build setup swift

run: build
	$(LINEUP) run $(EXPERIMENT) --profile $(PROFILE) --results $(RESULTS) $(OTHER_DATA) $(ARGS)

# Without testable imports the tests share their build with `make build`; with them every switch rebuilds everything.
test: setup
	swift test -c release --disable-testable-imports $(ARGS)

test-products: setup
	swift build --package-path Tests/OutsidePackage --scratch-path .build-outside
	.build-outside/debug/outside

lint: swift
	swift format lint --strict --parallel --recursive Package.swift Sources Examples Tests Benchmarks

bench: build
	$(SWIFT_BUILD) --product lineup-bench
	@python=$(or $(PYTHON),$$(python3 Benchmarks/peers/install.py Benchmarks/.venv)) && \
	"$$python" Benchmarks/peers/bench.py --lineup $(LINEUP) --kernels $(LINEUP)-bench $(if $(QUICK),--quick) $(ARGS)

docs: build
	$(LINEUP) schema > experiments/schema.json
	$(LINEUP) schema --reference > docs/experiment-file.md
	$(LINEUP) schema --metrics > docs/metrics.md
	@if command -v docc >/dev/null; then docs/make-reference $$($(SWIFT_BUILD) --show-bin-path) docs/build; fi

paper: build
	@.ci/packages paper/packages.txt
	$(MAKE) -C paper LINEUP=$(LINEUP)

build: setup
	$(SWIFT_BUILD) --product lineup

setup: swift
	@.ci/packages packages.txt

swift:
	@command -v swift >/dev/null || { \
	  echo "Swift is not installed. Lineup needs Swift 6.2 or newer: see https://www.swift.org/install/linux/" >&2; \
	  exit 1; }
