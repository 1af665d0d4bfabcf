//! Who takes part in a logout: a registered party, its keys and its endpoints; and which of our endpoints is whose.

use super::Endpoint;
use crate::dsig::{Policy, PublicKey, SigningKey};
use crate::hub::identity::path;
use crate::hub::judge::SKEW;
use crate::hub::judge::logout::ExpectedLogout;
use crate::hub::{Check, Context, Hub, Leg, Report, RowOutcome};
use crate::saml::metadata::Endpoint as Service;
use crate::saml::{Binding, names::binding};

/// A party as it is registered.
#[derive(Clone, Copy)]
pub(super) struct Party<'a> {
    pub(super) id: &'a str,
    pub(super) leg: Leg,
    keys: &'a [PublicKey],
    former_keys: &'a [PublicKey],
    services: &'a [Service],
}

impl<'a> Party<'a> {
    /// The party with this entityID on this leg. An identity provider without user contexts may log out as well: who is
    /// logged in from it must be able to leave.
    pub(super) fn of(context: Context<'a>, leg: Leg, id: &str) -> Option<Self> {
        match leg {
            Leg::System => context.federation.system(id).map(|system| Self {
                id: &system.id,
                leg,
                keys: &system.signing_keys,
                former_keys: &system.former_keys,
                services: &system.single_logout,
            }),
            Leg::IdentityProvider => context.federation.identity_provider(id).map(|idp| Self {
                id: &idp.id,
                leg,
                keys: &idp.signing_keys,
                former_keys: &idp.former_keys,
                services: &idp.single_logout,
            }),
        }
    }

    /// Its SingleLogoutService with this binding: the first of them.
    fn service(&self, by: Binding) -> Option<&'a Service> {
        let mut services = self.services.iter();
        services.find(|service| service.binding == uri(by) && !service.location.is_empty())
    }

    /// Where it takes requests. Without a browser only SOAP reaches it.
    pub(super) fn takes_requests(&self, browser: bool) -> Option<(Binding, &'a str)> {
        let ways: &[Binding] = match browser {
            true => &[Binding::Redirect, Binding::Post, Binding::Soap],
            false => &[Binding::Soap],
        };
        let mut ways = ways.iter();
        ways.find_map(|by| Some((*by, self.service(*by)?.location.as_str())))
    }

    /// Where it takes the answer to a request that came by `asked_by`: by the same binding, if it can, else by another
    /// one that a browser carries. SOAP answers on the same connection, and needs no address.
    pub(super) fn takes_answers(&self, asked_by: Binding) -> (Binding, Option<String>) {
        if asked_by == Binding::Soap {
            return (Binding::Soap, None);
        }
        let mut ways = [asked_by, Binding::Redirect, Binding::Post].into_iter();
        let found = ways.find_map(|by| {
            let service = self.service(by)?;
            let stated = service.response_location.as_deref();
            let stated = stated.filter(|location| !location.is_empty());
            Some((by, stated.unwrap_or(&service.location).to_owned()))
        });
        match found {
            Some((by, url)) => (by, Some(url)),
            None => (asked_by, None),
        }
    }

    /// What is expected of its messages.
    pub(super) fn expected<'e>(
        self,
        context: Context<'_>,
        request: bool,
        destination: Option<&'e str>,
        in_response_to: Option<&'e str>,
    ) -> ExpectedLogout<'e>
    where
        'a: 'e,
    {
        ExpectedLogout {
            request: Some(request),
            sender: Some(self.id),
            keys: self.keys,
            former_keys: self.former_keys,
            signatures: Policy::Modern,
            destination,
            in_response_to,
            now: Some(context.now),
            skew: SKEW,
        }
    }
}

/// What we sign with towards parties of this leg.
pub(super) fn signing(hub: &Hub, leg: Leg) -> &SigningKey {
    match leg {
        Leg::System => &hub.idp.signing,
        Leg::IdentityProvider => &hub.sp.signing,
    }
}

fn uri(by: Binding) -> &'static str {
    match by {
        Binding::Redirect => binding::REDIRECT,
        Binding::Post => binding::POST,
        Binding::Soap => binding::SOAP,
    }
}

impl Endpoint {
    /// Its path.
    pub fn path(self) -> &'static str {
        match self {
            Self::Issue => path::ISSUE,
            Self::Signoff => path::SIGNOFF,
            Self::SignoffRequest => path::SIGNOFF_REQUEST,
            Self::SignoffResponse => path::SIGNOFF_RESPONSE,
            Self::Soap => path::SIGNOFF_SOAP,
        }
    }

    /// Whose messages it takes.
    pub(super) fn legs(self) -> &'static [Leg] {
        match self {
            Self::Issue | Self::Signoff => &[Leg::System],
            Self::SignoffRequest | Self::SignoffResponse => &[Leg::IdentityProvider],
            Self::Soap => &[Leg::System, Leg::IdentityProvider],
        }
    }

    /// Where parties of the same kind send the other sort of message.
    fn counterpart(self) -> Self {
        match self {
            Self::Issue => Self::Signoff,
            Self::Signoff => Self::Issue,
            Self::SignoffRequest => Self::SignoffResponse,
            Self::SignoffResponse => Self::SignoffRequest,
            Self::Soap => Self::Soap,
        }
    }

    /// The row of a message that came to a place of another sort. A request must come to the address for requests. A
    /// response at that address is taken all the same: some systems know only the one, and whom it is from and what it
    /// answers is as certain as anywhere.
    pub(super) fn place(self, request: bool, hub: &Hub, report: &mut Report) {
        let takes_requests = matches!(self, Self::Issue | Self::SignoffRequest | Self::Soap);
        let takes_responses = matches!(self, Self::Signoff | Self::SignoffResponse);
        let (check, outcome) = match request {
            true if !takes_requests => (Check::LogoutDestination, RowOutcome::Fail),
            true => return,
            // What answers a call of the hub's comes back on that call.
            false if self == Self::Soap => (Check::LogoutDestination, RowOutcome::Fail),
            false if takes_responses => (Check::LogoutAddress, RowOutcome::Pass),
            false => (Check::LogoutAddress, RowOutcome::Warn),
        };
        let expected = match outcome {
            RowOutcome::Pass => self,
            _ => self.counterpart(),
        };
        report.add(
            check,
            outcome,
            hub.url(self.path()),
            hub.url(expected.path()),
        );
    }
}
