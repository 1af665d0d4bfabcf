//! One list of messages that are meant to cost: by the class of security.md, what they do, and where they
//! come in.

use crate::raw;
use crate::world::{self, World};
use std::fmt::Write as _;
use std::io::Write as _;
use vejviser::dsig::SigningKey;
use vejviser::hub::Pending;

/// Where a message comes in.
pub enum Into {
    /// The AssertionConsumerService, as a form.
    Answer(String),
    /// The AssertionConsumerService, as a body that the browser sent.
    Form(Vec<u8>),
    /// The SingleSignOnService, as an AuthnRequest in a form.
    Request(String),
    /// The SingleSignOnService, as a query.
    Query(String),
    /// A metadata file.
    Metadata(String),
}

/// A message, and the class of attack that it belongs to.
pub struct Attack {
    pub class: &'static str,
    pub what: &'static str,
    pub into: Into,
}

/// Base64 makes four bytes of three, and 256 KiB is what a form may carry: a message cannot be longer.
const POSTED: usize = 190 * 1024;
/// What a Redirect may inflate to.
const INFLATED: usize = 510 * 1024;

const P: &str = "xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"";

/// `piece` as often as it fits into `bytes`; `#` in it becomes the count.
fn fill(bytes: usize, piece: &str) -> String {
    let mut out = String::with_capacity(bytes);
    let mut n = 0;
    loop {
        let before = out.len();
        out.push_str(&piece.replace('#', &n.to_string()));
        if out.len() > bytes {
            out.truncate(before);
            return out;
        }
        n += 1;
    }
}

/// The good messages that the bad ones are made from.
pub struct Good {
    /// Response around a signed assertion.
    inner: String,
    /// The assertion in it, without signature.
    assertion: String,
    /// Start of the Response, up to after its Status.
    envelope: String,
    /// A good request.
    request: String,
    /// Encrypted Response.
    encrypted: String,
    metadata: String,
    key: SigningKey,
}

impl Good {
    pub fn new(world: &mut World, asked: &Pending) -> Self {
        let (response, assertion) = (world.response(asked), world.assertion(asked));
        let key = world.keys.idp.signing.clone();
        let text = |xml: Vec<u8>| String::from_utf8(xml).unwrap();
        let inner = text(world::assertion_signed(&response, &assertion, &key).xml);
        let recipient = world.keys.hub.recipient();
        let encrypted = text(world.sealed(&response, &assertion, &key, &recipient).xml);
        let envelope = inner[..inner.find("<saml:Assertion").unwrap()].to_owned();
        let metadata = vejviser::hub::metadata::idp_role(&world.hub, Default::default());
        Self {
            assertion: assertion.to_element().render().as_str().to_owned(),
            request: world
                .request(|_| {})
                .to_element()
                .render()
                .as_str()
                .to_owned(),
            metadata: metadata.as_str().to_owned(),
            inner,
            envelope,
            encrypted,
            key,
        }
    }

    /// A Response around this assertion.
    fn around(&self, assertion: &str) -> String {
        format!("{}{assertion}</samlp:Response>", self.envelope)
    }

    /// A Response that our own IdP signed the assertion of, after something was put into it before `place`:
    /// what a registered party can do that has a grudge.
    fn by_the_idp(&self, place: &str, what: &str, prefixes: &str) -> String {
        let at = self
            .assertion
            .find(place)
            .unwrap_or_else(|| panic!("{place} in {}", self.assertion));
        let content = [&self.assertion[..at], what, &self.assertion[at..]].concat();
        self.around(&raw::signed(&content, "_assertion-1", prefixes, &self.key))
    }

    /// The good Response with an Extensions element, where anything may stand.
    fn extended(&self, what: &str) -> String {
        let at = self.inner.find("<samlp:Status>").unwrap();
        let extensions = format!("<samlp:Extensions>{what}</samlp:Extensions>");
        [&self.inner[..at], &extensions, &self.inner[at..]].concat()
    }

    /// The good Response with another piece of its signature.
    fn with(&self, before: &str, what: &str) -> String {
        assert!(self.inner.contains(before), "{before} in {}", self.inner);
        self.inner.replacen(before, &format!("{what}{before}"), 1)
    }

    fn value(&self, element: &str, value: &str) -> String {
        let (start, end) = (format!("<{element}>"), format!("</{element}>"));
        let (from, to) = (
            self.inner.find(&start).unwrap() + start.len(),
            self.inner.find(&end).unwrap(),
        );
        [&self.inner[..from], value, &self.inner[to..]].concat()
    }

