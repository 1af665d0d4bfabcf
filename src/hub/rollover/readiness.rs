//! Readiness outside any window: what each party still has to do before the next change, by when, and who does it.
//!
//! One ordered list ([`TASKS`]) is the truth: every task applies to every party that it can apply to, and is done or
//! not, so that the list can be followed up as the federation's own task lists are.

use super::habits::{Source, TrustModel};
use super::outage::{Outage, Validities, outages};
use super::preset::{Order, Preset, Strategy};
use super::{Subject, Window};
use crate::hub::check::Actor;
use crate::hub::danish_time::{by_danish_clocks, danish_time};
use crate::hub::trace::Leg;
use std::fmt;
use time::{Duration, OffsetDateTime};

/// Smallest RSA key that OCES3 issues; KAN SDP-MD06 recommends it.
const RSA_BITS: u32 = 3072;

/// A kind of task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A registered certificate is past its end.
    CertificateEnded,
    /// A registered certificate ends soon, and no later one is registered.
    CertificateEnds,
    /// A registered key is shorter than OCES3 issues.
    KeyShort,
    /// Metadata changed, and the party has not fetched it since.
    MetadataFetched,
    /// The party signs with an old key although a newer one is registered.
    SignsWithOld,
    /// The party encrypts to an old key of the hub.
    EncryptsToOld,
    /// Nobody has said how the party takes over a change.
    HabitsStated,
    /// The party does not get through a hard swap.
    SurvivesHardSwap,
}

/// What the list says of a kind: Danish and English.
#[derive(Debug, Clone, Copy)]
pub struct Due {
    /// Which.
    pub kind: Kind,
    /// Stable id.
    pub id: &'static str,
    /// What is to be done.
    pub what: (&'static str, &'static str),
}

/// The list, in its order.
pub const TASKS: [Due; 8] = [
    Due {
        kind: Kind::CertificateEnded,
        id: "readiness::certificate-ended",
        what: (
            "Udskift det udløbne certifikat, og registrér ny metadata i hubben",
            "Replace the certificate that has ended, and register new metadata in the hub",
        ),
    },
    Due {
        kind: Kind::CertificateEnds,
        id: "readiness::certificate-ends",
        what: (
            "Forny certifikatet, og registrér ny metadata i hubben, før det udløber",
            "Renew the certificate, and register new metadata in the hub before it ends",
        ),
    },
    Due {
        kind: Kind::KeyShort,
        id: "readiness::key-short",
        what: (
            "Brug en RSA-nøgle på mindst 3072 bit (OCES3)",
            "Use an RSA key of at least 3072 bits (OCES3)",
        ),
    },
    Due {
        kind: Kind::MetadataFetched,
        id: "readiness::metadata-fetched",
        what: (
            "Hent hubbens metadata, som den er nu",
            "Fetch the hub's metadata as it is now",
        ),
    },
    Due {
        kind: Kind::SignsWithOld,
        id: "readiness::signs-with-old",
        what: (
            "Underskriv med den nyeste af de registrerede nøgler",
            "Sign with the newest of the registered keys",
        ),
    },
    Due {
        kind: Kind::EncryptsToOld,
        id: "readiness::encrypts-to-old",
        what: (
            "Kryptér til den nøgle, som hubbens metadata viser først",
            "Encrypt to the key that the hub's metadata shows first",
        ),
    },
    Due {
        kind: Kind::HabitsStated,
        id: "readiness::habits-stated",
        what: (
            "Oplys, hvordan hubbens nye certifikat bliver overtaget (trust i federation.toml)",
            "State how a new certificate of the hub is taken over (trust in federation.toml)",
        ),
    },
    Due {
        kind: Kind::SurvivesHardSwap,
        id: "readiness::survives-hard-swap",
        what: (
            "Sørg for, at det nye certifikat kan tages i brug uden afbrydelse: læs alle certifikater i metadata, og hent det i forvejen",
            "Make sure that the new certificate can be taken over without an interruption: read all certificates in metadata, and fetch it ahead",
        ),
    },
];

