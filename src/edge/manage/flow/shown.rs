//! Small things as people read them: what a peer wrote, and how long something took.

use crate::edge::page::Language;
use time::Duration;

/// Whether a character cannot be seen, or turns around what stands beside it: then its number is shown.
pub fn is_odd(c: char) -> bool {
    if matches!(c, '\n' | '\t') {
        return false;
    }
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// What a peer wrote, with every such character as its number.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match is_odd(c) {
            true => shown.push_str(&format!("⟨U+{:04X}⟩", u32::from(c))),
            false => shown.push(c),
        }
    }
    shown
}

/// The beginning of a name, for a place with little room.
pub fn brief(text: &str, most: usize) -> String {
    let text = visible(text);
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// `2,1 s`, `2.1 s`; `3 min 20 s`.
pub fn took(span: Duration, language: Language) -> String {
    let point = language.pick((',', '.'));
    let (minutes, seconds) = (span.whole_minutes(), span.whole_seconds());
    match minutes {
        0 => format!("{seconds}{point}{} s", span.subsec_milliseconds() / 100),
        _ => format!("{minutes} min {} s", seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_turns_text_around_is_written_out() {
        assert_eq!(visible("æ\n\u{202E}b\u{7}"), "æ\n⟨U+202E⟩b⟨U+0007⟩");
        assert_eq!(brief("Prøvekøbing", 4), "Prøv…");
        assert_eq!(brief("Prøv", 4), "Prøv");
    }

    #[test]
    fn spans_are_short() {
        let span = Duration::milliseconds(2_149);
        assert_eq!(took(span, Language::Danish), "2,1 s");
        assert_eq!(took(span, Language::English), "2.1 s");
        assert_eq!(took(Duration::seconds(200), Language::Danish), "3 min 20 s");
    }
}