    fn requested(&self, what: &str) -> String {
        let end = self.request.find("</samlp:AuthnRequest>").unwrap();
        [&self.request[..end], what, &self.request[end..]].concat()
    }
}

/// Raw DEFLATE, in base64 and escaped for a query.
fn deflated(xml: &[u8]) -> String {
    let mut deflate = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    deflate.write_all(xml).unwrap();
    let message = raw::base64(&deflate.finish().unwrap());
    let escaped: String = url::form_urlencoded::byte_serialize(message.as_bytes()).collect();
    format!("SAMLRequest={escaped}")
}

/// All of them.
pub fn all(good: &Good, world: &World) -> Vec<Attack> {
    let mut all = Vec::new();
    entities(good, &mut all);
    structure(good, &mut all);
    signatures(good, &mut all);
    encodings(good, &mut all);
    canonical(good, &mut all);
    encryption(good, world, &mut all);
    values(good, &mut all);
    requests(good, &mut all);
    metadata(good, world, &mut all);
    all
}

fn add(all: &mut Vec<Attack>, class: &'static str, what: &'static str, xml: String) {
    all.push(Attack {
        class,
        what,
        into: Into::Answer(xml),
    });
}

fn entities(good: &Good, all: &mut Vec<Attack>) {
    let class = "entities";
    let mut laughs = "<!DOCTYPE a [<!ENTITY l0 \"lol\">".to_owned();
    for n in 1..40 {
        let ten = format!("&l{};", n - 1).repeat(10);
        write!(laughs, "<!ENTITY l{n} \"{ten}\">").unwrap();
    }
    laughs.push_str("]>");
    add(
        all,
        class,
        "billion laughs",
        format!("{laughs}{}", good.value("saml:Audience", "&l39;")),
    );
    let quadratic = format!("<!DOCTYPE a [<!ENTITY x \"{}\">]>", "x".repeat(POSTED / 2));
    add(
        all,
        class,
        "quadratic blow-up",
        format!(
            "{quadratic}{}",
            good.value("saml:Audience", &"&x;".repeat(20_000))
        ),
    );
    add(
        all,
        class,
        "parameter entities",
        format!(
            "<!DOCTYPE a [{}]>{}",
            fill(POSTED, "<!ENTITY % p# \"&#37;p#;\">%p#;"),
            good.inner
        ),
    );
    add(
        all,
        class,
        "external entity and DTD",
        format!(
            "<!DOCTYPE a SYSTEM \"file:///dev/zero\" [<!ENTITY x SYSTEM \"file:///dev/random\">]>{}",
            good.value("saml:Audience", "&x;")
        ),
    );
    add(
        all,
        class,
        "a DTD that never ends",
        format!("<!DOCTYPE a [{}", "<!ELEMENT a (a)>".repeat(POSTED / 16)),
    );
    add(
        all,
        class,
        "DTDs inside",
        good.extended(&"<!DOCTYPE a>".repeat(POSTED / 20)),
    );
    add(
        all,
        class,
        "thousands of references",
        good.extended(&format!("<a>{}</a>", "&lt;".repeat(POSTED / 4 - 1000))),
    );
    add(
        all,
        class,
        "an undeclared entity after thousands",
        good.extended(&format!("<a>{}&x;</a>", "&#65;".repeat(POSTED / 5 - 1000))),
    );
}

