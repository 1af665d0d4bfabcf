//! Single sign-on: a system's login is served from the session of another system's, if its level is enough; else the
//! same identity provider is asked for the higher level (step up), unless it is registered without `SupportsStepUp`.

use super::{Authenticated, Participant, Session};
use crate::dsig::Entropy;
use crate::hub::acs::{Login, Outcome};
use crate::hub::issue::{self, ReplyTo};
use crate::hub::judge::stated_cvr;
use crate::hub::level::{Ceiling, Reached, enough};
use crate::hub::{
    Check, Context, IdentityProvider, Pending, Refusal, Report, Sealed, Source, Trace, roles,
};
use crate::oiosaml::Level;
use std::cmp::Reverse;

/// The rows that a login which is served from a session must have: the others were passed when the session began.
const MADE: [Check; 3] = [
    Check::LevelReached,
    Check::PrivilegesReadable,
    Check::RolesGranted,
];

/// What the sessions of a browser mean for a login.
#[derive(Debug)]
pub enum Reuse {
    /// Nothing: the login goes its way.
    Nothing,
    /// Serve it.
    Serve(Box<Served>),
    /// Ask the identity provider of the session, by entityID, for what the system needs.
    StepUp(String),
    /// It needs more than the session has, and its identity provider is registered without step-up.
    Refuse(Refusal),
}

/// A login that is served from a session: `joins` must be stored, if the session still is there, before
/// `release`.
#[derive(Debug)]
pub struct Served {
    /// What the login brings to the session: the system, and that it was used. The store joins it to what it has.
    pub joins: Session,
    /// How the login ended: the user is logged in, or refused (no roles, for instance).
    pub outcome: Outcome,
    /// entityID of the identity provider.
    pub idp: String,
    send: Sealed,
}

impl Served {
    /// The Response to the system, for whoever has stored the session.
    pub fn release(&self) -> &Sealed {
        &self.send
    }
}

/// Decides. `sessions` are those of the browser that brought the request. Never for a login that demands a fresh
/// authentication (ForceAuthn), for a trial, or where the request's IDPList names others.
///
/// Of several sessions the one whose user was asked last counts: the first of them that has the level, else the first
/// whose identity provider could reach it. Where none could, the login goes its way, and the user may choose another.
pub fn decide(
    context: Context<'_>,
    pending: &Pending,
    sessions: &[Session],
    entropy: &mut dyn Entropy,
    trace: &mut Trace,
) -> Reuse {
    // A faulty answer is made of a login of its own: what is tried is the system, and not the session.
    let on_its_own = pending.profile.is_some() || pending.fault.is_some();
    if !context.settings.single_sign_on || pending.force_authn || on_its_own {
        return Reuse::Nothing;
    }
    let mut usable: Vec<Usable<'_>> = sessions
        .iter()
        .filter_map(|session| Usable::of(context, pending, session))
        .collect();
    usable.sort_by_key(|one| Reverse((one.login.at, one.session.used)));
    if let Some(one) = usable.iter().find(|one| one.serves(pending)) {
        return Reuse::Serve(Box::new(one.serve(context, pending, entropy, trace)));
    }
    let mut could = usable.iter();
    let could = could.find(|one| Ceiling::of(one.idp).satisfies(pending.required));
    let Some(one) = could else {
        return Reuse::Nothing;
    };
    let step_up = one.idp.supports_step_up;
    trace.decide(
        "step-up",
        format!(
            "needs {}, session with {} has {}",
            pending.required.english(),
            one.idp.id,
            one.level()
        ),
        match step_up {
            true => "the identity provider is asked for the higher level",
            false => "refused: the identity provider is registered without step-up",
        },
        Source::Inferred,
    );
    match step_up {
        true => Reuse::StepUp(one.idp.id.clone()),
        false => Reuse::Refuse(Refusal::of(Check::StepUp)),
    }
}

