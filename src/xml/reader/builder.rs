//! Puts checked tokens into the arena.

use super::super::XmlErrorKind;
use super::super::arena::{
    Arena, AttributeData, Binding, ElementData, Kind, NO_NAMESPACE, NONE, NodeData, Span,
};
use super::attributes::{self, RawAttribute};
use super::namespaces::{self, Scope};
use super::{Checked, Fault, Limits, chars, references};

/// Text that may still be continued by the next token.
enum Pending {
    Nothing,
    /// As it stands in the source.
    Source(Span),
    /// Written anew, from here to the end of the arena's text.
    Written(u32),
}

/// A document under construction.
pub struct Builder<'s> {
    source: &'s str,
    limits: &'s Limits,
    arena: Arena,
    scope: Scope,
    /// Open elements, each with the length of the scope outside it.
    open: Vec<(u32, usize)>,
    pending: Pending,
    /// Values of ID-like attributes and where they stand.
    ids: Vec<(Span, usize)>,
    /// Reused for every tag.
    raw: Vec<RawAttribute>,
}

impl<'s> Builder<'s> {
    pub fn new(source: &'s str, scope: &[(&str, &str)], limits: &'s Limits) -> Checked<Self> {
        let mut text = String::with_capacity(source.len() + source.len() / 8 + 64);
        text.push_str(source);
        let mut arena = Arena {
            text,
            source_len: source.len() as u32,
            nodes: Vec::with_capacity(source.len() / 48),
            attributes: Vec::with_capacity(source.len() / 96),
            declarations: Vec::with_capacity(32),
            scope: Vec::new(),
            namespaces: Vec::with_capacity(16),
        };
        arena.namespaces.push(Span::default());
        let mut builder = Self {
            source,
            limits,
            arena,
            scope: Scope::default(),
            open: Vec::with_capacity(16),
            pending: Pending::Nothing,
            ids: Vec::with_capacity(8),
            raw: Vec::with_capacity(16),
        };
        for (prefix, name) in scope {
            builder.outer_binding(prefix, name)?;
        }
        Ok(builder)
    }

    fn outer_binding(&mut self, prefix: &str, name: &str) -> Checked<()> {
        namespaces::check(prefix, name, 0)?;
        if self.scope.len() >= self.limits.namespaces {
            return Err(Fault::limit(0, "namespaces in scope"));
        }
        let span = self.arena.append(name);
        let namespace = namespaces::intern(&mut self.arena, span, 0)?;
        let binding = Binding {
            prefix: self.arena.append(prefix),
            namespace,
        };
        self.arena.scope.push(binding);
        self.scope.bind(binding);
        Ok(())
    }

    /// A start tag from its `<` to before its `>` or `/>`.
    pub fn start(&mut self, start: usize, end: usize) -> Checked<()> {
        if self.open.is_empty() && !self.arena.nodes.is_empty() {
            return Err(Fault::ill_formed(start, "a second root element"));
        }
        if self.open.len() >= self.limits.depth {
            return Err(Fault::limit(start, "depth"));
        }
        self.flush()?;
        let tag = &self.source.as_bytes()[start + 1..end];
        let name_end = tag
            .iter()
            .position(|&b| chars::is_space(b))
            .map_or(end, |i| start + 1 + i);
        let (prefix, local) = chars::qname(self.source, start + 1, name_end)?;

        let mut raw = std::mem::take(&mut self.raw);
        raw.clear();
        attributes::cut(self.source, name_end, end, self.limits.attributes, &mut raw)?;
        let outside = self.scope.len();
        let declarations = self.declare(&raw)?;
        let attributes = self.attributes(&raw)?;
        self.raw = raw;

        let namespace = self.namespace_of(prefix, start)?;
        let index = self.push(
            start,
            Kind::Element(ElementData {
                offset: start as u32,
                prefix,
                local,
                namespace,
                attributes,
                declarations,
            }),
        )?;
        self.open.push((index, outside));
        Ok(())
    }

