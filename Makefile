# make demo shows what kolmo does; make help lists the rest.

GO ?= go
# Git may refuse to speak about a checkout that somebody else owns; then the
# program is built without the revision's name.
BUILDVCS := $(shell git rev-parse HEAD >/dev/null 2>&1 || echo -buildvcs=false)
# Where package internal/h5 looks for HDF5's header.
HDF5_INCLUDES := -I/usr/include/hdf5/serial -I/usr/local/include -I/opt/homebrew/include
# Packages that need no cgo, neither they nor their tests, which can be checked
# for another processor.
WITHOUT_CGO = $$($(GO) list -test -f '{{if .ForTest}}{{.ForTest}}{{else}}{{.ImportPath}}{{end}} {{join .Deps " "}}' ./... | \
	awk '$$1 !~ /\.test$$/ { all[$$1]; if (/kolmo\/internal\/h5/) cgo[$$1] } END { for (p in all) if (!(p in cgo)) print p }')

# Packages with tests that are not raced: long numerics, by their build tag, and killed runs.
UNRACED = ./benchmarks/truth ./compare/kinds ./examples ./studies $$(grep -rl '^//go:build !race' --include='*_test.go' . | xargs -n 1 dirname | sort -u)

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name what; do printf '  make %-14s %s\n' "$$name" "$$what"; done

.PHONY: demo
demo: build ## build kolmo and run the study of Fisher's iris
	bin/kolmo run studies/iris.yaml --out out/iris --fresh
	@echo
	@echo "pictures: out/iris/gap.png, gap-field.png, gap-time.png, models.png, and each as .svg"
	@echo "fields:   out/iris/fields/*.nc (Python, ncdump, ParaView; doc/results-file.md)"
	@echo "report:   out/iris/report.html (open it in a browser)"

.PHONY: build
build: tools ## build bin/kolmo
	$(GO) build -trimpath $(BUILDVCS) -o bin/kolmo ./cmd/kolmo

.PHONY: test
test: tools ## run all checks and tests
	@unformatted=$$(gofmt -s -l .); if [ -n "$$unformatted" ]; then echo "not formatted by gofmt -s:" $$unformatted; exit 1; fi
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	$(GO) test $(BUILDVCS) -race -shuffle=on -timeout 50m $$($(GO) list ./... | grep -v -e '^kolmo/studies$$' -e '^kolmo/examples$$' -e '^kolmo/benchmarks/truth$$' -e '^kolmo/compare/kinds$$') # without files tagged !race
	$(GO) test $(BUILDVCS) -race -timeout 30m -run 'Workers|Shard|Interrupt' ./compare/kinds # what runs side by side
	$(GO) test $(BUILDVCS) -shuffle=on -timeout 40m $(UNRACED) # long numerics, killed runs
	$(GO) test -tags purego ./internal/kernel ./grid ./fd
	@echo "go vet for arm64, packages without cgo"; GOARCH=arm64 CGO_ENABLED=0 $(GO) vet $(WITHOUT_CGO)

.PHONY: test-quick
test-quick: tools ## run the tests that are short: under a minute with a warm build cache
	$(GO) test $(BUILDVCS) -short ./...

.PHONY: fuzz
fuzz: tools ## run every fuzz target: in seconds, or as long each as FUZZTIME=10m says
	GO="$(GO)" .ci/fuzz $(FUZZTIME)

# The examples' tests are in make test too, where what they need is installed.
.PHONY: test-examples
test-examples: tools ## run the Python examples on results of kolmo
	@/usr/bin/python3 -c 'import h5netcdf, matplotlib, xarray' 2>/dev/null || { echo "The Python examples need xarray, h5netcdf and matplotlib; on Debian or Ubuntu type:"; echo "  sudo apt-get install python3-xarray python3-h5netcdf python3-matplotlib"; exit 1; }
	KOLMO_READERS=1 $(GO) test $(BUILDVCS) -count=1 -run Python ./examples