/// A session that may serve the login, but for its level.
struct Usable<'a> {
    session: &'a Session,
    login: &'a Authenticated,
    idp: &'a IdentityProvider,
    /// No more than the identity provider may state today.
    reached: Reached,
    under_assured: bool,
}

impl<'a> Usable<'a> {
    fn of(context: Context<'a>, pending: &Pending, session: &'a Session) -> Option<Self> {
        let login = session.authenticated.as_ref()?;
        let idp = context.federation.identity_provider(&session.idp)?;
        // What the registration allowed at login it must allow now: the organisation may have left.
        let cvr = stated_cvr(&login.assertion(session)).ok()?;
        let speaks = idp.user_contexts.contains(&cvr);
        let wanted = pending.idp_list.is_empty() || pending.idp_list.contains(&session.idp);
        let own = session.browser == pending.browser && session.is_fresh(context);
        (own && wanted && speaks).then(|| Self {
            session,
            login,
            idp,
            reached: login.reached.within(Ceiling::of(idp)),
            under_assured: (!pending.enforced || idp.oiosaml_profile.asks_nothing())
                && context.settings.under_assured_logins,
        })
    }

    fn serves(&self, pending: &Pending) -> bool {
        self.under_assured || self.reached.satisfies(pending.required)
    }

    fn level(&self) -> String {
        let level = self.reached.level();
        level.map_or("no level".to_owned(), Level::english)
    }

    /// The same as after an answer of the identity provider: roles for this system, and an assertion.
    fn serve(
        &self,
        context: Context<'_>,
        pending: &Pending,
        entropy: &mut dyn Entropy,
        trace: &mut Trace,
    ) -> Served {
        trace.decide(
            "single-sign-on",
            format!("session with {}, {}", self.idp.id, self.level()),
            "served without asking the identity provider",
            Source::Setting,
        );
        let enough_for_it = self.reached.satisfies(pending.required);
        if !enough_for_it {
            trace.decide(
                "level-enforced",
                format!("needs {}", pending.required.english()),
                "let through under-assured",
                Source::Setting,
            );
        }
        let mut report = Report::default();
        let assertion = self.login.assertion(self.session);
        enough(
            self.reached,
            pending.required,
            self.under_assured,
            &mut report,
        );
        let granted = roles::grant(
            &assertion,
            self.idp,
            context.federation.system(&pending.system),
            context.federation,
            context.settings,
            &mut report,
        );
        roles::decide(&granted.story, trace);
        trace.roles = Some(granted.story);
        let login = Login {
            assertion: granted.assertion,
            reached: self.reached,
            privileges: granted.privileges,
        };
        let (send, outcome, index) = match report.conclude(Some(login), &MADE) {
            Ok(accepted) => {
                let issued =
                    issue::assertion(context, pending, &self.idp.id, accepted, entropy, trace);
                let outcome = Outcome::LoggedIn {
                    level: self.reached.level(),
                    under_assured: !enough_for_it,
                };
                (issued.send, outcome, issued.session_index)
            }
            Err((report, _)) => {
                let refusal =
                    Refusal::of_report(&report).unwrap_or_else(|| Refusal::of(Check::LevelReached));
                let send = issue::status(context, ReplyTo::of(pending), &refusal, entropy, trace);
                (send, Outcome::Refused(refusal), None)
            }
        };
        Served {
            joins: self.joined_by(context, pending, index),
            outcome,
            idp: self.idp.id.clone(),
            send,
        }
    }

    /// What the store joins to the session: the system, if it got an assertion. The user was not asked again, so the
    /// session lives no longer than before.
    fn joined_by(&self, context: Context<'_>, pending: &Pending, index: Option<String>) -> Session {
        let used = match index {
            Some(_) => context.now,
            None => self.session.used,
        };
        Session {
            idp_indexes: Vec::new(),
            systems: (index.into_iter())
                .map(|index| Participant {
                    system: pending.system.clone(),
                    indexes: vec![index],
                })
                .collect(),
            authenticated: None,
            used,
            ..self.session.clone()
        }
    }
}