/// A certificate that a party is registered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// Subject.
    pub subject: String,
    /// Key.
    pub key_id: String,
    /// Start.
    pub from: OffsetDateTime,
    /// End.
    pub to: OffsetDateTime,
    /// Bits of an RSA key.
    pub rsa_bits: Option<u32>,
    /// Whether it signs; a system may be encrypted to with another one.
    pub signs: bool,
}

/// What is known of a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Short name.
    pub name: String,
    /// On which side of the hub.
    pub side: Leg,
    /// Habits.
    pub model: TrustModel,
    /// The certificates that it is registered with.
    pub certificates: Vec<Registered>,
    /// Whether its last fetch of the hub's metadata showed what is shown now; none: no fetch was seen.
    pub fetched: Option<bool>,
    /// The key of its last message, if one was seen.
    pub signed_by: Option<String>,
    /// Whether its last encrypted answer was to the key that the hub's metadata shows first, if one was seen.
    pub encrypted_to_shown: Option<bool>,
}

/// A task of one party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Short name of the party.
    pub party: String,
    /// What.
    pub kind: Kind,
    /// By when.
    pub by: Option<OffsetDateTime>,
    /// Who.
    pub actor: Actor,
    /// Whether it is done; none: nothing has been seen that says so, nor that it is not.
    pub done: Option<bool>,
    /// What was found.
    pub found: Found,
}

/// What was found of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// There is nothing to add.
    Nothing,
    /// The subject of a certificate, perhaps with the length of its key.
    Certificate(String),
    /// Logins fail for so long.
    Down(Duration),
    /// Logins fail until somebody acts.
    DownForever,
}

impl fmt::Display for Found {
    /// For scripts: a subject, `16:10` (hours and minutes), `forever`, or nothing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => Ok(()),
            Self::Certificate(found) => f.write_str(found),
            Self::Down(time) => {
                write!(f, "{}:{:02}", time.whole_hours(), time.whole_minutes() % 60)
            }
            Self::DownForever => f.write_str("forever"),
        }
    }
}

impl Kind {
    /// Its entry in the list.
    pub fn due(self) -> &'static Due {
        let found = TASKS.iter().find(|due| due.kind == self);
        found.unwrap_or(&TASKS[0])
    }
}

/// Everybody's tasks: party by party in the given order, and for each in the order of the list. `change` is when the
/// hub next changes its certificate: the window of a plan, or the end of the certificate in use.
pub fn tasks(
    parties: &[Facts],
    change: Option<OffsetDateTime>,
    now: OffsetDateTime,
    days: u16,
) -> Vec<Task> {
    let of = |facts: &Facts| of_party(facts, change, now, Duration::days(days.into()));
    parties.iter().flat_map(of).collect()
}

fn of_party(
    facts: &Facts,
    change: Option<OffsetDateTime>,
    now: OffsetDateTime,
    soon: Duration,
) -> Vec<Task> {
    let mut tasks = Vec::new();
    let mut add = |kind, by, done, found| {
        tasks.push(Task {
            party: facts.name.clone(),
            kind,
            by,
            actor: match facts.side {
                _ if kind == Kind::HabitsStated => Actor::Registration,
                Leg::System => Actor::System,
                Leg::IdentityProvider => Actor::IdentityProvider,
            },
            done,
            found,
        });
    };
    certificates(facts, now, soon, &mut add);
    add(Kind::MetadataFetched, change, facts.fetched, Found::Nothing);
    if let Some((newest, signed_by)) = newest(facts, now).zip(facts.signed_by.as_deref()) {
        let done = newest.key_id == signed_by;
        add(
            Kind::SignsWithOld,
            change,
            Some(done),
            Found::Certificate(newest.subject.clone()),
        );
    }
    if let Some(done) = facts.encrypted_to_shown {
        add(Kind::EncryptsToOld, change, Some(done), Found::Nothing);
    }
    add(
        Kind::HabitsStated,
        change,
        Some(facts.model.stated),
        Found::Nothing,
    );
    if facts.model.stated {
        let (done, found) = hard_swap(facts, change.unwrap_or(now + soon));
        add(Kind::SurvivesHardSwap, change, Some(done), found);
    }
    tasks
}

