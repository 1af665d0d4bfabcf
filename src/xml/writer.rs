//! A writer whose output is already in exclusive canonical form, so that what is digested is what is sent.

use super::{Document, Limits, NONE, Ns, c14n, escape};
use std::borrow::Cow;

/// An element to be written. Namespaces are declared where they are first used, attributes are sorted,
/// and everything that needs escaping is escaped: there is no other way to put text in.
#[derive(Debug, Clone)]
pub struct Element {
    ns: Ns,
    local: &'static str,
    attributes: Vec<Attr>,
    children: Vec<Child>,
}

#[derive(Debug, Clone)]
struct Attr {
    ns: Option<Ns>,
    name: &'static str,
    value: Cow<'static, str>,
}

#[derive(Debug, Clone)]
enum Child {
    Element(Element),
    Text(Cow<'static, str>),
    Canonical(Canonical),
}

/// Bytes of one element in exclusive canonical form: what [`Element::render`] wrote or a signer spliced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canonical(String);

impl Canonical {
    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
    /// The bytes as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// With another canonical element put in at byte `at`, which is where a child may stand.
    pub(crate) fn splice(mut self, at: usize, other: &Canonical) -> Self {
        self.0.insert_str(at, &other.0);
        self
    }
}

/// The namespace of `xml:lang`, which is never declared.
const XML: Ns = Ns {
    prefix: "xml",
    uri: "http://www.w3.org/XML/1998/namespace",
};

impl Element {
    /// An empty element.
    pub fn new(ns: Ns, local: &'static str) -> Self {
        Self {
            ns,
            local,
            attributes: Vec::new(),
            children: Vec::new(),
        }
    }
    /// With an attribute that has no namespace, or `xml:lang`. A second one of the same name replaces the first.
    pub fn attr(self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        match name.strip_prefix("xml:") {
            Some(local) => self.put(Some(XML), local, value.into()),
            None => self.put(None, name, value.into()),
        }
    }
    /// With an attribute if there is a value.
    pub fn attr_opt(self, name: &'static str, value: Option<impl Into<Cow<'static, str>>>) -> Self {
        match value {
            Some(value) => self.attr(name, value),
            None => self,
        }
    }
    /// With an attribute in a namespace.
    pub fn attr_in(self, ns: Ns, local: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.put(Some(ns), local, value.into())
    }
    fn put(mut self, ns: Option<Ns>, name: &'static str, value: Cow<'static, str>) -> Self {
        self.attributes.retain(|a| (a.ns, a.name) != (ns, name));
        self.attributes.push(Attr { ns, name, value });
        self
    }
    /// With text.
    pub fn text(mut self, text: impl Into<Cow<'static, str>>) -> Self {
        self.children.push(Child::Text(text.into()));
        self
    }
    /// With a child element.
    pub fn child(mut self, child: Element) -> Self {
        self.children.push(Child::Element(child));
        self
    }
    /// With a child element if there is one.
    pub fn child_opt(self, child: Option<Element>) -> Self {
        match child {
            Some(child) => self.child(child),
            None => self,
        }
    }
    /// With several child elements.
    pub fn children(self, children: impl IntoIterator<Item = Element>) -> Self {
        children.into_iter().fold(self, Self::child)
    }
    /// With an element that is already canonical, such as a signed assertion.
    pub fn canonical_child(mut self, child: Canonical) -> Self {
        self.children.push(Child::Canonical(child));
        self
    }
    /// The element in exclusive canonical form.
    pub fn render(&self) -> Canonical {
        self.render_before(usize::MAX).0
    }

    /// The element, and the byte at which its child number `index` starts (or its end tag).
    pub(crate) fn render_before(&self, index: usize) -> (Canonical, usize) {
        let mut out = String::with_capacity(1024);
        let mark = self.write(&mut out, &mut Vec::new(), index);
        // Only whole strings were appended, so this takes the bytes over.
        (Canonical(out), mark)
    }

    /// Whether the first child is the element `local` in `ns`.
    pub(crate) fn starts_with(&self, ns: Ns, local: &str) -> bool {
        matches!(self.children.first(), Some(Child::Element(e)) if e.ns == ns && e.local == local)
    }

