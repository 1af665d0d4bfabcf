//! Which message belongs to which login, and who sent it: by the paths of the hub and by what the messages say they
//! answer.

use super::capture::Capture;
use super::message::{Kind, Message};
use crate::hub::identity::path;
use crate::saml::time::parse;
use std::collections::BTreeSet;
use time::{Duration, OffsetDateTime};

/// A message and where it stood.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    /// The message.
    pub message: &'a Message,
    /// Which capture.
    pub capture: usize,
    /// Which message of it, from 1.
    pub number: usize,
}

/// One login as far as it was captured.
#[derive(Clone, Copy, Default)]
pub struct Login<'a> {
    /// The system's request.
    pub asked: Option<Seen<'a>>,
    /// The hub's request to the identity provider.
    pub request: Option<Seen<'a>>,
    /// The identity provider's answer.
    pub answer: Option<Seen<'a>>,
    /// The hub's answer to the system.
    pub response: Option<Seen<'a>>,
}

/// Everything that was captured, in its place.
#[derive(Default)]
pub struct Logins<'a> {
    /// The logins.
    pub logins: Vec<Login<'a>>,
    /// What the hub sent to end sessions.
    pub logouts: Vec<Seen<'a>>,
}

/// Who sent a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sender {
    /// A system, to the hub.
    System,
    /// The hub.
    Hub,
    /// An identity provider, to the hub.
    IdentityProvider,
    /// Somebody else, to somebody else.
    Other,
}

/// Sorts the messages of all captures.
pub fn sort(captures: &[Capture]) -> Logins<'_> {
    let all: Vec<Seen<'_>> = (captures.iter().enumerate())
        .flat_map(|(capture, read)| {
            read.messages
                .iter()
                .enumerate()
                .map(move |(at, message)| Seen {
                    message,
                    capture,
                    number: at + 1,
                })
        })
        .collect();
    let hubs = hubs(&all);
    let by = |sender, kind| {
        let own = all.iter().copied();
        own.filter(move |seen| seen.message.kind == kind)
            .filter(|seen| self::sender(seen.message, &hubs) == sender)
            .collect::<Vec<_>>()
    };
    let asked = by(Sender::System, Kind::AuthnRequest);
    let requests = by(Sender::Hub, Kind::AuthnRequest);
    let answers = by(Sender::IdentityProvider, Kind::Response);
    let responses = by(Sender::Hub, Kind::Response);
    let logins = logins(&asked, &requests, &answers, &responses);
    let mut logouts = by(Sender::Hub, Kind::LogoutRequest);
    logouts.extend(by(Sender::Hub, Kind::LogoutResponse));
    Logins { logins, logouts }
}

/// The entityIDs of hubs: who sends requests whose answers go to the hub's AssertionConsumerService.
fn hubs(all: &[Seen<'_>]) -> BTreeSet<String> {
    let requests = all.iter().map(|seen| seen.message);
    requests
        .filter(|message| message.kind == Kind::AuthnRequest)
        .filter(|message| {
            let acs = message.root().attribute("AssertionConsumerServiceURL");
            acs.is_some_and(|acs| acs.ends_with(path::CONSUME))
        })
        .filter_map(Message::issuer)
        .collect()
}

/// Who sent it. Without any request that names the hub, what does not go to the hub comes from it: that is what a
/// single message is given for.
fn sender(message: &Message, hubs: &BTreeSet<String>) -> Sender {
    let to = |paths: &[&str]| {
        let destination = message.destination();
        destination.is_some_and(|url| paths.iter().any(|path| url.ends_with(path)))
    };
    let to_hub = match message.kind {
        Kind::AuthnRequest => to(&[path::ISSUE]),
        Kind::Response => to(&[path::CONSUME]),
        Kind::LogoutRequest | Kind::LogoutResponse => to(&[
            path::ISSUE,
            path::SIGNOFF,
            path::SIGNOFF_REQUEST,
            path::SIGNOFF_RESPONSE,
            path::SIGNOFF_SOAP,
        ]),
    };
    if to_hub {
        return match message.kind {
            Kind::Response => Sender::IdentityProvider,
            _ => Sender::System,
        };
    }
    let from_hub = message
        .issuer()
        .is_some_and(|issuer| hubs.contains(&issuer));
    match from_hub || hubs.is_empty() {
        true => Sender::Hub,
        false => Sender::Other,
    }
}

fn logins<'a>(
    asked: &[Seen<'a>],
    requests: &[Seen<'a>],
    answers: &[Seen<'a>],
    responses: &[Seen<'a>],
) -> Vec<Login<'a>> {
    let place = |seen: &Seen<'_>| (seen.capture, seen.number);
    let mut logins: Vec<Login<'a>> = requests
        .iter()
        .map(|request| Login {
            request: Some(*request),
            answer: find(answers, |answer| {
                answer.message.in_response_to() == request.message.id()
            }),
            ..Login::default()
        })
        .collect();
    let mut alone = Vec::new();
    for response in responses {
        let of_system = find(asked, |asked| {
            response.message.in_response_to() == asked.message.id()
        });
        // The login that it ends: the last one that is still open and of its time.
        let open = logins.iter_mut().rev().find(|login| {
            let Some(request) = login.request else {
                return false;
            };
            let before = login.answer.unwrap_or(request);
            login.response.is_none()
                && near(request.message, response.message)
                && (before.capture != response.capture || place(&before) < place(response))
                && of_system.is_none_or(|asked| {
                    asked.capture != request.capture || place(&asked) < place(&request)
                })
        });
        match open {
            Some(login) => {
                login.asked = of_system;
                login.response = Some(*response);
            }
            None => alone.push(Login {
                asked: of_system,
                request: None,
                answer: find(answers, |answer| {
                    let name = name_id(answer.message);
                    name.is_some()
                        && name == name_id(response.message)
                        && near(answer.message, response.message)
                }),
                response: Some(*response),
            }),
        }
    }
    before(&mut logins, asked);
    logins.extend(alone);
    logins
}

/// A login without an answer began with the last request of a system before it.
fn before<'a>(logins: &mut [Login<'a>], asked: &[Seen<'a>]) {
    for login in logins.iter_mut().filter(|login| login.asked.is_none()) {
        let Some(request) = login.request else {
            continue;
        };
        let earlier = asked.iter().rev().find(|asked| {
            near(asked.message, request.message)
                && (asked.capture != request.capture || asked.number < request.number)
        });
        login.asked = earlier.copied();
    }
}

fn find<'a>(among: &[Seen<'a>], fits: impl Fn(&Seen<'a>) -> bool) -> Option<Seen<'a>> {
    among.iter().copied().find(|seen| fits(seen))
}

/// When a message says it was made.
pub fn made(message: &Message) -> Option<OffsetDateTime> {
    parse(message.root().attribute("IssueInstant")?)
}

/// Whether both can be of one login: within the hour that a login may take.
fn near(a: &Message, b: &Message) -> bool {
    match (made(a), made(b)) {
        (Some(a), Some(b)) => (b - a).abs() <= Duration::hours(1),
        _ => true,
    }
}

/// The (masked) name in an assertion.
pub fn name_id(message: &Message) -> Option<String> {
    use crate::xml::SAML;
    let subject = message.assertion()?.child(SAML, "Subject")?;
    super::message::child_text(subject, "NameID")
}
