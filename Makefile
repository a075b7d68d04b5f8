# Everything works with Go alone; PostgreSQL and Chromium, where they are, let more tests run.

GO       ?= go
LINTER   := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
FUZZTIME ?= 20s

.DEFAULT_GOAL := help
.PHONY: help build demo check fmt test race lint fuzz fuzz-reader golden bench

help: ## show this
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-8s %s\n", $$1, $$2}'

build: ## the program, static, in bin/
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/timonel ./cmd/timonel

demo: ## the demo in the browser
	$(GO) run ./cmd/timonel demo

check: fmt lint test race ## what a change has to pass

fmt: ## fail on files that gofmt would change
	@files=$$(gofmt -l $$(git ls-files '*.go')); [ -z "$$files" ] || { echo "gofmt would change:"; echo "$$files"; exit 1; }

test: ## every test
	$(GO) test ./...

# The packages in which goroutines meet, without the measurements on the corpora (-short), which tell nothing more under the
# detector and take many minutes there. The two WhatsApp ones are left out: the library's group cache races with itself.
RACE = ./bot ./bot/simulated ./bot/slack ./bot/terminal ./storage ./scheduler ./conversations/... ./report ./steering/holidays ./web ./internal/virtual/stage ./internal/assembly

race: ## the tests with the race detector, without the long measurements
	$(GO) test -race -short $(RACE)

lint: ## vet, then the linters of .golangci.yml
	$(GO) vet ./...
	$(GO) run $(LINTER) run ./...

fuzz-reader: ## 10 million mutated messages through the reading, about a quarter of an hour
	$(GO) test ./conversations/understand -run TestManyInputs -inputs 10000000 -seed $$(date +%s) -timeout 3h -v

fuzz: ## every fuzz target for FUZZTIME each
	@grep -rlE '^func Fuzz' --include='*_test.go' . | while read -r file; do \
		for target in $$(grep -oE '^func Fuzz[A-Za-z0-9_]*' $$file | cut -c6-); do \
			echo "$$file $$target"; \
			$(GO) test "$$(dirname $$file)" -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 200x || exit 1; \
		done; \
	done

golden: ## rewrite what tests compare with; then look at the difference
	@grep -rl '"timonel/internal/golden"' --include='*_test.go' . | grep -v '^./internal/golden/' | xargs -n1 dirname | sort -u | while read -r folder; do \
		$(GO) test "$$folder" -update || exit 1; \
	done
	@git --no-pager diff --stat

bench: ## the benchmarks
	$(GO) test -run '^$$' -bench . -benchmem ./...
