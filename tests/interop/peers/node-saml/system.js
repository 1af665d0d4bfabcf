// A user-facing system of node-saml on Node's own HTTP server: what its documentation shows, and no more.
//
//   node system.js BASE-URL PORT HUB-METADATA-URL CERT KEY [--tls CERT,KEY] [--nist]
//
// Ours are the session, the level and the reading of the hub's metadata, for node-saml has no reader of metadata.
"use strict";
const crypto = require("node:crypto");
const fs = require("node:fs");
const http = require("node:http");
const https = require("node:https");
const { parseArgs } = require("node:util");
const { SAML } = require("@node-saml/node-saml");
const { signXmlMetadata } = require("@node-saml/node-saml/lib/utility");
const { DOMParser } = require("@xmldom/xmldom");

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { tls: { type: "string" }, nist: { type: "boolean" } },
});
const [base, port, hub, cert, key] = positionals;
const given = { base, port, hub, cert, key, ...values };
const read = (path) => fs.readFileSync(path, "utf8");
const own = { cert: read(given.cert), key: read(given.key) };
const MD = "urn:oasis:names:tc:SAML:2.0:metadata";
const REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
const LEVEL = given.nist
  ? { name: "dk:gov:saml:attribute:AssuranceLevel", enough: ["3", "4"] }
  : { name: "https://data.gov.dk/concept/core/nsis/loa", enough: ["Substantial", "High"] };

let known = null;     // what is known of the hub; fetched when first needed, for the hub starts later
const sessions = new Map();

const options = (hub) => ({
  callbackUrl: `${given.base}/saml/acs`,
  issuer: `${given.base}/saml/metadata`,
  logoutCallbackUrl: `${given.base}/saml/slo`,
  entryPoint: hub.sso,
  logoutUrl: hub.slo,
  idpCert: hub.certs,
  privateKey: own.key,
  publicCert: own.cert,
  decryptionPvk: own.key,
  identifierFormat: "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName",
  // These had to be set: the defaults are SHA-1, a class of its own that it asks for, a Response that must be signed itself (the
  // hub signs the assertion), and answers that nobody asked for.
  signatureAlgorithm: "sha512",
  digestAlgorithm: "sha512",
  disableRequestedAuthnContext: true,
  wantAuthnResponseSigned: false,
  validateInResponseTo: "always",
});

async function fetched() {
  const answer = await fetch(given.hub);
  const role = new DOMParser().parseFromString(await answer.text(), "text/xml").getElementsByTagNameNS(MD, "IDPSSODescriptor")[0];
  const place = (name) => Array.from(role.getElementsByTagNameNS(MD, name))
    .find((one) => one.getAttribute("Binding") === REDIRECT)?.getAttribute("Location");
  const certs = Array.from(role.getElementsByTagNameNS(MD, "KeyDescriptor"))
    .filter((one) => one.getAttribute("use") !== "encryption")
    .map((one) => one.getElementsByTagNameNS("*", "X509Certificate")[0].textContent.replace(/\s/g, ""));
  const hub = { sso: place("SingleSignOnService"), slo: place("SingleLogoutService"), certs };
  const cacheProvider = known?.saml.cacheProvider;   // requests under way stay
  known = { saml: new SAML({ ...options(hub), ...(cacheProvider && { cacheProvider }) }), hub, cacheProvider };
  return known;
}

function metadata() {
  const saml = new SAML(options({ sso: given.base, slo: given.base, certs: [own.cert] }));
  // node-saml names ciphers and no key transport, and reads only the older one. For logout it names HTTP-POST only, and takes
  // HTTP-Redirect as well.
  const xml = saml.generateServiceProviderMetadata(own.cert, own.cert)
    .replace(/(\s*)<EncryptionMethod /, '$1<EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"/>$&')
    .replace(/(<SingleLogoutService Binding=)"[^"]*"/, `$1"${REDIRECT}"`);
  return signXmlMetadata(xml, { privateKey: own.key, publicCert: own.cert, signatureAlgorithm: "sha256", digestAlgorithm: "sha256" });
}

