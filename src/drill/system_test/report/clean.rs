//! What others wrote – the system, its metadata, the environment of a CI server – without what a terminal or a parser would
//! obey, and no longer than anybody reads. Done once, before any form is made: no form can forget it.

use crate::drill::system_test::{CaseResult, Run, Step, Subject, Verdict};
use crate::hub::lint::Finding;

/// Characters of a sentence, of a name or address, and of a message.
const SENTENCE: usize = 1000;
const NAME: usize = 300;
const MESSAGE: usize = 16 * 1024;
/// Steps of a case, findings of a metadata file.
const STEPS: usize = 40;
const FINDINGS: usize = 50;

/// The run, fit to be shown.
pub fn run(run: &Run) -> Run {
    Run {
        name: line(&run.name, NAME),
        began: run.began,
        took: run.took,
        subject: subject(&run.subject),
        told_by: pair(&run.told_by),
        results: run.results.iter().map(result).collect(),
    }
}

fn subject(subject: &Subject) -> Subject {
    Subject {
        title: line(&subject.title, NAME),
        entity_id: line(&subject.entity_id, NAME),
        login_url: line(&subject.login_url, NAME),
        profile: subject.profile,
        level: subject.level,
        metadata_from: line(&subject.metadata_from, NAME),
        metadata_sha256: line(&subject.metadata_sha256, NAME),
        hub: line(&subject.hub, NAME),
        browser: line(&subject.browser, NAME),
        ran_by: subject.ran_by.as_ref().map(|who| line(who, NAME)),
    }
}

fn result(result: &CaseResult) -> CaseResult {
    let step = |step: &Step| Step {
        method: line(&step.method, 20),
        address: line(&step.address, NAME),
        status: step.status,
    };
    let finding = |finding: &Finding| {
        let mut finding = finding.clone();
        finding.found = line(&finding.found, SENTENCE);
        finding.expected = line(&finding.expected, SENTENCE);
        finding.place.path = line(&finding.place.path, NAME);
        finding
    };
    CaseResult {
        case: result.case,
        verdict: match &result.verdict {
            Verdict::Skipped(da, en) => Verdict::Skipped(line(da, SENTENCE), line(en, SENTENCE)),
            other => other.clone(),
        },
        found: pair(&result.found),
        expected: pair(&result.expected),
        // The last ones say how it ended.
        steps: last(&result.steps, STEPS).iter().map(step).collect(),
        sent_xml: result.sent_xml.as_deref().map(message),
        sent_clear: result.sent_clear.as_deref().map(message),
        flow: result.flow.as_ref().map(|id| line(id, NAME)),
        metadata: result.metadata.iter().take(FINDINGS).map(finding).collect(),
        took: result.took,
    }
}

fn last<T>(all: &[T], most: usize) -> &[T] {
    all.get(all.len().saturating_sub(most)..).unwrap_or(all)
}

fn pair((da, en): &(String, String)) -> (String, String) {
    (line(da, SENTENCE), line(en, SENTENCE))
}

/// One sentence of a list that people wrote.
pub fn sentence(text: &str) -> String {
    line(text, SENTENCE)
}

/// One line; what stands beyond `most` characters is cut, and an ellipsis says so.
fn line(text: &str, most: usize) -> String {
    let blanks = |letter: char| match letter {
        '\n' | '\t' | '\u{2028}' | '\u{2029}' => ' ',
        other => other,
    };
    let mut kept = harmless(text).map(blanks);
    let mut line: String = kept.by_ref().take(most).collect();
    if kept.next().is_some() {
        line.push('…');
    }
    line.trim().to_owned()
}

/// Several lines, cut like [`line`]; how many characters are not shown is told.
fn message(text: &str) -> String {
    let mut kept = harmless(text);
    let mut message: String = kept.by_ref().take(MESSAGE).collect();
    let left = kept.count();
    if left > 0 {
        message.push_str(&format!("\n… (+{left})"));
    }
    message
}

