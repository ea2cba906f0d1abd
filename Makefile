# perflab: `make bench` measures, `make test` tests. Both install what they need.

ARCH    ?= native
PRESET  ?= standard
ONLY    ?=
OUT     ?= Reports
NOTES   ?=
A       ?=
B       ?=
GATE    ?=
CONFIRM ?=
SWIFT   ?= swift
RUN_FLAGS ?=

# Read by Package.swift.
export PERFLAB_MAKE := 1

machine := $(shell uname -m)
# The code generator takes the instruction set from the C compiler's flags.
ifeq ($(machine),x86_64)
arch_flag = -march=$(ARCH)
else
arch_flag = -mcpu=$(ARCH)
endif
# Functions and inner loops begin on cache lines, so that results don't depend on link order.
aligned := -Xswiftc -Xllvm -Xswiftc -align-all-functions=6
ifeq ($(machine),x86_64)
aligned += -Xswiftc -Xllvm -Xswiftc -x86-experimental-pref-innermost-loop-alignment=6
endif
# In a bundle, what is loaded lies in lib, and what that loads too: for this the tag is the old one.
packed = -Xlinker --disable-new-dtags -Xlinker -rpath -Xlinker '$$ORIGIN/lib'
scratch := .build-release
# Symbols stay, for profiles; what only a debugger reads would take a fifth of the time of a build.
release = --configuration release --scratch-path $(scratch) --static-swift-stdlib \
  -debug-info-format none -Xcc $(arch_flag) -Xcc -DPERFLAB_ARCH=\"$(ARCH)\" $(aligned) $(packed)
perflab = $(scratch)/release/perflab
# Where the laboratory looks for them; PERFLAB_PEERS names another folder.
peers = $(scratch)/peers

.DEFAULT_GOAL := help
.PHONY: help deps deps-services peers refresh-peers toolchain build build-core bundle bench bench-quick numbers flame counts calibrate compare-instruments test report html compare embed check-ab check-diagrams check-slurm validate compare-simulators compare-shop doctor example smoke tsan asan time-list weaken-orders guest format lint check clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-19s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  ONLY='memory/*' restricts a run, PRESET=quick|standard|thorough sets its precision,"
	@echo "  ARCH=x86-64-v3 builds for another instruction set, OUT=folder writes elsewhere."

deps: toolchain ## Install the libraries that the build needs
	@Tools/install-dependencies

deps-services: ## Install the servers that some variants need: HAProxy, nginx, PostgreSQL, PgBouncer, Redis, RocksDB
	@Tools/install-services

peers: ## Build the libraries that pages compare with: oneTBB, OpenBLAS, Abseil, Boost, Highway
	@Tools/build-peers $(peers) "$(arch_flag)"

# Those that were built follow their sources, so that none of older functions is called.
refresh-peers:
	@if [ -d $(peers) ]; then Tools/build-peers --refresh $(peers) "$(arch_flag)"; fi

toolchain:
	@Tools/check-toolchain "$(SWIFT)"

build: deps refresh-peers ## Build the laboratory for this machine
	@$(SWIFT) build $(release) --product perflab

build-core: deps refresh-peers
	@$(SWIFT) build $(release) --product perflab-core

bundle: build ## Pack perflab for machines without Swift: ARCH=x86-64-v3 for other processors
	@Tools/bundle $(perflab) $(peers) $(scratch)/perflab-$(machine)-$(ARCH).tar.gz

check-ab: build ## Count what ab finds of planted slowdowns, and what it finds where there are none
	@Tools/check-ab -- $(SWIFT) build $(release)

check-slurm: build ## Measure on a Slurm cluster of one node that this starts, if installed
	@Tools/check-slurm $(perflab)

# By another name: a line that holds MAKE itself would measure even under 'make -n'.
again = $(MAKE)
bench: deps ## Run all experiments and write the reports
	@Tools/bench "$(again)" $(scratch)/release "$(PRESET)" "$(OUT)" "$(ONLY)" $(RUN_FLAGS)

bench-quick: ## The same in less time, with less precision
	@$(MAKE) --no-print-directory bench PRESET=quick

numbers: build ## Measure the cost of basic operations on this machine
	@$(perflab) numbers --out $(OUT)

report: build ## Regenerate the pages from the stored results
	@$(perflab) report --out $(OUT)

flame: build ## Profile an experiment's variants: ID=cpu/hot-path
	@$(perflab) flame --out $(OUT) $(ID)

