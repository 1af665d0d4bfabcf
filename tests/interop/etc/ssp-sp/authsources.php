<?php
$config = ['system' => [
    'saml:SP',
    'entityID' => getenv('INTEROP_SYSTEM') . '/saml',
    'idp' => getenv('INTEROP_HUB'),
    'certificate' => 'proeve.crt',
    'privatekey' => 'proeve.key',
    'NameIDPolicy' => ['Format' => 'urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName', 'AllowCreate' => true],
    'signature.algorithm' => 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    'sign.authnrequest' => true,
    'sign.logout' => true,
    'validate.logout' => true,
    'WantAssertionsSigned' => true,
    'assertion.encryption' => true,     // refuses what is not encrypted
]];