    /// An end tag that stands at `start`.
    pub fn end(&mut self, start: usize) -> Checked<()> {
        self.flush()?;
        let Some((index, outside)) = self.open.pop() else {
            return Err(Fault::ill_formed(start, "an end tag without a start"));
        };
        self.arena.nodes[index as usize].end = self.arena.nodes.len() as u32;
        self.scope.leave(outside);
        Ok(())
    }

    /// Character data between markup.
    pub fn text(&mut self, start: usize, end: usize) -> Checked<()> {
        let raw = &self.source[start..end];
        if self.open.is_empty() {
            return match chars::is_blank(raw) {
                true => Ok(()),
                false => Err(Fault::ill_formed(start, "text outside the root element")),
            };
        }
        if raw.as_bytes().contains(&b']') && raw.contains("]]>") {
            return Err(Fault::ill_formed(start, "]]> in text"));
        }
        self.piece(start, end);
        Ok(())
    }

    /// `&name;`
    pub fn reference(&mut self, start: usize, end: usize) -> Checked<()> {
        self.inside(start)?;
        let character = references::resolve(&self.source[start + 1..end - 1], start)?;
        self.written();
        self.arena.text.push(character);
        Ok(())
    }

    /// `<![CDATA[…]]>`
    pub fn cdata(&mut self, start: usize, end: usize) -> Checked<()> {
        self.inside(start)?;
        self.piece(start + "<![CDATA[".len(), end - "]]>".len());
        Ok(())
    }

    /// The end of the source.
    pub fn finish(mut self) -> Checked<Arena> {
        let end = self.source.len();
        if self.arena.nodes.is_empty() {
            return Err(Fault::ill_formed(end, "no root element"));
        }
        if !self.open.is_empty() {
            return Err(Fault::ill_formed(end, "an element is not closed"));
        }
        let arena = &self.arena;
        self.ids
            .sort_unstable_by_key(|&(id, offset)| (arena.str(id), offset));
        let double = self
            .ids
            .windows(2)
            .find(|two| arena.str(two[0].0) == arena.str(two[1].0));
        match double {
            Some(two) => Err(Fault::new(
                two[1].1,
                XmlErrorKind::DuplicateId(arena.str(two[1].0).to_owned()),
            )),
            None => Ok(self.arena),
        }
    }

    fn inside(&self, start: usize) -> Checked<()> {
        match self.open.is_empty() {
            true => Err(Fault::ill_formed(start, "text outside the root element")),
            false => Ok(()),
        }
    }

    /// First pass over the attributes: namespace declarations, which hold for the tag itself.
    fn declare(&mut self, raw: &[RawAttribute]) -> Checked<Span> {
        let first = self.arena.declarations.len();
        for attribute in raw {
            let prefix = match (self.slice(attribute.prefix), self.slice(attribute.local)) {
                ("xmlns", _) => attribute.local,
                ("", "xmlns") => Span {
                    end: attribute.local.start,
                    ..attribute.local
                },
                _ => continue,
            };
            let offset = attribute.offset();
            let value = self.value(attribute)?;
            namespaces::check(self.slice(prefix), self.arena.str(value), offset)?;
            let arena = &self.arena;
            let twice = |b: &Binding| arena.str(b.prefix) == arena.str(prefix);
            if arena.declarations[first..].iter().any(twice) {
                return Err(Fault::ill_formed(offset, "the same attribute twice"));
            }
            if self.scope.len() >= self.limits.namespaces {
                return Err(Fault::limit(offset, "namespaces in scope"));
            }
            let namespace = namespaces::intern(&mut self.arena, value, offset)?;
            let binding = Binding { prefix, namespace };
            self.arena.declarations.push(binding);
            self.scope.bind(binding);
        }
        Ok(Span::new(first, self.arena.declarations.len()))
    }

