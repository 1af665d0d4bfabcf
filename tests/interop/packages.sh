# Sourced by run: the Debian packages of the stage, and what they are needed for. xmlsec1 with its headers, libxml2 and libclang
# are what samael is built with.
packages=(apache2 libapache2-mod-shib simplesamlphp php-cli php-xml
  libxmlsec1-dev libxml2-dev libclang-dev pkg-config liblemonldap-ng-portal-perl liblasso-perl
  libxml-simple-perl libxml-libxml-perl libio-string-perl
  xmlsec1 opensaml-schemas xmltooling-schemas libxml2-utils openssl python3 python3-venv)
# Together or not at all: a Node from elsewhere and Debian's npm exclude each other.
command -v npm >/dev/null || packages+=(nodejs npm)
needed_programs=(apache2 shibd php xmlsec1 xmllint openssl python3 node npm pkg-config plackup)
needed_files=(/usr/lib/apache2/modules/mod_shib.so /usr/lib/apache2/modules/mod_ssl.so
  /usr/share/simplesamlphp/www/saml2/idp/SSOService.php
  /usr/include/xmlsec1/xmlsec/xmlsec.h /usr/include/libxml2/libxml/parser.h '/usr/lib/llvm-*/lib/libclang.so'
  /usr/share/lemonldap-ng/portal/htdocs/index.psgi
  /usr/share/perl5/XML/Simple.pm /usr/share/perl5/IO/String.pm
  /usr/share/xml/opensaml/saml-schema-protocol-2.0.xsd /usr/share/xml/xmltooling/xenc11-schema.xsd)
needed_modules=(ensurepip)   # without it there is no environment for Schemathesis and for python3-saml
# shellcheck source=../packages.sh
. "$(dirname "${BASH_SOURCE[0]}")/../packages.sh"
