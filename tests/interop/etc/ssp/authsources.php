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
// Roles as OIO-BPP 1.1 has them: one of her own, narrowed by what her IdP knows, one that was delegated to her, and one
// that nobody maps. PHP's own writer makes the document.
$privileges = function (array $groups): string {
    $document = new DOMDocument('1.0', 'UTF-8');
    $list = $document->createElementNS('http://itst.dk/oiosaml/basic_privilege_profile', 'bpp:PrivilegeList');
    $document->appendChild($list);
    foreach ($groups as [$cvr, $role, $constraints]) {
        $group = $list->appendChild($document->createElement('PrivilegeGroup'));
        $group->setAttribute('Scope', "urn:dk:gov:saml:cvrNumberIdentifier:$cvr");
        foreach ($constraints as $name => $value) {
            $constraint = $group->appendChild($document->createElement('Constraint'));
            $constraint->setAttribute('Name', $name);
            $constraint->appendChild($document->createTextNode($value));
        }
        $group->appendChild($document->createElement('Privilege', $role));
    }
    return base64_encode($document->saveXML());
};
$config = [
    'proevekoebing' => [
        'exampleauth:UserPass',
        'ditte:ditte' => $attributes('11111111', 'Ditte Prøvesen', '3b2f0c1e-1111-4222-8333-444455556666', '3') + [
            'dk:gov:saml:attribute:Privileges_intermediate' => [$privileges([
                ['11111111', 'http://proevekoebing.example/roles/jobrole/sagsbehandler/1',
                    ['http://proevekoebing.example/orgenhed/1/parametric' => 'Børn & Unge <1>']],
                ['33333333', 'http://naboby.example/roles/jobrole/vagt/1', []],
                ['11111111', 'http://proevekoebing.example/roles/jobrole/ukendt/1', []],
            ])],
        ],
        // Logs in without a second factor: too low for a system that needs level 3.
        'bo:bo' => $attributes('11111111', 'Bo Prøvesen', '8d7a5f02-aaaa-4bbb-8ccc-ddddeeeeffff', '2'),
    ],
    'naboby' => [
        'exampleauth:UserPass',
        'nanna:nanna' => $attributes('33333333', 'Nanna Nabosen', '5e0c2f77-2222-4333-8444-555566667777', '3'),
    ],
];
