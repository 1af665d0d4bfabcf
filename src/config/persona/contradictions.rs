//! What a persona's entry says that cannot all be true.

use super::{LogoutHabit, Persona, PersonaKind, Trait};
use crate::config::DemoSystem;
use crate::config::kind::PERSONA;
use crate::config::problem::Sink;
use std::ops::Range;
use toml::Spanned;

/// Reports every contradiction at its line.
pub(in crate::config) fn check(sink: &mut Sink<'_>, persona: &Persona) {
    for (at, added) in persona.traits.iter().enumerate() {
        let (one, earlier) = (*added.get_ref(), &persona.traits[..at]);
        if let Some(other) = earlier
            .iter()
            .find(|other| one.contradicts(*other.get_ref()))
        {
            let what = format!("`{}` contradicts `{}`", one.id(), other.get_ref().id());
            tell(sink, added.span(), what, "keep one of them");
        } else if earlier.iter().any(|other| *other.get_ref() == one) {
            let what = format!("`{}` stands here twice", one.id());
            tell(sink, added.span(), what, "keep one of them");
        }
    }
    for taken in &persona.without {
        let one = *taken.get_ref();
        if persona.traits.iter().any(|added| *added.get_ref() == one) {
            let what = format!("`{}` is both added and taken away", one.id());
            tell(sink, taken.span(), what, "remove it from one of the lists");
        } else if !one.about().kinds.contains(&persona.kind) {
            let what = format!("{} does not have `{}`", persona.kind.id(), one.id());
            tell(sink, taken.span(), what, &own(persona.kind));
        }
    }
    values(sink, persona);
}

/// The same of a demo system's entry: what a strict one does with logout the system test says, and no habit.
pub(in crate::config) fn check_demo(sink: &mut Sink<'_>, demo: &DemoSystem) {
    if let Some(logout) = &demo.logout
        && demo.is_strict()
        && *logout.get_ref() != LogoutHabit::Answers
    {
        let what = "a strict system answers a logout as the system test wants it";
        let help = "remove logout, or strict and defect";
        tell(sink, logout.span(), what.to_owned(), help);
    }
}

/// Values that mean nothing without their trait.
fn values(sink: &mut Sink<'_>, persona: &Persona) {
    let spans = [
        (
            persona.subsystems.first().map(Spanned::span),
            "subsystems",
            &[Trait::RequesterPolicy][..],
        ),
        (
            persona.delay_seconds.as_ref().map(Spanned::span),
            "delay_seconds",
            &[Trait::Slow],
        ),
        (
            persona.skew_seconds.as_ref().map(Spanned::span),
            "skew_seconds",
            &[Trait::ClockAhead, Trait::ClockBehind],
        ),
    ];
    for (span, name, needs) in spans {
        if let Some(span) = span
            && !needs.iter().any(|one| persona.has(*one))
        {
            let needs: Vec<&str> = needs.iter().map(|one| one.id()).collect();
            let what = format!("{name} means nothing without `{}`", needs.join("` or `"));
            tell(sink, span, what, "add the trait, or remove the value");
        }
    }
}

fn own(kind: PersonaKind) -> String {
    let ids: Vec<&str> = kind.traits().map(Trait::id).collect();
    format!("its own: {}", ids.join(", "))
}

fn tell(sink: &mut Sink<'_>, at: Range<usize>, what: String, help: &str) {
    sink.add(PERSONA, Some(at), what, help);
}
