#!/bin/sh
# Remakes the test PKI: a CA and one OCES3-shaped certificate for each invented party. Run by hand, never by
# the build: every run makes new keys, and all files of a generation change together.
#
#   ./make.sh         the keys that the parties have: ca.pem, NAME.pem, NAME.key.pem
#   ./make.sh next    the keys that they change to: ca-2.pem, NAME-next.pem, NAME-next.key.pem
#   ./make.sh test         the hub that tests systems, and a neighbour: another party of the same CA
#   ./make.sh test-next    what that hub changes to, and a stranger: somebody of another CA
#
# Needs OpenSSL 3.
set -eu
cd "$(dirname "$0")"
case ${1-} in
next) ca=ca-2 number=2 suffix=-next first=1 start=20261115000000Z leaf_end=20291115000000Z root_end=20461115000000Z ;;
test) ca=ca-3 number=3 suffix=      first=2 start=20261101000000Z leaf_end=20291101000000Z root_end=20461101000000Z ;;
test-next) ca=ca-4 number=4 suffix= first=3 start=20261115000000Z leaf_end=20291115000000Z root_end=20461115000000Z ;;
*)    ca=ca   number=1 suffix=      first=0 start=20261101000000Z leaf_end=20291101000000Z root_end=20461101000000Z ;;
esac
# Everything is made in here, the key of the CA too, and only what is to stay is moved out: a run that fails or is
# broken off leaves no key of a CA, and no half of a generation.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
mkdir "$work/made"
: >"$work/index"
openssl rand -hex 16 >"$work/serial"

cat >"$work/ca.cnf" <<CONF
[ca]
default_ca = test
[test]
database = $work/index
serial = $work/serial
new_certs_dir = $work
default_md = sha256
policy = subject
unique_subject = no
rand_serial = yes
[subject]
countryName = supplied
organizationName = supplied
organizationIdentifier = optional
serialNumber = optional
commonName = supplied
[root]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature,keyEncipherment
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
# ETSI NCP+ and the policy of an OCES system certificate: the shape that peers meet in production.
certificatePolicies = 0.4.0.2042.1.1,1.2.208.169.1.1.1.3.7
authorityInfoAccess = caIssuers;URI:http://ca.invalid/issuing.cer,OCSP;URI:http://ca.invalid/ocsp
crlDistributionPoints = URI:http://ca.invalid/issuing.crl
[req]
distinguished_name = dn
utf8 = yes
[dn]
CONF

# The certificates' own signatures are RSASSA-PSS, SHA-256, salt 32: some parsers stumble over exactly that.
issue() { # section, end, request, certificate, further options
	section=$1 end=$2 request=$3 certificate=$4
	shift 4
	openssl ca -batch -config "$work/ca.cnf" -preserveDN -notext -utf8 -extensions "$section" \
		-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 \
		-startdate "$start" -enddate "$end" -keyfile "$work/ca.key.pem" "$@" -in "$request" -out "$certificate" 2>/dev/null
}

new_key() {
	openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out "$1" 2>/dev/null ||
		openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out "$1" 2>/dev/null
}

leaf() { # name, common name without number, last digits of the UUID, organisation, CVR
	pair=$work/made/$1$suffix
	new_key "$pair.key.pem"
	# A new key is a new system certificate, with a UUID of its own.
	openssl req -new -utf8 -config "$work/ca.cnf" -key "$pair.key.pem" -out "$work/$1.csr" \
		-subj "/C=DK/organizationIdentifier=NTRDK-$5/O=$4/serialNumber=UI:DK-O:G:00000000-0000-4000-8000-000000000${first}$3/CN=$2_$number"
	issue leaf "$leaf_end" "$work/$1.csr" "$pair.pem" -cert "$work/made/$ca.pem"
}

new_key "$work/ca.key.pem"
openssl req -new -utf8 -config "$work/ca.cnf" -key "$work/ca.key.pem" -out "$work/ca.csr" \
	-subj "/C=DK/O=Vejviser (opfundet)/CN=Vejviser Test CA $number"
issue root "$root_end" "$work/ca.csr" "$work/made/$ca.pem" -selfsign

case ${1-} in
test)
	leaf test-hub       VEJVISER_TEST_Systemproeve 01 "Vejviser (opfundet)" 00000001
	leaf test-neighbour VEJVISER_TEST_Nabo         02 "Nabo (opfundet)"     00000002
	;;
test-next)
	leaf test-hub-next VEJVISER_TEST_Systemproeve 01 "Vejviser (opfundet)" 00000001
	leaf test-stranger VEJVISER_TEST_Fremmed      02 "Fremmed (opfundet)"  00000003
	;;
*)
	leaf hub              VEJVISER_TEST_Hub              01 "Vejviser (opfundet)"    00000001
	leaf eksempelstrup    VEJVISER_TEST_Eksempelstrup    02 "Eksempelstrup Kommune"  22222222
	leaf provekobing-adfs VEJVISER_TEST_Provekobing_ADFS 03 "Prøvekøbing Kommune"    11111111
	leaf testrup          VEJVISER_TEST_Testrup          04 "Testrup Kommune"        33333333
	leaf fiktiv-gammel    VEJVISER_TEST_Fiktiv_gammel    05 "Fiktiv Kommune"         44444444
	leaf fiktiv-ny        VEJVISER_TEST_Fiktiv_ny        06 "Fiktiv Kommune"         44444444
	leaf sagssystem       VEJVISER_TEST_Sagssystem       07 'Opfundne Systemer A\/S'  55555555
	leaf borgerportal     VEJVISER_TEST_Borgerportal     08 'Opfundne Systemer A\/S'  55555555
	;;
esac

# Nothing else is to be issued by this CA: its key goes with $work.
mv "$work"/made/* .