    /// Second pass: everything else.
    fn attributes(&mut self, raw: &[RawAttribute]) -> Checked<Span> {
        let first = self.arena.attributes.len();
        for attribute in raw {
            let (prefix, local) = (self.slice(attribute.prefix), self.slice(attribute.local));
            if prefix == "xmlns" || (prefix.is_empty() && local == "xmlns") {
                continue;
            }
            let offset = attribute.offset();
            // The default namespace is not for attributes (Namespaces in XML §6.2).
            let namespace = match prefix.is_empty() {
                true => NO_NAMESPACE,
                false => self.namespace_of(attribute.prefix, offset)?,
            };
            let arena = &self.arena;
            // Quadratic in a number that has been held against its limit.
            let twice = |a: &AttributeData| a.namespace == namespace && arena.str(a.local) == local;
            if arena.attributes[first..].iter().any(twice) {
                return Err(Fault::ill_formed(offset, "the same attribute twice"));
            }
            let value = self.value(attribute)?;
            if local.eq_ignore_ascii_case("id")
                && matches!(
                    self.arena.namespace(namespace),
                    "" | namespaces::XML | namespaces::WSU
                )
            {
                self.ids.push((value, offset));
            }
            let RawAttribute { prefix, local, .. } = *attribute;
            self.arena.attributes.push(AttributeData {
                prefix,
                local,
                namespace,
                value,
            });
        }
        Ok(Span::new(first, self.arena.attributes.len()))
    }

    fn namespace_of(&mut self, prefix: Span, offset: usize) -> Checked<u32> {
        let source = self.source;
        match &source[prefix.start as usize..prefix.end as usize] {
            "xml" => namespaces::intern_xml(&mut self.arena, offset),
            name => self.scope.find(&self.arena, name).ok_or_else(|| {
                let how = format!("the prefix {name} is not declared");
                Fault::new(offset, XmlErrorKind::Namespace(how))
            }),
        }
    }

    fn value(&mut self, attribute: &RawAttribute) -> Checked<Span> {
        if attribute.plain {
            return Ok(attribute.value);
        }
        let start = self.arena.text.len();
        let raw = self.slice(attribute.value);
        references::push_value(&mut self.arena.text, raw, attribute.value.start as usize)?;
        Ok(Span::new(start, self.arena.text.len()))
    }

    fn slice(&self, span: Span) -> &'s str {
        &self.source[span.start as usize..span.end as usize]
    }

    fn piece(&mut self, start: usize, end: usize) {
        let raw = &self.source[start..end];
        if raw.is_empty() {
            return;
        }
        if matches!(self.pending, Pending::Nothing) && !raw.as_bytes().contains(&b'\r') {
            self.pending = Pending::Source(Span::new(start, end));
            return;
        }
        self.written();
        references::push_text(&mut self.arena.text, raw);
    }

    /// Makes the pending text one that can be appended to.
    fn written(&mut self) {
        let start = self.arena.text.len() as u32;
        match self.pending {
            Pending::Written(_) => return,
            Pending::Nothing => {}
            Pending::Source(span) => self.arena.text.push_str(self.slice(span)),
        }
        self.pending = Pending::Written(start);
    }

    fn flush(&mut self) -> Checked<()> {
        let span = match std::mem::replace(&mut self.pending, Pending::Nothing) {
            Pending::Nothing => return Ok(()),
            Pending::Source(span) => span,
            Pending::Written(start) => Span {
                start,
                end: self.arena.text.len() as u32,
            },
        };
        self.push(span.start as usize, Kind::Text(span)).map(|_| ())
    }

    fn push(&mut self, offset: usize, kind: Kind) -> Checked<u32> {
        if self.arena.nodes.len() >= self.limits.nodes {
            return Err(Fault::limit(
                offset.min(self.source.len()),
                "elements and pieces of text",
            ));
        }
        let index = self.arena.nodes.len() as u32;
        let parent = self.open.last().map_or(NONE, |&(parent, _)| parent);
        self.arena.nodes.push(NodeData {
            parent,
            end: index + 1,
            kind,
        });
        Ok(index)
    }
}
