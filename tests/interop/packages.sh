# Sourced by run: the Debian packages of the stage, and what they are needed for. uses PEER says whether a peer takes part;
# what only a skipped peer needs is not installed. Who has no such function has all of them.
declare -F uses >/dev/null || uses() { true; }

# Everywhere: mod_shib in Apache, SimpleSAMLphp with PHP's own server and its XML, what signs and judges messages with its
# schemas, and python3-saml's environment.
packages=(apache2 libapache2-mod-shib simplesamlphp php-cli php-xml
  xmlsec1 opensaml-schemas xmltooling-schemas libxml2-utils openssl python3 python3-venv)
needed_programs=(apache2 shibd php xmlsec1 xmllint openssl python3)
needed_files=(/usr/lib/apache2/modules/mod_shib.so /usr/lib/apache2/modules/mod_ssl.so
  /usr/share/simplesamlphp/www/saml2/idp/SSOService.php
  /usr/share/xml/opensaml/saml-schema-protocol-2.0.xsd /usr/share/xml/xmltooling/xenc11-schema.xsd)
needed_modules=(ensurepip)   # without it there is no environment for Schemathesis and for python3-saml

if uses node-saml; then
  # Together or not at all: a Node from elsewhere and Debian's npm exclude each other.
  command -v npm >/dev/null || packages+=(nodejs npm)
  needed_programs+=(node npm)
fi
if uses samael; then
  # It binds to libxmlsec1 as it is built: the headers of it and of libxml2, pkg-config that finds them, libclang that reads
  # them, and a linker.
  packages+=(libxmlsec1-dev libxml2-dev libclang-dev pkg-config gcc libc6-dev)
  needed_programs+=(pkg-config cc)
  needed_files+=(/usr/include/xmlsec1/xmlsec/xmlsec.h /usr/include/libxml2/libxml/parser.h '/usr/lib/llvm-*/lib/libclang.so')
fi
if uses lemonldap-ng; then
  # The portal needs more for SAML than it depends on: Lasso, and the modules that its SAML part loads. plackup, which serves
  # it, comes with it. It depends on a web server too, and Apache is there already.
  packages+=(liblemonldap-ng-portal-perl liblasso-perl libxml-simple-perl libxml-libxml-perl libio-string-perl)
  needed_programs+=(plackup)
  needed_files+=(/usr/share/lemonldap-ng/portal/htdocs/index.psgi /usr/share/perl5/XML/Simple.pm
    /usr/share/perl5/IO/String.pm)
fi
# shellcheck source=../packages.sh
. "$(dirname "${BASH_SOURCE[0]}")/../packages.sh"
