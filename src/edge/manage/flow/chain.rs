//! The chain of responsibility (kædeansvar): user, system, hub, identity provider, roles; how far a login came
//! along it, and where it broke.

use super::Text;
use super::shown::brief;
use crate::edge::journal::{Flow, State};
use crate::edge::manage::view::Summary;
use crate::hub::Actor;
use crate::hub::trace::{Direction, Leg};

/// Characters of a name in the chain.
const MAX_NAME: usize = 48;

/// A link.
#[derive(Debug, PartialEq, Eq)]
pub struct Link {
    /// What it is called.
    pub name: String,
    /// How it stands, in a word.
    pub word: &'static str,
    /// Class.
    pub class: &'static str,
    /// Sign.
    pub sign: &'static str,
}

/// How a link stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    Fine,
    Failed,
    Waiting,
    NotReached,
}

/// The links, from the user on.
pub fn chain(flow: &Flow, summary: &Summary, f: &Text) -> Vec<Link> {
    let system = match &flow.system {
        Some(_) => brief(&summary.system_label(), MAX_NAME),
        None => "?".to_owned(),
    };
    let names = [
        f.link_user.to_owned(),
        system,
        f.link_hub.to_owned(),
        f.link_idp.to_owned(),
        f.link_roles.to_owned(),
    ];
    let links = names.into_iter().zip(stands(flow, summary));
    let links = links.map(|(name, stands)| {
        let (word, class, sign) = match stands {
            Stands::Fine => (f.link_ok, "pass", "✓"),
            Stands::Failed => (f.link_failed, "fail", "✗"),
            Stands::Waiting => (f.link_waiting, "warn", "…"),
            Stands::NotReached => (f.link_not_reached, "skip", "–"),
        };
        Link {
            name,
            word,
            class,
            sign,
        }
    });
    links.collect()
}

/// Where the verdict points is where it broke; before that is fine, and what no message reached was not reached.
fn stands(flow: &Flow, summary: &Summary) -> [Stands; 5] {
    let saw = |leg, direction| {
        let mut all = flow.content.exchanges.iter();
        all.any(|exchange| exchange.leg == leg && exchange.direction == direction)
    };
    let asked = saw(Leg::IdentityProvider, Direction::Out);
    let answered = saw(Leg::IdentityProvider, Direction::In);
    let logged_in = flow.state == State::LoggedIn;
    let reached = |reached: bool| match reached {
        true => Stands::Fine,
        false => Stands::NotReached,
    };
    let mut links = [
        Stands::Fine,
        reached(flow.system.is_some() || logged_in),
        Stands::Fine,
        match (asked, flow.idp.is_some() && (answered || logged_in)) {
            (_, true) => Stands::Fine,
            (true, false) => Stands::Waiting,
            (false, false) => Stands::NotReached,
        },
        reached(flow.content.story.is_some() || logged_in),
    ];
    if let Some(verdict) = &summary.verdict {
        let at = match verdict.actor {
            Actor::User => 0,
            Actor::System => 1,
            Actor::Registration | Actor::Hub | Actor::Sender => 2,
            Actor::IdentityProvider => 3,
            Actor::RoleAdministration => 4,
        };
        links[at] = Stands::Failed;
        for later in links.iter_mut().skip(at + 1) {
            // A login that came through in the end came through all of it.
            if !logged_in && at > 0 {
                *later = match *later {
                    Stands::Fine if at == 2 && answered => Stands::Fine,
                    Stands::Fine if at == 1 => Stands::Fine,
                    _ => Stands::NotReached,
                };
            }
        }
    }
    links
}