fn structure(good: &Good, all: &mut Vec<Attack>) {
    let class = "depth";
    add(all, class, "never closed", "<a>".repeat(POSTED / 3));
    add(
        all,
        class,
        "closed",
        format!("{}{}", "<a>".repeat(POSTED / 7), "</a>".repeat(POSTED / 7)),
    );
    let deep = format!("{}{}", "<a>".repeat(60), "</a>".repeat(60));
    add(
        all,
        class,
        "sixty deep, hundreds of times",
        good.extended(&fill(POSTED - 8000, &deep)),
    );

    let class = "nodes";
    add(
        all,
        class,
        "elements",
        format!(
            "<samlp:Response {P}>{}</samlp:Response>",
            "<a/>".repeat(POSTED / 4)
        ),
    );
    add(
        all,
        class,
        "just as many as allowed",
        good.extended(&"<a/>".repeat(19_900)),
    );
    add(
        all,
        class,
        "comments",
        good.extended(&"<!---->".repeat(POSTED / 7 - 1000)),
    );
    add(
        all,
        class,
        "a long comment of hyphens",
        good.extended(&format!("<!--{}-->", "- ".repeat(POSTED / 2 - 4000))),
    );
    add(
        all,
        class,
        "CDATA",
        good.extended(&format!(
            "<a>{}</a>",
            "<![CDATA[]]>".repeat(POSTED / 12 - 800)
        )),
    );
    add(
        all,
        class,
        "CDATA cut by comments",
        good.extended(&format!(
            "<a>{}</a>",
            "<![CDATA[x]]><!---->".repeat(POSTED / 20 - 500)
        )),
    );
    add(
        all,
        class,
        "carriage returns",
        good.extended(&format!("<a>{}</a>", "\r".repeat(POSTED - 8000))),
    );
    add(
        all,
        class,
        "brackets",
        good.extended(&format!("<a>{}</a>", "]]".repeat(POSTED / 2 - 4000))),
    );
    add(all, class, "angles", "<".repeat(POSTED));
    add(
        all,
        class,
        "an end tag that is not one",
        format!("<a></a{}", " ".repeat(POSTED)),
    );
    add(
        all,
        class,
        "a name of all bytes",
        format!("<{0}/>", "a".repeat(POSTED)),
    );
    add(
        all,
        class,
        "IDs",
        good.extended(&fill(POSTED - 8000, "<a ID='_#'/>")),
    );
    add(
        all,
        class,
        "the same ID",
        good.extended(&fill(POSTED - 8000, "<a ID='_'/>")),
    );

    let class = "attributes (RUSTSEC-2026-0194)";
    add(
        all,
        class,
        "one element with thousands",
        format!("<samlp:Response {P} {}/>", fill(POSTED, " a#=''")),
    );
    add(
        all,
        class,
        "the last one twice",
        format!("<samlp:Response {P} {} a0=''/>", fill(POSTED, " a#=''")),
    );
    add(
        all,
        class,
        "as many as allowed, everywhere",
        good.extended(&fill(
            POSTED - 8000,
            &format!("<a {}/>", fill(380, " b#=''")),
        )),
    );
    add(
        all,
        class,
        "with prefixes of one namespace",
        good.extended(&fill(
            POSTED - 8000,
            &format!(
                "<a {} {}/>",
                fill(500, " xmlns:p#='u:#'"),
                fill(250, " p#:b=''")
            ),
        )),
    );
    add(
        all,
        class,
        "a long value of references",
        good.extended(&format!("<a b='{}'/>", "&amp;".repeat(POSTED / 5 - 2000))),
    );
    add(
        all,
        class,
        "a long value of tabs",
        good.extended(&format!("<a b='{}'/>", "\t".repeat(POSTED - 8000))),
    );
    add(
        all,
        class,
        "no quotes",
        format!("<a {}", "b=".repeat(POSTED / 2)),
    );

    let class = "namespaces (RUSTSEC-2026-0195)";
    add(
        all,
        class,
        "thousands of prefixes on one element",
        format!("<samlp:Response {P} {}/>", fill(POSTED, " xmlns:p#='u:#'")),
    );
    let (mut open, mut close) = (String::new(), String::new());
    for n in 0..5000 {
        write!(open, "<p{n}:a xmlns:p{n}='u:{n}'>").unwrap();
        close.insert_str(0, &format!("</p{n}:a>"));
    }
    add(
        all,
        class,
        "thousands of prefixes, nested, each used",
        format!("{open}{close}"),
    );
    add(
        all,
        class,
        "thousands of prefixes, side by side, each used",
        good.extended(&fill(POSTED - 8000, "<p#:a xmlns:p#='u:#'/>")),
    );
    add(
        all,
        class,
        "a few prefixes, thousands of times",
        good.extended(&fill(
            POSTED - 8000,
            "<p:a xmlns:p='u:p' xmlns:q='u:q' q:b=''/>",
        )),
    );
    let scope = fill(700, " xmlns:p#='u:#'");
    add(
        all,
        class,
        "a full scope, and every name looked up in it",
        good.extended(&format!(
            "<x {scope}>{}</x>",
            "<p0:a p1:b='' p2:b=''/>".repeat(7000)
        )),
    );
    add(
        all,
        class,
        "undeclared, after a full scope",
        good.extended(&format!(
            "<x {scope}>{}<z:a/></x>",
            "<p0:a/>".repeat(15_000)
        )),
    );
    add(
        all,
        class,
        "long names",
        good.extended(&fill(
            POSTED - 8000,
            &format!("<a xmlns='u:{}'/>", "x".repeat(500)),
        )),
    );
    add(
        all,
        class,
        "names longer than allowed",
        good.extended(&format!("<a xmlns='u:{}'/>", "x".repeat(POSTED - 9000))),
    );
}

