//! An IdP's Response arrives at the AssertionConsumerService.

use super::identity::path;
use super::issue::{self, ReplyTo};
use super::judge::{self, Content, Expected, IdentityRules, Judged, SKEW};
use super::level::{Ceiling, Reached, enough, reached};
use super::roles::{self, Granted};
use super::session::Session;
use super::trace::{Direction, Exchange, KeysUsed, Leg};
use super::{
    BrowserHash, Check, Consume, Consumed, Context, IdentityProvider, Pending, Refusal, Report,
    RowOutcome, Sealed, Source, Stage, Trace,
};
use crate::dsig::{DecryptPolicy, Entropy, Policy};
use crate::oiosaml::attributes::AUTHN_METHODS;
use crate::oiosaml::request_profile::MULTIPLEAUTHN;
use crate::oiosaml::{Cvr, Level, OiosamlVersion, PrivilegeList};
use crate::saml::{Assertion, Decoded, MessageField, Status, names::status};
use crate::xml::{Document, SAML};
use openssl::sha::sha256;
use std::borrow::Cow;
use time::{Duration, OffsetDateTime};

/// The longest time that a used message id is remembered. Past it only the pending login, which is gone,
/// keeps a message from being used again.
pub const LONGEST_REPLAY_MEMORY: Duration = Duration::hours(24);

/// What the row of the pending login says of an answer that names no request.
pub const UNSOLICITED: &str = "no InResponseTo: nobody asked for it";
/// What the row of the browser says where browsers cannot keep the hub's cookie.
pub const NOT_KEPT: &str = "a browser without the hub's cookie: browsers drop it, because the hub has neither https nor localhost";

/// What became of it.
#[derive(Debug)]
pub enum Answered {
    /// A page, and nothing is consumed: junk, the wrong browser, or a message that nobody can be held to.
    Page(Refusal),
    /// Consume, then send.
    Finish(Box<Finish>),
}

/// The end of a login: `consume` must succeed before `send` goes out.
#[derive(Debug)]
pub struct Finish {
    /// The effect.
    pub consume: Consume,
    /// How it ended.
    pub outcome: Outcome,
    /// The organisation that the user was logged in for.
    pub organisation: Option<Cvr>,
    /// What the IdP's answer said.
    pub told: Told,
    send: Sealed,
}

/// What an authenticated answer said, whatever became of it; an unsigned refusal has nothing but its status.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Level reached.
    pub level: Option<Level>,
    /// Whether several methods were used, where `authnmethodsreferences` says so.
    pub several_methods: Option<bool>,
    /// The status, in the IdP's own words, of a refusal.
    pub status: Option<Status>,
}

impl Finish {
    /// The Response to the system, for whoever has consumed the login.
    pub fn release(&self, consumed: &Consumed) -> Option<&Sealed> {
        (*consumed == Consumed::Done).then_some(&self.send)
    }
}

/// How a login ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The user is logged in.
    LoggedIn {
        /// Level reached; none only where the login is under-assured.
        level: Option<Level>,
        /// Whether the level is lower than needed and was let through.
        under_assured: bool,
    },
    /// The system got a status.
    Refused(Refusal),
    /// A logout: the sessions ended at the hub.
    LoggedOut {
        /// entityIDs of those who did not log the user out, or could not be told (PartialLogout).
        failed: Vec<String>,
    },
}

/// An assertion that was accepted, with the level it reached.
#[derive(Debug, Clone)]
pub struct Login {
    pub(super) assertion: Assertion,
    pub(super) reached: Reached,
    pub(super) privileges: PrivilegeList,
}

/// Whether browsers keep a cookie with `Secure` of this address (ux: RFC 6265bis §5.7, and what browsers take for local).
fn keeps_cookies(public_url: &str) -> bool {
    crate::saml::address::insecure(public_url).is_none()
}

