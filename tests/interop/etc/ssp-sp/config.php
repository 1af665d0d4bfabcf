<?php
// SimpleSAMLphp as a user-facing system, as its documentation has it. Where things are comes from the environment, set by
// systems.py.
$run = getenv('INTEROP_RUN');
$config = [
    'baseurlpath' => getenv('INTEROP_SYSTEM') . '/saml/',
    'certdir' => "$run/keys/",
    'loggingdir' => "$run/log/",
    'datadir' => "$run/ssp-sp-data/",
    'tempdir' => "$run/ssp-sp-data/",
    'attributenamemapdir' => '/etc/simplesamlphp/attributemap/',
    'technicalcontact_name' => 'Interop',
    'technicalcontact_email' => 'na@example.org',
    'timezone' => 'UTC',
    'secretsalt' => getenv('INTEROP_SALT'),
    'auth.adminpassword' => getenv('INTEROP_SALT'),
    'admin.checkforupdates' => false,   // never reach out
    'enable.http_post' => false,
    'showerrors' => true,
    'debug' => ['saml' => false, 'backtraces' => true, 'validatexml' => false],
    'logging.level' => SimpleSAML\Logger::INFO,
    'logging.handler' => 'file',
    'logging.logfile' => 'ssp-sp.log',
    'module.enable' => ['core' => true, 'saml' => true],
    'session.cookie.secure' => false,   // http on loopback
    'session.cookie.samesite' => null,
    'language.cookie.secure' => false,
    'language.cookie.samesite' => null,
    'store.type' => 'phpsession',
    'session.phpsession.savepath' => "$run/ssp-sp-data",
    // Read at every request: the file is fetched again when somebody says so.
    'metadata.sources' => [['type' => 'xml', 'file' => "$run/ssp-sp-hub.xml"]],
];
