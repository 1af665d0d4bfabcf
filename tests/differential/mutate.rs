//! Bending a message: structure, names, namespaces, references, algorithms, text.

use super::Dice;
use super::tree::{Element, Node};

/// What may be mixed into a message.
pub struct Stock {
    /// Other messages, of the same IdP and of a stranger.
    pub others: Vec<Element>,
}

const IDS: [&str; 6] = ["_assertion-1", "_response-1", "_a", "", "_assertion-2", "1"];
const ALGORITHMS: [&str; 14] = [
    "http://www.w3.org/2001/10/xml-exc-c14n#",
    "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
    "http://www.w3.org/2000/09/xmldsig#base64",
    "http://www.w3.org/2000/09/xmldsig#sha1",
    "http://www.w3.org/2001/04/xmlenc#sha256",
    "http://www.w3.org/2001/04/xmlenc#sha512",
    "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
    "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
    "http://www.w3.org/TR/1999/REC-xpath-19991116",
];
const URIS: [&str; 6] = [
    "#_assertion-1",
    "#_response-1",
    "",
    "#xpointer(/)",
    "#xpointer(id('_assertion-1'))",
    "#_a",
];
const NAMESPACES: [&str; 5] = [
    "urn:oasis:names:tc:SAML:2.0:assertion",
    "urn:oasis:names:tc:SAML:2.0:protocol",
    "http://www.w3.org/2000/09/xmldsig#",
    "urn:example:other",
    "",
];
const NAMES: [&str; 12] = [
    "saml:Assertion",
    "samlp:Response",
    "samlp:Extensions",
    "saml:Advice",
    "ds:Object",
    "ds:Signature",
    "saml:AttributeValue",
    "saml:Attribute",
    "samlp:StatusDetail",
    "saml:Subject",
    "saml:EncryptedAssertion",
    "x",
];

/// A mutant, one to three steps away from `good`.
pub fn mutant(good: &Element, stock: &Stock, dice: &mut Dice) -> String {
    let mut message = good.clone();
    for _ in 0..=dice.below(3) {
        step(&mut message, stock, dice);
    }
    let mut text = String::new();
    if dice.one_in(10) {
        text.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- before -->");
    }
    let varied = dice.one_in(3);
    message.write(&mut varied.then_some(dice), &mut text);
    text
}

fn anywhere(message: &Element, dice: &mut Dice) -> Vec<usize> {
    let paths = message.paths();
    dice.pick(&paths).clone()
}

/// Takes the element at `path` out, unless it is the root.
fn take(message: &mut Element, path: &[usize]) -> Option<Node> {
    let (&last, parent) = path.split_last()?;
    Some(message.at(parent).children.remove(last))
}

fn put(message: &mut Element, node: Node, dice: &mut Dice) {
    let path = anywhere(message, dice);
    let parent = message.at(&path);
    let at = dice.below(parent.children.len() + 1);
    parent.children.insert(at, node);
}