/// What the message says it answers: the key to find the pending login with. Proves nothing.
pub fn claimed_in_response_to(decoded: &Decoded) -> Option<String> {
    let document = Document::parse(&decoded.xml).ok()?;
    let root = document.root();
    if let Some(stated) = root.attribute("InResponseTo") {
        return Some(stated.to_owned());
    }
    // Where only the assertion is signed, its own InResponseTo decides.
    let data = root
        .descendants()
        .find(|node| node.is(SAML, "SubjectConfirmationData"))?;
    data.attribute("InResponseTo").map(str::to_owned)
}

/// Judges an answer. `pending` is the stored login that [`claimed_in_response_to`] led to, if there is one;
/// `browser` is the one that brought the message.
pub fn receive(
    context: Context<'_>,
    decoded: &Decoded,
    pending: Option<&Pending>,
    browser: Option<&BrowserHash>,
    entropy: &mut dyn Entropy,
    trace: &mut Trace,
) -> Answered {
    let mut report = Report::default();
    let asked = pending.and_then(|pending| Asked::of(context, pending, browser.is_some()));
    report.require(
        Check::ResponseExpected,
        asked.is_some(),
        match (&asked, claimed_in_response_to(decoded)) {
            (Some(_), _) => "a pending login",
            (None, Some(_)) => "no pending login",
            (None, None) => UNSOLICITED,
        },
        "the InResponseTo of a login that the hub waits for",
    );
    let Some(asked) = asked else {
        trace
            .exchanges
            .push(exchange(context.now, decoded, None, root(decoded), None).judged(&report));
        return Answered::Page(Refusal::of(Check::ResponseExpected));
    };
    let same = browser == Some(&asked.pending.browser);
    report.require(
        Check::ResponseBrowser,
        same,
        match (same, browser) {
            (true, _) => "the same browser",
            (false, Some(_)) => "another browser",
            (false, None) if !keeps_cookies(&context.hub.public_url) => NOT_KEPT,
            (false, None) => "a browser without the hub's cookie",
        },
        "the browser that started the login",
    );
    let judged = judge(context, decoded, &asked, &mut report);
    if matches!(judged.content, Content::Unsigned(_)) {
        trace.decide(
            "unsigned-status",
            "a refusal that nobody signed",
            "passed on as a refusal, unauthenticated",
            Source::Setting,
        );
    }
    trace.keys = keys(&judged);
    let login = login(context, &asked, &judged.content, &mut report, trace);
    trace.exchanges.push(
        exchange(
            context.now,
            decoded,
            Some(asked.idp_id),
            judged.root.clone(),
            judged.decrypted.clone(),
        )
        .judged(&report),
    );
    finish(context, &asked, judged, login, report, entropy, trace)
}

/// A pending login in stage `Asked`, taken apart.
struct Asked<'a> {
    pending: &'a Pending,
    idp_id: &'a str,
    /// As if it were registered with the profile that is tried.
    idp: Option<Cow<'a, IdentityProvider>>,
    request_id: &'a str,
    sent: OffsetDateTime,
    under_assured: bool,
    /// Whether the browser that brought the answer had a cookie of ours.
    has_cookie: bool,
}

impl<'a> Asked<'a> {
    fn of(context: Context<'a>, pending: &'a Pending, has_cookie: bool) -> Option<Self> {
        let Stage::Asked {
            idp,
            request_id,
            sent,
            under_assured,
        } = &pending.stage
        else {
            return None;
        };
        Some(Self {
            pending,
            idp_id: idp,
            idp: context
                .federation
                .identity_provider(idp)
                .map(|idp| idp.tried_with(pending.profile)),
            request_id,
            sent: *sent,
            under_assured: *under_assured && context.settings.under_assured_logins,
            has_cookie,
        })
    }
}

