# What there is to do with virt-node. Each target installs what it needs from Debian's packages (as root).
SHELL := /bin/bash
.DELETE_ON_ERROR:
.PHONY: help build release demo test test-lab test-lab-core test-systemd chaos test-unit test-leaks fuzz bench check check-operations fmt install install-files deb image clean test-container check-deploy

CONFIGURATION ?= debug
PROGRAM = .build/$(CONFIGURATION)/virt-node
GUESTS ?= .build/guests
PREFIX ?= /usr/local
UNITS ?= $(PREFIX)/lib/systemd/system
ZSH ?= $(PREFIX)/share/zsh/site-functions

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: .build/dependencies-build ## Build a debug version
	swift build

release: .build/dependencies-build ## Build the version to install
	swift build -c release --product virt-node --static-swift-stdlib

demo: CONFIGURATION = release
demo: .build/dependencies-build .build/dependencies-run release $(GUESTS)/hello/made-of ## Boot a real VM from a VMI file
	scripts/demo .build/release/virt-node $(GUESTS)/hello

test: .build/dependencies-build .build/dependencies-run .build/dependencies-test .build/kubernetes $(GUESTS)/hello/made-of $(GUESTS)/debian.qcow2 ## Run all tests, on real QEMU too
	scripts/check-operations
	scripts/with-libvirtd -- env VIRT_NODE_TEST_GUESTS=$(abspath $(GUESTS)) swift test --skip FuzzTests
# By themselves: they leave no CPU to tests that wait for a server.
	swift test --filter FuzzTests

test-lab: CONFIGURATION = release
test-lab: .build/dependencies-build .build/dependencies-run .build/dependencies-test release $(GUESTS)/hello/made-of ## Run the hardware tests on an emulated host (NUMA, VFIO)
	lab/run $(PROGRAM) $(abspath $(GUESTS))/hello

test-lab-core: CONFIGURATION = release
test-lab-core: .build/dependencies-build .build/dependencies-run .build/dependencies-test release $(GUESTS)/hello/made-of ## The core of them, in a few minutes
	lab/run $(PROGRAM) $(abspath $(GUESTS))/hello --core

test-systemd: CONFIGURATION = release
test-systemd: .build/dependencies-build .build/dependencies-run .build/dependencies-test release $(GUESTS)/hello/made-of ## Install the package under a real systemd, on an emulated host
	lab/systemd/run $(PROGRAM) $(abspath $(GUESTS))/hello

test-container: .build/dependencies-container .build/dependencies-run .build/dependencies-test .build/kubernetes ## Run the DaemonSet's pod by crun, around a VM, on an emulated host
	scripts/check-deploy
	scripts/make-image --output .build/images
	lab/container/run .build/images

test-unit: .build/dependencies-build ## Run the tests that need no QEMU
	swift test --skip IntegrationTests --skip FuzzTests
	swift test --filter FuzzTests

test-leaks: .build/dependencies-build .build/dependencies-run ## Run the libvirt tests under LeakSanitizer
	G_SLICE=always-malloc SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=1 LSAN_OPTIONS=suppressions=$(CURDIR)/scripts/leaks.txt \
	  swift test --scratch-path .build-asan --sanitize=address --filter LibvirtTests

fuzz: .build/dependencies-build ## Feed each reader hostile input for ten minutes (FUZZ_SECONDS or FUZZ_ROUNDS, FUZZ_SEED)
	FUZZ_SECONDS='$(FUZZ_SECONDS)' FUZZ_ROUNDS='$(FUZZ_ROUNDS)' FUZZ_SEED='$(FUZZ_SEED)' scripts/fuzz $(FUZZ_FILTER)

chaos: CONFIGURATION = release
chaos: .build/dependencies-build .build/dependencies-run .build/dependencies-test release $(GUESTS)/hello/made-of ## Kill the daemon KILLS times while VMs come and go (SEED; FAULTS=local,system,cluster)
	scripts/chaos/run .build/release/virt-node $(abspath $(GUESTS))/hello --kills $(or $(KILLS),50) --seed $(or $(SEED),1) \
	  $(if $(FAULTS),--faults $(FAULTS)) --evidence .build/chaos

bench: .build/dependencies-build .build/dependencies-run .build/dependencies-test release $(GUESTS)/hello/made-of ## Measure beside named baselines
	scripts/with-libvirtd -- scripts/bench .build/release/virt-node $(GUESTS)/hello

check: ## Check the formatting
	swift format lint --strict --recursive --parallel Package.swift Sources Tests

check-operations: .build/dependencies-test ## Check alerts, dashboard and runbooks
	scripts/check-operations

check-deploy: .build/dependencies-test .build/kubernetes ## Try the manifests and their rights on a real API server
	scripts/check-deploy

fmt: ## Format the sources
	swift format --in-place --recursive --parallel Package.swift Sources Tests

install: CONFIGURATION = release
install: release install-files ## Install below PREFIX

install-files:
	install -D -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/virt-node
	install -d $(DESTDIR)$(UNITS)
	for unit in systemd/*.service systemd/*.socket systemd/*.slice; do \
	  sed 's|/usr/local/|$(PREFIX)/|g' $$unit >$(DESTDIR)$(UNITS)/$${unit##*/}; done
	install -D -m 644 systemd/sysusers.conf $(DESTDIR)$(PREFIX)/lib/sysusers.d/virt-node.conf
	install -D -m 644 systemd/tmpfiles.conf $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/virt-node.conf
	install -D -m 644 docs/virt-node.8 $(DESTDIR)$(PREFIX)/share/man/man8/virt-node.8
	install -d $(DESTDIR)$(PREFIX)/share/doc/virt-node
	install -m 644 README.md docs/operations.md docs/configuration.md docs/hardware.md systemd/host-libvirt.conf $(DESTDIR)$(PREFIX)/share/doc/virt-node/
	cp -r --no-preserve=mode,ownership examples deploy $(DESTDIR)$(PREFIX)/share/doc/virt-node/
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d $(DESTDIR)$(ZSH)
	$(PROGRAM) --generate-completion-script bash | sed '1{/^#!/d}' >$(DESTDIR)$(PREFIX)/share/bash-completion/completions/virt-node
	$(PROGRAM) --generate-completion-script fish >$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/virt-node.fish
	$(PROGRAM) --generate-completion-script zsh >$(DESTDIR)$(ZSH)/_virt-node

deb: CONFIGURATION = release
deb: $(if $(filter command line,$(origin PROGRAM)),,release) ## Make a Debian package in .build (PROGRAM: of a release build that is there)
	scripts/make-deb $(PROGRAM) .build

image: .build/dependencies-container ## Build the container images, without a daemon
	scripts/make-image

clean: ## Remove all that was built
	rm -rf .build

# A real Kubernetes API server, out of Debian's packages: 3 to 5 minutes the first time, kept in /var/cache.
.build/kubernetes: scripts/kubernetes/build.sh .build/dependencies-test
	scripts/kubernetes/build.sh
	@mkdir -p .build && touch $@

.build/dependencies-%: scripts/install-dependencies
	scripts/install-dependencies $*
	@mkdir -p .build && touch $@

$(GUESTS)/hello/made-of: scripts/make-hello-guest $(wildcard scripts/hello-guest/*) | .build/dependencies-run .build/dependencies-test
	scripts/make-hello-guest $(GUESTS)/hello && touch $@

$(GUESTS)/debian.qcow2: scripts/make-debian-disk | .build/dependencies-test
	scripts/make-debian-disk $@