const cookie = (request) => /(?:^|; )session=([^;]*)/.exec(request.headers.cookie ?? "")?.[1];
const bake = (value) => ({ "set-cookie": `session=${value}; Path=/; Secure; HttpOnly; SameSite=None${value ? "" : "; Max-Age=0"}` });
const page = (response, status, title, headers = {}) => {
  response.writeHead(status, { "content-type": "text/html; charset=utf-8", ...headers });
  response.end(`<!DOCTYPE html><title>${title}</title><h1>${title}</h1>`);
};
const onward = (response, location, headers = {}) => response.writeHead(302, { location, ...headers }).end();

async function body(request) {
  let text = "";
  for await (const part of request) text += part;
  return Object.fromEntries(new URLSearchParams(text));
}

async function enter(request, response) {
  const { profile } = await (known ?? await fetched()).saml.validatePostResponseAsync(await body(request));
  const level = profile?.attributes?.[LEVEL.name];
  if (!profile?.nameID || !LEVEL.enough.includes(level)) throw new Error(`level ${level}`);
  const id = crypto.randomBytes(24).toString("base64url");
  sessions.delete(cookie(request));
  sessions.set(id, profile);
  console.log("user:", profile.nameID);
  onward(response, "/", bake(id));
}

async function loggedOut(request, response, url, form) {
  const { saml } = known ?? await fetched();
  const query = Object.fromEntries(url.searchParams);
  const { profile } = !form ? await saml.validateRedirectAsync(query, url.search.slice(1))
    : form.SAMLRequest ? await saml.validatePostRequestAsync(form) : await saml.validatePostResponseAsync(form);
  if (!profile) return page(response, 200, "Farvel", bake(""));   // the answer to what we asked
  const mine = sessions.get(cookie(request));
  const ours = mine !== undefined && mine.nameID === profile.nameID;
  if (ours) sessions.delete(cookie(request));
  onward(response, await saml.getLogoutResponseUrlAsync(profile, (form ?? query).RelayState ?? "", {}, ours), bake(""));
}

async function handle(request, response) {
  const url = new URL(request.url, given.base);
  const path = `${request.method} ${url.pathname}`;
  if (path === "GET /saml/metadata") {
    response.writeHead(200, { "content-type": "application/samlmetadata+xml" });
    return response.end(metadata());
  }
  if (path === "GET /log-ind") {
    const { saml, hub } = known ?? await fetched();
    const asks = url.search === "?frisk" ? new SAML({ ...saml.options, ...options(hub), cacheProvider: saml.cacheProvider, forceAuthn: true }) : saml;
    return onward(response, await asks.getAuthorizeUrlAsync("", undefined, {}));
  }
  if (path === "POST /saml/acs") return enter(request, response);
  if (path === "GET /saml/slo") return loggedOut(request, response, url);
  if (path === "POST /saml/slo") return loggedOut(request, response, url, await body(request));
  if (path === "POST /genindlaes") {
    await fetched();
    return response.writeHead(204).end();
  }
  if (path === "GET /log-ud") {
    sessions.delete(cookie(request));
    return page(response, 200, "Farvel", bake(""));
  }
  if (path === "GET /log-ud-overalt") {   // single logout, begun here
    const { saml } = known ?? await fetched();
    const user = sessions.get(cookie(request));
    sessions.delete(cookie(request));
    return onward(response, await saml.getLogoutUrlAsync(user, "", {}), bake(""));
  }
  const user = sessions.get(cookie(request));
  if (path === "GET /hvem") {
    response.writeHead(user ? 200 : 401, { "content-type": "application/json" });
    return response.end(JSON.stringify(user ? { nameid: user.nameID, issuer: user.issuer, attributes: user.attributes } : {}));
  }
  if (path === "GET /") return user ? page(response, 200, "Sager") : page(response, 401, "Ingen adgang");
  page(response, 404, "Findes ikke");
}

const answer = (request, response) => handle(request, response).catch((error) => {
  console.log("refused:", error.message);
  page(response, 403, "Du er ikke logget på");
});
const [tlsCert, tlsKey] = (given.tls ?? "").split(",");
const server = given.tls ? https.createServer({ cert: read(tlsCert), key: read(tlsKey) }, answer) : http.createServer(answer);
server.listen(Number(given.port), "127.0.0.1");
