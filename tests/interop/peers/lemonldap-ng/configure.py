#!/usr/bin/env python3
"""LemonLDAP::NG's configuration as a municipal IdP, in a directory of its own.

    configure.py DIR PORT KEY CERT [HUB-METADATA]

Without the hub's metadata it has no system: enough to ask it for its own. Called again it writes the next number, which a
running portal takes over within seconds.
"""
import json
import pathlib
import sys

BASIC = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"
ATTRIBUTES = {
    "specver": ("dk:gov:saml:attribute:SpecVer", "DK-SAML-2.0"),
    "kombitspecver": ("dk:gov:saml:attribute:KombitSpecVer", "1.0"),
    "level": ("dk:gov:saml:attribute:AssuranceLevel", "3"),
    "cvr": ("dk:gov:saml:attribute:CvrNumberIdentifier", "44444444"),
}
INI = """[all]
logLevel = info
checkTime = 1
[configuration]
type = File
dirName = {dir}/conf
localStorage = Cache::FileCache
localStorageOptions = {{ 'namespace' => 'conf', 'default_expires_in' => 600, 'directory_umask' => '077', 'cache_root' => '{dir}/cache', 'cache_depth' => 3 }}
[portal]
staticPrefix = /static
templateDir = /usr/share/lemonldap-ng/portal/templates
languages = en
[handler]
"""


def configuration(home, port, key, cert, number, hub):
    files = lambda name: {"Directory": f"{home}/{name}", "LockDirectory": f"{home}/{name}/lock"}
    found = {
        "cfgNum": number, "cfgVersion": "2.16.1", "cfgAuthor": "interop", "cfgDate": "1",
        # Its own invented users: dwho and others, each with the name for a password.
        "authentication": "Demo", "userDB": "Same", "passwordDB": "Null", "registerDB": "Null",
        "demoExportedVars": {"cn": "cn", "mail": "mail", "uid": "uid"},
        "portal": f"http://lemon.localhost:{port}/", "domain": "lemon.localhost",
        "cookieName": "lemonldap", "securedCookie": 0, "sameSite": "Lax",   # http on loopback
        "globalStorage": "Apache::Session::File", "globalStorageOptions": {
            **files("sessions"), "generateModule": "Lemonldap::NG::Common::Apache::Session::Generate::SHA256"},
        "persistentStorage": "Apache::Session::File", "persistentStorageOptions": files("psessions"),
        "localSessionStorage": "Cache::FileCache", "localSessionStorageOptions": {
            "cache_depth": 3, "cache_root": f"{home}/cache", "default_expires_in": 600, "directory_umask": "077",
            "namespace": "sessions"},
        # It loads a captcha though none is asked for, and the one it has needs ImageMagick. Any module that loads will do.
        "captcha": "::Lib::OneTimeToken",
        "notification": 0, "portalSkin": "bootstrap", "whatToTrace": "_whatToTrace", "locationRules": {}, "exportedHeaders": {},
        # What its users have not: constants, by macros.
        "macros": {"_whatToTrace": "$uid",
                   "nameid": '"C=DK,O=44444444,CN=$cn,Serial=9a1c0000-1111-4222-8333-444455556666"',
                   **{key: f'"{value}"' for key, (_, value) in ATTRIBUTES.items()}},
        "issuerDBSAMLActivation": 1,
        "samlServicePrivateKeySig": key, "samlServicePublicKeySig": cert, "samlServiceUseCertificateInResponse": 1,
        "samlServiceSignatureMethod": "RSA_SHA512", "samlNameIDFormatMapX509": "nameid",
        "samlOrganizationName": "Lemonby", "samlOrganizationDisplayName": "Lemonby",
        "samlOrganizationURL": f"http://lemon.localhost:{port}/",
    }
    if hub:
        found["samlSPMetaDataXML"] = {"hub": {"samlSPMetaDataXML": hub}}
        found["samlSPMetaDataExportedAttributes"] = {"hub": {
            key: f"1;{name};{BASIC};" for key, (name, _) in ATTRIBUTES.items()}}
        found["samlSPMetaDataOptions"] = {"hub": {
            "samlSPMetaDataOptionsNameIDFormat": "x509", "samlSPMetaDataOptionsEncryptionMode": "assertion",
            "samlSPMetaDataOptionsSignatureMethod": "RSA_SHA512", "samlSPMetaDataOptionsSignSSOMessage": 1,
            "samlSPMetaDataOptionsCheckSSOMessageSignature": 1, "samlSPMetaDataOptionsCheckSLOMessageSignature": 1,
            # Its own logout is not signed unless this says so, and the hub takes none that is not.
            "samlSPMetaDataOptionsSignSLOMessage": 1}}
    return found


def main():
    home, port, key, cert, *hub = sys.argv[1:]
    home = pathlib.Path(home)
    for name in ("conf", "cache", "sessions/lock", "psessions/lock"):
        (home / name).mkdir(parents=True, exist_ok=True)
    (home / "lemonldap-ng.ini").write_text(INI.format(dir=home))
    text = lambda path: pathlib.Path(path).read_text(encoding="utf-8")
    number = 1 + len(list((home / "conf").glob("lmConf-*.json")))
    fresh = configuration(home, port, text(key), text(cert), number, text(hub[0]) if hub else None)
    waiting = home / "next.json"
    waiting.write_text(json.dumps(fresh, indent=1), encoding="utf-8")
    waiting.rename(home / f"conf/lmConf-{number}.json")


if __name__ == "__main__":
    main()