fn signatures(good: &Good, all: &mut Vec<Attack>) {
    let class = "signatures";
    let (from, to) = (
        good.inner.find("<ds:Signature ").unwrap(),
        good.inner.find("</ds:Signature>").unwrap() + 15,
    );
    let signature = &good.inner[from..to];
    let many = fill(POSTED - 8000, signature);
    add(
        all,
        class,
        "hundreds beside the good one",
        good.with("<saml:Subject>", &many),
    );
    let empty = "<ds:Signature xmlns:ds='http://www.w3.org/2000/09/xmldsig#'/>";
    add(
        all,
        class,
        "thousands of empty ones",
        good.with("<saml:Subject>", &fill(POSTED - 8000, empty)),
    );
    add(
        all,
        class,
        "thousands in Extensions",
        good.extended(&fill(POSTED - 8000, empty)),
    );
    let (from, to) = (
        good.inner.find("<ds:Reference ").unwrap(),
        good.inner.find("</ds:Reference>").unwrap() + 15,
    );
    add(
        all,
        class,
        "References",
        good.with(
            "</ds:SignedInfo>",
            &fill(POSTED - 8000, &good.inner[from..to].replace('#', "&#35;")),
        ),
    );
    add(
        all,
        class,
        "Transforms",
        good.with(
            "</ds:Transforms>",
            &"<ds:Transform Algorithm='http://www.w3.org/2001/10/xml-exc-c14n#'/>".repeat(2800),
        ),
    );
    add(
        all,
        class,
        "X509Certificates",
        good.with(
            "</ds:X509Data>",
            &fill(
                POSTED - 8000,
                &format!(
                    "<ds:X509Certificate>{}</ds:X509Certificate>",
                    raw::base64(&[7; 900])
                ),
            ),
        ),
    );
    add(
        all,
        class,
        "KeyInfo of KeyInfos",
        good.with(
            "</ds:KeyInfo>",
            &"<ds:RetrievalMethod URI='x'/>".repeat(6000),
        ),
    );
    add(
        all,
        class,
        "a long Reference URI",
        good.inner.replacen(
            "URI=\"#_assertion-1\"",
            &format!("URI=\"#{}\"", "a".repeat(POSTED - 8000)),
            1,
        ),
    );
    add(
        all,
        class,
        "a long algorithm",
        good.inner.replacen(
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            &"a".repeat(POSTED - 8000),
            1,
        ),
    );
    add(all, class, "a forged Response around a good assertion", {
        let inner = good.inner.clone();
        raw::signed(
            &inner,
            "_response-1",
            "",
            &crate::world::keys().stranger.signing,
        )
    });

    let class = "PrefixList";
    let list = |names: &str| {
        let parameters = format!(
            "<ec:InclusiveNamespaces xmlns:ec=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"{names}\"/>"
        );
        let method =
            "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\">";
        assert!(good.inner.contains(method));
        good.inner
            .replacen(method, &format!("{method}{parameters}"), 1)
    };
    add(all, class, "thousands", list(&fill(POSTED - 8000, "p# ")));
    add(all, class, "as many as allowed", list(&fill(120, "p# ")));
    add(all, class, "white space", list(&" ".repeat(POSTED - 8000)));
    let scope = fill(800, " xmlns:p#='u:#'");
    add(all, class, "as many as allowed, against thousands of declarations", good.by_the_idp("</saml:AttributeStatement>", &format!("<saml:Attribute Name='a'><saml:AttributeValue {scope}>{}</saml:AttributeValue></saml:Attribute>", "<a xmlns:p0='u:1' xmlns:p1='u:2' xmlns:p2='u:3'/>".repeat(3300)), &fill(120, "p# ")));
}

