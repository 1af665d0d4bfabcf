<?php
// A user-facing system around SimpleSAMLphp: a router for PHP's built-in server. The level is the system's own matter.
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if (strpos($path, '/saml/module.php') === 0) {
    $www = '/usr/share/simplesamlphp/www';
    $_SERVER['SCRIPT_NAME'] = '/saml/module.php';
    $_SERVER['SCRIPT_FILENAME'] = "$www/module.php";
    $_SERVER['PATH_INFO'] = substr($path, strlen('/saml/module.php'));
    chdir($www);
    require "$www/module.php";
    return true;
}
require '/usr/share/simplesamlphp/lib/_autoload.php';
$user = new SimpleSAML\Auth\Simple('system');
switch ($path) {
    case '/log-ind':
        $user->login(['ReturnTo' => getenv('INTEROP_SYSTEM') . '/', 'ForceAuthn' => ($_SERVER['QUERY_STRING'] ?? '') === 'frisk']);
        break;
    case '/log-ud':
        SimpleSAML\Session::getSessionFromRequest()->doLogout('system');
        echo '<title>Farvel</title>';
        break;
    case '/':
        $levels = $user->getAttributes()['https://data.gov.dk/concept/core/nsis/loa'] ?? [];
        $name = $user->isAuthenticated() ? $user->getAuthData('saml:sp:NameID') : null;
        if ($name === null || count($levels) !== 1 || !in_array($levels[0], ['Substantial', 'High'], true)) {
            http_response_code(403);
            echo '<title>Ingen adgang</title>';
            break;
        }
        error_log('user: ' . $name->getValue());
        echo '<title>Sager</title>';
        break;
    default:
        http_response_code(404);
}
return true;