    fn write<'e>(
        &'e self,
        out: &mut String,
        rendered: &mut Vec<(&'e str, &'e str)>,
        index: usize,
    ) -> usize {
        let outside = rendered.len();
        out.push('<');
        self.push_name(out);
        let used = self
            .attributes
            .iter()
            .filter_map(|a| a.ns)
            .filter(|ns| *ns != XML);
        let used = std::iter::once(self.ns).chain(used);
        for ns in used.filter(|ns| *ns != NONE) {
            let holds = rendered
                .iter()
                .rev()
                .find(|(prefix, _)| *prefix == ns.prefix);
            if holds.map(|h| h.1) != Some(ns.uri) {
                rendered.push((ns.prefix, ns.uri));
            }
        }
        rendered[outside..].sort_unstable();
        for (prefix, uri) in &rendered[outside..] {
            out.push_str(" xmlns:");
            push_attr(out, prefix, uri);
        }
        let mut sorted: Vec<&Attr> = self.attributes.iter().collect();
        sorted.sort_unstable_by_key(|a| (a.ns.map_or("", |ns| ns.uri), a.name));
        for attr in sorted {
            out.push(' ');
            if let Some(ns) = attr.ns {
                out.push_str(ns.prefix);
                out.push(':');
            }
            push_attr(out, attr.name, &attr.value);
        }
        out.push('>');
        let mut mark = None;
        for (i, child) in self.children.iter().enumerate() {
            if i == index {
                mark = Some(out.len());
            }
            match child {
                Child::Element(element) => {
                    element.write(out, rendered, usize::MAX);
                }
                Child::Text(text) => escape::push_text(out, &escape::carried(text)),
                Child::Canonical(canonical) => push_canonical(out, canonical, rendered),
            }
        }
        let mark = mark.unwrap_or(out.len());
        out.push_str("</");
        self.push_name(out);
        out.push('>');
        rendered.truncate(outside);
        mark
    }

    fn push_name(&self, out: &mut String) {
        if self.ns != NONE {
            out.push_str(self.ns.prefix);
            out.push(':');
        }
        out.push_str(self.local);
    }
}

fn push_attr(out: &mut String, name: &str, value: &str) {
    out.push_str(name);
    out.push_str("=\"");
    escape::push_attribute(out, &escape::carried(value));
    out.push('"');
}

