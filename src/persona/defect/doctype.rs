//! A DOCTYPE as an XML reader takes it that nobody told not to.

use std::borrow::Cow;

/// The message without its DOCTYPE, the entities of it put in where they are used.
pub fn without_doctype(xml: &[u8]) -> Cow<'_, [u8]> {
    let plain = || {
        let text = std::str::from_utf8(xml).ok()?;
        let start = text.find("<!DOCTYPE")?;
        let rest = &text[start..];
        let (subset, length) = match (rest.find('['), rest.find('>')) {
            (Some(open), Some(end)) if open < end => {
                let close = open + rest[open..].find(']')?;
                let end = close + rest[close..].find('>')?;
                (&rest[open + 1..close], end + 1)
            }
            (_, Some(end)) => ("", end + 1),
            _ => return None,
        };
        let mut text = [&text[..start], &rest[length..]].concat();
        for declaration in subset.split("<!ENTITY").skip(1) {
            let (name, rest) = declaration.trim_start().split_once(char::is_whitespace)?;
            let rest = rest.trim_start();
            let quote = rest.chars().next().filter(|quote| "\"'".contains(*quote))?;
            let (value, _) = rest[1..].split_once(quote)?;
            text = text.replace(&format!("&{name};"), value);
        }
        Some(text.into_bytes())
    };
    plain().map_or(Cow::Borrowed(xml), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_are_put_in_and_the_doctype_is_gone() {
        for (with, without) in [
            (
                "<!DOCTYPE x [<!ENTITY hub \"https://hub.example\"><!ENTITY a 'b'>]><x>&hub;&a;</x>",
                "<x>https://hub.example</x>".replace("</x>", "b</x>"),
            ),
            ("<!DOCTYPE x><x/>", "<x/>".to_owned()),
            ("<x>&amp;</x>", "<x>&amp;</x>".to_owned()),
            ("<!DOCTYPE x [", "<!DOCTYPE x [".to_owned()),
        ] {
            assert_eq!(without_doctype(with.as_bytes()), without.as_bytes());
        }
    }
}
