# Short names for what README and .ci/run do; `just` lists them.

_default:
    @just --list

# The hub, invented municipalities and demo systems, on this machine
demo *FLAGS:
    cargo run --release -- demo {{FLAGS}}

# The test suite
test *FLAGS:
    cargo test {{FLAGS}}

# Everything a change must pass
ci:
    bash .ci/run

# Tests, formatting, clippy and docs
quick:
    bash .ci/run quick

# Logins between mod_shib, the hub and SimpleSAMLphp (Debian)
interop:
    cargo build --release
    tests/interop/run --hub target/release/vejviser

# The Dockerfile without a container engine, and the examples for CI (root)
container:
    tests/container/run
    tests/container/lint

# A person's way through the pages, in Debian's Chromium
browser *SCENARIOS:
    cargo build --release
    tests/browser/run --hub target/release/vejviser {{SCENARIOS}}

# The book in both languages, in target/book
book:
    bash .ci/run book

# Write the golden files anew; read the difference before you commit it
golden:
    UPDATE_GOLDEN=1 cargo test table::
    UPDATE_GOLDEN=1 cargo test rehearse::golden
    UPDATE_GOLDEN=1 cargo test --lib system_test::report
    UPDATE_GOLDEN=1 cargo test book::
    git --no-pager diff --stat -- fixtures/golden book

# Make the public test keys anew: all of them change
certs:
    sh certs/make.sh

# Speed of the core as ratios, and what the program takes to start and to run
bench:
    cargo bench
    cargo build --release
    tests/bench/footprint

# The fuzz targets, ten seconds each (nightly toolchain)
fuzz:
    tests/fuzz/smoke 10

# Mutation testing of a module of the core: xml, dsig, oiosaml or hub (takes long)
mutants MODULE *SHARD:
    nice -n 19 tests/mutants/run {{MODULE}} {{SHARD}}

# README's two commands on a clean Debian 12 (root, Debian, takes long)
fresh:
    tests/fresh/run
