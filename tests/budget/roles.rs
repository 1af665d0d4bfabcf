//! What the translation of roles may cost: of a large municipality's user, and of an IdP that means harm.

use crate::{ALLOCATOR, ALONE, BYTES, CPU, DEBUG, world};
use cpu_time::ThreadTime;
use stats_alloc::Region;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::PoisonError;
use std::time::Duration;
use vejviser::hub::roles::{
    Claim, DataRestriction, Directory, Giver, JobFunctionRole, LookUp, RoleMapping, RoleMappings,
    RoleSettings, translate,
};
use vejviser::oiosaml::privileges::{BppVersion, Constraint, PrivilegeGroup, Scope, budget};
use vejviser::oiosaml::{Cvr, PrivilegeList};

/// The goal: 200 groups against 5,000 mappings.
const GOAL: Duration = Duration::from_millis(1);

const PARAMETRIC: &str = "http://kommune.example/constraints/orgenhed/1/parametric";

/// Roles as the registry keeps them: JSON, which is read when one is looked up.
struct Register(BTreeMap<String, String>);

#[derive(serde::Deserialize)]
struct Role {
    #[serde(rename = "Anvenderkontekst")]
    context: Context,
}

#[derive(serde::Deserialize)]
struct Context {
    #[serde(rename = "Cvr")]
    cvr: Cvr,
}

impl LookUp for Register {
    fn job_function_role(&self, id: &str) -> Option<JobFunctionRole> {
        let role: Role = serde_json::from_str(self.0.get(id)?).ok()?;
        Some(JobFunctionRole {
            context: Some(role.context.cvr),
            delegated_to: Vec::new(),
        })
    }
    fn claims(&self, _: &Cvr, _: &str) -> Vec<Claim> {
        Vec::new()
    }
}

fn job(n: usize) -> String {
    format!("http://kommune.example/roles/jobrole/rolle_{n}/1")
}

fn own() -> Cvr {
    Cvr::parse(world::CVR).unwrap()
}

/// As many mappings, each of `shared` roles having the same number of them.
fn mappings(count: usize, shared: usize) -> RoleMappings {
    let mapping = |n: usize| RoleMapping {
        id: format!("m{n}"),
        job_function_role: job(n % shared),
        user_system_role: format!("http://system.example/roles/usersystemrole/rolle_{n}/1"),
        restrictions: vec![
            DataRestriction {
                kind: "http://system.example/constraints/KLE/1".to_owned(),
                values: vec!["10.4.1".to_owned(), "10.4.2".to_owned()],
            },
            DataRestriction {
                kind: "http://system.example/constraints/orgenhed/1".to_owned(),
                values: vec![PARAMETRIC.to_owned()],
            },
        ],
    };
    (0..count).map(mapping).collect()
}

fn register(count: usize) -> Directory {
    let role = |n| {
        let id = job(n);
        let text = format!(
            "{{\"Id\":\"{id}\",\"Anvenderkontekst\":{{\"Cvr\":\"{}\"}}}}",
            own()
        );
        (id, text)
    };
    Directory::new(Register((0..count).map(role).collect()))
}

fn group(roles: impl Iterator<Item = usize>, constraints: usize) -> PrivilegeGroup {
    let constraint = |n| Constraint {
        name: match n {
            0 => PARAMETRIC.to_owned(),
            n => format!("{PARAMETRIC}/{n}/parametric"),
        },
        value: format!("enhed {n}"),
    };
    PrivilegeGroup {
        scope: Scope::Cvr(own()),
        privileges: roles.map(job).collect(),
        constraints: (0..constraints).map(constraint).collect(),
    }
}

fn list(groups: Vec<PrivilegeGroup>) -> PrivilegeList {
    PrivilegeList {
        version: BppVersion::V1_1,
        groups,
    }
}

struct Cost {
    /// All of it: reading the list, translating it, writing the other.
    cpu: Duration,
    /// The translation by itself.
    translation: Duration,
    bytes: usize,
    issued: usize,
}

/// From the value of the attribute to the value of the other; the fastest of some runs.
fn cost(sent: &PrivilegeList, mappings: &RoleMappings, directory: &Directory) -> Cost {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut silent = world::World::plain();
    let asked = silent.asked();
    let attributes = silent.assertion(&asked);
    let (own, settings) = (own(), RoleSettings::default());
    let giver = Giver {
        contexts: std::slice::from_ref(&own),
        user: &own,
        attributes: &attributes,
        directory,
        settings: &settings,
    };
    let value = sent.write().unwrap();
    let mut cost = Cost {
        cpu: Duration::MAX,
        translation: Duration::MAX,
        bytes: 0,
        issued: 0,
    };
    for _ in 0..if cfg!(debug_assertions) { 2 } else { 20 } {
        let region = Region::new(ALLOCATOR);
        let start = ThreadTime::now();
        let read = PrivilegeList::read(black_box(&value)).unwrap();
        let read_after = start.elapsed();
        let (groups, stories) = translate(&read, mappings, &giver);
        cost.translation = cost.translation.min(start.elapsed() - read_after);
        cost.issued = groups.len();
        let issued = PrivilegeList {
            version: BppVersion::V1_2,
            groups,
        };
        black_box((issued.write(), stories));
        cost.cpu = cost.cpu.min(start.elapsed());
        cost.bytes = region.change().bytes_allocated;
    }
    cost
}

#[test]
fn two_hundred_groups_against_five_thousand_mappings_cost_a_millisecond() {
    let groups = (0..200).map(|n| group(std::iter::once(n * 7 % 5_000), 1));
    let sent = list(groups.collect());
    let found = cost(&sent, &mappings(5_000, 5_000), &register(5_000));
    println!(
        "200 groups, 5,000 mappings: {:?}; with the list read and the other written {:?}, {} bytes",
        found.translation, found.cpu, found.bytes
    );
    assert_eq!(found.issued, 200);
    assert!(found.translation <= GOAL * DEBUG, "{:?}", found.translation);
}

#[test]
fn an_idp_cannot_make_the_translation_expensive() {
    let directory = register(5_000);
    for (what, sent, mapped) in [
        (
            "the most groups, each with a role that has fifty mappings",
            list(
                (0..budget::GROUPS)
                    .map(|_| group(std::iter::once(0), 1))
                    .collect(),
            ),
            mappings(50, 1),
        ),
        (
            "one group with half privileges and half constraints",
            list(vec![group(std::iter::repeat_n(0, 900), 400)]),
            mappings(5_000, 1),
        ),
        (
            "roles that nothing maps",
            list((0..300).map(|n| group(n..n + 3, 1)).collect()),
            mappings(5_000, 1),
        ),
    ] {
        let found = cost(&sent, &mapped, &directory);
        println!(
            "{what}: {:?}, {} KiB, {} issued",
            found.cpu,
            found.bytes / 1024,
            found.issued
        );
        assert!(found.issued <= budget::GROUPS);
        assert!(found.cpu <= CPU * DEBUG, "{what}: {:?}", found.cpu);
        assert!(found.bytes <= BYTES, "{what}: {} bytes", found.bytes);
    }
}
