//! Why fetched metadata does not take effect, in words that say who has to do what.

use crate::edge::page::{Language, when};
use std::fmt;
use time::OffsetDateTime;

/// Metadata that was refused. The old one stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The party that it should have been of.
    pub entity_id: String,
    /// Why.
    pub reason: Reason,
}

/// Why metadata is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// It is a web page.
    Html,
    /// It is no metadata, or not as the schema has it: the reader's words.
    Unreadable(String),
    /// It is of these parties.
    OtherEntity(Vec<String>),
    /// Its `validUntil` has passed.
    Ended(OffsetDateTime),
    /// It is not signed, and the old one was.
    Unsigned,
    /// Its signature cannot be checked, and the old one's could: why.
    Unchecked(String),
    /// It was changed after it was signed.
    Broken(String),
    /// It is signed with a key that the old one was not signed with and does not name.
    OtherSigner {
        /// The certificate's subject.
        subject: String,
        /// The certificate's SHA-1.
        thumbprint: String,
    },
    /// The party is neither identity provider nor system by SAML 2.0.
    NoRole,
    /// A role that the party had is missing.
    RoleGone(&'static str),
    /// A role has no certificate for signing that can be used.
    NoKeys(&'static str),
    /// An address of the party cannot be used: why.
    Address(String),
    /// The metadata that the hub has cannot be read any more, so nobody knows whether the new is by the same hand.
    OldUnreadable(Box<Reason>),
}

impl Refusal {
    /// Why, and who has to do what, in Danish.
    pub fn da(&self) -> String {
        let id = &self.entity_id;
        format!(
            "Nye metadata for {id} er ikke taget i brug: {}. De gamle gælder fortsat.",
            self.reason.da()
        )
    }

    /// Why, and who has to do what, in English.
    pub fn en(&self) -> String {
        let id = &self.entity_id;
        format!(
            "New metadata of {id} was not put into use: {}. The old one stays in force.",
            self.reason.en()
        )
    }
}

impl Reason {
    fn da(&self) -> String {
        match self {
            Self::Html => "adressen gav en webside (HTML) i stedet for metadata (XML), måske en login- eller fejlside. Find den adresse, der giver XML".to_owned(),
            Self::Unreadable(why) => format!("filen kan ikke læses ({why}). Bed partens administrator hente og offentliggøre den igen uden at redigere i den"),
            Self::OtherEntity(ids) => format!("filen er for {}. Adressen er forkert, eller parten har skiftet entityID: så skal den registreres på ny", few(ids)),
            Self::Ended(end) => format!("de udløb {} (validUntil). Partens administrator skal udstede nye", when::in_full(*end, Language::Danish)),
            Self::Unsigned => "de er ikke underskrevet, og det var de gamle. Spørg partens administrator, om det er meningen; er det det, så registrér dem i hånden".to_owned(),
            Self::Unchecked(why) => format!("underskriften kan ikke efterprøves ({why}), og det kunne den gamle. Bed partens administrator underskrive som før, eller registrér dem i hånden"),
            Self::Broken(why) => format!("de er ændret, efter at de blev underskrevet ({why}). Bed partens administrator offentliggøre filen, som den er udstedt; ellers har nogen ændret den undervejs"),
            Self::OtherSigner { subject, thumbprint } => format!("de er underskrevet med et andet certifikat ({subject}, SHA-1 {thumbprint}), som de gamle ikke nævner. Sammenlign fingeraftrykket med partens administrator, og registrér dem så i hånden"),
            Self::NoRole => "parten er hverken identitetsudbyder eller system med SAML 2.0. Partens administrator skal udstede nye".to_owned(),
            Self::RoleGone(role) => format!("{role} mangler, og den var der før. Spørg partens administrator, om det er meningen"),
            Self::NoKeys(role) => format!("{role} har intet certifikat til underskrift, der kan bruges (RSA fra 2048 bit, P-256 eller P-384). Partens administrator skal udstede nye"),
            Self::Address(why) => format!("en adresse i dem kan ikke bruges ({why}). Partens administrator skal rette den"),
            Self::OldUnreadable(why) => format!("de gamle kan ikke læses ({}), så ingen ved, om de nye er fra samme hånd. Registrér dem i hånden", why.da()),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::Html => "the address gave a web page (HTML) in the place of metadata (XML), a login or error page perhaps. Find the address that gives XML".to_owned(),
            Self::Unreadable(why) => format!("the file cannot be read ({why}). Ask the party's administrator to export and publish it again without editing it"),
            Self::OtherEntity(ids) => format!("the file is of {}. The address is wrong, or the party has another entityID: then it has to be registered anew", few(ids)),
            Self::Ended(end) => format!("it ended {} (validUntil). The party's administrator has to issue a new one", when::in_full(*end, Language::English)),
            Self::Unsigned => "it is not signed, and the old one was. Ask the party's administrator whether that is meant; if so, register it by hand".to_owned(),
            Self::Unchecked(why) => format!("its signature cannot be checked ({why}), and the old one's could. Ask the party's administrator to sign as before, or register it by hand"),
            Self::Broken(why) => format!("it was changed after it was signed ({why}). Ask the party's administrator to publish the file as it was issued; or somebody has changed it on the way"),
            Self::OtherSigner { subject, thumbprint } => format!("it is signed with another certificate ({subject}, SHA-1 {thumbprint}), which the old one does not name. Compare the thumbprint with the party's administrator, and register it by hand then"),
            Self::NoRole => "the party is neither identity provider nor system by SAML 2.0. The party's administrator has to issue a new one".to_owned(),
            Self::RoleGone(role) => format!("{role} is missing, and was there before. Ask the party's administrator whether that is meant"),
            Self::NoKeys(role) => format!("{role} has no certificate for signing that can be used (RSA from 2048 bits, P-256 or P-384). The party's administrator has to issue a new one"),
            Self::Address(why) => format!("an address in it cannot be used ({why}). The party's administrator has to correct it"),
            Self::OldUnreadable(why) => format!("the old one cannot be read ({}), so nobody knows whether the new is by the same hand. Register it by hand", why.en()),
        }
    }
}

/// The first of them, where they are many.
fn few(ids: &[String]) -> String {
    match ids {
        [a, b, c, _, rest @ ..] => format!("{a}, {b}, {c} (+{})", rest.len() + 1),
        ids => ids.join(", "),
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en())
    }
}

impl std::error::Error for Refusal {}
