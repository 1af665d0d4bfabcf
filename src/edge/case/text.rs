//! The text for a servicedesk: what the next one in the chain must know, in one piece, so that nobody is sent around.

use super::masked::{Form, masked};
use super::owner::{self, organisation};
use super::sent;
use crate::edge::journal::{Flow, State};
use crate::edge::page::Language;
use crate::hub::choose::ChosenBy;
use crate::hub::trace::{Direction, Leg};
use crate::hub::verdict::{Confidence, Evidence};
use crate::hub::{Federation, Row, RowOutcome, danish_time};
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

/// Lines of evidence: a case is read by people.
const EVIDENCE: usize = 6;
/// Characters of one thing that was found.
const LONGEST: usize = 200;

/// The text, to be copied into a case. It says nothing of people but that there was one.
pub fn text(federation: &Federation, flow: &Flow, language: Language) -> String {
    of(
        federation,
        &masked(federation, flow, Form::Masked, [0; 32]),
        language,
    )
}

/// The text of a flow whose form is settled.
pub fn of(federation: &Federation, flow: &Flow, language: Language) -> String {
    let mut lines = Lines {
        out: String::new(),
        danish: language == Language::Danish,
    };
    lines.head(flow);
    lines.verdict(federation, flow);
    lines.facts(federation, flow);
    lines.evidence(flow);
    lines.tried(flow);
    lines.out
}

struct Lines {
    out: String,
    danish: bool,
}