fn step(message: &mut Element, stock: &Stock, dice: &mut Dice) {
    let path = anywhere(message, dice);
    match dice.below(30) {
        0 => drop(take(message, &path)),
        // Moved, copied, doubled, swapped.
        1 => {
            if let Some(node) = take(message, &path) {
                put(message, node, dice);
            }
        }
        2 => {
            let copy = Node::Element(message.at(&path).clone());
            put(message, copy, dice);
        }
        3 => {
            if let Some((&last, parent)) = path.split_last() {
                let parent = message.at(parent);
                let copy = parent.children[last].clone();
                parent.children.insert(last, copy);
            }
        }
        4 => {
            let children = &mut message.at(&path).children;
            if children.len() > 1 {
                let (a, b) = (dice.below(children.len()), dice.below(children.len()));
                children.swap(a, b);
            }
        }
        // Another name, prefix, namespace.
        5 => message.at(&path).name = dice.word(&NAMES).to_owned(),
        6 => prefix(message.at(&path), dice),
        7 => {
            let element = message.at(&path);
            let uri = dice.word(&NAMESPACES).to_owned();
            let name = dice.word(&[
                "xmlns",
                "xmlns:saml",
                "xmlns:samlp",
                "xmlns:ds",
                "xmlns:unused",
            ]);
            element.attributes.retain(|(known, _)| known != name);
            element.attributes.push((name.to_owned(), uri));
        }
        // Attributes.
        8 => attributes(message.at(&path), dice),
        9 => {
            let id = dice.word(&IDS).to_owned();
            let name = dice.word(&["ID", "ID", "Id", "id", "xml:id", "samlp:ID"]);
            let element = message.at(&path);
            element.attributes.retain(|(known, _)| known != name);
            element.attributes.push((name.to_owned(), id));
        }
        10 => {
            if let Some(path) = message.path_to("Reference") {
                let uri = dice.word(&URIS).to_owned();
                message.at(&path).attributes = vec![("URI".to_owned(), uri)];
            }
        }
        11 => algorithm(message, dice),
        // Text.
        12..=14 => text(message, dice),
        15 => {
            let raw = dice.word(&[
                "<!-- x -->",
                " ",
                "\n",
                "\r\n",
                "\t",
                "x",
                "<![CDATA[ ]]>",
                "<![CDATA[x]]>",
                "&#32;",
                "&amp;",
                "&x;",
                "<?x?>",
                "]]>",
                "\u{A0}",
            ]);
            put(message, Node::Raw(raw.to_owned()), dice);
        }
        16 => {
            let value = dice.word(&["<!-- x -->", "\n", "<!---->", " "]);
            message.at(&path).children.push(Node::Raw(value.to_owned()));
        }
        // Wrapped, unwrapped.
        17 => {
            if let Some((&last, parent)) = path.split_last() {
                let parent = message.at(parent);
                let inside = parent.children[last].clone();
                parent.children[last] = Node::Element(Element {
                    name: dice.word(&NAMES).to_owned(),
                    attributes: vec![
                        ("xmlns:saml".to_owned(), NAMESPACES[0].to_owned()),
                        ("xmlns:ds".to_owned(), NAMESPACES[2].to_owned()),
                    ],
                    children: vec![inside],
                });
            }
        }
        18 => {
            if let Some((&last, parent)) = path.split_last() {
                let parent = message.at(parent);
                if let Node::Element(element) = parent.children.remove(last) {
                    parent.children.splice(last..last, element.children);
                }
            }
        }
        // Parts of other messages.
        19 | 20 => {
            let other = dice.pick(&stock.others).clone();
            let from = anywhere(&other, dice);
            let part = other.clone().at(&from).clone();
            if dice.one_in(2) && !path.is_empty() {
                *message.at(&path) = part;
            } else {
                put(message, Node::Element(part), dice);
            }
        }
        21 => {
            // The same part of another message.
            let other = dice.pick(&stock.others).clone();
            let local = message.at(&path).local().to_owned();
            if let Some(part) = other.find(&local) {
                *message.at(&path) = part.clone();
            }
        }
        22 => {
            let list = dice.word(&["saml", "#default", "saml samlp ds", "xs", ""]);
            let local = dice.word(&["CanonicalizationMethod", "Transform"]);
            if let Some(path) = message.path_to(local) {
                message.at(&path).children.push(Node::Element(Element {
                    name: "ec:InclusiveNamespaces".to_owned(),
                    attributes: vec![
                        ("xmlns:ec".to_owned(), ALGORITHMS[0].to_owned()),
                        ("PrefixList".to_owned(), list.to_owned()),
                    ],
                    children: Vec::new(),
                }));
            }
        }
        23 => {
            if let Some(path) = message.path_to("KeyInfo") {
                message.at(&path).children.clear();
            }
        }
        24 => {
            if let Some(path) =
                message.path_to(dice.word(&["Signature", "KeyInfo", "Reference", "SignedInfo"]))
            {
                take(message, &path);
            }
        }
        _ => wrapping(message, dice),
    }
}

/// The same name by another prefix, declared on the spot.
fn prefix(element: &mut Element, dice: &mut Dice) {
    let uri = match element.name.split_once(':') {
        Some(("saml", _)) => NAMESPACES[0],
        Some(("samlp", _)) => NAMESPACES[1],
        Some(("ds", _)) => NAMESPACES[2],
        _ => return,
    };
    let local = element.local().to_owned();
    let (name, declaration) = match dice.below(3) {
        0 => (local, "xmlns".to_owned()),
        1 => (format!("saml2:{local}"), "xmlns:saml2".to_owned()),
        _ => (format!("æ:{local}"), "xmlns:æ".to_owned()),
    };
    element.name = name;
    element
        .attributes
        .retain(|(known, _)| *known != declaration);
    element.attributes.push((declaration, uri.to_owned()));
}

fn attributes(element: &mut Element, dice: &mut Dice) {
    let count = element.attributes.len();
    if count == 0 {
        element.attributes.push(("x".to_owned(), "y".to_owned()));
        return;
    }
    let at = dice.below(count);
    match dice.below(6) {
        0 => drop(element.attributes.remove(at)),
        1 => element.attributes.push(element.attributes[at].clone()),
        2 => element.attributes.swap(at, 0),
        3 => element.attributes[at].1 = flipped(&element.attributes[at].1, dice),
        4 => element.attributes[at]
            .1
            .push_str(dice.word(&[" ", "&#10;", "&#x20;", "\n", "/", "&amp;"])),
        _ => element
            .attributes
            .push(("xsi:type".to_owned(), "xs:string".to_owned())),
    }
}

