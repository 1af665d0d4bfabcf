//! The certificates that a plan names.

use super::file::{PairEntry, PlanFile};
use crate::config::kind::{
    KEY_MISMATCH, KEY_UNREADABLE, MISSING_FILE, PLAN_CERTIFICATE, PLAN_CONTRADICTION, PLAN_KEY,
    PLAN_PRETENDS,
};
use crate::config::problem::Sink;
use crate::dsig::{Certificate, KeyError, SigningKey};
use crate::hub::keys::Generation;
use crate::hub::rollover::{Objection, Pair, Plan, Subject};
use std::ops::Range;
use toml::Spanned;

/// What a plan names. The pairs that are then changed are those of its file, and what is registered where it names none.
pub(super) fn named(sink: &mut Sink<'_>, file: &PlanFile) -> Pair {
    Pair {
        active: file.active.as_ref().and_then(|pair| pair_of(sink, pair)),
        next: file.next.as_ref().and_then(|pair| pair_of(sink, pair)),
    }
}

/// Tells what speaks against the pairs under the plans, each once.
pub(super) fn judge(
    sink: &mut Sink<'_>,
    file: &PlanFile,
    plans: &[Plan],
    named: &Pair,
    pairs: &[Pair],
) {
    let all = pairs.iter().flat_map(|pair| {
        let plans = plans.iter();
        plans.flat_map(|plan| pair.objections(plan))
    });
    let mut told: Vec<Objection> = Vec::new();
    for objection in all {
        let (entry, own) = match objection.generation() {
            Generation::Next => (&file.next, named.next.is_some()),
            _ => (&file.active, named.active.is_some()),
        };
        let kind = match &objection {
            // Whoever rehearses without certificates gets stand-ins.
            Objection::NextMissing => continue,
            // What a certificate of the federation would do if it expired may be asked; one that is named must.
            Objection::EndsElsewhere(..) if !own => PLAN_PRETENDS,
            Objection::EndsElsewhere(..) => PLAN_CONTRADICTION,
            Objection::OnTheSameKey(_) | Objection::OnAnotherKey(_) => PLAN_KEY,
            Objection::ActiveNotValid(_) | Objection::NextNotValid(_) => PLAN_CERTIFICATE,
        };
        if told.contains(&objection) {
            continue;
        }
        let place = match (entry, &file.strategy) {
            (Some(pair), _) if own => pair.certificate.span(),
            (_, Some(strategy)) => strategy.span(),
            (_, None) => file.window.span(),
        };
        let origin = if own { "" } else { " (it is registered)" };
        let what = format!("{}{origin}", objection.what().1);
        let subject = plans.first().map_or(&Subject::Hub, |plan| &plan.subject);
        sink.add(kind, Some(place), what, objection.help(subject).1);
        told.push(objection);
    }
}

fn pair_of(sink: &mut Sink<'_>, pair: &PairEntry) -> Option<Certificate> {
    // Both files are read before either is judged: all problems in one answer.
    let certificate = bytes(sink, &pair.certificate);
    let key = pair.key.as_ref().map(|name| (name, bytes(sink, name)));
    let certificate = match Certificate::parse(&certificate?) {
        Ok(certificate) => certificate,
        Err(why) => {
            let what = format!("{}: {why}", pair.certificate.get_ref());
            sink.add(
                KEY_UNREADABLE,
                span(pair),
                what,
                "a certificate in PEM or DER",
            );
            return None;
        }
    };
    if let Some((name, Some(key))) = key {
        let at = Some(name.span());
        match SigningKey::parse(&key, Some(certificate.clone())) {
            Ok(_) => {}
            Err(KeyError::Mismatch) => sink.add(
                KEY_MISMATCH,
                at,
                format!("{} is not the key of the certificate", name.get_ref()),
                "name the key that the certificate was made for",
            ),
            Err(why) => sink.add(
                KEY_UNREADABLE,
                at,
                format!("{}: {why}", name.get_ref()),
                "a private key in PEM without password, RSA from 2048 bits",
            ),
        }
    }
    Some(certificate)
}

fn bytes(sink: &mut Sink<'_>, name: &Spanned<String>) -> Option<Vec<u8>> {
    let path = sink.path.parent().unwrap_or(sink.path).join(name.get_ref());
    std::fs::read(&path)
        .inspect_err(|why| {
            let what = format!("{}: {why}", path.display());
            let help = "file names are relative to the plan";
            sink.add(MISSING_FILE, Some(name.span()), what, help);
        })
        .ok()
}

fn span(pair: &PairEntry) -> Option<Range<usize>> {
    Some(pair.certificate.span())
}
