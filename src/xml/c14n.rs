//! Exclusive C14N without comments (<http://www.w3.org/2001/10/xml-exc-c14n#>).

use super::arena::{Arena, AttributeData, ElementData, Kind, Span};
use super::{Node, escape};

/// The canonical bytes of `apex` and everything in it, leaving out the element `omit` (the enveloped
/// signature). `inclusive` is the PrefixList of `InclusiveNamespaces`; `#default` stands for the default
/// namespace.
pub fn canonical(apex: Node<'_>, omit: Option<Node<'_>>, inclusive: &[&str]) -> String {
    canonical_within(apex, omit, inclusive, usize::MAX).unwrap_or_default()
}

/// The same, but none if the result is longer than about `budget` bytes: a namespace declared once and used
/// in many places is written in each of them, so output can be many times the input.
pub(crate) fn canonical_within(
    apex: Node<'_>,
    omit: Option<Node<'_>>,
    inclusive: &[&str],
    budget: usize,
) -> Option<String> {
    let mut writer = Writer::new(apex, inclusive, budget);
    writer.out.reserve(apex.document.source_len().min(budget));
    writer.omit = omit
        .filter(|o| std::ptr::eq(o.document, apex.document))
        .map(|o| o.index);
    writer.element(apex.index);
    (!writer.exhausted).then_some(writer.out)
}

/// Writes `apex` as it stands in a canonical document whose open elements have already declared `rendered`.
pub(super) fn push_in_context<'d>(
    out: &mut String,
    apex: Node<'d>,
    rendered: &[(&'d str, &'d str)],
) {
    let mut writer = Writer::new(apex, &[], usize::MAX);
    writer.out = std::mem::take(out);
    writer.rendered.extend_from_slice(rendered);
    writer.element(apex.index);
    *out = writer.out;
}

struct Writer<'d, 'p> {
    arena: &'d Arena,
    apex: Node<'d>,
    omit: Option<u32>,
    inclusive: Vec<&'p str>,
    out: String,
    /// Declarations written by the open elements, as (prefix, name); the last of a prefix holds.
    rendered: Vec<(&'d str, &'d str)>,
    /// Reused for sorting the attributes of every element.
    sorted: Vec<&'d AttributeData>,
    budget: usize,
    exhausted: bool,
}

