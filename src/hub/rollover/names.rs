//! File names as the real hub's: `ADG_<miljø>_Adgangsstyring_<n>.cer`, and `new_` before the upcoming one.

use super::plan::{Plan, Subject};
use crate::dsig::Certificate;

/// What the files of a change are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// The certificate in use.
    pub active: String,
    /// The upcoming one.
    pub next: String,
}

impl Names {
    /// For a plan. The numbers are those at the end of the certificates' names (`…_Adgangsstyring_2`), as in the real
    /// hub's; where there are none, the one in use is 1 and the upcoming one follows it. For another party than the
    /// hub no form is known, and its short name stands in the place of `ADG`.
    pub fn of(plan: &Plan, active: Option<&Certificate>, next: Option<&Certificate>) -> Self {
        Self::in_environment(&plan.subject, &plan.environment, active, next)
    }

    /// The same where there is no plan yet.
    pub fn in_environment(
        subject: &Subject,
        environment: &str,
        active: Option<&Certificate>,
        next: Option<&Certificate>,
    ) -> Self {
        let active = active.and_then(number).unwrap_or(1);
        let next = next.and_then(number).unwrap_or(active.saturating_add(1));
        let environment = plain(environment);
        let name = |number: u32| match subject {
            Subject::Hub => format!("ADG_{environment}_Adgangsstyring_{number}.cer"),
            Subject::IdentityProvider(name) | Subject::System(name) => {
                format!("{}_{environment}_{number}.cer", plain(name))
            }
        };
        Self {
            active: name(active),
            next: format!("new_{}", name(next)),
        }
    }
}

/// The environment of a plan that names none.
pub const ENVIRONMENT: &str = "TEST";

/// The name of an environment as file names and texts have it: 1 to 16 letters and digits, in capitals.
pub fn environment(text: &str) -> Option<String> {
    let fits = (1..=16).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
    fits.then(|| text.to_ascii_uppercase())
}

/// A name for the other files of a plan: `hard-swap-signing-first`. Of a long one the beginning and the end are kept,
/// which tell plans apart (the order, the rollback), and a sum of what is left out.
pub fn slug(plan: &Plan) -> String {
    let mut slug = String::new();
    for letter in allowed(&plan.name).to_lowercase().chars() {
        if letter != '-' || !slug.ends_with('-') {
            slug.push(letter);
        }
    }
    let slug = slug.trim_matches('-');
    match slug.len() {
        0 => "plan".to_owned(),
        1..=LONGEST => slug.to_owned(),
        length => {
            let (head, tail) = (slug.get(..32), slug.get(length - 38..));
            let (head, tail) = (head.unwrap_or_default(), tail.unwrap_or_default());
            let sum = plan.name.bytes().fold(0x811c_9dc5_u32, |sum, byte| {
                (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193)
            });
            format!("{head}-{sum:08x}-{tail}")
        }
    }
}

/// The number at the end of a certificate's common name.
fn number(certificate: &Certificate) -> Option<u32> {
    let name = common_name(certificate)?;
    name.rsplit_once('_')?.1.parse().ok()
}

/// A certificate's common name.
pub(super) fn common_name(certificate: &Certificate) -> Option<String> {
    let subject = certificate.subject();
    let mut parts = subject.split(',');
    parts.find_map(|part| part.strip_prefix("CN=").map(str::to_owned))
}

/// Letters of a part of a file's name.
const LONGEST: usize = 80;

/// What may stand in a file name everywhere: whoever wrote the plan names no folder with it.
pub fn plain(text: &str) -> String {
    allowed(text).chars().take(LONGEST).collect()
}

fn allowed(text: &str) -> String {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let plain = text.chars().map(|c| if allowed(c) { c } else { '-' });
    plain.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hub::rollover::{Preset, Strategy, Window};
    use time::macros::datetime;

    fn plan(subject: Subject, environment: &str) -> Plan {
        let window = Window::of(datetime!(2026-12-02 06:00 +1));
        Preset {
            environment: environment.to_owned(),
            ..Preset::new(Strategy::HardSwap, subject, window)
        }
        .plan()
    }

    #[test]
    fn names_are_the_real_hubs() {
        let hub = plan(Subject::Hub, "EXTTEST");
        let names = Names::of(&hub, None, None);
        assert_eq!(names.active, "ADG_EXTTEST_Adgangsstyring_1.cer");
        assert_eq!(names.next, "new_ADG_EXTTEST_Adgangsstyring_2.cer");
        let certificate = |pem: &[u8]| Certificate::parse(pem).unwrap();
        let active = certificate(include_bytes!("../../../certs/hub.pem"));
        let next = certificate(include_bytes!("../../../certs/hub-next.pem"));
        assert_eq!(Names::of(&hub, Some(&active), Some(&next)), names);
        assert_eq!(
            Names::of(&hub, Some(&next), None).next,
            "new_ADG_EXTTEST_Adgangsstyring_3.cer"
        );
        let system = plan(Subject::System("sagssystem".to_owned()), "DEMO");
        assert_eq!(
            Names::of(&system, None, None).next,
            "new_sagssystem_DEMO_2.cer"
        );
        assert_eq!(slug(&hub), "hard-swap-signing-first");
    }

    #[test]
    fn a_name_never_leads_out_of_its_folder() {
        let plan = plan(Subject::Hub, "../../etc/x\0æ");
        let names = Names::of(&plan, None, None);
        assert_eq!(names.next, "new_ADG_------etc-x--_Adgangsstyring_2.cer");
        let named = Plan {
            name: "../Æ ../".to_owned(),
            ..plan
        };
        assert_eq!(slug(&named), "plan");
    }

    #[test]
    fn plans_with_long_names_have_files_of_their_own() {
        let plan = plan(Subject::Hub, ENVIRONMENT);
        let long =
            "Skift af certifikat i produktionsmiljøet hos alle kommuner på én gang, tredje forsøg";
        let slugs = ["signing-first", "metadata-first"].map(|order| {
            let name = format!("{long}: hard-swap ({order})");
            let slug = slug(&Plan {
                name,
                ..plan.clone()
            });
            assert!(slug.len() <= LONGEST && slug.ends_with(order), "{slug}");
            slug
        });
        assert_ne!(slugs[0], slugs[1]);
    }

    #[test]
    fn an_environment_is_a_short_word() {
        assert_eq!(super::environment("ExtTest2"), Some("EXTTEST2".to_owned()));
        for wrong in ["", "../x", "miljø", "Q A", "ABCDEFGHIJKLMNOPQ"] {
            assert_eq!(super::environment(wrong), None, "{wrong}");
        }
    }
}
