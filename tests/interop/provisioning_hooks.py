"""Schemathesis hooks: of the requests that it makes up, every other one is about an object that is there.

Before such a request the object is registered, if it is gone. Of its own body some fields stay as they were made up.
"""
import base64
import collections
import json
import os
import pathlib
import random
import urllib.error
import urllib.parse
import urllib.request

import schemathesis

WORK = pathlib.Path(os.environ["WORK"])
CHANCE = random.Random(20241)
REACHED = collections.Counter()
ROLE, JOB, KIND = "http://sts.example/roles/sag", "http://prove.example/roles/job", "http://sts.example/constraints/kle"
NSIS = "https://data.gov.dk/concept/core/nsis/loa/"


def coded(text):
    return base64.b64encode(text.encode()).decode()


def certificate(name):
    lines = (WORK / f"{name}.crt").read_text().splitlines()
    return "".join(line for line in lines if "CERTIFICATE" not in line)


def thumbprint(name):
    import hashlib
    return hashlib.sha1(base64.b64decode(certificate(name))).hexdigest().upper()


def metadata(entity, name, role, endpoints):
    key = f'<md:KeyDescriptor><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>' \
          f'{certificate(name)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>'
    xml = f'<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{entity}"><md:{role} ' \
          f'protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">{key}{endpoints}</md:{role}></md:EntityDescriptor>'
    return {"Xml": coded(xml), "MetadataUrl": ""}


def endpoint(kind, binding, location, rest=""):
    return f'<md:{kind} Binding="urn:oasis:names:tc:SAML:2.0:bindings:{binding}" Location="{location}"{rest}/>'


MAPPING = {"Id": "m", "JobfunktionsrolleId": JOB, "BrugersystemrolleId": ROLE,
           "Dataafgraensninger": [{"DataafgraensningstypeId": KIND, "Values": ["27"]}]}
OBJECTS = {
    "IdentityProviders": {
        "Id": "https://idp.example/entity", "Anvenderkontekster": [{"Cvr": "11111111"}], "AssuranceLevel": 3,
        "Beskrivelse": "", "KenderRoller": True, "Mobilvenlig": True, "Praesentationsnavn": "Prøve",
        "IpAdresser": ["192.0.2.1"], "OIOSAMLProfile": "OIOSAML3", "NSISAssuranceLevel": NSIS + "Substantial",
        "SamlMetadata": metadata("https://idp.example/entity", "idp", "IDPSSODescriptor",
                                 endpoint("SingleSignOnService", "HTTP-Redirect", "https://idp.example/sso"))},
    "BrugervendteSystemer": {
        "Id": "https://sag.example/entity", "Cvr": "11111111", "OIOSAMLProfile": "OIOSAML3",
        "NSISAssuranceLevel": NSIS + "Low", "RoleMappings": [MAPPING],
        "SamlMetadata": metadata("https://sag.example/entity", "system", "SPSSODescriptor",
                                 endpoint("AssertionConsumerService", "HTTP-POST", "https://sag.example/acs", ' index="0"'))},
    "OIDCBrugervendteSystemer": {
        "Id": "client", "Cvr": "11111111", "AssuranceLevel": 3, "RoleMappings": [MAPPING],
        "OIDCMetadata": {"client_secret": "x", "redirect_uris": ["https://client.example/cb"], "application_type": "web",
                         "token_endpoint_auth_method": "client_secret_post", "backchannel_logout_uri": "https://client.example/ud"}},
    "AttributServices": {"Id": "https://as.example/entity", "Anvenderkontekster": [{"Cvr": "11111111"}]},
    "Brugersystemroller": {"Id": ROLE, "Dataafgraensningstyper": [{"Id": KIND}, {"Id": "http://sts.example/constraints/org"}]},
    "Jobfunktionsroller": {"Id": JOB, "DelegeretTil": [{"Cvr": "11111111"}]},
    "Users": {"Authority": "11111111", "Id": "u-1", "Claims": [{"Key": "urn:a", "Value": "1"}]},
    "ClientCertificates": {"Id": thumbprint("idp"), "Base64Certificate": certificate("idp")},
}
PLAIN = ("Users", "ClientCertificates")
VALUES = {
    "cvr": ["11111111"], "roleMappingId": [coded("m")],
    "dataafgraensningstypeId": [coded("http://sts.example/constraints/org")],
    "IpAdresser": ["192.0.2.1"], "AssuranceLevel": ["1", "4"], "AttributeProfile": ["SEB", "KOMBIT"],
    "OIOSAMLProfile": ["OIOSAML2", "OIOSAML3"], "NSISAssuranceLevel": [coded(NSIS + "Low"), coded(NSIS + "High")],
    "KenderRoller": ["true"], "Mobilvenlig": ["false"], "SupportsScope": ["true"], "SupportsStepUp": ["SUPPORTED"],
}
LISTS = {
    "Anvenderkontekster": [{"Cvr": "22222222"}], "DelegeretTil": [{"Cvr": "22222222"}], "IpAdresser": ["192.0.2.2"],
    "RoleMappings": [MAPPING], "Dataafgraensningstyper": [{"Id": "http://sts.example/constraints/org"}],
    "Beskrivelse": "æøå", "Praesentationsnavn": "Ny",
}