fn certificates(
    facts: &Facts,
    now: OffsetDateTime,
    soon: Duration,
    add: &mut impl FnMut(Kind, Option<OffsetDateTime>, Option<bool>, Found),
) {
    for certificate in &facts.certificates {
        // A later certificate for the same use that is registered already is the renewal.
        let same_use = facts
            .certificates
            .iter()
            .filter(|c| c.signs == certificate.signs);
        let last = same_use.map(|c| c.to).max();
        let renewed = last.is_some_and(|last| last > now + soon);
        let found = Found::Certificate(certificate.subject.clone());
        if certificate.to <= now {
            add(
                Kind::CertificateEnded,
                Some(certificate.to),
                Some(renewed),
                found,
            );
        } else {
            let far = certificate.to > now + soon;
            add(
                Kind::CertificateEnds,
                Some(certificate.to),
                Some(far || renewed),
                found,
            );
        }
        if let Some(bits) = certificate.rsa_bits {
            let found = Found::Certificate(format!("{}: {bits} bit", certificate.subject));
            add(
                Kind::KeyShort,
                Some(certificate.to),
                Some(bits >= RSA_BITS),
                found,
            );
        }
    }
}

/// The newest certificate that is valid.
fn newest(facts: &Facts, now: OffsetDateTime) -> Option<&Registered> {
    let valid = facts
        .certificates
        .iter()
        .filter(|c| c.signs && c.from <= now && now < c.to);
    valid.max_by_key(|certificate| certificate.from)
}

/// The last morning on which a certificate that ends then can be changed in time: six o'clock by Danish clocks, when
/// windows begin, on the day before.
pub fn last_morning(ends: OffsetDateTime) -> Option<OffsetDateTime> {
    let day = danish_time(ends).date().previous_day()?;
    Some(by_danish_clocks(day.with_hms(6, 0, 0).ok()?))
}

/// Whether a hard swap at `change` interrupts its logins in neither order, and the longest interruption otherwise.
fn hard_swap(facts: &Facts, change: OffsetDateTime) -> (bool, Found) {
    let mut model = facts.model.facing(&Subject::Hub, Some(facts.side));
    // What a person does on a day belongs to the plan of that day, and no plan is made yet.
    if let Source::Manual(_) | Source::Restart(_) = model.source {
        model.source = Source::Manual(Vec::new());
    }
    let window = Window::of(change);
    let spans = Order::ALL.map(|order| {
        let preset = Preset::new(Strategy::HardSwap, Subject::Hub, window);
        let plan = Preset { order, ..preset }.plan();
        outages(&plan, &Validities::default(), &model, &[])
    });
    // None is the worst: until somebody acts.
    let down = spans.iter().map(|spans| down(spans));
    let worst = down
        .max_by_key(|down| down.unwrap_or(Duration::MAX))
        .flatten();
    match worst {
        Some(time) if time.is_zero() => (true, Found::Nothing),
        Some(time) => (false, Found::Down(time)),
        None => (false, Found::DownForever),
    }
}

/// How long logins fail; none: until somebody acts.
fn down(spans: &[Outage]) -> Option<Duration> {
    let times = spans.iter().map(|span| Some(span.to? - span.from));
    times.sum()
}

