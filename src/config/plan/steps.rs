//! Steps of one's own.

use super::file::{Do, PlanFile, StepEntry};
use crate::config::kind::{PLAN_NEVER, PLAN_STEP};
use crate::config::moment;
use crate::config::problem::Sink;
use crate::hub::keys::{Generation, KeyState, Shows};
use crate::hub::rollover::{Action, Plan, Step, Subject, Window};
use toml::Spanned;

/// The plan of the steps as written.
pub(super) fn plan(
    sink: &mut Sink<'_>,
    file: &PlanFile,
    subject: Subject,
    window: Window,
) -> Option<Plan> {
    let before = sink.count();
    let mut steps: Vec<Step> = Vec::new();
    for entry in &file.steps {
        let at = moment::read(sink, &entry.get_ref().at);
        let action = action(sink, entry);
        let (Some(at), Some(action)) = (at, action) else {
            continue;
        };
        if steps.last().is_some_and(|last| last.at > at) {
            let what = "the step lies before the one above it";
            sink.add(
                PLAN_STEP,
                Some(entry.get_ref().at.span()),
                what,
                "write steps in the order of time",
            );
        }
        steps.push(Step { at, action });
    }
    let plan = Plan {
        name: "egne trin / steps".to_owned(),
        environment: "TEST".to_owned(),
        subject,
        strategy: None,
        window,
        same_key: false,
        start: KeyState::only(Generation::Active),
        steps,
    };
    // A step that could not be read may be the one that is missing.
    if sink.count() == before {
        arrives(sink, file, &plan);
    }
    Some(plan)
}

fn action(sink: &mut Sink<'_>, entry: &Spanned<StepEntry>) -> Option<Action> {
    let step = entry.get_ref();
    let kind = *step.action.get_ref();
    let mut wrong = |what: &str, help: &str| {
        sink.add(PLAN_STEP, Some(step.action.span()), what, help);
        None
    };
    let shows = step.signing.is_some() || step.encryption.is_some() || step.without_use.is_some();
    if shows && kind != Do::Show {
        return wrong(
            "signing, encryption and without_use are for do = \"show\"",
            "remove them",
        );
    }
    if step.with.is_some() && !matches!(kind, Do::Sign | Do::Decrypt) {
        return wrong("with is for do = \"sign\" and \"decrypt\"", "remove it");
    }
    let with = step.with.as_deref().unwrap_or_default();
    match kind {
        Do::Announce => Some(Action::Announce),
        Do::HandOut => Some(Action::HandOut),
        Do::Expire => Some(Action::Expire),
        Do::RollBack => Some(Action::RollBack),
        Do::Show => match step.signing.as_deref() {
            Some([first, ..]) => Some(Action::Show(Shows {
                signing: step.signing.clone().unwrap_or_default(),
                encryption: step.encryption.clone().unwrap_or_else(|| vec![*first]),
                without_use: step.without_use == Some(true),
            })),
            _ => wrong(
                "metadata would show no certificate for signing",
                "add signing = [\"next\"]",
            ),
        },
        Do::Sign => match with {
            [generation] => Some(Action::Sign(*generation)),
            _ => wrong("exactly one generation signs", "add with = [\"next\"]"),
        },
        Do::Decrypt => match with {
            [] => wrong("nothing would decrypt", "add with = [\"next\", \"active\"]"),
            generations => Some(Action::Decrypt(generations.to_vec())),
        },
    }
}

/// A change ends with the next key: signing, shown, and decrypting what it is shown for; or as it began.
fn arrives(sink: &mut Sink<'_>, file: &PlanFile, plan: &Plan) {
    let Some(last) = file.steps.last() else {
        return;
    };
    let schedule = plan.schedule();
    let Some(end) = schedule.states().last().cloned() else {
        return;
    };
    let mut never = |what: &str, help: &str| {
        sink.add(PLAN_NEVER, Some(last.get_ref().action.span()), what, help);
    };
    if matches!(plan.steps.last(), Some(step) if step.action == Action::RollBack) {
        return;
    }
    if !end.shows.signing.contains(&end.signs) {
        never(
            "at the end metadata does not show the certificate that signs",
            "add a step with do = \"show\"",
        );
    }
    if end
        .shows
        .encryption
        .iter()
        .any(|shown| !end.decrypts.contains(shown))
    {
        never(
            "at the end metadata shows a certificate for encryption whose key does not decrypt",
            "add a step with do = \"decrypt\"",
        );
    }
    if plan
        .steps
        .iter()
        .all(|step| matches!(step.action, Action::Announce | Action::HandOut))
    {
        never(
            "nothing changes",
            "add steps with do = \"sign\" and do = \"show\"",
        );
    }
}
