//! Whatever a party asks for, and whatever the store brings: only the sessions of the named user end.

use super::*;
use proptest::prelude::*;
use std::sync::LazyLock;
use time::OffsetDateTime;
use vejviser::hub::Leg;
use vejviser::hub::logout::{Begun, ReplyTo, Wanted};
use vejviser::hub::session::{Participant, SessionId};

static STAGE: LazyLock<Stage> = LazyLock::new(Stage::new);

const PEOPLE: [&str; 3] = [ANNA, BENT, "carl"];
const SYSTEMS: [&str; 3] = [SYSTEM, SECOND, THIRD];
const IDPS: [&str; 2] = [IDP, OTHER_IDP];

/// Few names, so that they meet; and SessionIndexes that several sessions have.
fn session() -> impl Strategy<Value = Session> {
    let systems = prop::collection::vec((0..3usize, 0..4u8), 0..4);
    let ends = (0..2usize, prop::collection::vec(0..4u8, 0..3));
    (0..3u8, 0..3usize, ends, systems, 0..100i64).prop_map(
        |(browser, person, (idp, indexes), systems, minute)| {
            let browser = BrowserHash(format!("b{browser}"));
            let name_id = Stage::name_id(PEOPLE[person]);
            let mut session = Session {
                id: SessionId::of(&browser, IDPS[idp], &name_id),
                browser,
                idp: IDPS[idp].to_owned(),
                name_id,
                idp_indexes: indexes.iter().map(|n| format!("i{n}")).collect(),
                systems: Vec::new(),
                authenticated: None,
                started: NOW + Duration::minutes(minute),
                used: NOW,
                ends: NOW + Duration::hours(8),
            };
            for (system, index) in systems {
                let login = Session {
                    systems: vec![Participant {
                        system: SYSTEMS[system].to_owned(),
                        indexes: vec![format!("i{index}")],
                    }],
                    ..session.clone()
                };
                session = Session::joined(Some(session), login);
            }
            session
        },
    )
}

fn wanted() -> impl Strategy<Value = Wanted> {
    let indexes = prop::collection::vec(0..5u8, 0..3);
    (0..5usize, 0..3usize, indexes).prop_map(|(party, person, indexes)| {
        let (party, leg) = match party {
            0..3 => (SYSTEMS[party], Leg::System),
            more => (IDPS[more - 3], Leg::IdentityProvider),
        };
        Wanted {
            key: party_key(party, PEOPLE[person]),
            name_id: match leg {
                Leg::System => Stage::name_id(PEOPLE[person]).unqualified(),
                Leg::IdentityProvider => Stage::name_id(PEOPLE[person]),
            },
            indexes: indexes.iter().map(|n| format!("i{n}")).collect(),
            reply: ReplyTo {
                party: party.to_owned(),
                leg,
                request_id: "_l".to_owned(),
                binding: Binding::Redirect,
                url: None,
                relay_state: None,
            },
            replay: ("_l".to_owned(), OffsetDateTime::UNIX_EPOCH),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn a_logout_of_one_user_never_ends_a_session_of_another(
        sessions in prop::collection::vec(session(), 0..8),
        wanted in wanted(),
    ) {
        let flow = FlowId::from_random([3; 16]);
        let all = sessions.clone();
        let begun = begin(STAGE.context(), &wanted, all, flow, &mut Trace::default());
        let (ends, parties) = match begun {
            Begun::Ends(begun) => (begun.ends, begun.logout.parties),
            Begun::Answer(..) => (Vec::new(), Vec::new()),
        };
        let asker = wanted.reply.party.as_str();
        let meant = wanted.name_id.unqualified();
        for session in &ends {
            prop_assert_eq!(&session.name_id.unqualified(), &meant);
            prop_assert!(sessions.contains(session));
            prop_assert!(session.keys().contains(&wanted.key), "the asker took part");
        }
        // Those that stay are others', or not named.
        for session in sessions.iter().filter(|session| !ends.contains(session)) {
            let mut systems = session.systems.iter();
            let known = match wanted.reply.leg {
                Leg::IdentityProvider => (session.idp == asker).then_some(&session.idp_indexes),
                Leg::System => systems.find(|one| one.system == asker).map(|one| &one.indexes),
            };
            let named = known.is_some_and(|known| {
                wanted.indexes.is_empty() || known.iter().any(|index| wanted.indexes.contains(index))
            });
            prop_assert!(session.name_id.unqualified() != meant || !named, "{:?}", session);
        }
        // Everybody in them is told but the asker, once, and nobody else; identity providers last.
        let mut expected: Vec<(&str, &str)> = Vec::new();
        for session in &ends {
            let systems = session.systems.iter().map(|one| ("system", one.system.as_str()));
            expected.extend(systems.chain([("idp", session.idp.as_str())]));
        }
        expected.retain(|(_, party)| *party != asker);
        expected.sort_unstable();
        expected.dedup();
        let kind = |leg: Leg| if leg == Leg::System { "system" } else { "idp" };
        let mut told: Vec<(&str, &str)> =
            parties.iter().map(|one| (kind(one.leg), one.party.as_str())).collect();
        let kinds: Vec<&str> = told.iter().map(|(kind, _)| *kind).collect();
        prop_assert!(kinds.is_sorted_by(|a, b| a >= b), "systems first: {:?}", kinds);
        told.sort_unstable();
        prop_assert_eq!(told, expected);
        // The identity provider by the name that it gave, qualifiers and all; a system by what was issued to it.
        for one in &parties {
            prop_assert_eq!(&one.name_id.unqualified(), &meant);
            prop_assert_eq!(one.name_id.sp_name_qualifier.is_some(), one.leg == Leg::IdentityProvider);
        }
    }
}
