//! Steps of one's own.

use super::file::{Do, PlanFile, StepEntry};
use crate::config::kind::{PLAN_CONTRADICTION, PLAN_NEVER, PLAN_STEP, PLAN_WINDOW};
use crate::config::moment;
use crate::config::problem::Sink;
use crate::hub::keys::{Generation, KeyState, Shows};
use crate::hub::rollover::{Action, ENVIRONMENT, Moves, Plan, Step, Subject, Window};
use time::Duration;
use toml::Spanned;

/// How far from the window a step may lie: nobody announces a change more than a year ahead.
const REACH: Duration = Duration::days(366);

/// The plan of the steps as written. `previous`: whether it is known what was in use before.
pub(super) fn plan(
    sink: &mut Sink<'_>,
    file: &PlanFile,
    subject: Subject,
    window: Window,
    previous: bool,
) -> Plan {
    let before = sink.count();
    let mut steps: Vec<Step> = Vec::new();
    for entry in &file.steps {
        let at = moment::read(sink, &entry.get_ref().at);
        let action = action(sink, entry, &subject);
        let (Some(at), Some(action)) = (at, action) else {
            continue;
        };
        let step = Step { at, action };
        placed(sink, entry, &steps, &step, window);
        steps.push(step);
    }
    let plan = Plan {
        name: "egne trin / steps".to_owned(),
        environment: ENVIRONMENT.to_owned(),
        subject,
        strategy: None,
        window,
        same_key: false,
        moves: Moves::ALL,
        start: KeyState::only(Generation::Active),
        steps,
    };
    if !previous {
        for entry in &file.steps {
            strange(sink, entry, &plan.subject);
        }
    }
    // A step that could not be read may be the one that is missing.
    if sink.count() == before && file.rollback_at.is_none() {
        arrives(sink, file, &plan);
    }
    plan
}

/// What is wrong with a step among those above it.
fn placed(
    sink: &mut Sink<'_>,
    entry: &Spanned<StepEntry>,
    above: &[Step],
    step: &Step,
    window: Window,
) {
    let written = entry.get_ref();
    let (at, action) = (written.at.span(), written.action.span());
    let kind = |one: &Step| std::mem::discriminant(&one.action);
    let same = |one: &&Step| kind(one) == kind(step);
    if above.last().is_some_and(|last| last.at > step.at) {
        let what = "the step lies before the one above it";
        let help = "write steps in the order of time";
        sink.add(PLAN_STEP, Some(at), what, help);
        return;
    }
    if above.iter().filter(same).any(|one| one.at == step.at) {
        let what = format!(
            "a second step does `{}` at the same moment",
            step.action.word()
        );
        let help = "remove one of them, or move it";
        sink.add(PLAN_CONTRADICTION, Some(action.clone()), what, help);
    } else if matches!(step.action, Action::Expire | Action::RollBack)
        && above.iter().any(|one| same(&one))
    {
        let what = match step.action {
            Action::Expire => "the certificate expires a second time",
            _ => "everything is put back a second time",
        };
        let help = "remove one of the steps";
        sink.add(PLAN_CONTRADICTION, Some(action.clone()), what, help);
    }
    let changes = |one: &Step| {
        matches!(
            one.action,
            Action::Show(_) | Action::Sign(_) | Action::Decrypt(_)
        )
    };
    if step.action == Action::RollBack && !above.iter().any(changes) {
        let what = "nothing has changed yet that could be put back";
        let help = "remove the step, or move it behind the first that changes something";
        sink.add(PLAN_CONTRADICTION, Some(action), what, help);
    }
    // A window that is none was told already.
    if window.from >= window.to {
        return;
    }
    let inside = (window.from..=window.to).contains(&step.at);
    if matches!(step.action, Action::Sign(_)) && !inside {
        let what = "another key begins to sign outside the window";
        let help = "move the step or the window: logins may fail when it is done";
        sink.add(PLAN_WINDOW, Some(at), what, help);
    } else if step.at < window.from - REACH || step.at > window.to + REACH {
        let what = "the step lies more than a year from the window";
        let help = "move the step or the window";
        sink.add(PLAN_WINDOW, Some(at), what, help);
    }
}

/// Uses what was in use before, of which nothing is known.
fn strange(sink: &mut Sink<'_>, entry: &Spanned<StepEntry>, subject: &Subject) {
    let step = entry.get_ref();
    let lists = [&step.signing, &step.encryption, &step.with];
    let mut named = lists.into_iter().flatten().flatten();
    if named.any(|generation| *generation == Generation::Previous) {
        let (what, help) = match subject {
            Subject::Hub => (
                "the hub has no previous key",
                "add it as [[hub.keys]] with generation = \"previous\", or say active or next",
            ),
            _ => (
                "the party has no previous key",
                "name it in the party's rotated_out, or say active or next",
            ),
        };
        sink.add(PLAN_CONTRADICTION, Some(step.action.span()), what, help);
    }
}

fn action(sink: &mut Sink<'_>, entry: &Spanned<StepEntry>, subject: &Subject) -> Option<Action> {
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
        // Nobody encrypts to an identity provider.
        Do::Show
            if step.encryption.as_ref().is_some_and(Vec::is_empty)
                && !matches!(subject, Subject::IdentityProvider(_)) =>
        {
            wrong(
                "metadata would show no certificate for encryption",
                "add encryption = [\"next\"], or leave it out: it is then the first one for signing",
            )
        }
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
    if end.signs != Generation::Next {
        never(
            "at the end the next key does not sign",
            "add a step with do = \"sign\" and with = [\"next\"], or with do = \"roll-back\"",
        );
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
}
