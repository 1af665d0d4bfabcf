//! A whole federation through a change of certificates: 98 identity providers, 200 systems, two days.

use cpu_time::ThreadTime;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use vejviser::drill::rehearsal::{Cast, Party, Role, Run, rehearse};
use vejviser::hub::rollover::{
    Order, Preset, Reads, Source, Strategy, Subject, TrustModel, Validities, Window,
};

const SIX: OffsetDateTime = datetime!(2026-12-02 06:00 +1);

/// Everybody's habits differ: when they poll, what they read, what they check.
fn federation(idps: i64, systems: i64) -> Cast {
    let party = |role, n: i64| {
        let at = SIX - Duration::minutes(37 * n);
        let source = match n % 7 {
            0 => Source::Pinned,
            1 => Source::Manual(vec![SIX + Duration::minutes(20 * n)]),
            2 => Source::Restart(vec![
                SIX - Duration::minutes(n),
                SIX + Duration::minutes(31 + n),
            ]),
            _ => Source::Polled {
                every: Duration::hours([1, 4, 6, 24][n as usize % 4]),
                at,
            },
        };
        Party {
            name: format!("{role:?}-{n}").to_lowercase(),
            title: format!("{role:?} {n}"),
            role,
            model: TrustModel {
                source,
                reads: [Reads::All, Reads::All, Reads::First, Reads::Last][n as usize % 4],
                checks_signatures: n % 5 != 0,
                ..TrustModel::default()
            },
            contact: None,
        }
    };
    let idps = (0..idps).map(|n| party(Role::IdentityProvider, n));
    let systems = (0..systems).map(|n| party(Role::System, n));
    Cast {
        parties: idps.chain(systems).collect(),
        validities: Validities::default(),
    }
}

fn preset(strategy: Strategy, order: Order) -> Preset {
    Preset {
        order,
        overlap: Duration::hours(24),
        ..Preset::new(strategy, Subject::Hub, Window::of(SIX))
    }
}

/// Every system at every identity provider at every moment: 19,600 logins each. Measured as the CPU time of one
/// thread in the build of the tests, so that a busy neighbour does not count; the goal is 10 seconds on two cores.
#[test]
fn a_whole_federation_is_rehearsed_in_seconds() {
    let cast = federation(98, 200);
    for order in Order::ALL {
        let started = ThreadTime::now();
        let run = rehearse(&preset(Strategy::HardSwap, order).plan(), &cast, None);
        let took = started.elapsed();
        println!(
            "{}: {} moments of 19,600 logins, {} real logins, {:.2} s of CPU",
            run.plan.name,
            run.moments.len(),
            run.proof.logins,
            took.as_secs_f64()
        );
        assert!(run.moments.iter().all(|moment| moment.tried == 19_600));
        assert!(run.moments.len() > 20, "{}", run.moments.len());
        assert_eq!(run.proof.disagreements, []);
        assert!(run.proof.logins >= 5);
        assert!(took.as_secs() < 10, "{took:?}");
    }
}

/// In a hard swap only those fail whose habits say so; in an overlap only those who do not follow metadata.
#[test]
fn only_those_fail_whose_habits_say_so() {
    let cast = federation(35, 35);
    let swap = rehearse(
        &preset(Strategy::HardSwap, Order::SigningFirst).plan(),
        &cast,
        None,
    );
    let overlap = rehearse(
        &preset(Strategy::Overlap, Order::SigningFirst).plan(),
        &cast,
        None,
    );
    let down = |run: &Run, name: &str| {
        let line = run.parties.iter().find(|line| line.party.name == name);
        !line.expect("a party").outages.is_empty()
    };
    for party in &cast.parties {
        let (model, name) = (&party.model, &party.name);
        let encrypts = party.role == Role::IdentityProvider;
        // Nobody who looks at signatures, or encrypts, gets through half an hour without the new metadata.
        let early = matches!(&model.source, Source::Manual(at) if at.iter().any(|at| *at <= SIX));
        let survives_swap = !model.checks_signatures && !encrypts
            || early && !encrypts && model.reads == Reads::All;
        assert_eq!(down(&swap, name), !survives_swap, "hard-swap: {party:?}");
        let polls_in_time =
            matches!(&model.source, Source::Polled { every, .. } if *every < Duration::hours(24));
        if polls_in_time && model.reads == Reads::All {
            assert!(!down(&overlap, name), "overlap: {party:?}");
        }
    }
    let worst = overlap.worst().expect("a moment");
    assert!(worst.working > swap.worst().expect("a moment").working);
}

/// A year of hourly fetches on either side of the switch.
#[test]
fn a_long_overlap_takes_no_longer_than_a_short_one() {
    let mut cast = federation(98, 200);
    for (n, party) in cast.parties.iter_mut().enumerate() {
        party.model.source = Source::Polled {
            every: Duration::hours(1),
            at: SIX + Duration::seconds(7 * n as i64),
        };
    }
    let plan = Preset {
        overlap: Duration::days(365),
        ..Preset::new(Strategy::Overlap, Subject::Hub, Window::of(SIX))
    }
    .plan();
    let started = ThreadTime::now();
    let run = rehearse(&plan, &cast, None);
    let took = started.elapsed();
    println!("two years: {:.2} s of CPU", took.as_secs_f64());
    assert_eq!(run.proof.disagreements, []);
    assert!(took.as_secs() < 10, "{took:?}");
}
