//! Single logout, step by step: the steps between a store of plain values and parties that write their own messages.

mod attacks;
mod properties;
mod soap;
mod steps;

pub use attacks::tripped;

use crate::support::world::*;
use std::sync::OnceLock;
use time::Duration;
use vejviser::dsig::{self, Entropy, Place, SigningKey};
use vejviser::hub::acs::{Answered as LoggedIn, claimed_in_response_to};
use vejviser::hub::logout::{
    Answered, Arrival, BeginLogout, Begun, End, Endpoint, Next, PendingLogout, Received, StartedBy,
    State, answer, begin, next, receive, refused,
};
use vejviser::hub::session::{Session, SessionKey};
use vejviser::hub::{BrowserHash, Check, Context, Exchange, FlowId, Sealed, Trace};
use vejviser::saml::binding::{MessageField, Outbound, decode_redirect, redirect};
use vejviser::saml::{Binding, Decoded, LogoutRequest, LogoutResponse, NameId, Status, names};
use vejviser::xml::Document;

/// The second system, and the third with the same key.
pub const SECOND: &str = "https://post.example/saml";
pub const THIRD: &str = "https://byg.example/saml";
pub const HUB: &str = "https://hub.example";
/// Two people.
pub const ANNA: &str = "anna";
pub const BENT: &str = "bent";

fn second() -> &'static Pair {
    static PAIR: OnceLock<Pair> = OnceLock::new();
    PAIR.get_or_init(|| Pair::make(2048))
}

/// Never the same bytes twice in one stage.
#[derive(Default)]
struct Sequence(u64);

impl Entropy for Sequence {
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (self.0 ^ (self.0 >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            chunk.copy_from_slice(&mixed.to_be_bytes()[..chunk.len()]);
        }
    }
}

/// What the store has: compared before and after.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Kept {
    pub sessions: Vec<Session>,
    pub logouts: Vec<PendingLogout>,
    pub replay: Vec<String>,
}

/// What became of a message.
#[derive(Debug)]
pub enum Came {
    Page(Check),
    Answer(Check, Option<Sealed>),
    Next(Next),
}

impl Came {
    pub fn check(&self) -> Option<Check> {
        match self {
            Self::Page(check) | Self::Answer(check, _) => Some(*check),
            Self::Next(_) => None,
        }
    }
    pub fn asks(self) -> (PendingLogout, Sealed) {
        match self {
            Self::Next(Next::Ask(logout, sealed)) => (*logout, sealed),
            other => panic!("somebody is asked: {other:?}"),
        }
    }
    pub fn ends(self) -> End {
        match self {
            Self::Next(Next::End(end)) => *end,
            other => panic!("it ends: {other:?}"),
        }
    }
}

pub struct Stage {
    pub world: World,
    pub kept: Kept,
    pub trace: Trace,
    entropy: Sequence,
    flows: u8,
}

impl Stage {
    /// One identity provider and three systems.
    pub fn new() -> Self {
        let mut world = World::plain();
        for (id, base) in [
            (SECOND, "https://post.example"),
            (THIRD, "https://byg.example"),
        ] {
            let mut more = world.federation.systems[0].clone();
            more.id = id.to_owned();
            more.signing_keys = vec![second().public()];
            more.single_logout = single_logout(base, &[names::binding::REDIRECT]);
            world.federation.systems.push(more);
        }
        Self {
            world,
            kept: Kept::default(),
            trace: Trace::default(),
            entropy: Sequence::default(),
            flows: 0,
        }
    }

    /// Anna is logged in at these systems, in this order.
    pub fn with_anna_at(systems: &[&str]) -> Self {
        let mut stage = Self::new();
        for system in systems {
            stage.logs_in(system, "b1", ANNA);
        }
        stage
    }

