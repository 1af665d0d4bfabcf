//! The recorded login through the hub's own steps.

use super::entropy::{Drawn, id};
use super::messages;
use super::route::{Route, route};
use super::{Given, hub};
use crate::config::pki;
use crate::dsig::SigningKey;
use crate::edge::case::File;
use crate::hub::acs::{self, Answered, Outcome};
use crate::hub::roles::{NoRoles, RoleSettings, UnreadablePrivileges};
use crate::hub::sso::{self, Received};
use crate::hub::trace::{Direction, Leg};
use crate::hub::verdict::{Ended, Facts, Verdict, of, rule};
use crate::hub::{
    BrowserHash, Check, Context, Exchange, Federation, Hub, Pending, Row, RowOutcome, Settings,
    Stage, Trace, ask,
};
use crate::saml::MessageField;
use time::OffsetDateTime;

/// What the hub made of it now.
pub(super) struct Played {
    /// Decisions.
    pub trace: Trace,
    /// The recorded messages that were judged again: which, and what was judged.
    pub judged: Vec<(usize, Exchange)>,
    /// The request to the identity provider, and the place of the recorded one.
    pub asked: Option<(Exchange, Option<usize>)>,
    /// How it ended.
    pub ended: Ended,
    /// The verdict.
    pub verdict: Option<Verdict>,
    /// What could not be judged, and why.
    pub left: Vec<Left>,
}

/// Something that a replay cannot tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Left {
    /// Something of the flow was left out when it was kept.
    Truncated,
    /// Nothing began: there is no request of a system.
    NoRequest,
    /// Signatures, keys and encryption of masked messages.
    Masked,
    /// A masked message that nobody can read any more.
    Unreadable,
    /// The signature of an envelope whose assertion was put in in clear.
    Envelope,
    /// It ended by something that happened, and that no registration changes.
    Event,
    /// The answer is to what was asked then.
    FormerQuestion,
    /// The user would choose otherwise.
    Chooser,
    /// It is a logout.
    Logout,
    /// A session served it, or sent it on for more.
    Session,
}

/// Checks that masking breaks: signatures, encryption, and what hangs on values that are masked.
pub(super) const BROKEN: [Check; 14] = [
    Check::RequestSigned,
    Check::RequestTrustedKey,
    Check::RequestSignature,
    Check::RequestNameIdPolicy,
    Check::ResponseSignature,
    Check::TrustedKey,
    Check::Decryption,
    Check::AssertionSignature,
    Check::AssertionReadable,
    Check::NameIdSyntax,
    Check::IdentityLength,
    Check::PrivilegesReadable,
    Check::RolesGranted,
    Check::Replay,
];

/// What happened to a login, whatever is registered.
const EVENTS: [Check; 6] = [
    Check::ChooseCancelled,
    Check::StoreAvailable,
    Check::FlowKnown,
    Check::Replay,
    Check::ResponseExpected,
    Check::BrowserCookie,
];

struct Player<'a> {
    file: &'a File,
    hub: Hub,
    federation: Federation,
    settings: Settings,
    stand_in: Option<SigningKey>,
    played: Played,
}

/// Plays it.
pub(super) fn play(file: &File, given: &Given) -> Played {
    let stand_in = match file.is_masked() {
        true => pki::pair("eksempelstrup").ok().map(|pair| pair.signing),
        false => None,
    };
    let mut player = Player {
        file,
        hub: hub(file, &given.keys),
        federation: given.federation.clone(),
        settings: given.settings.clone(),
        stand_in,
        played: Played {
            trace: Trace::default(),
            judged: Vec::new(),
            asked: None,
            ended: Ended::Open,
            verdict: None,
            left: Vec::new(),
        },
    };
    if file.flow.truncated {
        player.played.left.push(Left::Truncated);
    }
    player.stand_in();
    let chosen = player.run();
    player.judge(chosen)
}