impl Lines {
    fn pick<T>(&self, (danish, english): (T, T)) -> T {
        if self.danish { danish } else { english }
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    fn field(&mut self, name: (&str, &str), value: &str) {
        let name = format!("{}:", self.pick(name));
        self.line(&format!("{name:<19} {}", one_line(value)));
    }

    fn head(&mut self, flow: &Flow) {
        let title = self.pick(("Login, der skal undersøges", "A login to look into"));
        self.line(&format!("{title}: {}", flow.id));
        self.line(&format!(
            "{} {}: {}",
            "Vejviser",
            env!("CARGO_PKG_VERSION"),
            self.pick((
                "en uofficiel Context Handler 2 til test. Det er ikke KOMBITs, og KOMBIT kender ikke sagen.",
                "an unofficial Context Handler 2 for tests. It is not KOMBIT's, and KOMBIT does not know of this case.",
            ))
        ));
        self.line("");
    }

    fn verdict(&mut self, federation: &Federation, flow: &Flow) {
        let found = flow
            .verdict
            .as_ref()
            .filter(|_| flow.state != State::Pending);
        let Some(verdict) = found else {
            let nothing = match flow.state {
                State::Pending => ("Loginet er i gang.", "The login is under way."),
                State::LoggedIn => (
                    "Loginet gik, som det skulle. Ingen skal handle.",
                    "The login went as it should. Nobody has to act.",
                ),
                State::LoggedOut => (
                    "Brugeren er logget ud overalt. Ingen skal handle.",
                    "The user is logged out everywhere. Nobody has to act.",
                ),
                State::PartialLogout => (
                    "Brugeren er ikke logget ud overalt, og intet viser hvorfor.",
                    "The user is not logged out everywhere, and nothing shows why.",
                ),
                State::Abandoned | State::Refused => (
                    "Ingen kom tilbage, og intet viser hvorfor.",
                    "Nobody came back, and nothing shows why.",
                ),
            };
            self.field(("Hvad skete der", "What happened"), self.pick(nothing));
            self.line("");
            return;
        };
        let info = verdict.cause.info();
        self.field(
            ("Hvem skal handle", "Who must act"),
            &owner::who(federation, flow, &info, self.danish),
        );
        self.field(("Hvad skete der", "What happened"), self.pick(info.what));
        self.field(("Gør dette", "Do this"), self.pick(info.remedy));
        let sure = match verdict.confidence {
            Confidence::Certain => (
                "sikkert: beskederne viser det",
                "certain: the messages show it",
            ),
            Confidence::Likely => (
                "sandsynligt: intet andet, vi kender, passer så godt",
                "likely: nothing else that we know fits as well",
            ),
            Confidence::Possible => (
                "muligt: det passer, og det gør noget andet også",
                "possible: it fits, and so does something else",
            ),
        };
        self.field(("Hvor sikkert", "How sure"), self.pick(sure));
        self.field(("Årsag", "Cause"), info.id);
        if info.security {
            self.field(
                ("Sikkerhed", "Security"),
                self.pick((
                    "Det kan være et angreb. Giv det også til den, der har ansvar for sikkerheden.",
                    "This may be an attack. Give it to whoever answers for security as well.",
                )),
            );
        }
        self.field(
            ("Brugerens kontakt", "User's contact"),
            &owner::contact(federation, flow, info.contact, self.danish),
        );
        self.line(self.pick((
            "                    Brugeren sendes ikke rundt: kontakten giver teksten videre til den, der skal handle.",
            "                    The user is not sent around: the contact passes this text on to whoever must act.",
        )));
        self.line("");
    }

    fn facts(&mut self, federation: &Federation, flow: &Flow) {
        self.field(("Begyndt", "Began"), &self.moment(flow.started));
        let outcome = match flow.state {
            State::Pending => ("i gang", "pending"),
            State::LoggedIn => ("logget ind", "logged in"),
            State::Refused => ("afvist", "refused"),
            State::Abandoned => ("ingen kom tilbage", "nobody came back"),
            State::LoggedOut => ("logget ud", "logged out"),
            State::PartialLogout => ("delvist logget ud", "partly logged out"),
        };
        let mut outcome = self.pick(outcome).to_owned();
        if let Some(check) = flow.refusal.filter(|_| flow.state == State::Refused) {
            outcome += &format!(" ({})", check.info().id);
        }
        if let Some((level, under)) = flow
            .level
            .as_ref()
            .filter(|_| flow.state == State::LoggedIn)
        {
            outcome += &match under {
                true => self.pick((
                    format!(", {level}: lavere end krævet"),
                    format!(", {level}: lower than needed"),
                )),
                false => format!(", {level}"),
            };
        }
        self.field(("Udfald", "Outcome"), &outcome);
        self.field(("System", "System"), &owner::system(federation, flow));
        if let Some(cvr) = organisation(federation, flow) {
            let name = owner::organisation_name(federation, &cvr);
            let name = name.map_or_else(
                || format!("CVR {cvr}"),
                |name| format!("{name} (CVR {cvr})"),
            );
            self.field(("Organisation", "Organisation"), &name);
        }
        self.field(("IdP", "IdP"), &owner::idp(federation, flow));
        if let Some(level) = flow.required {
            let level = self.pick((level.danish(), level.english()));
            self.field(("Krævet niveau", "Level needed"), &level);
        }
        if let Some(sent) = sent::request(flow) {
            let words = match self.danish {
                true => sent.danish(),
                false => sent.english(),
            };
            self.field(("Sendt til IdP'en", "Sent to the IdP"), &words);
        }
        if let Some(status) = sent::status(flow) {
            self.field(("IdP'ens svar", "The IdP's answer"), &status);
        }
    }

    fn evidence(&mut self, flow: &Flow) {
        let mut shown = Vec::new();
        for (number, exchange) in flow.content.exchanges.iter().enumerate() {
            for row in exchange
                .checks
                .iter()
                .filter(|row| row.outcome == RowOutcome::Fail)
            {
                shown.push(self.row(number, row));
            }
        }
        let told = flow
            .content
            .told
            .iter()
            .flat_map(|told| told.findings.iter().map(|finding| (told.by, finding)));
        for (by, finding) in told {
            let by = match by {
                Leg::System => self.pick(("systemet", "the system")),
                Leg::IdentityProvider => self.pick(("IdP'en", "the IdP")),
            };
            shown.push(format!(
                "{by}: {} – {}",
                finding.id,
                self.pair(&finding.found, &finding.expected)
            ));
        }
        let evidence = flow.verdict.iter().flat_map(|verdict| &verdict.evidence);
        for one in evidence {
            if let Evidence::Decision { decision } = one
                && let Some(decision) = flow.content.decisions.get(*decision)
            {
                shown.push(format!(
                    "{}: {} → {}",
                    decision.rule,
                    short(&decision.input),
                    short(&decision.result)
                ));
            }
        }
        if shown.is_empty() {
            return;
        }
        self.line("");
        self.line(self.pick(("Det viser det:", "What shows it:")));
        let more = shown.len().saturating_sub(EVIDENCE);
        for line in shown.iter().take(EVIDENCE) {
            self.line(&format!("- {}", one_line(line)));
        }
        if more > 0 {
            let words = self.pick(("mere i sagspakken", "more in the case bundle"));
            self.line(&format!("- {more} {words}"));
        }
    }

    fn row(&self, number: usize, row: &Row) -> String {
        let id = row.check.info().id;
        let place = self.pick(("besked", "message"));
        format!(
            "{id} ({place} {}) {}",
            number + 1,
            self.pair(&row.found, &row.expected)
        )
    }

    fn pair(&self, found: &str, expected: &str) -> String {
        let (found, expected) = (short(found), short(expected));
        match self.danish {
            true => format!("fundet: «{found}»; skulle være: «{expected}»"),
            false => format!("found: «{found}»; expected: «{expected}»"),
        }
    }

    /// What has been tried, so that nobody is asked to try it again.
    fn tried(&mut self, flow: &Flow) {
        self.line("");
        if let Some((by, since)) = flow.chosen {
            let words = match by {
                ChosenBy::IdpList => ("systemets liste (IDPList)", "the system's list (IDPList)"),
                ChosenBy::OnlyOne => ("ingen: der er kun én", "nobody: there is only one"),
                ChosenBy::SourceAddress => {
                    ("brugerens netværksadresse", "the user's network address")
                }
                ChosenBy::Memory => (
                    "et husket valg i browseren (“husk mit valg”)",
                    "a choice that the browser remembers",
                ),
                ChosenBy::Chooser => ("brugeren, på vælgersiden", "the user, at the chooser"),
                ChosenBy::Trial => ("et prøvesystem", "a test system"),
                ChosenBy::Session => (
                    "ingen: brugeren var logget ind i forvejen (session)",
                    "nobody: the user was logged in already (session)",
                ),
            };
            let mut words = self.pick(words).to_owned();
            if let Some(since) = since {
                words += &format!(", {} {}", self.pick(("siden", "since")), self.moment(since));
            }
            self.field(("IdP'en valgt af", "IdP chosen by"), &words);
        }
        let count = |leg, direction| {
            let all = flow.content.exchanges.iter();
            all.filter(|one| one.leg == leg && one.direction == direction)
                .count()
        };
        let asked = count(Leg::IdentityProvider, Direction::Out);
        let answered = count(Leg::IdentityProvider, Direction::In);
        let words = match self.danish {
            true => format!("IdP'en spurgt {asked} gang(e), svar modtaget {answered} gang(e)"),
            false => format!("the IdP asked {asked} time(s), answers received {answered} time(s)"),
        };
        self.field(("Prøvet", "Tried"), &words);
        if let Some(visit) = flow.content.visits.last() {
            let led = visit
                .location
                .as_deref()
                .map(|at| format!(" → {at}"))
                .unwrap_or_default();
            let words = format!("{} {} {}{led}", visit.method, visit.path, visit.status);
            self.field(("Browseren sidst", "Browser's last"), &words);
            if visit.cookies.is_empty() {
                self.field(
                    ("Cookies", "Cookies"),
                    self.pick(("browseren sendte ingen med", "the browser sent none along")),
                );
            }
        }
        self.field(
            ("Vedlæg", "Enclose"),
            &match self.danish {
                true => format!("sagspakken (maskeret): /forloeb/{}/sagspakke.zip", flow.id),
                false => format!(
                    "the case bundle (masked): /forloeb/{}/sagspakke.zip",
                    flow.id
                ),
            },
        );
    }

    /// By both clocks: logs have one, people the other.
    fn moment(&self, at: OffsetDateTime) -> String {
        const SECOND: &[BorrowedFormatItem<'_>] =
            format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
        let utc = at.checked_to_offset(time::UtcOffset::UTC).unwrap_or(at);
        let written = |at: OffsetDateTime| at.format(SECOND).unwrap_or_default();
        let local = written(danish_time(at));
        format!(
            "{} UTC ({local} {})",
            written(utc),
            self.pick(("dansk tid", "Danish time"))
        )
    }
}

fn short(text: &str) -> String {
    let text = one_line(text);
    match text.chars().count() > LONGEST {
        true => text.chars().take(LONGEST).chain(['…']).collect(),
        false => text,
    }
}

/// A case is plain text: what a message said cannot begin a line of it.
fn one_line(text: &str) -> String {
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.collect::<String>().trim().to_owned()
}
