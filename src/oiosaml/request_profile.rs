//! The six request profiles: how the hub tells an IdP which level is needed.
//!
//! Source: KOMBIT programledermøde, November 2024 (the table of the six profiles), API values from CH.json.
//! The slide says “NIST 2 og 3” for multipleauthn, which must be read as 3 and 4; see
//! [`MultipleAuthnFrom`].

use super::{Level, Nist, Nsis};
use serde::{Deserialize, Serialize};

/// `IdentityProvider.OIOSAMLProfile`, spelled as on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RequestProfile {
    /// OIOSAML2: the NIST level as class ref.
    #[serde(rename = "OIOSAML2")]
    Oiosaml2,
    /// OIOSAML2 – ADFS multipleauthn.
    #[serde(rename = "OIOSAML2_ADFS_MULTIPLEAUTHN")]
    Oiosaml2AdfsMultipleauthn,
    /// OIOSAML2 – Without requested LoA: asks nothing, whatever is needed.
    #[serde(rename = "OIOSAML2_WITHOUT_REQUESTED_LOA")]
    Oiosaml2WithoutRequestedLoa,
    /// OIOSAML3: the NSIS level as class ref.
    #[serde(rename = "OIOSAML3")]
    Oiosaml3,
    /// OIOSAML3 – ADFS multipleauthn.
    #[serde(rename = "OIOSAML3_ADFS_MULTIPLEAUTHN")]
    Oiosaml3AdfsMultipleauthn,
    /// OIOSAML3 – ADFS relay state: multipleauthn, and the level in RelayState.
    #[serde(rename = "OIOSAML3_ADFS_RELAY_STATE")]
    Oiosaml3AdfsRelayState,
}

/// What the class ref of a request says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClassRef {
    /// No RequestedAuthnContext.
    Nothing,
    /// The level's own URI.
    TheLevel,
    /// `http://schemas.microsoft.com/claims/multipleauthn`.
    MultipleAuthn,
}

/// What a request asks for: one cell of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ask {
    /// The need on the scale of the profile; for `OIOSAML2_WITHOUT_REQUESTED_LOA` as it came.
    pub level: Level,
    /// The class ref.
    pub class_ref: ClassRef,
    /// The level that is repeated in RelayState.
    pub relay_state_level: Option<Nsis>,
}

/// AD FS's claim for “more than one factor was used”.
pub const MULTIPLEAUTHN: &str = "http://schemas.microsoft.com/claims/multipleauthn";

/// From which NIST level on the multipleauthn profiles ask for a second factor. A setting, because the only
/// published table has a slip: it lists 2 both under “nothing” and under multipleauthn, and 4 nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum MultipleAuthnFrom {
    /// Our reading: 1 and 2 nothing, 3 and 4 multipleauthn, like the NSIS twin of the row.
    #[default]
    #[serde(rename = "3")]
    Three,
    /// The slide to the letter: from 2 on.
    #[serde(rename = "2")]
    Two,
}

use ClassRef::{MultipleAuthn, Nothing, TheLevel};

/// The table: profile, then the cells NIST 1–4 or NSIS Lav, Betydelig, Høj, then whether the level is
/// repeated in RelayState. A need on the other scale is first converted by the published table.
const NIST_ROWS: [(RequestProfile, [ClassRef; 4]); 2] = [
    (
        RequestProfile::Oiosaml2,
        [TheLevel, TheLevel, TheLevel, TheLevel],
    ),
    (
        RequestProfile::Oiosaml2AdfsMultipleauthn,
        [Nothing, Nothing, MultipleAuthn, MultipleAuthn],
    ),
];
const NSIS_ROWS: [(RequestProfile, [ClassRef; 3], bool); 3] = [
    (
        RequestProfile::Oiosaml3,
        [TheLevel, TheLevel, TheLevel],
        false,
    ),
    (
        RequestProfile::Oiosaml3AdfsMultipleauthn,
        [Nothing, MultipleAuthn, MultipleAuthn],
        false,
    ),
    (
        RequestProfile::Oiosaml3AdfsRelayState,
        [Nothing, MultipleAuthn, MultipleAuthn],
        true,
    ),
];