/// Judges the message with the keys of the IdP that was asked, and of nobody else.
fn judge(
    context: Context<'_>,
    decoded: &Decoded,
    asked: &Asked<'_>,
    report: &mut Report,
) -> Judged {
    let idp = asked.idp.as_deref();
    let active = idp.is_some_and(IdentityProvider::is_active);
    report.require(
        Check::IdpActive,
        active,
        if active {
            "active"
        } else {
            "no user context, or no longer registered"
        },
        "at least one user context",
    );
    let acs = context.hub.url(path::CONSUME);
    let oiosaml2 = idp.is_some_and(|idp| idp.oiosaml_profile.is_oiosaml2());
    let expected = Expected {
        sender: Some(asked.idp_id),
        keys: idp
            .map(|idp| idp.signing_keys.as_slice())
            .unwrap_or_default(),
        former_keys: idp
            .map(|idp| idp.former_keys.as_slice())
            .unwrap_or_default(),
        decryption_keys: &context.hub.sp.decryption,
        signatures: Policy::Modern,
        encryption: if oiosaml2 {
            DecryptPolicy::CbcToo
        } else {
            DecryptPolicy::GcmOnly
        },
        audience: Some(&context.hub.entity_id),
        acs: Some(&acs),
        in_response_to: Some(asked.request_id),
        now: Some(context.now),
        skew: SKEW,
        forced_at: asked.pending.force_authn.then_some(asked.sent),
        proxies: true,
        unsigned_status: context.settings.unsigned_status,
        identity: Some(IdentityRules {
            contexts: Some(
                idp.map(|idp| idp.user_contexts.as_slice())
                    .unwrap_or_default(),
            ),
            x509_subject_name: context.settings.require_x509_subject_name,
            version: if oiosaml2 {
                OiosamlVersion::V2
            } else {
                OiosamlVersion::V3
            },
        }),
    };
    let mut judged = if decoded.field == MessageField::Response {
        judge::response(&decoded.xml, &expected)
    } else {
        report.add(
            Check::ResponseReadable,
            RowOutcome::Fail,
            "SAMLRequest",
            "a SAML 2.0 Response",
        );
        return Judged {
            report: Report::default(),
            encrypted: false,
            root: None,
            signed_response_id: None,
            content: Content::Nothing,
            decrypted: None,
            opened_with: None,
        };
    };
    report.extend(std::mem::take(&mut judged.report));
    judged
}

/// Which keys an authenticated answer was made with.
fn keys(judged: &Judged) -> Option<KeysUsed> {
    let (signed_by, issued) = match &judged.content {
        Content::Assertion(signed) => (signed.key_id(), Some(signed.value().issue_instant)),
        Content::Status(signed) => (signed.key_id(), None),
        Content::Unsigned(_) | Content::Nothing => return None,
    };
    Some(KeysUsed {
        signed_by: signed_by.to_owned(),
        issued,
        opened_with: judged.opened_with,
    })
}

/// The level and the roles, for an assertion that was authenticated.
fn login(
    context: Context<'_>,
    asked: &Asked<'_>,
    content: &Content,
    report: &mut Report,
    trace: &mut Trace,
) -> Option<Login> {
    let (Content::Assertion(signed), Some(idp)) = (content, asked.idp.as_deref()) else {
        return None;
    };
    let assertion = signed.value();
    let reached = reached(assertion, Ceiling::of(idp), report, trace);
    enough(reached, asked.pending.required, asked.under_assured, report);
    if asked.under_assured && !reached.satisfies(asked.pending.required) {
        trace.decide(
            "level-enforced",
            format!("needs {}", asked.pending.required.english()),
            "let through under-assured",
            Source::Setting,
        );
    }
    let granted = granted(context, asked, idp, assertion, report, trace);
    Some(Login {
        assertion: granted.assertion,
        reached,
        privileges: granted.privileges,
    })
}

/// What the user may do in the system.
fn granted(
    context: Context<'_>,
    asked: &Asked<'_>,
    idp: &IdentityProvider,
    assertion: &Assertion,
    report: &mut Report,
    trace: &mut Trace,
) -> Granted {
    let system = context.federation.system(&asked.pending.system);
    let granted = roles::grant(
        assertion,
        idp,
        system,
        context.federation,
        context.settings,
        report,
    );
    roles::decide(&granted.story, trace);
    trace.roles = Some(granted.story.clone());
    granted
}

