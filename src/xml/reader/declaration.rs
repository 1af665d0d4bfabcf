//! The XML declaration (XML 1.0 §2.8, production [23]).

use super::super::XmlErrorKind;
use super::{Checked, Fault, attributes};

/// Checks `<?xml … ?>` at `start..end`: version 1.0, encoding UTF-8 or none.
pub fn check(source: &str, start: usize, end: usize) -> Checked<()> {
    let mut found = Vec::new();
    attributes::cut(
        source,
        start + "<?xml".len(),
        end - "?>".len(),
        3,
        &mut found,
    )?;
    let text = |span: super::super::arena::Span| &source[span.start as usize..span.end as usize];
    let mut order = ["version", "encoding", "standalone"].into_iter();
    let mut versioned = false;
    for attribute in &found {
        let (name, value) = (text(attribute.local), text(attribute.value));
        if !attribute.prefix.is_empty() || !order.any(|known| known == name) {
            return Err(Fault::ill_formed(
                attribute.offset(),
                "the XML declaration's form",
            ));
        }
        let fits = match name {
            "version" => value == "1.0",
            "encoding" => value.eq_ignore_ascii_case("UTF-8"),
            _ => matches!(value, "yes" | "no"),
        };
        versioned |= name == "version";
        if !fits {
            let how = format!("{name} {value:?} is declared");
            return Err(Fault::new(attribute.offset(), XmlErrorKind::Encoding(how)));
        }
    }
    match versioned {
        true => Ok(()),
        false => Err(Fault::ill_formed(
            start,
            "an XML declaration without version",
        )),
    }
}