fn encodings(good: &Good, all: &mut Vec<Attack>) {
    let class = "base64";
    add(
        all,
        class,
        "a long SignatureValue",
        good.value("ds:SignatureValue", &"AAAA".repeat(POSTED / 4 - 2000)),
    );
    add(
        all,
        class,
        "a long DigestValue",
        good.value("ds:DigestValue", &"AAAA".repeat(POSTED / 4 - 2000)),
    );
    add(
        all,
        class,
        "a SignatureValue of white space",
        good.value("ds:SignatureValue", &" ".repeat(POSTED - 8000)),
    );
    add(
        all,
        class,
        "a SignatureValue of references",
        good.value("ds:SignatureValue", &"&#65;".repeat(POSTED / 5 - 2000)),
    );
    let mut form = |what, body: String| {
        all.push(Attack {
            class,
            what,
            into: Into::Form(body.into_bytes()),
        })
    };
    form(
        "a form of line ends",
        format!("SAMLResponse={}", "%0A".repeat(87_000)),
    );
    form(
        "a form of white space",
        format!("SAMLResponse={}", "+%09".repeat(65_000)),
    );
    form("no base64", format!("SAMLResponse={}", "*".repeat(261_000)));
    form(
        "a byte too many",
        format!("SAMLResponse={}", "A".repeat(256 * 1024 + 1)),
    );
    form("thousands of fields", "a=b&".repeat(65_000));
    form("thousands of nothing", "&".repeat(262_000));
    form("names in disguise", "%41=b&".repeat(43_000));
    form(
        "a long RelayState",
        format!("SAMLResponse=PGEvPg==&RelayState={}", "%41".repeat(80_000)),
    );

    let class = "DEFLATE";
    let mut query = |what, query: String| {
        all.push(Attack {
            class,
            what,
            into: Into::Query(query),
        })
    };
    query("1:1000 of zeros", deflated(&vec![0; 6 << 20]));
    query(
        "1:1000 of elements",
        deflated("<a>".repeat(2 << 20).as_bytes()),
    );
    query(
        "1:1000, well-formed and just as much as allowed",
        deflated(format!("<a>{}</a>", " ".repeat(INFLATED)).as_bytes()),
    );
    query(
        "as many elements as inflate",
        deflated(format!("<a>{}</a>", "<b/>".repeat(INFLATED / 4)).as_bytes()),
    );
    query(
        "as many attributes as inflate",
        deflated(
            format!(
                "<a>{}</a>",
                fill(INFLATED, &format!("<b {}/>", fill(380, " c#=''")))
            )
            .as_bytes(),
        ),
    );
    query(
        "deflated twice",
        deflated(deflated(&vec![0; 6 << 20]).as_bytes()),
    );
    query("a stream that goes on after its end", {
        let mut query = deflated(b"<a/>");
        query.push_str(&"A".repeat(200_000));
        query
    });
    query(
        "blocks of nothing",
        format!(
            "SAMLRequest={}",
            url::form_urlencoded::byte_serialize(
                raw::base64(&[0u8, 0, 0, 0xFF, 0xFF].repeat(38_000)).as_bytes()
            )
            .collect::<String>()
        ),
    );
    query(
        "a long SigAlg",
        format!(
            "{}&SigAlg={}&Signature=AAAA",
            deflated(b"<a/>"),
            "a".repeat(200_000)
        ),
    );
    query(
        "a long Signature",
        format!(
            "{}&SigAlg=http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256&Signature={}",
            deflated(good.request.as_bytes()),
            "AAAA".repeat(60_000)
        ),
    );
}

fn canonical(good: &Good, all: &mut Vec<Attack>) {
    let class = "canonical form";
    let long = format!("u:{}", "x".repeat(500));
    // The stranger's: only what stands in SignedInfo is canonicalised before the key has its say.
    add(
        all,
        class,
        "a SignedInfo that repeats a namespace",
        good.with(
            "</ds:SignedInfo>",
            &format!("<a xmlns:p='{long}'>{}</a>", "<p:a/>".repeat(18_000)),
        ),
    );
    add(all, class, "long prefixes in SignedInfo", {
        let prefix = "p".repeat(20_000);
        good.inner
            .replace("ds:", &format!("{prefix}:"))
            .replace("xmlns:ds=", &format!("xmlns:{prefix}="))
            .chars()
            .take(POSTED * 3)
            .collect()
    });
    // A registered IdP's: it may sign what it likes.
    let value = |inside: &str| {
        format!(
            "<saml:Attribute Name='a'><saml:AttributeValue>{inside}</saml:AttributeValue></saml:Attribute>"
        )
    };
    let at = "</saml:AttributeStatement>";
    add(
        all,
        class,
        "signed: a namespace repeated thousands of times",
        good.by_the_idp(
            at,
            &value(&format!(
                "<a xmlns:p='{long}'>{}</a>",
                "<p:a/>".repeat(17_000)
            )),
            "",
        ),
    );
    add(
        all,
        class,
        "signed: below the budget, every name",
        good.by_the_idp(
            at,
            &value(&format!(
                "<a xmlns:p='u:{}'>{}</a>",
                "x".repeat(20),
                "<p:a/>".repeat(17_000)
            )),
            "",
        ),
    );
    add(
        all,
        class,
        "signed: text that grows by escaping",
        good.by_the_idp(at, &value(&"&#13;".repeat(POSTED / 5 - 2000)), ""),
    );
    add(
        all,
        class,
        "signed: attributes to be sorted",
        good.by_the_idp(
            at,
            &value(&fill(
                POSTED - 16_000,
                &format!("<a {}/>", fill(380, " b#=''")),
            )),
            "",
        ),
    );
}