def register(root):
    request = urllib.request.Request(
        f"{os.environ['MANAGE_URL']}/{root}", method="POST", data=json.dumps(OBJECTS[root]).encode(),
        headers={"Authorization": "Bearer " + os.environ["MANAGE_TOKEN"], "Content-Type": "application/json"})
    try:
        urllib.request.urlopen(request, timeout=30).close()
    except urllib.error.HTTPError:
        pass   # it is there


def body_for(case, root, last):
    """A body that is good, but for some fields that stay as they were made up."""
    if last in LISTS:
        return LISTS[last]
    if last == "SamlMetadata":
        return OBJECTS[root].get("SamlMetadata", {"MetadataUrl": "https://as.example/m"})
    if last == "OIDCMetadata":
        return OBJECTS[root]["OIDCMetadata"]
    if last == "bulk":
        return [OBJECTS["Users"]]
    if root == "Users" and last == "{id}":
        return {"Claims": OBJECTS["Users"]["Claims"]}
    good = OBJECTS[root]
    made_up = case.body if isinstance(case.body, dict) else {}
    return {name: made_up[name] if name in made_up and CHANCE.random() < 0.1 else value for name, value in good.items()}


@schemathesis.check
def no_server_error(_context, response, case):
    """Nothing goes wrong in the hub. That metadata is judged by an address that does not answer is 503, as documented."""
    body = case.body if isinstance(case.body, dict) else {}
    metadata = body.get("SamlMetadata") if isinstance(body.get("SamlMetadata"), dict) else {}
    asked = case.operation.path.startswith("/Validation/") and metadata.get("MetadataUrl")
    assert response.status_code < 500 or (response.status_code == 503 and asked), f"server error {response.status_code}"


@schemathesis.hook
def before_call(context, case, kwargs):
    path = case.operation.path.strip("/").split("/")
    root = path[0]
    if root not in OBJECTS or CHANCE.random() < 0.5:
        return
    if "{id}" in path:
        register(root)
        known = OBJECTS[root]["Id"]
        case.path_parameters["id"] = known if root in PLAIN else coded(known)
        # The part that a value in the path is for: the one before it.
        last = path[-2] if path[-1].startswith("{") and path[-1] != "{id}" else path[-1]
        for name in case.path_parameters:
            values = VALUES.get(name) or VALUES.get(last)
            if name != "id" and values:
                case.path_parameters[name] = CHANCE.choice(values)
    if case.method.upper() in ("POST", "PUT") and case.operation.body:
        case.body = body_for(case, root, path[-1])
        case.media_type = "application/json"


@schemathesis.hook
def after_call(context, case, response):
    REACHED[str(response.status_code)] += 1
    if sum(REACHED.values()) % 20 == 0:
        (WORK / "reached.json").write_text(json.dumps(dict(REACHED)))
