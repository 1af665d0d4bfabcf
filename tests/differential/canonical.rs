//! Exclusive canonical form, ours and that of libxml2: whole documents by xmllint, subtrees with PrefixList by
//! xmlsec1, which verifies a signature over our form only if its own is the same.

use super::Dice;
use super::judges::{self, Folder};
use crate::support::{raw, shipped};
use std::fmt::Write;
use std::path::PathBuf;
use vejviser::xml::{Document, canonical};

/// Bindings that a prefix may have; the first of all prefixes is the default one.
const PREFIXES: [&str; 5] = ["", "a", "b", "saml", "æ"];
const NAMES: [&str; 6] = [
    "urn:a",
    "urn:b",
    "http://example.com/?x=1",
    "urn:oasis:names:tc:SAML:2.0:assertion",
    "urn:c",
    "urn:d:%20",
];
const TEXTS: [&str; 16] = [
    "x",
    " ",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "&amp;",
    "&lt;",
    "&gt;",
    "&#13;",
    "&quot;'\"",
    "æøå€\u{1F600}",
    "]]",
    "&#x10FFFF;",
    "a>b",
    "\u{85}\u{2028}",
];
const VALUES: [&str; 12] = [
    "x",
    "",
    " a  b ",
    "\n",
    "\t",
    "&#9;",
    "&#10;",
    "&#13;",
    "&quot;",
    "'&apos;",
    "&lt;&gt;>",
    "&amp;æ\r\n",
];

/// A document in two writings that canonical form does not tell apart; the second has no comments, which
/// xmllint would keep.
struct Written {
    ours: String,
    theirs: String,
}

impl Written {
    fn both(&mut self, text: &str) {
        self.ours.push_str(text);
        self.theirs.push_str(text);
    }
}

