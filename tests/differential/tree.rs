//! Canonical XML as a tree that a test can bend, read and written by a few lines that share nothing with the
//! reader under test. Text and values stay escaped as they stood.

use super::Dice;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    Element(Element),
    /// Text, or markup that is put in as it is.
    Raw(String),
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Element {
    pub name: String,
    /// Declarations among them.
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Node>,
}

impl Element {
    /// Reads canonical form: every element has an end tag, every value double quotes.
    pub fn parse(text: &str) -> Self {
        let mut rest = text;
        match read(&mut rest) {
            Some(Node::Element(root)) if rest.is_empty() => root,
            _ => panic!("not canonical: {text}"),
        }
    }

    pub fn local(&self) -> &str {
        self.name.rsplit(':').next().unwrap()
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Raw(_) => None,
        })
    }

    /// The first one with this local name, this one included.
    pub fn find(&self, local: &str) -> Option<&Element> {
        match self.local() == local {
            true => Some(self),
            false => self.elements().find_map(|child| child.find(local)),
        }
    }

    /// What is written directly in it, unescaped.
    pub fn text(&self) -> String {
        let raw: String = self
            .children
            .iter()
            .filter_map(|child| match child {
                Node::Raw(text) => Some(text.as_str()),
                Node::Element(_) => None,
            })
            .collect();
        unescape(&raw)
    }

    /// The way to every element, the root's empty one first.
    pub fn paths(&self) -> Vec<Vec<usize>> {
        let mut all = vec![Vec::new()];
        for (at, child) in self.children.iter().enumerate() {
            if let Node::Element(element) = child {
                all.extend(
                    element
                        .paths()
                        .into_iter()
                        .map(|path| [vec![at], path].concat()),
                );
            }
        }
        all
    }

    pub fn at(&mut self, path: &[usize]) -> &mut Element {
        match path.split_first() {
            None => self,
            Some((&first, rest)) => match &mut self.children[first] {
                Node::Element(element) => element.at(rest),
                Node::Raw(_) => panic!("a path leads to elements"),
            },
        }
    }

    /// The way to the first element with this local name.
    pub fn path_to(&self, local: &str) -> Option<Vec<usize>> {
        let mut copy = self.clone();
        let paths = self.paths();
        paths
            .into_iter()
            .find(|path| copy.at(path).local() == local)
    }

    /// As text; with `dice`, in one of the many forms that mean the same.
    pub fn write(&self, dice: &mut Option<&mut Dice>, out: &mut String) {
        let mut once = |chances| dice.as_mut().is_some_and(|dice| dice.one_in(chances));
        out.push('<');
        out.push_str(&self.name);
        for (name, value) in &self.attributes {
            out.push_str(if once(40) { "\n\t " } else { " " });
            out.push_str(name);
            out.push_str(if once(60) { " = " } else { "=" });
            let quote = if once(30) && !value.contains('\'') {
                '\''
            } else {
                '"'
            };
            out.push(quote);
            out.push_str(value);
            out.push(quote);
        }
        if once(40) {
            out.push(' ');
        }
        if self.children.is_empty() && once(3) {
            out.push_str("/>");
            return;
        }
        out.push('>');
        for child in &self.children {
            match child {
                Node::Element(element) => element.write(dice, out),
                Node::Raw(text) => out.push_str(text),
            }
        }
        out.push_str("</");
        out.push_str(&self.name);
        out.push('>');
    }

    pub fn to_text(&self) -> String {
        let mut out = String::new();
        self.write(&mut None, &mut out);
        out
    }
}

fn read(rest: &mut &str) -> Option<Node> {
    let Some(tag) = rest.strip_prefix('<') else {
        let end = rest.find('<').unwrap_or(rest.len());
        let (text, after) = rest.split_at(end);
        *rest = after;
        return Some(Node::Raw(text.to_owned()));
    };
    let (tag, after) = tag.split_once('>')?;
    *rest = after;
    let (name, mut values) = tag.split_once(' ').unwrap_or((tag, ""));
    let mut element = Element {
        name: name.to_owned(),
        ..Element::default()
    };
    while !values.is_empty() {
        let (attribute, after) = values.trim_start().split_once("=\"")?;
        let (value, after) = after.split_once('"')?;
        element
            .attributes
            .push((attribute.to_owned(), value.to_owned()));
        values = after;
    }
    let end = format!("</{name}>");
    loop {
        if let Some(after) = rest.strip_prefix(&end) {
            *rest = after;
            return Some(Node::Element(element));
        }
        if rest.is_empty() || rest.starts_with("</") {
            return None;
        }
        element.children.push(read(rest)?);
    }
}

/// The references of canonical form.
pub fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x9;", "\t")
        .replace("&#xA;", "\n")
        .replace("&#xD;", "\r")
        .replace("&amp;", "&")
}