fn encryption(good: &Good, world: &World, all: &mut Vec<Attack>) {
    let class = "encryption";
    let (from, to) = (
        good.encrypted.find("<xenc:EncryptedKey>").unwrap(),
        good.encrypted.find("</xenc:EncryptedKey>").unwrap() + 20,
    );
    let key = &good.encrypted[from..to];
    let with = |what: &str| {
        good.encrypted
            .replacen("</ds:KeyInfo>", &format!("{what}</ds:KeyInfo>"), 1)
    };
    add(
        all,
        class,
        "hundreds of EncryptedKeys",
        with(&fill(POSTED - 8000, key)),
    );
    add(
        all,
        class,
        "as many EncryptedKeys as allowed",
        with(&key.repeat(3)),
    );
    add(
        all,
        class,
        "EncryptedKeys beside",
        good.encrypted.replacen(
            "</saml:EncryptedAssertion>",
            &format!("{}</saml:EncryptedAssertion>", fill(POSTED - 8000, key)),
            1,
        ),
    );
    add(all, class, "EncryptedData in EncryptedData", {
        let (from, to) = (
            good.encrypted.find("<xenc:EncryptedData").unwrap(),
            good.encrypted.find("</saml:EncryptedAssertion>").unwrap(),
        );
        good.encrypted.replacen(
            "</saml:EncryptedAssertion>",
            &format!(
                "{}</saml:EncryptedAssertion>",
                fill(POSTED - 8000, &good.encrypted[from..to])
            ),
            1,
        )
    });
    add(all, class, "a long wrapped key", {
        let start = good.encrypted[from..to].find("<xenc:CipherValue>").unwrap() + from + 18;
        [
            &good.encrypted[..start],
            &"AAAA".repeat(POSTED / 4 - 3000),
            &good.encrypted[start..],
        ]
        .concat()
    });
    add(all, class, "a long CipherValue", {
        let end = good.encrypted.rfind("</xenc:CipherValue>").unwrap();
        let start = good.encrypted.rfind("<xenc:CipherValue>").unwrap() + 18;
        [
            &good.encrypted[..start],
            &"AAAA".repeat(POSTED / 4 - 2000),
            &good.encrypted[end..],
        ]
        .concat()
    });
    // Sealed for the hub by anybody: what comes out is read as strictly as what came in.
    let mut sealed = |what, plain: String| {
        let content = raw::gcm(&[7; 32], plain.as_bytes());
        let wrapped = raw::wrapped(&[7; 32], &world.keys.hub.bare);
        let assertion = raw::encrypted_assertion(raw::AES256_GCM, &content, &wrapped);
        add(
            all,
            class,
            what,
            format!("{}{assertion}</samlp:Response>", good.envelope),
        );
    };
    let half = 130 * 1024;
    sealed(
        "sealed: elements",
        format!("<a>{}</a>", "<b></b>".repeat(half / 7)),
    );
    sealed(
        "sealed: attributes",
        format!("<a {}></a>", fill(half - 2000, " a#=\"\"")),
    );
    sealed(
        "sealed: a namespace used thousands of times",
        format!(
            "<p:a xmlns:p=\"u:p\">{}</p:a>",
            "<p:b></p:b>".repeat(half / 11 - 100)
        ),
    );
}

