//! The messages and decisions of a flow, their texts deflated together: what one message repeats of another
//! costs nothing.

use super::flow::block;
use crate::hub::trace::{Direction, Leg};
use crate::hub::{Check, Decision, Exchange, Row, RowOutcome, Source};
use crate::saml::Binding;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use std::borrow::Cow;
use std::io::{Read, Write};

/// Everything of a flow that is long or many: the texts in one deflated run, the rest as it is.
#[derive(Debug, Clone)]
pub struct Packed {
    deflated: Box<[u8]>,
    /// Of each text in order; of one that is not there, [`NONE`].
    lengths: Box<[u32]>,
    heads: Box<[(Leg, Direction, Binding, u16)]>,
    rows: Box<[(Check, RowOutcome)]>,
    decisions: Box<[(&'static str, Source)]>,
}

/// What was packed.
#[derive(Debug)]
pub struct Unpacked {
    /// Messages.
    pub exchanges: Vec<Exchange>,
    /// Decisions.
    pub decisions: Vec<Decision>,
    /// What became of the user's roles, as JSON.
    pub roles: Option<String>,
}

const NONE: u32 = u32::MAX;

impl Packed {
    /// Packs them; none if that does not work.
    pub fn pack(
        exchanges: &[Exchange],
        decisions: &[Decision],
        roles: Option<&str>,
        compression: Compression,
    ) -> Option<Self> {
        let mut texts = Texts {
            encoder: DeflateEncoder::new(Vec::new(), compression),
            lengths: Vec::new(),
        };
        let mut heads = Vec::with_capacity(exchanges.len());
        for exchange in exchanges {
            let rows = u16::try_from(exchange.checks.len()).ok()?;
            heads.push((exchange.leg, exchange.direction, exchange.binding, rows));
            texts.put(Some(&exchange.kind))?;
            texts.put(exchange.peer.as_deref())?;
            texts.put(Some(&exchange.xml))?;
            texts.put(exchange.decrypted.as_deref())?;
            texts.put(exchange.relay_state.as_deref())?;
            texts.put(exchange.query.as_deref())?;
            for row in &exchange.checks {
                texts.put(Some(&row.found))?;
                texts.put(Some(&row.expected))?;
            }
        }
        for decision in decisions {
            texts.put(Some(&decision.input))?;
            texts.put(Some(&decision.result))?;
        }
        texts.put(roles)?;
        let rows = exchanges.iter().flat_map(|exchange| &exchange.checks);
        let rules = decisions.iter();
        Some(Self {
            deflated: texts.encoder.finish().ok()?.into_boxed_slice(),
            lengths: texts.lengths.into_boxed_slice(),
            heads: heads.into_boxed_slice(),
            rows: rows.map(|row| (row.check, row.outcome)).collect(),
            decisions: rules
                .map(|decision| (decision.rule, decision.source))
                .collect(),
        })
    }

    /// What was packed. We deflated it ourselves, within the budget of a flow.
    pub fn unpack(&self) -> Option<Unpacked> {
        let mut all = Vec::new();
        DeflateDecoder::new(&*self.deflated)
            .read_to_end(&mut all)
            .ok()?;
        let mut texts = Reader {
            rest: &all,
            lengths: self.lengths.iter(),
        };
        let mut rows = self.rows.iter();
        let mut exchanges = Vec::with_capacity(self.heads.len());
        for (leg, direction, binding, count) in &self.heads {
            exchanges.push(Exchange {
                leg: *leg,
                direction: *direction,
                binding: *binding,
                kind: texts.next()??,
                peer: texts.next()?,
                xml: texts.next()??,
                decrypted: texts.next()?,
                relay_state: texts.next()?,
                query: texts.next()?,
                checks: rows
                    .by_ref()
                    .take(usize::from(*count))
                    .map(|(check, outcome)| texts.row(*check, *outcome))
                    .collect::<Option<_>>()?,
            });
        }
        let decision = |(rule, source): &(&'static str, Source)| {
            Some(Decision {
                rule,
                input: texts.next()??,
                result: texts.next()??,
                source: *source,
            })
        };
        let decisions: Option<_> = self.decisions.iter().map(decision).collect();
        let decisions = decisions?;
        Some(Unpacked {
            exchanges,
            decisions,
            roles: texts.next()?,
        })
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.heads.is_empty() && self.decisions.is_empty()
    }

    /// Bytes that it takes, its own fields not counted.
    pub fn bytes(&self) -> usize {
        block(self.deflated.len())
            + block(size_of_val(&*self.lengths))
            + block(size_of_val(&*self.heads))
            + block(size_of_val(&*self.rows))
            + block(size_of_val(&*self.decisions))
    }
}

struct Texts {
    encoder: DeflateEncoder<Vec<u8>>,
    lengths: Vec<u32>,
}

impl Texts {
    fn put(&mut self, text: Option<&str>) -> Option<()> {
        let length = match text {
            None => NONE,
            Some(text) => {
                self.encoder.write_all(text.as_bytes()).ok()?;
                u32::try_from(text.len())
                    .ok()
                    .filter(|length| *length < NONE)?
            }
        };
        self.lengths.push(length);
        Some(())
    }
}

struct Reader<'a> {
    rest: &'a [u8],
    lengths: std::slice::Iter<'a, u32>,
}

impl Reader<'_> {
    /// Outside none: the run is broken; inside none: there was no text.
    fn next(&mut self) -> Option<Option<String>> {
        let length = *self.lengths.next()?;
        if length == NONE {
            return Some(None);
        }
        let (head, tail) = self.rest.split_at_checked(length as usize)?;
        self.rest = tail;
        Some(Some(String::from_utf8_lossy(head).into_owned()))
    }

    fn row(&mut self, check: Check, outcome: RowOutcome) -> Option<Row> {
        Some(Row {
            check,
            outcome,
            found: cow(self.next()??),
            expected: cow(self.next()??),
        })
    }
}

fn cow(text: String) -> Cow<'static, str> {
    if text.is_empty() {
        Cow::Borrowed("")
    } else {
        Cow::Owned(text)
    }
}
