//! The ways to change a certificate that people know, as plans.

use super::moves::Moves;
use super::names::ENVIRONMENT;
use super::plan::{Action, Plan, Step, Subject, Window};
use crate::hub::keys::{Generation, KeyState, Shows};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use Generation::{Active, Next};

/// A way to change a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strategy {
    /// From one certificate to the other inside the window, never both in metadata: December 2024.
    HardSwap,
    /// The next certificate stands beside the old one in metadata days ahead; the old one goes with the switch.
    MetadataFirst,
    /// Both stand in metadata from days before the switch until days after it, and both decrypt.
    Overlap,
    /// A new certificate on the old key.
    SameKey,
    /// At once and unannounced, because the old key is known to others.
    Emergency,
    /// Nobody acts: the certificate ends, is noticed hours later, and is then swapped.
    ExpiredInPlace,
}

/// Which comes first inside the window of a hard swap; of the real hub it is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// The next key signs from the start of the window; metadata follows.
    SigningFirst,
    /// Metadata is published; the next key signs later in the window.
    MetadataFirst,
}

/// What a preset is made into a plan with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preset {
    /// Which.
    pub strategy: Strategy,
    /// Who changes.
    pub subject: Subject,
    /// For file names and texts.
    pub environment: String,
    /// The service window.
    pub window: Window,
    /// When metadata is published in a hard swap: 06:30 in a window from 06:00, as in December 2024.
    pub metadata_at: OffsetDateTime,
    /// Of a hard swap.
    pub order: Order,
    /// Whether the old key goes on decrypting after a switch, for answers that were encrypted to it. Of the real
    /// hub it is not known.
    pub keep_old_decryption_key: bool,
    /// How long before the window both certificates stand in metadata, and how long after it.
    pub overlap: Duration,
    /// How long before the window the announcement and the file go out.
    pub notice: Duration,
}

impl Strategy {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 6] = [
        Self::HardSwap,
        Self::MetadataFirst,
        Self::Overlap,
        Self::SameKey,
        Self::Emergency,
        Self::ExpiredInPlace,
    ];

    /// As plans and commands write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::HardSwap => "hard-swap",
            Self::MetadataFirst => "metadata-first",
            Self::Overlap => "overlap",
            Self::SameKey => "same-key",
            Self::Emergency => "emergency",
            Self::ExpiredInPlace => "expired-in-place",
        }
    }

    /// Whether the old key goes on decrypting where nothing else is said.
    pub fn keeps_old_decryption_key(self) -> bool {
        matches!(self, Self::Overlap | Self::SameKey | Self::ExpiredInPlace)
    }

    /// Whether the next certificate is on the key of the active one.
    pub fn keeps_key(self) -> bool {
        self == Self::SameKey
    }
}

impl Order {
    /// Both.
    pub const ALL: [Self; 2] = [Self::SigningFirst, Self::MetadataFirst];

    /// As plans and commands write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::SigningFirst => "signing-first",
            Self::MetadataFirst => "metadata-first",
        }
    }
}

impl Window {
    /// Two hours from `from`, as in December 2024.
    pub fn of(from: OffsetDateTime) -> Self {
        Self {
            from,
            to: from + Duration::hours(2),
        }
    }
}

impl Preset {
    /// A strategy in a window, with everything else as usual: metadata half an hour into the window, two weeks'
    /// notice, seven days of overlap on either side.
    pub fn new(strategy: Strategy, subject: Subject, window: Window) -> Self {
        Self {
            strategy,
            subject,
            environment: ENVIRONMENT.to_owned(),
            metadata_at: window.from + Duration::minutes(30),
            window,
            order: Order::SigningFirst,
            keep_old_decryption_key: strategy.keeps_old_decryption_key(),
            overlap: Duration::days(7),
            notice: Duration::days(14),
        }
    }

    /// The plan.
    pub fn plan(&self) -> Plan {
        let (mut steps, start) = (Vec::new(), KeyState::only(Active));
        let mut add = |at, action| steps.push(Step { at, action });
        let begins = self.window.from;
        // The one that is in use stands first, for peers that read no further.
        let both = |first, second| Shows {
            signing: vec![first, second],
            encryption: vec![first],
            without_use: false,
        };
        let decrypts = match self.keep_old_decryption_key {
            true => vec![Next, Active],
            false => vec![Next],
        };
        if !matches!(
            self.strategy,
            Strategy::Emergency | Strategy::ExpiredInPlace
        ) {
            add(begins - self.notice, Action::Announce);
            add(begins - self.notice, Action::HandOut);
        }
        match self.strategy {
            Strategy::HardSwap => {
                let signs = match self.order {
                    Order::SigningFirst => begins,
                    // Halfway between the metadata and the end of the window.
                    Order::MetadataFirst => {
                        self.metadata_at + (self.window.to - self.metadata_at) / 2
                    }
                };
                add(self.metadata_at, Action::Show(Shows::only(Next)));
                add(signs, Action::Sign(Next));
                add(signs, Action::Decrypt(decrypts));
            }
            Strategy::MetadataFirst => {
                add(begins - self.overlap, Action::Show(both(Active, Next)));
                add(begins, Action::Sign(Next));
                add(begins, Action::Decrypt(decrypts));
                add(begins, Action::Show(Shows::only(Next)));
            }
            Strategy::Overlap => {
                add(begins - self.overlap, Action::Show(both(Active, Next)));
                // Whoever fetches at the switch encrypts to the next key, so it opens from before on.
                add(begins - self.overlap, Action::Decrypt(vec![Active, Next]));
                add(begins, Action::Sign(Next));
                add(begins, Action::Show(both(Next, Active)));
                add(begins + self.overlap, Action::Show(Shows::only(Next)));
                if !self.keep_old_decryption_key {
                    add(begins + self.overlap, Action::Decrypt(vec![Next]));
                }
            }
            Strategy::SameKey => {
                add(begins, Action::Sign(Next));
                add(begins, Action::Decrypt(decrypts));
                add(begins, Action::Show(Shows::only(Next)));
            }
            Strategy::Emergency => {
                add(begins, Action::Announce);
                add(begins, Action::HandOut);
                add(begins, Action::Sign(Next));
                add(begins, Action::Decrypt(decrypts));
                add(begins, Action::Show(Shows::only(Next)));
            }
            Strategy::ExpiredInPlace => {
                add(begins, Action::Expire);
                let noticed = self.window.to;
                add(noticed, Action::Announce);
                add(noticed, Action::HandOut);
                add(noticed, Action::Sign(Next));
                add(noticed, Action::Decrypt(decrypts));
                add(noticed, Action::Show(Shows::only(Next)));
            }
        }
        // Stable: what happens at one moment keeps its order.
        steps.sort_by_key(|step| step.at);
        Plan {
            name: self.name(),
            environment: self.environment.clone(),
            subject: self.subject.clone(),
            strategy: Some(self.strategy),
            window: self.window,
            same_key: self.strategy.keeps_key(),
            moves: Moves::ALL,
            start,
            steps,
        }
    }

    fn name(&self) -> String {
        match self.strategy {
            Strategy::HardSwap => format!("{} ({})", self.strategy.word(), self.order.word()),
            strategy => strategy.word().to_owned(),
        }
    }
}
