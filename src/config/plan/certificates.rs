//! The certificates that a plan names.

use super::file::{PairEntry, PlanFile};
use crate::config::kind::{KEY_MISMATCH, KEY_UNREADABLE, MISSING_FILE, PLAN_CERTIFICATE, PLAN_KEY};
use crate::config::problem::Sink;
use crate::dsig::{Certificate, KeyError, Policy, PublicKey, SigningKey};
use crate::hub::rollover::{Plan, Strategy, Validities, Validity};
use std::ops::Range;
use toml::Spanned;

/// What was read.
#[derive(Default)]
pub(super) struct Certificates {
    pub active: Option<Certificate>,
    pub next: Option<Certificate>,
}

impl Certificates {
    /// Their dates.
    pub fn validities(&self) -> Validities {
        let of = |certificate: &Certificate| Validity {
            from: certificate.not_before(),
            to: certificate.not_after(),
        };
        Validities {
            active: self.active.as_ref().map(of),
            next: self.next.as_ref().map(of),
        }
    }
}

/// Reads both, and judges them by what the plan does with them.
pub(super) fn read(sink: &mut Sink<'_>, file: &PlanFile, plan: Option<&Plan>) -> Certificates {
    let active = file.active.as_ref().and_then(|pair| pair_of(sink, pair));
    let next = file.next.as_ref().and_then(|pair| pair_of(sink, pair));
    let found = Certificates { active, next };
    let Some(plan) = plan else {
        return found;
    };
    if let (Some(certificate), Some(pair)) = (&found.active, &file.active)
        && !(certificate.not_before()..certificate.not_after()).contains(&plan.window.from)
        && plan.strategy != Some(Strategy::ExpiredInPlace)
    {
        let what = format!("{} is not valid when the window begins", story(certificate));
        let help = "name the certificate that is in use then, or rehearse expired-in-place";
        sink.add(PLAN_CERTIFICATE, span(pair), what, help);
    }
    let signs = plan.signs_next().unwrap_or(plan.window.to);
    if let (Some(certificate), Some(pair)) = (&found.next, &file.next)
        && !(certificate.not_before()..certificate.not_after()).contains(&signs)
    {
        let what = format!("{} is not valid when it begins to sign", story(certificate));
        sink.add(
            PLAN_CERTIFICATE,
            span(pair),
            what,
            "order one that is, or move the window",
        );
    }
    same_key(sink, file, plan, &found);
    found
}

fn same_key(sink: &mut Sink<'_>, file: &PlanFile, plan: &Plan, found: &Certificates) {
    let id = |certificate: &Option<Certificate>| {
        let key = PublicKey::from_certificate(certificate.clone()?, Policy::Modern).ok()?;
        Some(key.key_id())
    };
    let (Some(active), Some(next), Some(pair)) = (id(&found.active), id(&found.next), &file.next)
    else {
        return;
    };
    match (active == next, plan.same_key) {
        (false, true) => {
            let what = "the next certificate is on another key";
            sink.add(
                PLAN_KEY,
                span(pair),
                what,
                "rehearse hard-swap or overlap instead",
            );
        }
        (true, false) => {
            let what = "the next certificate is on the key of the active one";
            sink.add(PLAN_KEY, span(pair), what, "rehearse same-key instead");
        }
        _ => {}
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

fn story(certificate: &Certificate) -> String {
    format!(
        "{} ({} to {})",
        certificate.subject(),
        certificate.not_before().date(),
        certificate.not_after().date()
    )
}
