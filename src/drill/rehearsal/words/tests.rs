use super::conditions::If;
use super::duties::Row;
use super::*;
use crate::hub::rollover::{Preset, Source, Strategy, TrustModel, Window};
use std::collections::BTreeSet;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

const SIX: OffsetDateTime = datetime!(2026-12-02 06:00 +1);

fn plan(strategy: Strategy, subject: Subject) -> Plan {
    Preset::new(strategy, subject, Window::of(SIX)).plan()
}

fn party(role: Role, source: Source) -> Party {
    Party {
        name: "party".to_owned(),
        title: "Prøvekøbing Kommune".to_owned(),
        role,
        model: TrustModel {
            source,
            ..TrustModel::default()
        },
        contact: None,
    }
}

fn outage(cause: Cause, from: OffsetDateTime) -> Outage {
    Outage {
        from,
        to: None,
        cause,
    }
}

fn pairs() -> impl Iterator<Item = Pair> {
    let named = CAUSES.iter().flat_map(|named| [named.title, named.what]);
    let tasks = ROWS.iter().flat_map(|row| row.now.iter().chain(row.before));
    named.chain(tasks.map(|(_, pair)| *pair))
}

fn values(text: &str) -> BTreeSet<&str> {
    let parts = text.split('{').skip(1);
    parts.filter_map(|rest| rest.split('}').next()).collect()
}

#[test]
fn every_cause_is_covered_in_both_languages() {
    for cause in Cause::ALL {
        let (da, en) = title(cause);
        assert!(!da.is_empty() && !en.is_empty() && da != en, "{cause:?}");
        let rows: Vec<&Row> = ROWS.iter().filter(|row| row.cause == cause).collect();
        assert!(
            rows.last().is_some_and(|row| row.when == [If::Always]),
            "{cause:?}"
        );
        assert!(
            rows.iter()
                .all(|row| !row.now.is_empty() && !row.before.is_empty()),
            "{cause:?}"
        );
    }
    let letters: BTreeSet<char> = Cause::ALL.into_iter().map(letter).collect();
    assert_eq!(letters, ('A'..='I').collect());
    for (da, en) in pairs() {
        assert!(
            da != en && !da.trim().is_empty() && !en.trim().is_empty(),
            "{da}"
        );
        assert_eq!(values(da), values(en), "{da}");
        assert_eq!(da.ends_with('.'), en.ends_with('.'), "{da}");
        let known = [
            "holder", "changer", "file", "signs", "lead", "held_old", "held_new", "signed",
            "old_key", "new_key",
        ];
        assert!(values(da).iter().all(|value| known.contains(value)), "{da}");
    }
}