fn values(good: &Good, all: &mut Vec<Attack>) {
    let class = "values";
    let attribute = |name: &str, values: &str| {
        format!("<saml:Attribute Name='{name}'>{values}</saml:Attribute>")
    };
    let at = "</saml:AttributeStatement>";
    let room = POSTED - 16_000;
    let value = "<saml:AttributeValue>#</saml:AttributeValue>";
    add(
        all,
        class,
        "signed: AttributeValues",
        good.by_the_idp(at, &attribute("a", &fill(room, value)), ""),
    );
    add(
        all,
        class,
        "signed: Attributes",
        good.by_the_idp(at, &fill(room, &attribute("a", value)), ""),
    );
    for (what, name) in [
        (
            "signed: levels",
            "https://data.gov.dk/concept/core/nsis/loa",
        ),
        (
            "signed: CVRs",
            "https://data.gov.dk/model/core/eid/professional/cvr",
        ),
        (
            "signed: versions",
            "https://data.gov.dk/model/core/specVersion",
        ),
    ] {
        add(
            all,
            class,
            what,
            good.by_the_idp(at, &attribute(name, &fill(room, value)), ""),
        );
    }
    add(
        all,
        class,
        "signed: a long CVR",
        good.by_the_idp(
            at,
            &attribute(
                "https://data.gov.dk/model/core/eid/professional/cvr",
                &format!(
                    "<saml:AttributeValue>{}</saml:AttributeValue>",
                    "1".repeat(room)
                ),
            ),
            "",
        ),
    );
    let confirmation = "<saml:SubjectConfirmation Method='urn:oasis:names:tc:SAML:2.0:cm:bearer'><saml:SubjectConfirmationData/></saml:SubjectConfirmation>";
    add(
        all,
        class,
        "signed: SubjectConfirmations",
        good.by_the_idp("</saml:Subject>", &fill(room, confirmation), ""),
    );
    add(all, class, "signed: AudienceRestrictions", good.by_the_idp("</saml:Conditions>", &fill(room, "<saml:AudienceRestriction><saml:Audience>#</saml:Audience></saml:AudienceRestriction>"), ""));
    add(
        all,
        class,
        "signed: Audiences",
        good.by_the_idp(
            "</saml:AudienceRestriction>",
            &fill(room, "<saml:Audience>#</saml:Audience>"),
            "",
        ),
    );
    add(all, class, "signed: AuthnStatements", good.by_the_idp("<saml:AttributeStatement>", &fill(room, "<saml:AuthnStatement AuthnInstant='2026-11-21T12:00:00Z'><saml:AuthnContext><saml:AuthnContextClassRef>#</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>"), ""));
    for (what, name) in [
        (
            "signed: a long CN",
            format!("C=DK,O=11111111,CN={},Serial=x", "a".repeat(room)),
        ),
        (
            "signed: a CN of commas",
            format!("C=DK,O=11111111,CN={},Serial=x", "\\,".repeat(room / 2)),
        ),
        (
            "signed: a NameID of parts",
            format!("C=DK,{}", fill(room, "O=#,")),
        ),
        ("signed: a NameID of backslashes", "\\".repeat(room)),
    ] {
        let old = &good.assertion[good.assertion.find("C=DK,O=").unwrap()
            ..good.assertion.find("</saml:NameID>").unwrap()];
        let content = good.assertion.replacen(old, &name, 1);
        add(
            all,
            class,
            what,
            good.around(&raw::signed(&content, "_assertion-1", "", &good.key)),
        );
    }
    let attribute_of_response = |name: &str| {
        let at = good
            .inner
            .find(&format!(" {name}=\""))
            .unwrap_or_else(|| panic!("{name}"))
            + name.len()
            + 3;
        [&good.inner[..at], &"a".repeat(room), &good.inner[at..]].concat()
    };
    for (what, name) in [
        ("a long ID", "ID"),
        ("a long InResponseTo", "InResponseTo"),
        ("a long Destination", "Destination"),
        ("a long IssueInstant", "IssueInstant"),
        ("a long Version", "Version"),
    ] {
        add(all, class, what, attribute_of_response(name));
    }
    add(
        all,
        class,
        "a long Issuer",
        good.value("saml:Issuer", &"a".repeat(room)),
    );
    add(
        all,
        class,
        "a long status message",
        good.inner.replacen(
            "</samlp:Status>",
            &format!(
                "<samlp:StatusMessage>{}</samlp:StatusMessage></samlp:Status>",
                "a".repeat(room)
            ),
            1,
        ),
    );
    add(all, class, "status codes in status codes", {
        let mut codes = String::new();
        for _ in 0..55 {
            codes = format!(
                "<samlp:StatusCode Value='urn:oasis:names:tc:SAML:2.0:status:Responder'>{codes}</samlp:StatusCode>"
            );
        }
        format!(
            "{}{codes}</samlp:Status></samlp:Response>",
            good.envelope.split("<samlp:StatusCode").next().unwrap()
        )
    });
    add(
        all,
        class,
        "assertions",
        good.around(&fill(
            POSTED - 4000,
            &good.assertion.replace("_assertion-1", "_a#"),
        )),
    );
    add(
        all,
        class,
        "assertions hidden deep",
        good.extended(&format!(
            "{}{}{}",
            "<a>".repeat(55),
            good.assertion,
            "</a>".repeat(55)
        )),
    );
}

