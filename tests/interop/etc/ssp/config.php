<?php
// SimpleSAMLphp as it stands on a municipality's server, cut down to an IdP on loopback.
// Where things are comes from the environment, set by `run`.
$run = getenv('INTEROP_RUN');
$idp = strtok($_SERVER['HTTP_HOST'] ?? 'proevekoebing', '.');   // each municipality signs with its own key
$config = [
    'baseurlpath' => '/',
    'certdir' => "$run/keys/",
    'loggingdir' => "$run/log/",
    'datadir' => "$run/ssp-data/",
    'tempdir' => "$run/ssp-data/",
    'metadatadir' => __DIR__ . '/metadata/',
    'attributenamemapdir' => '/etc/simplesamlphp/attributemap/',
    'technicalcontact_name' => 'Interop',
    'technicalcontact_email' => 'na@example.org',
    'timezone' => 'UTC',
    'secretsalt' => getenv('INTEROP_SALT'),
    'auth.adminpassword' => getenv('INTEROP_SALT'),
    'admin.checkforupdates' => false,   // never reach out
    'enable.http_post' => false,
    'showerrors' => true,               // an error's cause belongs in the recorded page
    'debug' => ['saml' => true, 'backtraces' => true, 'validatexml' => false],
    'logging.level' => SimpleSAML\Logger::DEBUG,
    'logging.handler' => 'file',
    'logging.logfile' => 'ssp.log',
    'enable.saml20-idp' => true,
    'module.enable' => ['exampleauth' => true, 'core' => true, 'saml' => true],
    'session.cookie.secure' => false,   // http on loopback
    'session.cookie.samesite' => null,
    'language.cookie.secure' => false,
    'language.cookie.samesite' => null,
    'store.type' => 'phpsession',
    'session.phpsession.savepath' => "$run/ssp-data",
    'metadata.sources' => [['type' => 'flatfile']],
    // KOMBIT takes only signed metadata.
    'metadata.sign.enable' => true,
    'metadata.sign.privatekey' => "$idp.key",
    'metadata.sign.certificate' => "$idp.crt",
    'metadata.sign.algorithm' => 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
];