/// A canonical element inside another: where an outer element already declares one of its namespaces, the
/// canonical form of the whole does not say it again.
fn push_canonical(out: &mut String, canonical: &Canonical, rendered: &[(&str, &str)]) {
    let repeats = |(prefix, uri): &(&str, &str)| {
        let declaration = format!(" xmlns:{prefix}=\"{uri}\"");
        canonical.as_str().contains(&declaration)
    };
    // Text may look like a declaration too; then the long way is merely the longer one.
    if rendered.iter().any(repeats) {
        let ours = Limits {
            attributes: 128,
            namespaces: 256,
            ..Limits::METADATA
        };
        if let Ok(document) = Document::parse_text(canonical.as_str(), &ours) {
            let mut whole = std::mem::take(out);
            c14n::push_in_context(&mut whole, document.root(), rendered);
            *out = whole;
            return;
        }
    }
    out.push_str(canonical.as_str());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::{DS, MD, MDUI, SAML, SAMLP, canonical};
    use proptest::prelude::*;

    fn assert_canonical(rendered: &Canonical) {
        let document = Document::parse(rendered.as_bytes()).unwrap();
        let again = canonical(document.root(), None, &[]);
        assert_eq!(again, rendered.as_str());
    }

    #[test]
    fn output_is_its_own_canonical_form() {
        let element = Element::new(SAMLP, "Response")
            .attr("Version", "2.0")
            .attr("ID", "a\"<&>\t\n\r'")
            .attr("xml:lang", "da")
            .attr_in(MDUI, "x", "1")
            .attr_opt("None", None::<String>)
            .child(Element::new(SAML, "Issuer").text("<&>\r\n\"'"))
            .child(
                Element::new(SAML, "Issuer")
                    .text("")
                    .child(Element::new(SAMLP, "x")),
            );
        let rendered = element.render();
        assert_canonical(&rendered);
        let start = concat!(
            r#"<samlp:Response xmlns:mdui="urn:oasis:names:tc:SAML:metadata:ui" "#,
            r#"xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" "#,
            r#"ID="a&quot;&lt;&amp;>&#x9;&#xA;&#xD;'" Version="2.0" xml:lang="da" mdui:x="1">"#
        );
        assert!(rendered.as_str().starts_with(start));
    }

    #[test]
    fn what_xml_cannot_carry_is_replaced() {
        let rendered = Element::new(MD, "a")
            .attr("b", "\0\u{FFFE}")
            .text("\u{1}x\u{FFFF}")
            .render();
        assert!(
            rendered
                .as_str()
                .contains("b=\"\u{FFFD}\u{FFFD}\">\u{FFFD}x\u{FFFD}</")
        );
        assert_canonical(&rendered);
    }

    #[test]
    fn a_canonical_child_loses_what_is_declared_outside() {
        let assertion = Element::new(SAML, "Assertion")
            .child(Element::new(DS, "x").child(Element::new(SAML, "y")))
            .render();
        for outer in [SAMLP, SAML, DS] {
            let whole = Element::new(outer, "Outer")
                .canonical_child(assertion.clone())
                .render();
            assert_canonical(&whole);
            let inside = whole
                .as_str()
                .contains("<saml:y></saml:y></ds:x></saml:Assertion></");
            assert!(inside, "{}", whole.as_str());
        }
        let apart = Element::new(SAMLP, "Outer")
            .canonical_child(assertion.clone())
            .render();
        assert!(apart.as_str().contains(assertion.as_str()));
    }

    #[test]
    fn a_canonical_child_may_have_all_that_the_writer_writes() {
        // More attributes of one element and more namespaces in scope than a message of a stranger may have.
        let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
        let many = |from: usize, to: usize| {
            (from..to).fold(Element::new(SAML, "many"), |element, i| {
                let ns = Ns {
                    prefix: leak(format!("p{i}")),
                    uri: leak(format!("u:{i}")),
                };
                element.attr_in(ns, "a", "1")
            })
        };
        let child = many(0, 50).child(many(50, 100)).render();
        let whole = Element::new(SAML, "Outer").canonical_child(child).render();
        // Declared outside, so not again inside.
        assert_eq!(whole.as_str().matches("xmlns:saml=").count(), 1);
        assert!(whole.as_str().contains(" p99:a=\"1\""));
    }

    #[test]
    fn where_a_child_starts_and_which_is_the_first_is_known() {
        let element = Element::new(SAMLP, "a")
            .child(Element::new(SAML, "Issuer"))
            .child(Element::new(SAMLP, "b"));
        let start = |index| {
            let (rendered, at) = element.render_before(index);
            rendered.as_str()[at..].to_owned()
        };
        assert!(start(0).starts_with("<saml:Issuer "));
        assert_eq!(start(1), "<samlp:b></samlp:b></samlp:a>");
        assert_eq!(start(2), "</samlp:a>");
        assert!(element.starts_with(SAML, "Issuer"));
        assert!(!element.starts_with(SAML, "b"));
        assert!(!element.starts_with(SAMLP, "Issuer"));
        assert!(!element.starts_with(SAMLP, "b"), "the second");
        assert!(!Element::new(SAML, "Issuer").starts_with(SAML, "Issuer"));
    }

    #[test]
    fn an_element_without_namespace_has_no_prefix_and_declares_none() {
        let rendered = Element::new(MD, "a")
            .child(Element::new(NONE, "b").child(Element::new(MD, "c")))
            .render();
        let expected =
            "<md:a xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\"><b><md:c></md:c></b></md:a>";
        assert_eq!(rendered.as_str(), expected);
        assert_canonical(&rendered);
    }

    #[test]
    fn an_attribute_is_written_once() {
        let rendered = Element::new(MD, "a").attr("b", "1").attr("b", "2").render();
        assert_canonical(&rendered);
        assert!(rendered.as_str().contains("b=\"2\""));
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in any::<String>(), value in any::<String>()) {
            let rendered = Element::new(MD, "a").attr("b", value.clone()).text(text.clone()).render();
            assert_canonical(&rendered);
            let document = Document::parse(rendered.as_bytes()).unwrap();
            let root = document.root();
            prop_assert_eq!(root.text().unwrap(), escape::carried(&text));
            prop_assert_eq!(root.attribute("b").map(str::to_owned), Some(escape::carried(&value).into_owned()));
        }
    }
}
