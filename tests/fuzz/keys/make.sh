#!/bin/sh
# Remakes the keys of the fuzz harness. Run by hand, never by the build.
set -eu
cd "$(dirname "$0")"
for name in hub idp system stranger; do
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:named_curve -out "$name.sign.pem" 2>/dev/null
done
for name in hub system; do
	openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$name.open.pem" 2>/dev/null
done
