use super::*;
use crate::drill::rehearsal::{Cast, Party, rehearse};
use crate::hub::rollover::{Preset, Source, Strategy, Subject, TrustModel, Window};
use time::Duration;
use time::macros::datetime;

const SIX: OffsetDateTime = datetime!(2026-12-02 06:00 +1);

/// As many municipalities and systems as the real federation has, nearly: every tenth one is pinned, the others poll.
fn crowd(idps: usize, systems: usize) -> Cast {
    let party = |role, index: usize| Party {
        name: format!("party-{index}"),
        title: format!("Part {index} med et navn, der er længere end pladsen"),
        role,
        model: TrustModel {
            source: match index % 10 {
                0 => Source::Pinned,
                _ => Source::Polled {
                    every: Duration::hours(24),
                    at: SIX + Duration::hours(i64::try_from(index).unwrap()),
                },
            },
            ..TrustModel::default()
        },
        contact: (index == 0).then(|| "drift@kommune.example".to_owned()),
    };
    let all = (0..idps).map(|index| party(Role::IdentityProvider, index));
    Cast {
        parties: all
            .chain((0..systems).map(|index| party(Role::System, index)))
            .collect(),
        ..Cast::default()
    }
}

fn report(runs: &[Run]) -> Report<'_> {
    Report {
        runs,
        language: Language::Danish,
        certificates: None,
        comparison: None,
    }
}

#[test]
fn a_whole_federation_can_be_read() {
    let plan = Preset::new(Strategy::HardSwap, Subject::Hub, Window::of(SIX)).plan();
    let runs = [rehearse(&plan, &crowd(98, 200), None)];
    let report = report(&runs);
    let text = report.text();
    assert!(
        text.contains("298 af 298 parter er nede undervejs."),
        "{text}"
    );
    assert!(text.contains("0 af 19.600"), "{text}");
    assert!(text.contains("(drift@kommune.example)"));
    assert!(text.lines().all(|line| line.chars().count() <= 100));
    let html = report.html().unwrap();
    // Eighteen parties a drawing, in both languages.
    assert_eq!(
        html.matches("<svg class=\"picture\"").count(),
        2 * 298usize.div_ceil(18)
    );
    assert!(html.contains("19,600") && html.contains("19.600"));
}

#[test]
fn a_proof_that_failed_is_told_in_every_form() {
    let plan = Preset::new(Strategy::HardSwap, Subject::Hub, Window::of(SIX)).plan();
    let mut run = rehearse(&plan, &crowd(1, 1), None);
    run.proof
        .disagreements
        .push(crate::drill::rehearsal::Situation {
            role: Role::IdentityProvider,
            signs: crate::hub::keys::Generation::Next,
            decrypts: Vec::new(),
            trusts: None,
            encrypts_to: None,
        });
    let runs = [run];
    let report = report(&runs);
    assert!(report.text().contains("FEJL I VEJVISER: 1"));
    assert!(report.html().unwrap().contains("A DEFECT OF VEJVISER: 1"));
    assert!(report.json().unwrap().contains("rollover::proof-disagrees"));
    assert!(report.junit().unwrap().contains("errors=\"1\""));
}

#[test]
fn what_a_plan_does_is_told_in_words() {
    use crate::hub::keys::{Generation, Shows};
    let plan = Preset::new(Strategy::Overlap, Subject::Hub, Window::of(SIX)).plan();
    let said = |action: &Action| step_words(action, &plan, "Hubben", "new.cer", Language::Danish);
    let both = Shows {
        signing: vec![Generation::Active, Generation::Next],
        encryption: vec![Generation::Active],
        without_use: true,
    };
    assert_eq!(
        said(&Action::Show(both)),
        "Ny metadata: det gamle certifikat og det nye certifikat til signering, det gamle certifikat til kryptering \
         (uden «use»)"
    );
    assert_eq!(
        said(&Action::Decrypt(vec![Generation::Next])),
        "Hubben dekrypterer kun med nøglen til det nye certifikat"
    );
    assert_eq!(
        said(&Action::HandOut),
        "Det nye certifikat lægges ud som fil (new.cer)"
    );
}