.PHONY: test-python
test-python: tools ## run the tests of the Python package and its notebook
	@/usr/bin/python3 -c 'import h5netcdf, numpy, pandas, xarray, yaml, matplotlib' 2>/dev/null || { echo "The Python package needs numpy, pandas, xarray, h5netcdf and PyYAML, its notebook matplotlib; on Debian or Ubuntu type:"; echo "  sudo apt-get install python3-pandas python3-xarray python3-h5netcdf python3-yaml python3-matplotlib"; exit 1; }
	KOLMO_READERS=1 $(GO) test $(BUILDVCS) -count=1 -run 'KolmoPackage|Notebook' ./examples

.PHONY: test-paraview
test-paraview: tools ## compare what ParaView reads with the files, and draw
	@{ command -v pvpython && command -v Xvfb && /usr/bin/python3 -c 'import h5py'; } >/dev/null 2>&1 || { echo "ParaView's pvpython, Xvfb and h5py are needed; on Debian or Ubuntu type:"; echo "  sudo apt-get install paraview python3-paraview xvfb python3-h5py"; exit 1; }
	KOLMO_PARAVIEW=1 $(GO) test $(BUILDVCS) -count=1 -run ParaView ./examples

.PHONY: test-slurm
test-slurm: build ## run a study as an array on a Slurm of one node, started for it
	.ci/test-slurm

.PHONY: bench
bench: tools ## run all benchmarks
	$(GO) test -run '^$$' -bench . -benchmem -timeout 60m ./...
	$(GO) run $(BUILDVCS) ./benchmarks/writing
	$(MAKE) performance

.PHONY: performance
performance: tools ## write doc/performance.md: kernels, peers, scaling, whole studies (minutes)
	@mkdir -p out
	.ci/performance "$(GO)" $(BUILDVCS) > out/performance.md
	mv out/performance.md doc/performance.md
	cat doc/performance.md

.PHONY: verify
verify: tools ## write doc/dev/verification.md: orders, accuracies, growth (minutes)
	@mkdir -p out
	$(GO) run $(BUILDVCS) ./benchmarks/verification > out/verification.md
	mv out/verification.md doc/dev/verification.md

.PHONY: gallery
gallery: build ## make the pictures of doc/gallery anew (minutes)
	.ci/gallery

.PHONY: dist
dist: tools ## make a release archive in dist, HDF5 linked statically, and try it
	.ci/dist

# TRUTH is what it runs: -n1 100 -n2 10 -n3 2 takes minutes, all of it hours.
TRUTH ?=
.PHONY: truth
truth: tools ## write doc/truth.md: random studies held to answers from elsewhere (hours)
	@mkdir -p out
	$(GO) build $(BUILDVCS) -o out/truth ./benchmarks/truth
	out/truth $(TRUTH) > out/truth.md; status=$$?; [ $$status = 0 ] || [ $$status = 3 ] || exit $$status; mv out/truth.md doc/truth.md; exit $$status

.PHONY: clean
clean: ## remove what make and the demo wrote
	rm -rf bin out dist

# Checks for what the build needs, and installs HDF5 where that is possible.
.PHONY: tools
tools:
	@command -v $(GO) >/dev/null || { echo "Go 1.26 or later is needed: https://go.dev/dl"; exit 1; }
	@command -v "$$($(GO) env CC)" >/dev/null || { echo "A C compiler is needed ($$($(GO) env CC) was not found); on Debian or Ubuntu type:"; echo "  sudo apt-get install gcc libc6-dev"; exit 1; }
	@if echo '#include <hdf5.h>' | "$$($(GO) env CC)" $(HDF5_INCLUDES) -E -x c - >/dev/null 2>&1; then exit 0; fi; \
	install="apt-get install -y --no-install-recommends libhdf5-dev"; \
	if ! command -v apt-get >/dev/null; then echo "HDF5 with its C headers (hdf5.h) is needed; please install it"; exit 1; fi; \
	if [ "$$(id -u)" = 0 ]; then as=; \
	elif sudo -n true 2>/dev/null; then as="sudo -n"; \
	else echo "HDF5's C headers are needed; type:"; echo "  sudo $$install"; exit 1; fi; \
	echo "installing libhdf5-dev"; \
	$$as env DEBIAN_FRONTEND=noninteractive $$install || { $$as apt-get update && $$as env DEBIAN_FRONTEND=noninteractive $$install; }