html: build ## Write the pages as one HTML file that works offline
	@$(perflab) report --html --out $(OUT)

# Valgrind does not support AVX-512, so on x86-64 it needs a separate build.
ifeq ($(machine),x86_64)
counts: ARCH := x86-64-v3
counts: scratch := .build-counts
# It can't read debug information as new as the compiler's.
counts: release += -Xlinker --strip-debug
endif
counts: build ## Measure or simulate cache hit rates by level: ONLY='memory/cache-levels'
	@$(perflab) counts $(if $(ONLY),'$(ONLY)',memory/cache-levels memory/cache-line-use) --out $(OUT) $(RUN_FLAGS)

calibrate: build ## Test the verdicts with kernels of known ratio on this machine
	@$(perflab) calibrate --out $(OUT) $(RUN_FLAGS)

compare-instruments: build ## Compare with other benchmark tools, if installed
	@Tools/compare-instruments

compare: build ## Compare two runs or machines: A=… B=… (GATE=5% CONFIRM=1)
	@$(perflab) compare $(if $(GATE),--gate $(GATE)) $(if $(CONFIRM),--confirm) $(A) $(B)

embed: build ## Fill the markers in Markdown files: NOTES='a.md b.md'
	@$(perflab) embed --out $(OUT) $(NOTES)

validate: build ## Compare the simulator with theory
	@$(perflab) validate $(RUN_FLAGS)

compare-simulators: ## Time the simulator beside a loop in C++ and SimPy
	@Tools/compare-simulators

compare-shop: build ## Load a page of the Shop, of nginx and of a handler in Flask
	@Tools/compare-shop --perflab $(perflab)

doctor: build ## Check this machine's settings for benchmarking
	@$(perflab) doctor

example: build ## Build the packages under Examples with this build, and run them once
	@# The cached build manifest of the previous target does not contain the example.
	@$(SWIFT) build --package-path Examples/SessionCache --disable-build-manifest-caching \
	  $(release) --product bench
	@.build-release/release/bench run --smoke
	@$(SWIFT) build --package-path Examples/ShopSimulation --disable-build-manifest-caching \
	  $(release) --product simulate
	@.build-release/release/simulate

smoke: build ## Run every experiment once at its smallest size
	@$(perflab) run --smoke

# Not --build-tests: that builds what no test needs too, such as the compiler of Protobuf, in C++.
tests = --product perflabPackageTests

test: deps ## Run the tests
	@$(SWIFT) build $(tests)
	@Tools/run-tests "$(SWIFT)"

time-list: ## Time the list beside 320 stored results
	@$(SWIFT) build $(release) --product planted-lab
	@Tools/time-list $(scratch)/release/planted-lab 320 15

check-diagrams: deps ## Draw every page's diagram with the real Mermaid, in a headless Chromium
	@Tools/check-diagrams "$(SWIFT)"

tsan = --sanitize thread --configuration release -Xswiftc -enable-testing --scratch-path .build-tsan
tsan: deps ## Run the tests of the concurrent parts under ThreadSanitizer
	@# Optimised: otherwise the sanitiser misses what happens in the standard library's generic functions.
	@$(SWIFT) build $(tests) $(tsan)
	@$(SWIFT) test --skip-build $(tsan) --filter TechniquesTests

asan = --sanitize address --scratch-path .build-asan
asan: deps ## Run them under AddressSanitizer (use after free and after return)
	@# The leaks are XCTest's own; with the larger frames nested joins overflow a thread's stack.
	@$(SWIFT) build $(tests) $(asan)
	@ASAN_OPTIONS=detect_leaks=0 $(SWIFT) test --skip-build $(asan) \
	  --filter TechniquesTests --skip WorkStealing

weaken-orders: ## Weaken each memory order of Techniques and see which test notices
	@Tools/weaken-orders . "$(SWIFT)"

guest: ## Run in an emulated machine with two NUMA nodes and two threads per core
	@Tools/guest

format: ## Format the Swift sources
	@$(SWIFT) format --in-place --recursive Package.swift Sources Benchmarks Examples Tests

lint: ## Check the format and the rules
	@$(SWIFT) format lint --strict --recursive Package.swift Sources Benchmarks Examples Tests

check: lint test ## Everything that CI checks

clean: ## Remove what was built
	rm -rf .build .build-release .build-counts .build-kernels .build-tsan .build-asan