impl<'d, 'p> Writer<'d, 'p> {
    fn new(apex: Node<'d>, inclusive: &[&'p str], budget: usize) -> Self {
        Self {
            arena: apex.arena(),
            apex,
            omit: None,
            inclusive: inclusive
                .iter()
                .map(|p| if *p == "#default" { "" } else { p })
                .collect(),
            out: String::new(),
            rendered: Vec::with_capacity(16),
            sorted: Vec::with_capacity(8),
            budget,
            exhausted: false,
        }
    }

    /// Depth is a budget of the reader, so recursion is bounded.
    fn element(&mut self, index: u32) {
        let arena = self.arena;
        let Some(element) = arena.element(index) else {
            return;
        };
        if self.omit == Some(index) || self.exhausted {
            return;
        }
        let outside = self.rendered.len();
        self.out.push('<');
        self.name(element.prefix, element.local);
        self.declare(index, element, outside);
        self.attributes(element);
        self.out.push('>');
        let (mut child, end) = (index + 1, arena.end(index));
        while child < end {
            match arena.nodes[child as usize].kind {
                Kind::Element(_) => self.element(child),
                Kind::Text(span) => escape::push_text(&mut self.out, arena.str(span)),
            }
            child = arena.end(child);
        }
        self.out.push_str("</");
        self.name(element.prefix, element.local);
        self.out.push('>');
        self.rendered.truncate(outside);
        self.exhausted |= self.out.len() > self.budget;
    }

    fn name(&mut self, prefix: Span, local: Span) {
        if !prefix.is_empty() {
            self.out.push_str(self.arena.str(prefix));
            self.out.push(':');
        }
        self.out.push_str(self.arena.str(local));
    }

    /// The namespace declarations of this element: what it and its attributes use visibly (§3), and of the
    /// PrefixList what is in scope (§2.2), unless an ancestor in the output says the same.
    fn declare(&mut self, index: u32, element: &'d ElementData, outside: usize) {
        let arena = self.arena;
        self.use_prefix(
            arena.str(element.prefix),
            arena.namespace(element.namespace),
        );
        for attribute in arena.attributes(element) {
            // An attribute without prefix uses no namespace, not the default one.
            if !attribute.prefix.is_empty() {
                self.use_prefix(
                    arena.str(attribute.prefix),
                    arena.namespace(attribute.namespace),
                );
            }
        }
        if !self.inclusive.is_empty() {
            self.declare_inclusive(index, element);
        }
        // By prefix; the default namespace, whose prefix is empty, comes first (C14N 1.0 §2.2).
        self.rendered[outside..].sort_unstable();
        for &(prefix, name) in &self.rendered[outside..] {
            self.out.push_str(" xmlns");
            if !prefix.is_empty() {
                self.out.push(':');
                self.out.push_str(prefix);
            }
            self.out.push_str("=\"");
            escape::push_attribute(&mut self.out, name);
            self.out.push('"');
        }
    }

    fn declare_inclusive(&mut self, index: u32, element: &'d ElementData) {
        let arena = self.arena;
        if index == self.apex.index {
            // Everything in scope counts as declared at the apex.
            let scope = self.apex.namespaces_in_scope();
            for (prefix, name) in scope {
                if self.inclusive.contains(&prefix) {
                    self.use_prefix(prefix, name);
                }
            }
            return;
        }
        for binding in arena.declarations(element) {
            let prefix = arena.str(binding.prefix);
            if self.inclusive.contains(&prefix) {
                self.use_prefix(prefix, arena.namespace(binding.namespace));
            }
        }
    }

    fn use_prefix(&mut self, prefix: &'d str, name: &'d str) {
        // The prefix xml is never declared (C14N 1.0 §2.3).
        if prefix == "xml" {
            return;
        }
        let rendered = self
            .rendered
            .iter()
            .rev()
            .find(|(known, _)| *known == prefix);
        // Where no default namespace was declared, the empty one holds.
        let holds = rendered
            .map(|&(_, name)| name)
            .or(prefix.is_empty().then_some(""));
        if holds != Some(name) {
            self.rendered.push((prefix, name));
        }
    }

    /// By namespace name, then local name (C14N 1.0 §2.2).
    fn attributes(&mut self, element: &'d ElementData) {
        let arena = self.arena;
        let mut sorted = std::mem::take(&mut self.sorted);
        sorted.extend(arena.attributes(element));
        sorted.sort_unstable_by_key(|a| (arena.namespace(a.namespace), arena.str(a.local)));
        for attribute in sorted.drain(..) {
            self.out.push(' ');
            self.name(attribute.prefix, attribute.local);
            self.out.push_str("=\"");
            escape::push_attribute(&mut self.out, arena.str(attribute.value));
            self.out.push('"');
        }
        self.sorted = sorted;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::Document;

    fn of(source: &str, path: &[usize], inclusive: &[&str]) -> String {
        let document = Document::parse(source.as_bytes()).unwrap();
        let apex = path
            .iter()
            .fold(document.root(), |n, &i| n.elements().nth(i).unwrap());
        canonical(apex, None, inclusive)
    }

    #[test]
    fn whole_documents() {
        for (source, expected) in [
            ("<a/>", "<a></a>"),
            (
                "<?xml version='1.0'?><!--x--><a ></a\n>\n<!--y-->",
                "<a></a>",
            ),
            // Attributes: sorted by namespace, then name; quotes and white space escaped.
            (
                "<a b='2' a='1' y:c='3' x:d='4' xmlns:x='u:z' xmlns:y='u:a'/>",
                r#"<a xmlns:x="u:z" xmlns:y="u:a" a="1" b="2" y:c="3" x:d="4"></a>"#,
            ),
            (
                "<a b='&quot;&#9;&#10;&#13;&lt;&gt;&amp;&apos;'/>",
                r#"<a b="&quot;&#x9;&#xA;&#xD;&lt;>&amp;'"></a>"#,
            ),
            (
                "<a>&#13;&gt;&lt;&amp;\"'\r\n\r</a>",
                "<a>&#xD;&gt;&lt;&amp;\"'\n\n</a>",
            ),
            ("<a>x<![CDATA[<&]]><!--c-->y</a>", "<a>x&lt;&amp;y</a>"),
            // Namespaces: only where used, once on a path, again for a sibling.
            (
                "<a xmlns:p='u:p' xmlns:q='u:q'><p:b><p:c/></p:b><p:b/></a>",
                r#"<a><p:b xmlns:p="u:p"><p:c></p:c></p:b><p:b xmlns:p="u:p"></p:b></a>"#,
            ),
            (
                "<a xmlns='u:a'><b xmlns=''><c xmlns='u:a'/></b></a>",
                r#"<a xmlns="u:a"><b xmlns=""><c xmlns="u:a"></c></b></a>"#,
            ),
            ("<a xmlns=''><b xmlns=''/></a>", "<a><b></b></a>"),
            (
                "<p:a xmlns:p='u:1'><p:b xmlns:p='u:2'/><p:c/></p:a>",
                r#"<p:a xmlns:p="u:1"><p:b xmlns:p="u:2"></p:b><p:c></p:c></p:a>"#,
            ),
            (
                "<p:a xmlns:p='u:1' xmlns='u:d'><p:b xmlns=''><c x='1'/></p:b></p:a>",
                r#"<p:a xmlns:p="u:1"><p:b><c x="1"></c></p:b></p:a>"#,
            ),
            // xml: is never declared and never inherited.
            (
                "<a xml:lang='da' x='1'><b/></a>",
                r#"<a x="1" xml:lang="da"><b></b></a>"#,
            ),
        ] {
            assert_eq!(of(source, &[], &[]), expected, "{source}");
        }
    }

    #[test]
    fn subtrees_and_prefix_lists() {
        let source = "<r xmlns='u:d' xmlns:p='u:p' xmlns:q='u:q'><p:a><b xmlns:q='u:2'/></p:a></r>";
        for (inclusive, expected) in [
            (&[][..], r#"<p:a xmlns:p="u:p"><b xmlns="u:d"></b></p:a>"#),
            (
                &["q"],
                r#"<p:a xmlns:p="u:p" xmlns:q="u:q"><b xmlns="u:d" xmlns:q="u:2"></b></p:a>"#,
            ),
            (
                &["#default"],
                r#"<p:a xmlns="u:d" xmlns:p="u:p"><b></b></p:a>"#,
            ),
            (
                &["absent", "xml", "p"],
                r#"<p:a xmlns:p="u:p"><b xmlns="u:d"></b></p:a>"#,
            ),
        ] {
            assert_eq!(of(source, &[0], inclusive), expected, "{inclusive:?}");
        }
    }

    #[test]
    fn an_omitted_element_takes_its_namespaces_with_it() {
        let source = "<a xmlns:p='u:p'>1<p:s><b/></p:s>2<p:t/></a>";
        let document = Document::parse(source.as_bytes()).unwrap();
        let omit = document.root().elements().next();
        let bytes = canonical(document.root(), omit, &[]);
        assert_eq!(bytes, r#"<a>12<p:t xmlns:p="u:p"></p:t></a>"#);
    }

    #[test]
    fn output_beyond_the_budget_is_given_up() {
        let long = format!("u:{}", "x".repeat(400));
        let source = format!("<a xmlns:p='{long}'>{}</a>", "<p:b/>".repeat(500));
        let document = Document::parse(source.as_bytes()).unwrap();
        let root = document.root();
        assert!(canonical_within(root, None, &[], 4 * source.len()).is_none());
        assert!(canonical_within(root, None, &[], 300_000).is_some());
        // What fits exactly fits.
        let document = Document::parse(b"<a><b/></a>").unwrap();
        let within = |budget| canonical_within(document.root(), None, &[], budget);
        assert_eq!(within(14).as_deref(), Some("<a><b></b></a>"));
        assert_eq!(within(13), None);
    }
}
