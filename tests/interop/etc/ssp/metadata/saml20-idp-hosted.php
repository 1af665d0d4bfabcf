<?php
// Two municipalities on one server, told apart by host name, so that there is something to choose.
foreach (['proevekoebing', 'naboby'] as $i => $name) {
    $metadata["__DYNAMIC:$i" . '__'] = [
        'host' => "$name.localhost",
        'privatekey' => "$name.key",
        'certificate' => "$name.crt",
        'auth' => $name,
        'signature.algorithm' => 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
        'NameIDFormat' => 'urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName',
        // Both, so that a system that posts its requests can also be tried without the hub.
        'SingleSignOnServiceBinding' => [
            'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect',
            'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST',
        ],
        'attributes.NameFormat' => 'urn:oasis:names:tc:SAML:2.0:attrname-format:basic',
        // Requests that are not signed, or badly, end here. These are also what puts
        // WantAuthnRequestsSigned into the metadata.
        'validate.authnrequest' => true,
        'redirect.validate' => true,
        'validate.logout' => true,
        'sign.logout' => true,
        'authproc' => [
            10 => [
                'class' => 'saml:AttributeNameID',
                'attribute' => 'x509subjectname',
                'Format' => 'urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName',
            ],
            // The NameID's source is no attribute for others.
            20 => [
                'class' => 'core:PHP',
                'code' => 'unset($attributes["x509subjectname"]);',
            ],
        ],
    ];
}
