<?php
// Every SP whose metadata `run` has put into sps/: the real document, read by
// SimpleSAMLphp's own parser, plus what a municipality's operator sets by hand.
foreach (glob(getenv('INTEROP_RUN') . '/sps/*.xml') as $file) {
    foreach (SimpleSAML\Metadata\SAMLParser::parseDescriptorsFile($file) as $entityId => $entity) {
        $sp = $entity->getMetadata20SP();
        if ($sp === null) {
            continue;
        }
        // SimpleSAMLphp takes the first NameIDFormat of the SP's metadata, whatever its own
        // configuration says; KOMBIT's attribute profile wants this one.
        $sp['NameIDFormat'] = 'urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName';
        $sp['assertion.encryption'] = true;
        $sp['saml20.sign.assertion'] = true;
        $sp['saml20.sign.response'] = true;
        $metadata[$entityId] = $sp;
    }
}