    pub fn context(&self) -> Context<'_> {
        self.world.context()
    }

    pub fn name_id(person: &str) -> NameId {
        NameId {
            value: format!("C=DK,O={CVR},CN={person},Serial={person}-1"),
            format: Some(names::name_id::X509_SUBJECT_NAME.to_owned()),
            name_qualifier: None,
            sp_name_qualifier: Some("q".to_owned()),
        }
    }

    /// A login by the identity provider, through the core.
    pub fn logs_in(&mut self, system: &str, browser: &str, person: &str) -> Session {
        let mut pending = self.world.pending(|_| {});
        pending.system = system.to_owned();
        pending.browser = BrowserHash(browser.to_owned());
        let (asked, _) = self.world.ask(&pending).unwrap();
        let mut assertion = self.world.assertion(&asked);
        assertion.name_id = Some(Self::name_id(person));
        assertion.authn_statements[0].session_index = Some(format!("_{browser}-{person}"));
        let response = self.world.response(&asked);
        let decoded = assertion_signed(&response, &assertion, &self.world.keys.idp.signing);
        let answered = self.world.answer(&decoded, Some(&asked), Some(browser));
        let LoggedIn::Finish(finish) = answered else {
            panic!("a login: {answered:?}")
        };
        let login = *finish.consume.session.clone().expect("a session");
        let at = (self.kept.sessions.iter()).position(|known| known.id == login.id);
        let before = at.map(|at| self.kept.sessions.remove(at));
        self.kept
            .sessions
            .push(Session::joined(before, login.clone()));
        login
    }

    /// The SessionIndex that a system has of somebody.
    pub fn index(&self, system: &str, person: &str) -> String {
        let mut sessions = self.kept.sessions.iter();
        let session = sessions.find(|one| one.name_id == Self::name_id(person));
        let mut systems = session.expect("a session").systems.iter();
        let participant = systems.find(|one| one.system == system).expect("a system");
        participant.indexes.last().expect("an index").clone()
    }

    /// A good LogoutRequest of the first system about Anna.
    pub fn request(&self) -> LogoutRequest {
        self.request_of(SYSTEM, ANNA)
    }

    pub fn request_of(&self, party: &str, person: &str) -> LogoutRequest {
        let (index, endpoint) = match party {
            IDP => (format!("_b1-{person}"), Endpoint::SignoffRequest),
            system => (self.index(system, person), Endpoint::Issue),
        };
        let name_id = Self::name_id(person);
        LogoutRequest {
            id: "_logout-1".to_owned(),
            version: "2.0".to_owned(),
            issue_instant: self.world.now,
            destination: Some(format!("{HUB}{}", endpoint.path())),
            consent: None,
            issuer: Some(party.to_owned()),
            issuer_format: None,
            reason: None,
            not_on_or_after: Some(self.world.now + Duration::minutes(5)),
            name_id: Some(match party {
                IDP => name_id,
                _ => name_id.unqualified(),
            }),
            session_indexes: vec![index],
        }
    }

    /// A good answer of whoever is asked.
    pub fn response(&self) -> LogoutResponse {
        let logout = self.kept.logouts.last().expect("a logout");
        let told = logout.asked().expect("somebody is asked");
        let endpoint = match told.party.as_str() {
            IDP => Endpoint::SignoffResponse,
            _ => Endpoint::Signoff,
        };
        LogoutResponse {
            id: "_answer-1".to_owned(),
            version: "2.0".to_owned(),
            issue_instant: self.world.now,
            in_response_to: logout.asked_with().map(str::to_owned),
            destination: Some(format!("{HUB}{}", endpoint.path())),
            consent: None,
            issuer: Some(told.party.clone()),
            issuer_format: None,
            status: Status::success(),
        }
    }

    /// A LogoutRequest arrives, and the steps go on as far as nobody else has a say.
    pub fn receives(&mut self, decoded: &Decoded, endpoint: Endpoint) -> Came {
        self.trace = Trace::default();
        let (context, trace) = (self.world.context(), &mut self.trace);
        let arrival = Arrival {
            decoded,
            endpoint,
            raw_query: None,
        };
        let wanted = match receive(context, arrival, trace) {
            Received::Page(refusal) => return Came::Page(refusal.check),
            Received::Answer(to, refusal) => {
                let send = refused(context, &to, &refusal, &mut self.entropy, trace);
                return Came::Answer(refusal.check, send);
            }
            Received::Find(wanted) => wanted,
        };
        let found = self.kept.sessions.iter();
        let found = found.filter(|session| session.keys().contains(&wanted.key));
        self.flows += 1;
        let flow = FlowId::from_random([self.flows; 16]);
        match begin(context, &wanted, found.cloned().collect(), flow, trace) {
            Begun::Answer(to, refusal) => {
                let send = refused(context, &to, &refusal, &mut self.entropy, trace);
                Came::Answer(refusal.check, send)
            }
            Begun::Ends(begun) => {
                if !self.begins(&begun) {
                    return Came::Answer(Check::LogoutRepeated, None);
                }
                Came::Next(self.goes_on(begun.logout))
            }
        }
    }

    /// The store's step: whether the request is new.
    pub fn begins(&mut self, begun: &BeginLogout) -> bool {
        if let Some((id, until)) = &begun.replay {
            assert!(*until > self.world.now);
            if self.kept.replay.contains(id) {
                return false;
            }
            self.kept.replay.push(id.clone());
        }
        let count = self.kept.sessions.len();
        self.kept.sessions.retain(|one| !begun.ends.contains(one));
        assert_eq!(self.kept.sessions.len() + begun.ends.len(), count);
        self.kept.logouts.push(begun.logout.clone());
        true
    }

    /// The next step, kept in the place of the one before.
    pub fn goes_on(&mut self, logout: PendingLogout) -> Next {
        let context = self.world.context();
        let flow = logout.flow.clone();
        let next = next(context, logout, &mut self.entropy, &mut self.trace);
        self.kept.logouts.retain(|known| known.flow != flow);
        match &next {
            Next::Ask(logout, _) | Next::Call { logout, .. } => {
                self.kept.logouts.push((**logout).clone());
            }
            Next::End(_) => {}
        }
        next
    }

    /// A LogoutResponse arrives.
    pub fn answered(&mut self, decoded: &Decoded, endpoint: Endpoint) -> Came {
        self.trace = Trace::default();
        let id = claimed_in_response_to(decoded);
        let mut logouts = self.kept.logouts.iter();
        let logout = logouts.find(|one| id.is_some() && one.asked_with() == id.as_deref());
        let arrival = Arrival {
            decoded,
            endpoint,
            raw_query: None,
        };
        match answer(self.world.context(), arrival, logout, &mut self.trace) {
            Answered::Page(refusal) => Came::Page(refusal.check),
            Answered::Goes(logout) => Came::Next(self.goes_on(*logout)),
        }
    }

    /// Whoever is asked says yes, by Redirect, until the end.
    pub fn all_answer(&mut self, mut came: Came) -> (Vec<String>, End) {
        let mut told = Vec::new();
        loop {
            let logout = match came {
                Came::Next(Next::Ask(logout, _)) => logout,
                other => return (told, other.ends()),
            };
            let party = logout.asked().expect("asked").party.clone();
            let endpoint = match party.as_str() {
                IDP => Endpoint::SignoffResponse,
                _ => Endpoint::Signoff,
            };
            let decoded = self.by_redirect_response(&self.response(), key(&party));
            told.push(party);
            came = self.answered(&decoded, endpoint);
        }
    }

    pub fn by_redirect_response(&self, response: &LogoutResponse, key: &SigningKey) -> Decoded {
        let element = response.to_element();
        by_redirect(MessageField::Response, &element.render(), Some(key))
    }
}