/// Every cause with every role and habit under every strategy: no brace is left, everybody has something to do.
#[test]
fn every_situation_is_explained() {
    let sources = [
        Source::Pinned,
        Source::Polled {
            every: Duration::hours(1),
            at: SIX,
        },
        Source::Restart(Vec::new()),
        Source::Manual(Vec::new()),
    ];
    let subjects = [
        Subject::Hub,
        Subject::IdentityProvider("idp".to_owned()),
        Subject::System("system".to_owned()),
    ];
    for cause in Cause::ALL {
        for (role, source) in [Role::Hub, Role::IdentityProvider, Role::System]
            .into_iter()
            .flat_map(|role| sources.iter().map(move |source| (role, source)))
        {
            for strategy in Strategy::ALL {
                for subject in &subjects {
                    let plan = plan(strategy, subject.clone());
                    let party = party(role, source.clone());
                    for language in [Language::Danish, Language::English] {
                        let said = explain(
                            &outage(cause, SIX),
                            &party,
                            &plan,
                            "Context Handler",
                            "new.cer",
                            language,
                        );
                        assert!(!said.now.is_empty() && !said.before.is_empty());
                        let duties = said.now.iter().chain(&said.before).map(|duty| &duty.text);
                        for text in duties.chain([&said.what]) {
                            assert!(!text.contains('{') && text.ends_with('.'), "{text}");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn what_would_have_helped_hangs_on_the_habits_and_the_plan() {
    let before = |strategy, source| {
        let plan = plan(strategy, Subject::Hub);
        let party = party(Role::IdentityProvider, source);
        let said = explain(
            &outage(Cause::HoldsOld, SIX + Duration::hours(2)),
            &party,
            &plan,
            "Context Handler",
            "new.cer",
            Language::Danish,
        );
        let tasks = said.before.into_iter();
        tasks.map(|duty| (duty.who, duty.text)).collect::<Vec<_>>()
    };
    let daily = || Source::Polled {
        every: Duration::hours(24),
        at: SIX,
    };
    // Who follows metadata cannot help a hub that shows the certificate too late.
    let said = before(Strategy::HardSwap, daily());
    assert_eq!(
        said[0],
        (
            Who::Changer,
            "Vis begge certifikater i metadata mindst 24 timer før onsdag 2. december kl. 06.00."
                .to_owned()
        )
    );
    let said = before(Strategy::HardSwap, Source::Pinned);
    assert_eq!(said[0].0, Who::Holder);
    assert!(said[0].1.contains("Læg begge certifikater ind"), "{said:?}");
    let said = before(Strategy::Emergency, Source::Pinned);
    assert!(
        said[0].1.starts_with("Et nødskifte bliver ikke varslet"),
        "{said:?}"
    );
}

#[test]
fn each_kind_of_party_has_its_actor() {
    let plan_of = |subject| plan(Strategy::HardSwap, subject);
    let idp = Subject::IdentityProvider("idp".to_owned());
    let manual = || Source::Manual(Vec::new());
    for (who, role, subject, expected) in [
        (
            Who::Holder,
            Role::IdentityProvider,
            Subject::Hub,
            Actor::IdentityProvider,
        ),
        (Who::Holder, Role::System, Subject::Hub, Actor::System),
        (Who::Changer, Role::System, Subject::Hub, Actor::Hub),
        (Who::Holder, Role::Hub, idp.clone(), Actor::Registration),
        (Who::Changer, Role::Hub, idp, Actor::IdentityProvider),
        (
            Who::Changer,
            Role::Hub,
            Subject::System("s".to_owned()),
            Actor::System,
        ),
    ] {
        assert_eq!(
            actor(who, &party(role, manual()), &plan_of(subject)),
            expected
        );
    }
}

/// What there is to do for an outage that begins so many minutes after six, in a hard swap that is given up at seven.
fn now(cause: Cause, minutes: i64, back: bool) -> String {
    let mut plan = plan(Strategy::HardSwap, Subject::Hub);
    if back {
        plan = plan.rolled_back(SIX + Duration::hours(1)).unwrap();
    }
    let said = explain(
        &outage(cause, SIX + Duration::minutes(minutes)),
        &party(Role::System, Source::Pinned),
        &plan,
        "Context Handler",
        "new.cer",
        Language::English,
    );
    format!("{} {}", said.what, said.now[0].text)
}

#[test]
fn advice_is_of_the_moment_at_which_the_outage_begins() {
    // Rolled back is said after the rollback, not before.
    assert!(now(Cause::HoldsNewTooEarly, 90, true).contains("was rolled back"));
    assert!(!now(Cause::HoldsNewTooEarly, -90, true).contains("rolled back"));
    // The new certificate may be the one that has expired.
    assert!(now(Cause::CertificateExpired, -90, false).contains("Put the new certificate to use"));
    assert!(now(Cause::CertificateExpired, 90, false).contains("the new one has expired too"));
    // While the old one signs, what is older than it is the previous one.
    let before = now(Cause::HoldsOld, -90, false);
    assert!(
        before.contains("holds only the previous certificate"),
        "{before}"
    );
    assert!(
        before.contains("signs with the old one") && !before.contains("new"),
        "{before}"
    );
    let after = now(Cause::HoldsOld, 90, false);
    assert!(after.contains("holds only the old certificate"), "{after}");
}
