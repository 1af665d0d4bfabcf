//! Why the browser could not go on, in words for whoever must do something about it.

use std::fmt;
use std::time::Duration;

/// Why the browser could not go on. Addresses are told without their query: it may carry a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BrowserError {
    /// Not an address, or not one of http(s).
    Address(String),
    /// https, but nobody to trust was given.
    NoTls(String),
    /// Nobody knows the host's name.
    NameNotKnown {
        /// Address.
        url: String,
    },
    /// Nothing listens there.
    Refused {
        /// Address.
        url: String,
    },
    /// No connection, or it broke, or what came is not HTTP.
    Connection {
        /// Address.
        url: String,
        /// In the words of the system or the library.
        why: String,
    },
    /// No answer in time.
    TimedOut {
        /// Address.
        url: String,
        /// How long it was waited for.
        after: Duration,
    },
    /// The answer is longer than a page may be.
    TooLarge {
        /// Address.
        url: String,
        /// Bytes.
        limit: usize,
    },
    /// Too many redirects and automatic posts.
    TooManyHops {
        /// The last addresses.
        last: Vec<String>,
    },
    /// The page has no such form, button or link.
    NoSuchForm(String),
    /// The real browser, or what drives it, does not do as it should.
    Driver(String),
}

impl BrowserError {
    /// What happened, where, and what to do: in Danish.
    pub fn da(&self) -> String {
        match self {
            Self::Address(url) => format!("{url} er ikke en http-adresse. Ret adressen."),
            Self::NoTls(url) => {
                format!(
                    "{url} kræver https, men der er ikke angivet nogen rodcertifikater. Angiv dem."
                )
            }
            Self::NameNotKnown { url } => format!(
                "Værtsnavnet i {url} kan ikke slås op. Ret adressen, eller se efter i DNS eller hosts-filen."
            ),
            Self::Refused { url } => format!(
                "Der er ingen, der svarer på {url}: forbindelsen blev afvist. Er systemet startet, og er porten rigtig?"
            ),
            Self::Connection { url, why } => {
                format!("Forbindelsen til {url} mislykkedes: {why}. Se i systemets log.")
            }
            Self::TimedOut { url, after } => format!(
                "{url} svarede ikke inden for {} sekunder. Se i systemets log, eller giv det længere tid.",
                seconds(*after, ',')
            ),
            Self::TooLarge { url, limit } => {
                format!(
                    "Svaret fra {url} er større end {limit} bytes. Det er ikke en side til en bruger."
                )
            }
            Self::TooManyHops { last } => format!(
                "Browseren blev sendt videre for mange gange, til sidst til {}. Adresserne sender formentlig brugeren rundt i ring.",
                last.join(", ")
            ),
            Self::NoSuchForm(what) => format!("Siden har ikke {what}."),
            Self::Driver(why) => format!("Chromium kan ikke styres: {why}"),
        }
    }

    /// The same in English.
    pub fn en(&self) -> String {
        match self {
            Self::Address(url) => format!("{url} is not an http address. Correct it."),
            Self::NoTls(url) => {
                format!("{url} needs https, but no root certificates were given. Give them.")
            }
            Self::NameNotKnown { url } => format!(
                "The host name in {url} is not known. Correct the address, or look in DNS or the hosts file."
            ),
            Self::Refused { url } => format!(
                "Nobody answers at {url}: the connection was refused. Is the system running, and is the port right?"
            ),
            Self::Connection { url, why } => {
                format!("The connection to {url} failed: {why}. Look in the system's log.")
            }
            Self::TimedOut { url, after } => format!(
                "{url} did not answer within {} seconds. Look in the system's log, or give it more time.",
                seconds(*after, '.')
            ),
            Self::TooLarge { url, limit } => {
                format!(
                    "The answer from {url} is larger than {limit} bytes. That is no page for a user."
                )
            }
            Self::TooManyHops { last } => format!(
                "The browser was sent on too many times, at last to {}. These addresses seem to send the user round in circles.",
                last.join(", ")
            ),
            Self::NoSuchForm(what) => format!("The page has no {what}."),
            Self::Driver(why) => format!("Chromium cannot be driven: {why}"),
        }
    }

    /// The same, told of this address.
    pub(super) fn at(mut self, address: &str) -> Self {
        match &mut self {
            Self::NameNotKnown { url }
            | Self::Refused { url }
            | Self::Connection { url, .. }
            | Self::TimedOut { url, .. }
            | Self::TooLarge { url, .. } => address.clone_into(url),
            _ => {}
        }
        self
    }
}

fn seconds(time: Duration, point: char) -> String {
    match time.subsec_millis() {
        0 => time.as_secs().to_string(),
        rest => format!("{}{point}{}", time.as_secs(), rest / 100),
    }
}

impl fmt::Display for BrowserError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en())
    }
}

impl std::error::Error for BrowserError {}