/// The key of a party.
pub fn key(party: &str) -> &'static SigningKey {
    match party {
        IDP => &keys().idp.signing,
        SYSTEM => &keys().system.signing,
        _ => &second().signing,
    }
}

pub fn by_redirect(
    field: MessageField,
    message: &vejviser::xml::Canonical,
    key: Option<&SigningKey>,
) -> Decoded {
    let Outbound::Redirect { url } =
        redirect("https://x.example", field, message, Some("r&s"), key)
    else {
        unreachable!("a redirect")
    };
    decode_redirect(url.split_once('?').unwrap().1).unwrap()
}

pub fn redirected(request: &LogoutRequest, key: Option<&SigningKey>) -> Decoded {
    by_redirect(MessageField::Request, &request.to_element().render(), key)
}

pub fn signed(request: &LogoutRequest, key: &SigningKey) -> vejviser::xml::Canonical {
    dsig::sign(&request.to_element(), &request.id, Place::AfterIssuer, key)
}

pub fn signed_response(response: &LogoutResponse, key: &SigningKey) -> vejviser::xml::Canonical {
    dsig::sign(
        &response.to_element(),
        &response.id,
        Place::AfterIssuer,
        key,
    )
}

/// The message that went out last, with its exchange.
pub fn last_out(trace: &Trace) -> (&Exchange, Document) {
    let exchange = trace.exchanges.last().expect("a message");
    let document = Document::parse(exchange.xml.as_bytes()).unwrap();
    (exchange, document)
}

/// The status codes of a LogoutResponse that went out.
pub fn status(trace: &Trace) -> (String, Option<String>) {
    let (_, document) = last_out(trace);
    let response = LogoutResponse::read(document.root()).expect("a LogoutResponse");
    (response.status.code, response.status.subcode)
}

/// The state of everybody in a logout.
pub fn states(logout: &PendingLogout) -> Vec<(&str, &State)> {
    let parties = logout.parties.iter();
    parties
        .map(|told| (told.party.as_str(), &told.state))
        .collect()
}

fn started_by(logout: &PendingLogout) -> &str {
    match &logout.started_by {
        StartedBy::Party(reply) => &reply.party,
        StartedBy::Page => "the page",
    }
}

fn party_key(party: &str, person: &str) -> SessionKey {
    SessionKey::Party {
        party: party.to_owned(),
        name_id: Stage::name_id(person).value,
    }
}

fn soap_decoded(field: MessageField, message: &vejviser::xml::Canonical) -> Decoded {
    Decoded {
        binding: Binding::Soap,
        field,
        xml: message.as_bytes().to_vec(),
        relay_state: None,
        query_signature: None,
    }
}
