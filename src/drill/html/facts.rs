//! What a page says of itself: its text and title, where it leads by itself, and whether it is one without scripts.

use super::tokens::{Tag, each_tag, unescape};

/// Characters of a page's text that are kept.
const MAX_TEXT: usize = 100_000;
/// Characters of a title.
const MAX_TITLE: usize = 300;
/// A page with fewer characters shows nothing.
const LITTLE: usize = 12;
/// Elements that nobody sees.
const UNSEEN: [&str; 6] = ["script", "style", "title", "template", "head", "noscript"];
/// Elements that do not end a word.
const INLINE: [&str; 15] = [
    "a", "abbr", "b", "code", "em", "i", "mark", "q", "small", "span", "strong", "sub", "sup", "u",
    "wbr",
];

/// What a page says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Visible text, white space folded.
    pub text: String,
    /// Title.
    pub title: String,
    /// `<base href>`.
    pub base: Option<String>,
    /// `<meta http-equiv="refresh">`: seconds and address.
    pub refresh: Option<(u32, String)>,
    /// The same for a browser without scripts.
    pub refresh_unscripted: Option<(u32, String)>,
    /// Whether it shows (nearly) nothing, and leads nowhere, but has scripts; or asks for scripts.
    pub needs_scripts: bool,
}

/// Reads them.
pub fn facts(html: &str) -> Facts {
    let mut facts = Facts::default();
    let mut page = Reader::default();
    each_tag(html, |tag, text| page.visit(&mut facts, tag, text));
    let asks = asks_for_scripts(&page.unscripted);
    let leads = page.links > 0 || page.forms > 0;
    let empty = facts.text.chars().take(LITTLE).count() < LITTLE;
    facts.needs_scripts = page.scripts > 0 && empty && (!leads || asks);
    facts
}

#[derive(Debug, Default)]
struct Reader {
    /// Open elements that nobody sees, by their place in [`UNSEEN`].
    hidden: [u32; UNSEEN.len()],
    unscripted: String,
    links: usize,
    forms: usize,
    scripts: usize,
}

impl Reader {
    fn visit(&mut self, facts: &mut Facts, mut tag: Tag, text: &str) {
        let unscripted = self.hidden[5] > 0;
        if tag.name == "title" && tag.closing && facts.title.is_empty() {
            push(&mut facts.title, text, MAX_TITLE);
        } else if unscripted {
            push(&mut self.unscripted, text, MAX_TITLE);
        } else if self.hidden.iter().all(|open| *open == 0) {
            push(&mut facts.text, text, MAX_TEXT);
        }
        if let Some(at) = UNSEEN.iter().position(|name| *name == tag.name) {
            let open = &mut self.hidden[at];
            *open = match tag.closing {
                true => open.saturating_sub(1),
                false => open.saturating_add(1),
            };
        }
        if !INLINE.contains(&tag.name.as_str()) && !facts.text.ends_with(' ') {
            facts.text.push(' ');
        }
        if tag.closing {
            return;
        }
        let name = tag.name.clone();
        match name.as_str() {
            // Whoever forgets to close the head has a page all the same.
            "body" => self.hidden[4] = 0,
            "base" if facts.base.is_none() && tag.attributes.contains_key("href") => {
                facts.base = Some(tag.take("href"));
            }
            "meta" if tag.take("http-equiv").eq_ignore_ascii_case("refresh") => {
                let found = refresh(&tag.take("content"));
                if !unscripted && facts.refresh.is_none() {
                    facts.refresh.clone_from(&found);
                }
                if facts.refresh_unscripted.is_none() {
                    facts.refresh_unscripted = found;
                }
            }
            "a" if !unscripted => {
                let href = tag.take("href");
                let leads = !href.is_empty()
                    && !href.starts_with(['#'])
                    && !href.starts_with("javascript:");
                self.links += usize::from(leads);
            }
            "form" if !unscripted => self.forms += 1,
            "script" => self.scripts += 1,
            _ => {}
        }
    }
}

/// Adds text with its white space folded.
fn push(to: &mut String, text: &str, most: usize) {
    if to.len() >= most {
        return;
    }
    for c in unescape(text).chars() {
        if to.len() >= most {
            return;
        }
        match c.is_whitespace() {
            true if to.is_empty() || to.ends_with(' ') => {}
            true => to.push(' '),
            false => to.push(c),
        }
    }
}

/// `0; url=/videre`: seconds and address; none where it only loads the page again.
pub fn refresh(content: &str) -> Option<(u32, String)> {
    let content = content.trim_start();
    let digits = content.bytes().take_while(u8::is_ascii_digit).count();
    let seconds = content[..digits].parse().unwrap_or(match digits {
        0 => 0,
        _ => u32::MAX,
    });
    let rest = content[digits..].trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
    let rest = rest.trim_start().strip_prefix([';', ','])?.trim_start();
    let rest = match rest.get(..3) {
        Some(start) if start.eq_ignore_ascii_case("url") => {
            let after = rest[3..].trim_start();
            after.strip_prefix('=').map_or(rest, str::trim_start)
        }
        _ => rest,
    };
    let url = match rest.chars().next() {
        Some(quote @ ('"' | '\'')) => rest[1..].split(quote).next().unwrap_or_default(),
        _ => rest,
    };
    let url = url.trim();
    (!url.is_empty()).then(|| (seconds, url.to_owned()))
}

fn asks_for_scripts(unscripted: &str) -> bool {
    let text = unscripted.to_lowercase();
    text.contains("javascript") || text.contains("script")
}
