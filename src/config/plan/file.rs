//! A plan as written.

use crate::config::trust::TrustEntry;
use crate::hub::keys::Generation;
use crate::hub::rollover::Strategy;
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

/// `plan.toml`: a strategy with its parameters, or steps of one's own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanFile {
    /// What people call it.
    pub name: Option<String>,
    /// The environment; becomes part of file names: 1 to 16 letters and digits. Default TEST.
    pub environment: Option<Spanned<String>>,
    /// Who changes: `hub` (default), `idp:NAME`, `system:NAME`.
    pub subject: Option<Spanned<String>>,
    /// The preset.
    pub strategy: Option<Spanned<Strategy>>,
    /// Which comes first in a hard swap; default both, one after the other.
    pub order: Option<Spanned<OrderWord>>,
    /// The service window.
    pub window: Spanned<WindowEntry>,
    /// When metadata is published in a hard swap; default half an hour into the window.
    pub metadata_at: Option<Spanned<Datetime>>,
    /// Whether the old key goes on decrypting.
    pub keep_old_decryption_key: Option<Spanned<bool>>,
    /// How many days both certificates stand in metadata on either side of the switch. Default 7.
    pub overlap_days: Option<Spanned<u16>>,
    /// How many days ahead it is announced. Default 14.
    pub notice_days: Option<Spanned<u16>>,
    /// When the change is given up.
    pub rollback_at: Option<Spanned<Datetime>>,
    /// The certificate in use.
    pub active: Option<PairEntry>,
    /// The certificate that is changed to.
    pub next: Option<PairEntry>,
    /// Steps of one's own, in the order of time.
    #[serde(default, rename = "step")]
    pub steps: Vec<Spanned<StepEntry>>,
    /// Habits that are otherwise than the federation's file says.
    #[serde(default, rename = "party")]
    pub parties: Vec<PartyEntry>,
}

/// Which comes first in a hard swap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OrderWord {
    /// Signing.
    SigningFirst,
    /// Metadata.
    MetadataFirst,
    /// Each in a run of its own.
    Both,
}

/// `window = { from = …, to = … }`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WindowEntry {
    /// Start.
    pub from: Spanned<Datetime>,
    /// End.
    pub to: Spanned<Datetime>,
}

/// `[active]`, `[next]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PairEntry {
    /// PEM or DER file, relative to the plan.
    pub certificate: Spanned<String>,
    /// Its key, if it is to be looked at whether they belong together.
    pub key: Option<Spanned<String>>,
}

/// `[[step]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepEntry {
    /// When.
    pub at: Spanned<Datetime>,
    /// What.
    #[serde(rename = "do")]
    pub action: Spanned<Do>,
    /// With `show`: certificates for signing, in document order.
    pub signing: Option<Vec<Generation>>,
    /// With `show`: certificates for encryption, in document order; without it the first one for signing.
    pub encryption: Option<Vec<Generation>>,
    /// With `show`: KeyDescriptors without `use`.
    pub without_use: Option<bool>,
    /// With `sign` one generation, with `decrypt` one or more.
    pub with: Option<Vec<Generation>>,
}

/// What is done in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Do {
    /// The announcement goes out.
    Announce,
    /// The next certificate is offered as a file.
    HandOut,
    /// Metadata is published.
    Show,
    /// Another generation signs.
    Sign,
    /// Other generations decrypt.
    Decrypt,
    /// The active certificate ends.
    Expire,
    /// Everything as before.
    RollBack,
}

/// `[[party]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartyEntry {
    /// Short name; `hub` where another party changes.
    pub name: Spanned<String>,
    /// Its habits.
    pub trust: TrustEntry,
}