fn algorithm(message: &mut Element, dice: &mut Dice) {
    let mut paths = message.paths();
    let mut copy = message.clone();
    paths.retain(|path| copy.at(path).attribute("Algorithm").is_some());
    if paths.is_empty() {
        return;
    }
    let element = message.at(&dice.pick(&paths).clone());
    let uri = dice.word(&ALGORITHMS).to_owned();
    if let Some(attribute) = element
        .attributes
        .iter_mut()
        .find(|(name, _)| name == "Algorithm")
    {
        attribute.1 = uri;
    }
}

/// Changes a text, or writes it in another way that means the same.
fn text(message: &mut Element, dice: &mut Dice) {
    let mut paths = message.paths();
    let mut copy = message.clone();
    paths.retain(|path| {
        copy.at(path)
            .children
            .iter()
            .any(|child| matches!(child, Node::Raw(_)))
    });
    if paths.is_empty() {
        return;
    }
    let element = message.at(&dice.pick(&paths).clone());
    for child in &mut element.children {
        let Node::Raw(text) = child else { continue };
        // Not within a character or a reference.
        let at = text
            .char_indices()
            .map(|(at, _)| at)
            .nth(dice.below(text.chars().count().max(1)))
            .unwrap_or(0);
        let (head, tail) = text.split_at(at);
        let simple = !text.contains(['&', '<']);
        *text = match dice.below(9) {
            0 => flipped(text, dice),
            1 => format!("{head}<!-- x -->{tail}"),
            2 => format!("{head}<![CDATA[{tail}]]>"),
            3 => format!("{head}<![CDATA[]]>{tail}"),
            4 => format!("{head}<x/>{tail}"),
            5 => format!("{head}\n{tail}"),
            6 => format!(" {text} "),
            7 if simple => text
                .chars()
                .map(|c| format!("&#x{:X};", u32::from(c)))
                .collect(),
            8 if simple => format!("<![CDATA[{text}]]>"),
            _ => head.to_owned(),
        };
        return;
    }
}

/// One character another one.
fn flipped(text: &str, dice: &mut Dice) -> String {
    let count = text.chars().count();
    if count == 0 {
        return "x".to_owned();
    }
    let at = dice.below(count);
    let other = *dice.pick(&['A', 'b', '0', '=', 'ø', 'x', '1']);
    text.chars()
        .enumerate()
        .map(|(n, c)| if n == at { other } else { c })
        .collect()
}

/// Signature wrapping: the signed assertion moves somewhere, and one that says something else takes its place.
fn wrapping(message: &mut Element, dice: &mut Dice) {
    let Some(path) = message.path_to("Assertion") else {
        return;
    };
    let Some((&last, parent)) = path.split_last() else {
        return;
    };
    let good = message.at(&path).clone();
    let mut evil = good.clone();
    if let Some(path) = evil.path_to("NameID") {
        evil.at(&path).children = vec![Node::Raw("C=DK,O=11111111,CN=Ond,Serial=6".to_owned())];
    }
    if dice.one_in(2) {
        for attribute in &mut evil.attributes {
            if attribute.0 == "ID" {
                attribute.1 = dice.word(&["_evil", "_assertion-1", ""]).to_owned();
            }
        }
    }
    let signature = evil.path_to("Signature");
    let mut hidden = good;
    match (dice.below(4), &signature) {
        // The evil one has no signature, or the good one's, or the good one lost it.
        (0 | 1, Some(path)) => drop(take(&mut evil, path)),
        (2, _) => {
            if let Some(path) = hidden.path_to("Signature") {
                take(&mut hidden, &path);
            }
        }
        _ => {}
    }
    let hidden = Node::Element(hidden);
    let within = |name: &str, node: Node| {
        Node::Element(Element {
            name: name.to_owned(),
            attributes: vec![("xmlns:ds".to_owned(), NAMESPACES[2].to_owned())],
            children: vec![node],
        })
    };
    match dice.below(7) {
        0 => {
            message.at(parent).children.insert(last, hidden);
            message.at(parent).children[last + 1] = Node::Element(evil);
        }
        1 => {
            message.at(parent).children[last] = Node::Element(evil);
            message.at(parent).children.push(hidden);
        }
        2 => {
            let object = within("ds:Object", hidden);
            match evil.path_to("Signature") {
                Some(path) => evil.at(&path).children.push(object),
                None => evil.children.push(object),
            }
            message.at(parent).children[last] = Node::Element(evil);
        }
        3 => {
            message.at(parent).children[last] = Node::Element(evil);
            let extensions = within("samlp:Extensions", hidden);
            message.at(parent).children.insert(1.min(last), extensions);
        }
        4 => {
            evil.children.push(within("saml:Advice", hidden));
            message.at(parent).children[last] = Node::Element(evil);
        }
        5 => {
            let at = dice.below(evil.children.len() + 1);
            evil.children.insert(at, hidden);
            message.at(parent).children[last] = Node::Element(evil);
        }
        _ => {
            message.at(parent).children[last] = Node::Element(evil);
            put(message, hidden, dice);
        }
    }
}