#[cfg(test)]
mod tests {
    use super::super::Reads;
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-22 10:00 UTC);
    const CHANGE: OffsetDateTime = datetime!(2026-12-02 06:00 +1);

    fn certificate(key: &str, from: OffsetDateTime, to: OffsetDateTime) -> Registered {
        Registered {
            subject: format!("CN={key}"),
            key_id: key.to_owned(),
            from,
            to,
            rsa_bits: Some(3072),
            signs: true,
        }
    }

    /// An identity provider with nothing left to do.
    fn good() -> Facts {
        Facts {
            name: "testrup".to_owned(),
            side: Leg::IdentityProvider,
            model: TrustModel {
                checks_signatures: false,
                encrypts: false,
                ..TrustModel::default()
            },
            certificates: vec![certificate(
                "a",
                NOW - Duration::days(9),
                NOW + Duration::days(900),
            )],
            fetched: Some(true),
            signed_by: Some("a".to_owned()),
            encrypted_to_shown: Some(true),
        }
    }

    fn open(facts: Facts) -> Vec<Kind> {
        let tasks = tasks(&[facts], Some(CHANGE), NOW, 60);
        tasks
            .into_iter()
            .filter(|task| task.done != Some(true))
            .map(|task| task.kind)
            .collect()
    }

    #[test]
    fn every_kind_has_a_case_that_is_open_for_it_alone() {
        assert_eq!(open(good()), []);
        let soon = certificate("a", NOW - Duration::days(9), NOW + Duration::days(60));
        let ended = certificate("b", NOW - Duration::days(900), NOW);
        let new = certificate("c", NOW - Duration::days(1), NOW + Duration::days(990));
        let cases = [
            (
                Kind::CertificateEnded,
                Facts {
                    certificates: vec![ended.clone()],
                    signed_by: None,
                    ..good()
                },
            ),
            (
                Kind::CertificateEnds,
                Facts {
                    certificates: vec![soon.clone()],
                    ..good()
                },
            ),
            (
                Kind::KeyShort,
                Facts {
                    certificates: vec![Registered {
                        rsa_bits: Some(2048),
                        ..good().certificates.remove(0)
                    }],
                    ..good()
                },
            ),
            (
                Kind::MetadataFetched,
                Facts {
                    fetched: None,
                    ..good()
                },
            ),
            (
                Kind::MetadataFetched,
                Facts {
                    fetched: Some(false),
                    ..good()
                },
            ),
            (
                Kind::SignsWithOld,
                Facts {
                    certificates: vec![good().certificates.remove(0), new.clone()],
                    ..good()
                },
            ),
            (
                Kind::EncryptsToOld,
                Facts {
                    encrypted_to_shown: Some(false),
                    ..good()
                },
            ),
            (
                Kind::HabitsStated,
                Facts {
                    model: TrustModel::unknown(),
                    ..good()
                },
            ),
            (
                Kind::SurvivesHardSwap,
                Facts {
                    model: TrustModel::default(),
                    ..good()
                },
            ),
        ];
        for due in &TASKS {
            assert!(
                cases.iter().any(|(kind, _)| *kind == due.kind),
                "{}",
                due.id
            );
        }
        for (kind, facts) in cases {
            assert_eq!(open(facts), [kind]);
        }
        // A renewal that is registered already is no task, and neither is a key that no date concerns.
        let renewed = Facts {
            certificates: vec![ended, soon, new],
            signed_by: Some("c".to_owned()),
            ..good()
        };
        assert_eq!(open(renewed), []);
    }

    #[test]
    fn the_list_says_how_long_a_hard_swap_interrupts() {
        let found = |model, side| {
            let facts = Facts {
                model,
                side,
                ..good()
            };
            let tasks = tasks(&[facts], Some(CHANGE), NOW, 60);
            let task = tasks
                .into_iter()
                .find(|task| task.kind == Kind::SurvivesHardSwap)
                .unwrap();
            assert_eq!(task.by, Some(CHANGE));
            task.found.to_string()
        };
        let polled = |at| TrustModel {
            source: Source::Polled {
                every: Duration::hours(24),
                at,
            },
            ..TrustModel::default()
        };
        let ten_past_ten = polled(datetime!(2026-11-01 22:10 +1));
        assert_eq!(found(ten_past_ten, Leg::IdentityProvider), "16:10");
        // Somebody who acts by hand has no date for a change that is not planned yet.
        let by_hand = TrustModel {
            source: Source::Manual(vec![CHANGE]),
            reads: Reads::First,
            ..TrustModel::default()
        };
        assert_eq!(found(by_hand, Leg::System), "forever");
    }

    #[test]
    fn ids_are_stable_words_and_each_is_there_once() {
        let ids: Vec<&str> = TASKS.iter().map(|due| due.id).collect();
        // Scripts rely on them.
        assert_eq!(
            ids,
            [
                "readiness::certificate-ended",
                "readiness::certificate-ends",
                "readiness::key-short",
                "readiness::metadata-fetched",
                "readiness::signs-with-old",
                "readiness::encrypts-to-old",
                "readiness::habits-stated",
                "readiness::survives-hard-swap",
            ]
        );
        assert!(TASKS.iter().all(|due| due.kind.due().id == due.id));
    }
}
