<?php
// Invented people of invented municipalities. The login form is SimpleSAMLphp's own.
$attributes = function (string $cvr, string $name, string $uuid, string $level): array {
    return [
        'x509subjectname' => ["C=DK,O=$cvr,CN=$name,Serial=$uuid"],   // becomes the NameID
        'dk:gov:saml:attribute:SpecVer' => ['DK-SAML-2.0'],
        'dk:gov:saml:attribute:KombitSpecVer' => ['1.0'],
        'dk:gov:saml:attribute:AssuranceLevel' => [$level],
        'dk:gov:saml:attribute:CvrNumberIdentifier' => [$cvr],
    ];
};
$config = [
    'proevekoebing' => [
        'exampleauth:UserPass',
        'ditte:ditte' => $attributes('11111111', 'Ditte Prøvesen', '3b2f0c1e-1111-4222-8333-444455556666', '3'),
        // Logs in without a second factor: too low for a system that needs level 3.
        'bo:bo' => $attributes('11111111', 'Bo Prøvesen', '8d7a5f02-aaaa-4bbb-8ccc-ddddeeeeffff', '2'),
    ],
    'naboby' => [
        'exampleauth:UserPass',
        'nanna:nanna' => $attributes('33333333', 'Nanna Nabosen', '5e0c2f77-2222-4333-8444-555566667777', '3'),
    ],
];