fn requests(good: &Good, all: &mut Vec<Attack>) {
    let class = "requests";
    let mut request = |what, xml: String| {
        all.push(Attack {
            class,
            what,
            into: Into::Request(xml),
        })
    };
    let room = POSTED - 8000;
    request(
        "class refs",
        good.requested(&format!(
            "<samlp:RequestedAuthnContext>{}</samlp:RequestedAuthnContext>",
            fill(
                room,
                "<saml:AuthnContextClassRef>urn:#</saml:AuthnContextClassRef>"
            )
        )),
    );
    request("levels as class refs", good.requested(&format!("<samlp:RequestedAuthnContext>{}</samlp:RequestedAuthnContext>", fill(room, "<saml:AuthnContextClassRef>https://data.gov.dk/concept/core/nsis/loa/High</saml:AuthnContextClassRef>"))));
    request(
        "IDPEntries",
        good.requested(&format!(
            "<samlp:Scoping><samlp:IDPList>{}</samlp:IDPList></samlp:Scoping>",
            fill(room, "<samlp:IDPEntry ProviderID='https://idp#.example'/>")
        )),
    );
    request(
        "RequesterIDs",
        good.requested(&format!(
            "<samlp:Scoping>{}</samlp:Scoping>",
            fill(room, "<samlp:RequesterID>u:#</samlp:RequesterID>")
        )),
    );
    request(
        "a long ACS address",
        good.request.replacen(
            "https://sag.example/acs",
            &format!("https://sag.example/acs{}", "/..".repeat(room / 3)),
            1,
        ),
    );
    request(
        "a long Issuer",
        good.request.replacen(
            "</saml:Issuer>",
            &format!("{}</saml:Issuer>", "a".repeat(room)),
            1,
        ),
    );
    request(
        "a long ID",
        good.request.replacen(
            "ID=\"_request-1\"",
            &format!("ID=\"_{}\"", "a".repeat(room)),
            1,
        ),
    );
    request(
        "entities",
        format!(
            "<!DOCTYPE a [{}]>{}",
            "<!ENTITY a 'b'>".repeat(room / 15),
            good.request
        ),
    );
    request("a forged signature over thousands of names", {
        let content = good.requested(&format!(
            "<samlp:Scoping>{}</samlp:Scoping>",
            fill(room - 4000, "<samlp:RequesterID>u:#</samlp:RequesterID>")
        ));
        raw::signed(
            &content,
            "_request-1",
            "",
            &crate::world::keys().stranger.signing,
        )
    });
}

fn metadata(good: &Good, world: &World, all: &mut Vec<Attack>) {
    let class = "metadata of 512 KiB";
    let mut metadata = |what, xml: String| {
        all.push(Attack {
            class,
            what,
            into: Into::Metadata(xml),
        })
    };
    const MD: &str = "xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\"";
    let group =
        |inside: String| format!("<md:EntitiesDescriptor {MD}>{inside}</md:EntitiesDescriptor>");
    metadata(
        "entities in a DTD",
        format!(
            "<!DOCTYPE a [{}]>{}",
            "<!ENTITY a 'b'>".repeat(INFLATED / 20),
            good.metadata
        ),
    );
    let from = good.metadata.find("<md:EntityDescriptor").unwrap();
    metadata(
        "the same entity again and again",
        group(fill(INFLATED - 1000, &good.metadata[from..])),
    );
    let service = "<md:SingleSignOnService Binding='urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect' Location='https://a.example/#'/>";
    metadata(
        "endpoints",
        good.metadata.replacen(
            "</md:IDPSSODescriptor>",
            &format!(
                "{}<md:x/></md:IDPSSODescriptor>",
                fill(INFLATED - 40_000, service)
            ),
            1,
        ),
    );
    let key = format!(
        "<md:KeyDescriptor><ds:KeyInfo xmlns:ds='http://www.w3.org/2000/09/xmldsig#'><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>",
        world.keys.idp.certificate.to_base64()
    );
    let start = good.metadata.find("<md:KeyDescriptor").unwrap();
    metadata(
        "hundreds of certificates",
        [
            &good.metadata[..start],
            &fill(INFLATED - 40_000, &key),
            &good.metadata[start..],
        ]
        .concat()
        .replace("</md:IDPSSODescriptor>", "<md:x/></md:IDPSSODescriptor>"),
    );
    metadata(
        "attributes",
        group(format!(
            "<md:EntityDescriptor {}/>",
            fill(INFLATED - 1000, " a#=''")
        )),
    );
    metadata(
        "namespaces",
        group(format!(
            "<md:EntityDescriptor {}/>",
            fill(INFLATED - 1000, " xmlns:p#='u:#'")
        )),
    );
    metadata("depth", fill(INFLATED, "<md:EntitiesDescriptor>"));
    metadata("elements", group("<a/>".repeat(INFLATED / 4)));
}