impl RequestProfile {
    /// All six, in the order of the administration module.
    pub const ALL: [Self; 6] = [
        Self::Oiosaml2,
        Self::Oiosaml2AdfsMultipleauthn,
        Self::Oiosaml2WithoutRequestedLoa,
        Self::Oiosaml3,
        Self::Oiosaml3AdfsMultipleauthn,
        Self::Oiosaml3AdfsRelayState,
    ];

    /// The value on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Oiosaml2 => "OIOSAML2",
            Self::Oiosaml2AdfsMultipleauthn => "OIOSAML2_ADFS_MULTIPLEAUTHN",
            Self::Oiosaml2WithoutRequestedLoa => "OIOSAML2_WITHOUT_REQUESTED_LOA",
            Self::Oiosaml3 => "OIOSAML3",
            Self::Oiosaml3AdfsMultipleauthn => "OIOSAML3_ADFS_MULTIPLEAUTHN",
            Self::Oiosaml3AdfsRelayState => "OIOSAML3_ADFS_RELAY_STATE",
        }
    }

    /// The name in the administration module.
    pub fn title(self) -> &'static str {
        match self {
            Self::Oiosaml2 => "OIOSAML2",
            Self::Oiosaml2AdfsMultipleauthn => "OIOSAML2 – ADFS multipleauthn",
            Self::Oiosaml2WithoutRequestedLoa => "OIOSAML2 – Without requested LoA",
            Self::Oiosaml3 => "OIOSAML3",
            Self::Oiosaml3AdfsMultipleauthn => "OIOSAML3 – ADFS multipleauthn",
            Self::Oiosaml3AdfsRelayState => "OIOSAML3 – ADFS relay state",
        }
    }

    /// Whether an IdP with this profile speaks OIOSAML2: NIST levels, and CBC is accepted from it.
    pub fn is_oiosaml2(self) -> bool {
        matches!(
            self,
            Self::Oiosaml2 | Self::Oiosaml2AdfsMultipleauthn | Self::Oiosaml2WithoutRequestedLoa
        )
    }

    /// Whether the profile leaves the level to the IdP: nothing is asked and nothing is refused.
    pub fn asks_nothing(self) -> bool {
        self == Self::Oiosaml2WithoutRequestedLoa
    }

    /// Whether an IdP registered so can be asked for an NSIS level at all.
    pub fn can_state_nsis(self) -> bool {
        !matches!(self, Self::Oiosaml2 | Self::Oiosaml2AdfsMultipleauthn)
    }

    /// The cell of the table for `need`.
    pub fn ask(self, need: Level, multipleauthn_from: MultipleAuthnFrom) -> Ask {
        if let Some((_, cells)) = NIST_ROWS.iter().find(|row| row.0 == self) {
            let nist = match need {
                Level::Nist(level) => level,
                Level::Nsis(level) => level.to_nist(),
            };
            let slip = self == Self::Oiosaml2AdfsMultipleauthn
                && nist == Nist::Two
                && multipleauthn_from == MultipleAuthnFrom::Two;
            let class_ref = if slip {
                MultipleAuthn
            } else {
                cells[nist as usize - 1]
            };
            return Ask {
                level: Level::Nist(nist),
                class_ref,
                relay_state_level: None,
            };
        }
        if let Some((_, cells, in_relay_state)) = NSIS_ROWS.iter().find(|row| row.0 == self) {
            let nsis = match need {
                Level::Nist(level) => level.to_nsis(),
                Level::Nsis(level) => level,
            };
            return Ask {
                level: Level::Nsis(nsis),
                class_ref: cells[nsis as usize],
                relay_state_level: in_relay_state.then_some(nsis),
            };
        }
        Ask {
            level: need,
            class_ref: Nothing,
            relay_state_level: None,
        }
    }
}

impl Ask {
    /// The class ref on the wire.
    pub fn class_ref_uri(&self) -> Option<String> {
        match self.class_ref {
            Nothing => None,
            TheLevel => Some(self.level.class_ref()),
            MultipleAuthn => Some(MULTIPLEAUTHN.to_owned()),
        }
    }
}