/// Without escape sequences, control characters, what XML cannot carry, and what turns the direction of writing round or
/// is not seen at all.
fn harmless(text: &str) -> impl Iterator<Item = char> + '_ {
    let mut letters = text.chars().peekable();
    std::iter::from_fn(move || {
        loop {
            match letters.next()? {
                '\u{1b}' => match letters.peek() {
                    Some('[') => {
                        letters.next();
                        control_sequence(&mut letters);
                    }
                    // A command to the terminal, up to its end.
                    Some(']' | 'P' | '_' | '^' | 'X') => string_sequence(&mut letters),
                    _ => {}
                },
                '\u{9b}' => control_sequence(&mut letters),
                // The end of a line, however it is written.
                '\r' if letters.peek() == Some(&'\n') => {}
                '\r' => return Some('\n'),
                letter @ ('\n' | '\t') => return Some(letter),
                letter if letter.is_control() || unseen(letter) => {}
                letter => return Some(letter),
            }
        }
    })
}

type Letters<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// ECMA-48 §5.4: parameters, then one final character. Anything else ends it too, and is kept.
fn control_sequence(letters: &mut Letters<'_>) {
    while letters
        .next_if(|letter| matches!(letter, ' '..='?'))
        .is_some()
    {}
    letters.next_if(|letter| matches!(letter, '@'..='~'));
}

/// Up to BEL or ST (ECMA-48 §5.6). One without an end hides nothing: only its introducer goes.
fn string_sequence(letters: &mut Letters<'_>) {
    let rest: String = letters.clone().take(200).collect();
    let ends = [("\u{7}", 1), ("\u{1b}\\", 2), ("\u{9c}", 1)];
    let ends = ends.into_iter();
    let end = ends.filter_map(|(end, width)| {
        let (before, _) = rest.split_once(end)?;
        Some(before.chars().count() + width)
    });
    for _ in 0..end.min().unwrap_or(1) {
        letters.next();
    }
}

fn unseen(letter: char) -> bool {
    matches!(
        letter,
        '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fffe}' | '\u{ffff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(text: &str) -> String {
        line(text, 60)
    }

    #[test]
    fn nothing_is_left_that_a_terminal_obeys() {
        assert_eq!(short("a\u{1b}[31;1mrød\u{1b}[0m b"), "arød b");
        assert_eq!(short("a\u{1b}]0;titel\u{7}b\u{1b}]8;;x\u{1b}\\c"), "abc");
        assert_eq!(short("a\u{1b}]uden ende"), "auden ende");
        assert_eq!(short("a\u{9b}2Jb\u{8}\u{0}\u{7f}c\u{1b}"), "abc");
        assert_eq!(
            short("to\r\nlinjer\tog\u{2028}en\rtil"),
            "to linjer og en til"
        );
        assert_eq!(
            short("kontrakt\u{202e}fdp.exe\u{2066}\u{200b}\u{feff}"),
            "kontraktfdp.exe"
        );
        assert_eq!(
            short("Åse Ærø-O'Neill & <Søn> 🏠"),
            "Åse Ærø-O'Neill & <Søn> 🏠"
        );
        let every: String = (0..0x3000).filter_map(char::from_u32).collect();
        assert!(
            !line(&every, 20_000)
                .chars()
                .any(|letter| letter.is_control() || unseen(letter))
        );
    }

    #[test]
    fn what_is_too_long_is_cut_and_says_so() {
        assert_eq!(line(&"æ".repeat(61), 60), format!("{}…", "æ".repeat(60)));
        assert_eq!(line(&"æ".repeat(60), 60), "æ".repeat(60));
        let cut = message(&format!("<a>\r\n{}", "x".repeat(MESSAGE)));
        assert!(cut.starts_with("<a>\nxx") && cut.ends_with("x\n… (+4)"));
        assert_eq!(message("<a>\n\t</a>"), "<a>\n\t</a>");
        assert_eq!(last(&[1, 2, 3], 2), [2, 3]);
        assert_eq!(last(&[1], 2), [1]);
    }
}
