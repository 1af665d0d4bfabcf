//! The change as a calendar (RFC 5545), for the calendars of everybody who must be awake.

use crate::drill::rehearsal::report::step_words;
use crate::edge::page::Language;
use crate::hub::rollover::{Names, Plan, Strategy, plain, slug};
use time::{OffsetDateTime, UtcOffset};

/// Octets of a line without its end (RFC 5545 §3.1).
const OCTETS: usize = 75;

/// An entry for the window and one for each moment at which something is done, in UTC, which needs no time zone in the
/// file. A reminder comes the day before, but for steps inside the window, of which its own reminder warns. The same
/// plan gives the same bytes: entries have fixed UIDs, and are stamped with the start of the window.
pub fn calendar(plan: &Plan, changer: &str, language: Language) -> String {
    let say = |da: &'static str, en: &'static str| language.pick((da, en));
    let rehearsal = say("ØVELSE", "REHEARSAL");
    let file = Names::of(plan, None, None).next;
    let mut out = Lines(String::new());
    out.line("BEGIN:VCALENDAR");
    out.line("VERSION:2.0");
    out.line("PRODID:-//Vejviser//rehearse//DA");
    out.line("CALSCALE:GREGORIAN");
    out.line("METHOD:PUBLISH");
    let window = Entry {
        id: "window".to_owned(),
        from: plan.window.from,
        to: Some(plan.window.to),
        summary: format!(
            "{rehearsal}: {changer} {} ({} {})",
            say("skifter certifikat", "changes its certificate"),
            say("miljø", "environment"),
            plan.environment
        ),
        description: say(
            "Servicevindue. Lavet med Vejviser, som ikke er KOMBITs; det er en øvelse.",
            "Service window. Made with Vejviser, which is not KOMBIT's; it is a rehearsal.",
        )
        .to_owned(),
        // Nobody is warned of what nobody knows.
        reminder: plan.strategy != Some(Strategy::Emergency),
    };
    out.entry(plan, &window);
    let mut moments: Vec<OffsetDateTime> = plan.steps.iter().map(|step| step.at).collect();
    moments.dedup();
    for (index, at) in moments.into_iter().enumerate() {
        let steps = plan.steps.iter().filter(|step| step.at == at);
        let said: Vec<String> = steps
            .map(|step| step_words(&step.action, plan, changer, &file, language))
            .collect();
        let inside = (plan.window.from..=plan.window.to).contains(&at);
        out.entry(
            plan,
            &Entry {
                id: format!("step-{}", index + 1),
                from: at,
                to: None,
                summary: format!("{rehearsal}: {}", said.first().map_or("", String::as_str)),
                description: said.join("\n"),
                reminder: !inside,
            },
        );
    }
    out.line("END:VCALENDAR");
    out.0
}

struct Entry {
    id: String,
    from: OffsetDateTime,
    /// None: a moment.
    to: Option<OffsetDateTime>,
    summary: String,
    description: String,
    reminder: bool,
}

/// Content lines, folded and ended with CRLF.
struct Lines(String);

impl Lines {
    fn line(&mut self, line: &str) {
        let mut width = 0;
        for letter in line.chars() {
            // Folded between characters: a reader that unfolds late must not see half of one.
            if width + letter.len_utf8() > OCTETS {
                self.0.push_str("\r\n ");
                width = 1;
            }
            width += letter.len_utf8();
            self.0.push(letter);
        }
        self.0.push_str("\r\n");
    }

    fn entry(&mut self, plan: &Plan, entry: &Entry) {
        self.line("BEGIN:VEVENT");
        let subject = plan.subject.word().replace(':', "-");
        let stamp = utc(plan.window.from);
        self.line(&format!(
            "UID:{}-{}-{subject}-{stamp}-{}@vejviser.invalid",
            slug(plan),
            plain(&plan.environment),
            entry.id
        ));
        self.line(&format!("DTSTAMP:{stamp}"));
        self.line(&format!("DTSTART:{}", utc(entry.from)));
        if let Some(to) = entry.to {
            self.line(&format!("DTEND:{}", utc(to)));
        }
        self.line(&format!("SUMMARY:{}", escaped(&entry.summary)));
        self.line(&format!("DESCRIPTION:{}", escaped(&entry.description)));
        self.line("TRANSP:TRANSPARENT");
        if entry.reminder {
            self.line("BEGIN:VALARM");
            self.line("ACTION:DISPLAY");
            self.line(&format!("DESCRIPTION:{}", escaped(&entry.summary)));
            self.line("TRIGGER:-P1D");
            self.line("END:VALARM");
        }
        self.line("END:VEVENT");
    }
}

/// RFC 5545 §3.3.11; other controls have no place in text.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}

/// RFC 5545 §3.3.5, form 2.
fn utc(at: OffsetDateTime) -> String {
    let at = at.checked_to_offset(UtcOffset::UTC).unwrap_or(at);
    format!(
        "{:04}{:02}{:02}T{:02}{:02}{:02}Z",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hub::rollover::{Preset, Subject, Window};
    use time::macros::datetime;

    #[test]
    fn it_has_the_window_and_every_step_and_folds_its_lines() {
        let window = Window::of(datetime!(2026-12-02 06:00 +1));
        let plan = Preset {
            environment: "DEMO, en; \\lang\u{7} æøå æøå æøå æøå æøå æøå æøå æøå æøå æøå æøå"
                .to_owned(),
            ..Preset::new(Strategy::HardSwap, Subject::Hub, window)
        }
        .plan();
        let text = calendar(&plan, "Context Handler", Language::Danish);
        assert!(
            text.ends_with("END:VCALENDAR\r\n") && !text.replace("\r\n", "").contains(['\r', '\n'])
        );
        assert!(text.split("\r\n").all(|line| line.len() <= OCTETS));
        let unfolded = text.replace("\r\n ", "");
        let count = |line: &str| {
            unfolded
                .split("\r\n")
                .filter(|found| *found == line)
                .count()
        };
        // The window; the announcement with the file two weeks before; 06:00; 06:30.
        assert_eq!((count("BEGIN:VEVENT"), count("END:VEVENT")), (4, 4));
        assert_eq!(count("BEGIN:VALARM"), 2);
        assert_eq!(count("DTSTART:20261202T050000Z"), 2);
        assert_eq!(count("DTEND:20261202T070000Z"), 1);
        assert_eq!(count("DTSTART:20261118T050000Z"), 1);
        assert!(
            unfolded.contains("miljø DEMO\\, en\\; \\\\lang  æøå"),
            "{unfolded}"
        );
        let mut ids: Vec<&str> = unfolded
            .split("\r\n")
            .filter(|line| line.starts_with("UID:"))
            .collect();
        assert_eq!(ids.len(), 4);
        // Each another one, wherever they stand.
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 4);
        assert_eq!(text, calendar(&plan, "Context Handler", Language::Danish));
    }
}