fn finish(
    context: Context<'_>,
    asked: &Asked<'_>,
    judged: Judged,
    login: Option<Login>,
    report: Report,
    entropy: &mut dyn Entropy,
    trace: &mut Trace,
) -> Answered {
    if !is_bound(&report, &judged.content) {
        return Answered::Page(page(&report, &judged, asked.has_cookie));
    }
    let mut consume = Consume {
        pending: asked.pending.clone(),
        replay: replay(context, asked, &judged),
        session: None,
    };
    let to = ReplyTo::of(asked.pending);
    let stated = match &judged.content {
        Content::Status(signed) => Some(signed.value()),
        Content::Unsigned(unsigned) => Some(unsigned.status()),
        _ => None,
    };
    let told = Told {
        level: login.as_ref().and_then(|login| login.reached.level()),
        several_methods: login
            .as_ref()
            .and_then(|login| several_methods(&login.assertion)),
        status: stated.cloned(),
    };
    let mut organisation = None;
    let (send, outcome) = match report.conclude(login, Check::of_answers()) {
        Ok(accepted) => {
            let reached = accepted.value().reached;
            organisation = judge::stated_cvr(&accepted.value().assertion).ok();
            let outcome = Outcome::LoggedIn {
                level: reached.level(),
                under_assured: !reached.satisfies(asked.pending.required),
            };
            let issued = issue::assertion(
                context,
                asked.pending,
                asked.idp_id,
                accepted,
                entropy,
                trace,
            );
            consume.session = issued
                .session_index
                .and_then(|index| session(context, asked, &judged.content, reached, index))
                .map(Box::new);
            (issued.send, outcome)
        }
        Err((report, _)) => {
            let refusal = refusal(&report, stated);
            (
                issue::status(context, to, &refusal, entropy, trace),
                Outcome::Refused(refusal),
            )
        }
    };
    Answered::Finish(Box::new(Finish {
        consume,
        send,
        outcome,
        organisation,
        told,
    }))
}

/// The session that begins with the login, or that the system joins: what single logout finds it by, and what the next
/// assertion is made of. None of a trial: nobody works in a test system, and it hears of no logout.
fn session(
    context: Context<'_>,
    asked: &Asked<'_>,
    content: &Content,
    reached: Reached,
    index: String,
) -> Option<Session> {
    let Content::Assertion(signed) = content else {
        return None;
    };
    if asked.pending.profile.is_some() {
        return None;
    }
    Session::begins(
        context,
        asked.pending,
        asked.idp_id,
        signed.value(),
        reached,
        index,
    )
}

/// What AD FS says of the methods of a login: `multipleauthn` among them means more than one.
fn several_methods(assertion: &Assertion) -> Option<bool> {
    let mut methods = assertion.values(AUTHN_METHODS).peekable();
    methods.peek()?;
    Some(methods.any(|method| method == MULTIPLEAUTHN))
}

/// Whether the message can be held against the pending login: from its browser, authenticated as its IdP, and
/// in answer to its request. Anything else must not use the login up, or any page on the web could end it.
fn is_bound(report: &Report, content: &Content) -> bool {
    const ANY: [Check; 4] = [
        Check::ResponseReadable,
        Check::ResponseBrowser,
        Check::ResponseIssuer,
        Check::ResponseInResponseTo,
    ];
    let passed = |checks: &[Check]| checks.iter().all(|check| report.passed(*check));
    let authenticated = match content {
        // A good signature of its own or of the envelope, and no bad one anywhere.
        Content::Assertion(_) => {
            report.outcome(Check::ResponseSignature) != Some(RowOutcome::Fail)
                && passed(&[
                    Check::TrustedKey,
                    Check::AssertionSignature,
                    Check::AssertionIssuer,
                    Check::ConfirmationRecipient,
                    Check::ConfirmationInResponseTo,
                ])
        }
        Content::Status(_) => passed(&[Check::TrustedKey, Check::ResponseSignature]),
        // An unsigned refusal has nothing but its browser and its InResponseTo.
        Content::Unsigned(_) => passed(&[Check::AssertionCount, Check::ResponseDestination]),
        Content::Nothing => false,
    };
    authenticated && passed(&ANY)
}

