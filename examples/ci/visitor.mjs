// A login without a browser, for tests that only need to get in: it follows redirects, posts the forms that post
// themselves, chooses the identity provider, and lets the person be logged in by ?autologin. A real browser does all of
// this by itself; then you need only the addresses.
import { request } from "node:http";

/** Names below .localhost are this machine; not every system's resolver knows that. */
const hostOf = (url) => (url.hostname.endsWith(".localhost") ? "127.0.0.1" : url.hostname);

/** One request; no redirect is followed. */
const send = (url, cookies, form) =>
  new Promise((resolve, reject) => {
    const headers = { host: url.host, cookie: cookies.get(url.host) ?? "" };
    if (form) headers["content-type"] = "application/x-www-form-urlencoded";
    const options = { host: hostOf(url), port: url.port, path: url.pathname + url.search, headers };
    const asked = request({ ...options, method: form ? "POST" : "GET" }, (answer) => {
      let body = "";
      answer.setEncoding("utf8").on("data", (text) => (body += text));
      answer.on("end", () => resolve({ url, status: answer.statusCode, headers: answer.headers, body }));
    });
    asked.on("error", reject).end(form?.toString());
  });

const plain = (text) =>
  text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|amp|lt|gt|quot);/gi, (whole, decimal, hex) => {
    if (decimal || hex) return String.fromCodePoint(Number.parseInt(decimal ?? hex, decimal ? 10 : 16));
    return { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"' }[whole.toLowerCase()];
  });

const attribute = (tag, name) => {
  const found = new RegExp(`\\s${name}="([^"]*)"`).exec(tag);
  return found ? plain(found[1]) : undefined;
};

/** What a form of the page sends: one that posts itself, or the choice of `idp`; nothing where there is none. */
const answerTo = (page, idp) => {
  for (const [whole, head] of page.body.matchAll(/(<form[^>]*>)[\s\S]*?<\/form>/g)) {
    const fields = [...whole.matchAll(/<(?:input|button)[^>]*>/g)]
      .map(([tag]) => [attribute(tag, "name"), attribute(tag, "value"), attribute(tag, "type")])
      .filter(([name, value, type]) => name && type !== "checkbox" && (type === "hidden" || value === idp));
    const names = fields.map(([name]) => name);
    const chosen = fields.some(([, value]) => value === idp);
    if (chosen || names.includes("SAMLRequest") || names.includes("SAMLResponse")) {
      const form = new URLSearchParams(fields.map(([name, value]) => [name, value ?? ""]));
      return { to: new URL(attribute(head, "action") ?? "", page.url), form };
    }
  }
  return undefined;
};

/**
 * Logs in, and returns the page that the system shows in the end.
 *
 * @param {string} loginUrl where a login of the system begins
 * @param {string} idp entityID of the identity provider to choose
 * @param {string} person id of one of its people
 */
export const logIn = async (loginUrl, idp, person) => {
  const cookies = new Map();
  let next = { to: new URL(loginUrl), form: undefined };
  for (let step = 0; step < 20; step += 1) {
    if (next.to.pathname.endsWith("/sso") && next.to.searchParams.has("SAMLRequest")) {
      next.to = new URL(`${next.to.href}&autologin=${encodeURIComponent(person)}`); // what is signed stays as it is
    }
    const page = await send(next.to, cookies, next.form);
    for (const cookie of page.headers["set-cookie"] ?? []) {
      const before = cookies.get(page.url.host);
      cookies.set(page.url.host, (before ? `${before}; ` : "") + cookie.split(";")[0]);
    }
    const onward = page.headers.location && { to: new URL(page.headers.location, page.url), form: undefined };
    const answer = onward ?? answerTo(page, idp);
    if (!answer) return page;
    next = answer;
  }
  throw new Error(`no end at ${next.to}`);
};
