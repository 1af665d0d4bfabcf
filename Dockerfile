# Vejviser as a container, for other people's CI (docs/ci.md): one static program and nothing beside it.
# tests/container/run does here what this file says, without a container engine. Write RUN so that it stays inside
# WORKDIR, and COPY and RUN in the forms that stand here; the test refuses what it does not understand.

FROM rust:1.95-bookworm AS build
WORKDIR /src
# .dockerignore names what comes along.
COPY . .
# For a static program OpenSSL leaves its locks out, unless it is told that there are threads; a program without them
# does not start (src/edge/world.rs).
ENV CARGO_INCREMENTAL=0 RUSTFLAGS="-C target-feature=+crt-static" CFLAGS="-DOPENSSL_THREADS"
# A target is named, even though it is the builder's own, so that the flag is not for build scripts and macros.
RUN target="$(uname -m)-unknown-linux-gnu" && \
    cargo build --release --locked --target "$target" && \
    rm -rf target/image && mkdir -p target/image/licenses && \
    cp LICENSE-APACHE LICENSE-MIT target/image/licenses/ && \
    cp "target/$target/release/vejviser" target/image/vejviser

FROM scratch
LABEL org.opencontainers.image.title="Vejviser" \
      org.opencontainers.image.description="An unofficial Context Handler 2, for tests. Not KOMBIT's, not for production." \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0"
COPY --from=build /src/target/image/ /
# For metadata at https addresses.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
# In a container loopback is nobody's but its own. Who gets to the port is for the engine to say:
# publish it as 127.0.0.1:7878:7878, since a demo logs in anybody as anybody.
ENV VEJVISER_LISTEN=0.0.0.0:7878 VEJVISER_ALLOW_REMOTE=1
# Where files that are named in the environment are looked for. Nothing is written unless it is asked for.
WORKDIR /work
USER 65532:65532
# The management listener (7879) answers inside the container only: docs/ci.md.
EXPOSE 7878
HEALTHCHECK --interval=2s --timeout=6s --start-period=30s --retries=5 CMD ["/vejviser", "healthcheck"]
ENTRYPOINT ["/vejviser"]
CMD ["demo"]