/// What the page says. For an encrypted assertion that could not be authenticated it is always the same,
/// whether decryption or the signature inside failed: the difference would be an oracle. The flow, which
/// only testers see, has the row.
fn page(report: &Report, judged: &Judged, has_cookie: bool) -> Refusal {
    let browser = report.outcome(Check::ResponseBrowser) == Some(RowOutcome::Fail);
    let outer_is_good = report.outcome(Check::ResponseSignature) != Some(RowOutcome::Fail);
    let check = match report.reason() {
        Some(_) if browser && !has_cookie => Check::BrowserCookie,
        Some(_) if browser => Check::ResponseBrowser,
        Some(row)
            if judged.encrypted
                && outer_is_good
                && matches!(judged.content, Content::Nothing)
                && row.check >= Check::AssertionCount =>
        {
            Check::Decryption
        }
        Some(row) => row.check,
        None => Check::ResponseReadable,
    };
    Refusal::of(check)
}

/// The refusal for the system. An IdP's own status is passed on as ours, without its words.
fn refusal(report: &Report, stated: Option<&Status>) -> Refusal {
    let refusal = Refusal::of_report(report).unwrap_or_else(|| Refusal::of(Check::ResponseStatus));
    match stated {
        Some(stated) if refusal.check == Check::ResponseStatus => {
            let known = [
                status::AUTHN_FAILED,
                status::NO_AUTHN_CONTEXT,
                status::NO_PASSIVE,
                status::NO_AVAILABLE_IDP,
                status::REQUEST_DENIED,
            ];
            let subcode = stated
                .subcode
                .as_deref()
                .and_then(|stated| known.into_iter().find(|known| *known == stated));
            refusal.with_status(status::RESPONDER, subcode)
        }
        _ => refusal,
    }
}

/// Ids of the messages that are used up with this login, each until it could not be valid any more.
fn replay(
    context: Context<'_>,
    asked: &Asked<'_>,
    judged: &Judged,
) -> Vec<(String, OffsetDateTime)> {
    let latest = match &judged.content {
        Content::Assertion(signed) => {
            let assertion = signed.value();
            let ends = assertion
                .confirmations
                .iter()
                .filter_map(|c| c.not_on_or_after);
            ends.chain(
                assertion
                    .conditions
                    .as_ref()
                    .and_then(|c| c.not_on_or_after),
            )
            .max()
        }
        _ => None,
    };
    // Capped before anything is added: a peer may name the last instant of the year 9999.
    let latest = latest.unwrap_or(context.now + super::sso::MAX_AGE);
    let until = latest.min(context.now + LONGEST_REPLAY_MEMORY) + SKEW;
    let assertion = match &judged.content {
        Content::Assertion(signed) => Some(&signed.value().id),
        _ => None,
    };
    // Only what was signed is remembered: an envelope that anybody could have written uses up nobody's id.
    let response = judged.signed_response_id.as_ref();
    response
        .into_iter()
        .chain(assertion)
        .map(|id| (replay_key(asked.idp_id, id), until))
        .collect()
}

/// Names a message in the replay memory in as many bytes as any other, whatever a peer calls it.
fn replay_key(idp: &str, id: &str) -> String {
    crate::dsig::hex(&sha256(format!("{idp}|{id}").as_bytes()))
}

/// What the root element is called.
fn root(decoded: &Decoded) -> Option<String> {
    let document = Document::parse(&decoded.xml).ok()?;
    Some(document.root().local().to_owned())
}

fn exchange(
    at: OffsetDateTime,
    decoded: &Decoded,
    idp: Option<&str>,
    root: Option<String>,
    decrypted: Option<String>,
) -> Exchange {
    Exchange {
        at,
        leg: Leg::IdentityProvider,
        direction: Direction::In,
        kind: root.unwrap_or_else(|| "unreadable".to_owned()),
        binding: decoded.binding,
        peer: idp.map(str::to_owned),
        xml: String::from_utf8_lossy(&decoded.xml).into_owned(),
        decrypted,
        relay_state: decoded.relay_state.clone(),
        query: None,
        checks: Vec::new(),
    }
}