impl Player<'_> {
    /// Masked messages are signed by a stand-in, whose key everybody then has; and roles are masked.
    fn stand_in(&mut self) {
        let Some(key) = &self.stand_in else {
            return;
        };
        let key = key.public();
        for idp in &mut self.federation.identity_providers {
            (idp.signing_keys, idp.former_keys) = (vec![key.clone()], Vec::new());
        }
        let systems = &mut self.federation.systems;
        for system in systems.iter_mut().chain(&mut self.federation.test_systems) {
            (system.signing_keys, system.former_keys) = (vec![key.clone()], Vec::new());
        }
        self.settings.roles = RoleSettings {
            unreadable_privileges: UnreadablePrivileges::Ignore,
            no_roles: NoRoles::Omit,
            ..self.settings.roles
        };
        self.played.left.push(Left::Masked);
    }

    fn at(&self, now: OffsetDateTime) -> Context<'_> {
        Context {
            hub: &self.hub,
            federation: &self.federation,
            settings: &self.settings,
            now,
        }
    }

    fn recorded(&self, leg: Leg, direction: Direction) -> Vec<(usize, Exchange)> {
        let all = self.file.flow.content.exchanges.iter().enumerate();
        let all = all.filter(|(_, one)| one.leg == leg && one.direction == direction);
        all.map(|(at, one)| (at, one.clone())).collect()
    }

    /// From the system's request to the end; whether an identity provider was chosen.
    fn run(&mut self) -> bool {
        let requests = self.recorded(Leg::System, Direction::In);
        let Some((place, request)) = requests.into_iter().next() else {
            self.played.left.push(Left::NoRequest);
            return false;
        };
        let Some(pending) = self.begin(place, &request) else {
            return false;
        };
        let Some(asked) = self.ask(pending, request.at) else {
            return matches!(self.played.ended, Ended::Refused(Check::NsisAtOiosaml2Idp));
        };
        self.answers(&asked);
        true
    }

    /// The system's request.
    fn begin(&mut self, place: usize, request: &Exchange) -> Option<Pending> {
        let decoded = match &self.stand_in {
            None => Some(messages::recorded(request, MessageField::Request)),
            Some(key) => messages::request(request, key),
        };
        let Some(decoded) = decoded else {
            self.unreadable();
            return None;
        };
        let mut trace = std::mem::take(&mut self.played.trace);
        let received = sso::receive(
            self.at(request.at),
            &decoded,
            request.query.as_deref(),
            &mut trace,
        );
        self.played.trace = trace;
        self.take(place);
        match received {
            Received::Page(refusal) | Received::Answer(_, refusal) => {
                self.played.ended = Ended::Refused(refusal.check);
                None
            }
            Received::Login(login) => {
                let flow = self.file.flow.id.clone();
                Some(login.into_value().pending(flow, browser(), request.at))
            }
        }
    }

    /// Chooses, and asks.
    fn ask(&mut self, mut pending: Pending, began: OffsetDateTime) -> Option<Pending> {
        let outs = self.recorded(Leg::IdentityProvider, Direction::Out);
        let recorded = outs.into_iter().next_back();
        let now = recorded.as_ref().map_or(began, |(_, one)| one.at);
        let mut trace = std::mem::take(&mut self.played.trace);
        let routed = route(&self.file.flow, self.at(now), &mut pending, &mut trace);
        self.played.trace = trace;
        let idp = match routed {
            Route::To(idp) => idp,
            Route::Stopped(refusal) => {
                self.played.ended = Ended::Refused(refusal.check);
                return None;
            }
            Route::Open => {
                self.played.left.push(Left::Chooser);
                return None;
            }
        };
        let mut entropy = Drawn::of(recorded.as_ref().map(|(_, one)| one));
        let mut trace = std::mem::take(&mut self.played.trace);
        let asked = ask::ask(self.at(now), &pending, &idp, &mut entropy, &mut trace);
        self.played.trace = trace;
        match asked {
            Err(refusal) => {
                self.played.ended = Ended::Refused(refusal.check);
                None
            }
            Ok((mut asked, _)) => {
                let place = recorded.as_ref().map(|(place, _)| *place);
                let sent = self.played.trace.exchanges.pop()?;
                self.played.asked = Some((sent, place));
                // What the identity provider answered is the request that it got.
                if let (Stage::Asked { request_id, .. }, Some((_, recorded))) =
                    (&mut asked.stage, &recorded)
                    && let Some(recorded) = id(recorded)
                {
                    *request_id = recorded;
                }
                Some(asked)
            }
        }
    }

    /// The identity provider's answers, until one ends the login.
    fn answers(&mut self, asked: &Pending) {
        for (place, answer) in self.recorded(Leg::IdentityProvider, Direction::In) {
            if self.answer(asked, place, &answer) {
                return;
            }
        }
    }

    /// Whether it ended the login.
    fn answer(&mut self, asked: &Pending, place: usize, recorded: &Exchange) -> bool {
        let decoded = match &self.stand_in {
            None => Some(messages::recorded(recorded, MessageField::Response)),
            Some(key) => messages::answer(recorded, key),
        };
        let Some(mut decoded) = decoded else {
            self.unreadable();
            return false;
        };
        let failed = |check: Check| {
            let mut rows = recorded.checks.iter();
            rows.find(|row| row.check == check && row.outcome == RowOutcome::Fail)
        };
        let own = browser();
        let other = BrowserHash("another".to_owned());
        let brought = match failed(Check::ResponseBrowser) {
            None => Some(&own),
            Some(row) if row.found.contains("without") => None,
            Some(_) => Some(&other),
        };
        let pending = match failed(Check::ResponseExpected) {
            Some(_) => None,
            None => Some(asked),
        };
        let was_opened = recorded.decrypted.is_some() && failed(Check::Decryption).is_none();
        for opened in [false, true] {
            let mut trace = Trace {
                decisions: self.played.trace.decisions.clone(),
                ..Trace::default()
            };
            let mut entropy = Drawn::default();
            let context = self.at(recorded.at);
            let answered = acs::receive(
                context,
                &decoded,
                pending,
                brought,
                &mut entropy,
                &mut trace,
            );
            let closed = trace.exchanges.first().is_some_and(|one| {
                let mut rows = one.checks.iter();
                rows.any(|row| row.check == Check::Decryption && row.outcome == RowOutcome::Fail)
            });
            // Nobody has the key here, but the bundle has what was in it.
            if !opened
                && closed
                && was_opened
                && let Some(clear) = messages::opened(recorded)
            {
                decoded = clear;
                self.played.left.push(Left::Envelope);
                continue;
            }
            trace.exchanges.truncate(1);
            self.played.trace = trace;
            self.take(place);
            return match answered {
                Answered::Page(refusal) => {
                    self.played.ended = Ended::Refused(refusal.check);
                    false
                }
                Answered::Finish(finish) => {
                    self.played.ended = match finish.outcome {
                        Outcome::LoggedIn { .. } => Ended::LoggedIn,
                        Outcome::Refused(refusal) => Ended::Refused(refusal.check),
                        // An answer to a login ends no session.
                        Outcome::LoggedOut { .. } => return false,
                    };
                    true
                }
            };
        }
        false
    }

    /// The message that a step just judged.
    fn take(&mut self, place: usize) {
        if let Some(judged) = self.played.trace.exchanges.pop() {
            self.played.judged.push((place, judged));
        }
        self.played.trace.exchanges.clear();
    }

    /// Where masking left nothing to judge, what was said then stands.
    fn unreadable(&mut self) {
        self.played.left.push(Left::Unreadable);
        if let Some(check) = self.file.flow.refusal {
            self.played.ended = Ended::Refused(check);
        }
    }

    fn judge(mut self, chosen: bool) -> Played {
        let record = &self.file.flow;
        let event = record.refusal.filter(|check| EVENTS.contains(check));
        let unseen = record
            .refusal
            .filter(|check| self.file.is_masked() && BROKEN.contains(check));
        if let Some(check) = event.or(unseen)
            && (self.played.ended == Ended::Open || unseen.is_some() || check == Check::Replay)
        {
            self.played.ended = Ended::Refused(check);
            if event.is_some() {
                self.played.left.push(Left::Event);
            }
        }
        let exchanges = self.exchanges();
        let content = &record.content;
        let circumstances = content.decisions.iter();
        let circumstances = circumstances.filter(|one| one.rule.starts_with(rule::CIRCUMSTANCE));
        (self.played.trace.decisions).extend(circumstances.cloned());
        let told = self.played.trace.roles.as_ref();
        let told = told.filter(|_| !self.file.is_masked());
        let story = told.or(content.story.as_ref());
        self.played.verdict = of(&Facts {
            ended: self.played.ended,
            chosen,
            exchanges: &exchanges,
            decisions: &self.played.trace.decisions,
            story,
            told: &content.told,
        });
        self.played.left.sort();
        self.played.left.dedup();
        self.played
    }

    /// A row as it went now; what masking breaks, as it went then.
    fn judged(&self, now: &Row, then: &[Row]) -> Row {
        let masked = self.file.is_masked() && BROKEN.contains(&now.check);
        let mut then = then.iter();
        let then = then.find(|row| masked && row.check == now.check);
        then.unwrap_or(now).clone()
    }

    /// The recorded messages, with what was judged now.
    fn exchanges(&self) -> Vec<Exchange> {
        let mut all = self.file.flow.content.exchanges.clone();
        for (place, judged) in &self.played.judged {
            let then = std::mem::take(&mut all[*place].checks);
            all[*place].checks = judged
                .checks
                .iter()
                .map(|row| self.judged(row, &then))
                .collect();
        }
        if let Some((sent, Some(place))) = &self.played.asked {
            all[*place].clone_from(sent);
        }
        all
    }
}

fn browser() -> BrowserHash {
    BrowserHash("browser".to_owned())
}
