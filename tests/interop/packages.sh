# Sourced by run: the Debian packages of the stage, and what they are needed for.
packages=(apache2 libapache2-mod-shib simplesamlphp php-cli php-xml
  libxmlsec1-dev libxml2-dev libclang-dev pkg-config nodejs npm liblemonldap-ng-portal-perl liblasso-perl
  xmlsec1 opensaml-schemas xmltooling-schemas libxml2-utils openssl python3 python3-venv)
needed_programs=(apache2 shibd php xmlsec1 xmllint openssl python3 node npm pkg-config plackup)
needed_files=(/usr/lib/apache2/modules/mod_shib.so /usr/lib/apache2/modules/mod_ssl.so
  /usr/share/simplesamlphp/www/saml2/idp/SSOService.php
  /usr/include/xmlsec1/xmlsec/xmlsec.h /usr/lib/x86_64-linux-gnu/libxml2.so /usr/share/lemonldap-ng/portal/htdocs/index.psgi
  /usr/share/xml/opensaml/saml-schema-protocol-2.0.xsd /usr/share/xml/xmltooling/xenc11-schema.xsd)
needed_modules=(ensurepip)   # without it there is no environment for Schemathesis and for python3-saml
# shellcheck source=../packages.sh
. "$(dirname "${BASH_SOURCE[0]}")/../packages.sh"