/// An element in a scope of (prefix, bound name); the default namespace may be none.
fn element(out: &mut Written, scope: &[(usize, &'static str)], depth: usize, dice: &mut Dice) {
    let mut scope = scope.to_vec();
    let mut declared = Vec::new();
    for _ in 0..dice.below(4) {
        let prefix = dice.below(PREFIXES.len());
        if declared.iter().any(|(known, _)| *known == prefix) {
            continue;
        }
        let name = if prefix == 0 && dice.one_in(3) {
            ""
        } else {
            dice.word(&NAMES)
        };
        declared.push((prefix, name));
        scope.retain(|(known, _)| *known != prefix);
        scope.push((prefix, name));
    }
    let bound: Vec<usize> = scope
        .iter()
        .map(|(prefix, _)| *prefix)
        .filter(|prefix| *prefix != 0)
        .collect();
    let name = |prefix: usize, local: &str| match PREFIXES[prefix] {
        "" => local.to_owned(),
        prefix => format!("{prefix}:{local}"),
    };
    let prefix = if bound.is_empty() || dice.one_in(2) {
        0
    } else {
        *dice.pick(&bound)
    };
    let tag = name(prefix, dice.word(&["e", "Assertion", "ø", "a.b-c"]));
    let mut attributes: Vec<String> = declared
        .iter()
        .map(|(prefix, uri)| match PREFIXES[*prefix] {
            "" => format!("xmlns=\"{uri}\""),
            prefix => format!("xmlns:{prefix}='{uri}'"),
        })
        .collect();
    // (bound name, local) is unique, whatever the prefix.
    let mut used: Vec<(&str, &str)> = Vec::new();
    for _ in 0..dice.below(5) {
        let local = dice.word(&["x", "y", "Z", "lang", "ø"]);
        let prefix = if bound.is_empty() || dice.one_in(2) {
            0
        } else {
            *dice.pick(&bound)
        };
        let uri = match prefix {
            0 => "",
            _ => scope.iter().find(|(known, _)| *known == prefix).unwrap().1,
        };
        if used.contains(&(uri, local)) {
            continue;
        }
        used.push((uri, local));
        let value: String = (0..dice.below(4)).map(|_| dice.word(&VALUES)).collect();
        attributes.push(format!("{}=\"{value}\"", name(prefix, local)));
    }
    if dice.one_in(6) {
        attributes.push("xml:lang='da'".to_owned());
    }
    for at in (1..attributes.len()).rev() {
        attributes.swap(at, dice.below(at + 1));
    }
    out.both(&format!("<{tag}"));
    for attribute in &attributes {
        out.both(dice.word(&[" ", "\n", "  "]));
        out.both(attribute);
    }
    let children = if depth == 0 { 0 } else { dice.below(5) };
    if children == 0 && dice.one_in(2) {
        return out.both("/>");
    }
    out.both(">");
    for _ in 0..children {
        match dice.below(8) {
            0..=3 => element(out, &scope, depth - 1, dice),
            4 | 5 => out.both(dice.word(&TEXTS)),
            6 => out.both(dice.word(&[
                "<![CDATA[<&>]]>",
                "<![CDATA[]]>",
                "<![CDATA[ ]] ]]>",
                "<![CDATA[\r\n]]>",
            ])),
            _ => out
                .ours
                .push_str(dice.word(&["<!-- x -->", "<!---->", "<!-- <a> & - -->"])),
        }
    }
    out.both(&format!("</{tag}>"));
}

fn document(dice: &mut Dice) -> Written {
    let mut out = Written {
        ours: String::new(),
        theirs: String::new(),
    };
    if dice.one_in(3) {
        out.both("<?xml version='1.0' encoding=\"UTF-8\"?>\n");
    }
    if dice.one_in(5) {
        out.ours.push_str("<!-- before -->");
    }
    element(&mut out, &[], 5, dice);
    if dice.one_in(5) {
        out.ours.push_str("\n<!-- after -->");
    }
    out
}

#[test]
fn canonical_form_of_whole_documents_is_xmllints() {
    let documents: Vec<Written> = (0..600).map(|n| document(&mut Dice::new(n))).collect();
    let distinct: std::collections::BTreeSet<&str> =
        documents.iter().map(|d| d.ours.as_str()).collect();
    assert!(distinct.len() > 450, "{}", distinct.len());
    let judge = judges::there_is("xmllint");
    let folder = Folder::new("canonical");
    for (n, written) in documents.iter().enumerate() {
        let parsed = Document::parse(written.ours.as_bytes())
            .unwrap_or_else(|error| panic!("{n}: {error}\n{}", written.ours));
        let ours = canonical(parsed.root(), None, &[]);
        let again = Document::parse(ours.as_bytes()).unwrap();
        assert_eq!(
            canonical(again.root(), None, &[]),
            ours,
            "{n}: canonical form of canonical form"
        );
        if judge {
            let file = folder.put("document.xml", written.theirs.as_bytes());
            let theirs = judges::exclusive(&file)
                .unwrap_or_else(|| panic!("{n}: xmllint refuses\n{}", written.theirs));
            assert_eq!(ours, theirs, "{n}: {}", written.ours);
        }
    }
}

/// A Response in form only: an element somewhere deep, with an ID and a signature over it, in the scope of
/// whatever stands around.
#[test]
fn canonical_form_of_subtrees_with_prefix_lists_is_xmlsecs() {
    if !judges::there_is("xmlsec1") {
        return;
    }
    let key = &shipped::keys().idp;
    let folder = Folder::new("subtrees");
    let pem = folder.put("key.pem", &key.bare.public_key_to_pem().unwrap());
    let lists = [
        "",
        "a",
        "#default",
        "a b",
        "#default saml æ",
        "absent b",
        "xml a",
    ];
    let mut files: Vec<PathBuf> = Vec::new();
    let mut forms = Vec::new();
    for n in 0..600u64 {
        let dice = &mut Dice::new(1_000_000 + n);
        let mut inside = Written {
            ours: String::new(),
            theirs: String::new(),
        };
        // Everything is bound around, so that the list has something to find.
        let scope: Vec<(usize, &'static str)> = (0..PREFIXES.len())
            .map(|prefix| (prefix, NAMES[prefix]))
            .collect();
        element(&mut inside, &scope, 4, dice);
        let list = dice.word(&lists);
        let mut around = String::from("<r");
        for (prefix, name) in &scope {
            match PREFIXES[*prefix] {
                "" => write!(around, " xmlns=\"{name}\"").unwrap(),
                prefix => write!(around, " xmlns:{prefix}=\"{name}\"").unwrap(),
            }
        }
        let open =
            format!("{around}><s><t:t xmlns:t=\"urn:test\" ID=\"_t\" xmlns:b=\"urn:again\">");
        let close = "</t:t></s></r>";
        let unsigned = format!("{open}{}{close}", inside.ours);
        let parsed = Document::parse(unsigned.as_bytes())
            .unwrap_or_else(|error| panic!("{n}: {error}\n{unsigned}"));
        let prefixes: Vec<&str> = list.split_ascii_whitespace().collect();
        let apex = parsed
            .root()
            .elements()
            .next()
            .unwrap()
            .elements()
            .next()
            .unwrap();
        let form = canonical(apex, None, &prefixes);
        // What is in scope where the signature stands.
        let here = around.replace(
            &format!("xmlns:b=\"{}\"", NAMES[2]),
            "xmlns:b=\"urn:again\"",
        );
        let here = format!("{here} xmlns:t=\"urn:test\"");
        let signature = raw::signature_over(&form, "_t", list, &here, &key.signing);
        let signed = format!("{open}{signature}{}{close}", inside.ours);
        files.push(folder.put(&format!("{n}.xml"), signed.as_bytes()));
        forms.push(form);
    }
    let digested = judges::verify(&pem, "//*[local-name()='Signature']", &files).unwrap_or_else(
        |(file, said)| {
            panic!(
                "xmlsec1 has another canonical form: {said}\n{}",
                std::fs::read_to_string(&file).unwrap()
            )
        },
    );
    assert_eq!(digested, forms);
}
