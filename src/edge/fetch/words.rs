//! Why something could not be fetched, in words that say who has to do what.

use super::{Cause, CertificateFault, FetchError, Guarded};

impl FetchError {
    /// What went wrong and what to do, in Danish.
    pub fn da(&self) -> String {
        let url = &self.url;
        let said = match &self.cause {
            Cause::NoAddress(why) => format!("er ikke en adresse, der kan hentes fra ({why}). Ret adressen"),
            Cause::NotHttps => "er ikke https. Bed partens administrator om en https-adresse; http er kun tilladt på denne maskine (loopback og *.localhost)".to_owned(),
            Cause::NameNotFound(host) => format!("kan ikke hentes: navnet {host} findes ikke i DNS. Se efter stavefejl, og om navnet kan slås op fra denne maskine"),
            Cause::Forbidden { address, guarded } => format!("hentes ikke: den fører til {address}, {}. Brug partens egen adresse", guarded.da()),
            Cause::Refused => "kan ikke hentes: der er ingen, der svarer på porten. Se efter port og firewall, eller vent til serveren kører".to_owned(),
            Cause::Unreachable(said) => format!("kan ikke nås ({said}). Se efter firewall og netværk mellem denne maskine og serveren"),
            Cause::Timeout(limit) => format!("svarede ikke inden for {} sekunder. Se efter firewall og proxy, eller prøv igen senere", limit.as_secs_f32()),
            Cause::Certificate { subject, issuer, fault } => format!("viser et TLS-certifikat, der ikke kan bruges: {}. Certifikatet er {subject}, udstedt af {issuer}. {}", fault.da(), fault.do_da()),
            Cause::NoRoots => "kan ikke hentes: denne maskine har ingen rodcertifikater. Installér pakken ca-certificates, eller angiv en PEM-fil med de udstedere, der skal stoles på".to_owned(),
            Cause::Tls(said) => format!("kan ikke hentes: TLS-forbindelsen mislykkedes ({said}). Serveren skal kunne TLS 1.2 eller 1.3"),
            Cause::Status(status) => format!("svarede med status {status}. {}", status_da(*status)),
            Cause::BadRedirect => "viderestiller uden en brugbar adresse. Brug den endelige adresse".to_owned(),
            Cause::TooManyRedirects(most) => format!("viderestiller mere end {most} gange. Brug den endelige adresse"),
            Cause::Downgrade(to) => format!("viderestiller fra https til http ({to}), og det følges ikke. Brug den endelige https-adresse"),
            Cause::TooLarge(limit) => format!("svarede med mere end {limit} byte, så intet er brugt. Se efter, om adressen er den rigtige"),
            Cause::Encoded(how) => format!("svarede komprimeret ({how}), selv om det ikke var ønsket. Bed om, at filen sendes, som den er"),
            Cause::Broken(said) => format!("svarede ikke færdigt ({said}). Prøv igen; sker det hver gang, er det serveren eller en proxy"),
            Cause::Html => "svarede med en webside (HTML) i stedet for metadata (XML). Måske er det en login- eller fejlside: åbn adressen i en browser, og find den, der giver XML".to_owned(),
        };
        format!("{url} {said}.")
    }

    /// What went wrong and what to do, in English.
    pub fn en(&self) -> String {
        let url = &self.url;
        let said = match &self.cause {
            Cause::NoAddress(why) => format!("is no address to fetch from ({why}). Correct it"),
            Cause::NotHttps => "is not https. Ask the party's administrator for an https address; http is allowed only on this machine (loopback and *.localhost)".to_owned(),
            Cause::NameNotFound(host) => format!("cannot be fetched: DNS does not know the name {host}. Look for a slip of spelling, and whether this machine can look the name up"),
            Cause::Forbidden { address, guarded } => format!("is not fetched: it leads to {address}, {}. Use the party's own address", guarded.en()),
            Cause::Refused => "cannot be fetched: nobody answers on that port. Look at port and firewall, or wait until the server runs".to_owned(),
            Cause::Unreachable(said) => format!("cannot be reached ({said}). Look at firewalls and the network between this machine and the server"),
            Cause::Timeout(limit) => format!("did not answer within {} seconds. Look at firewalls and proxies, or try again later", limit.as_secs_f32()),
            Cause::Certificate { subject, issuer, fault } => format!("shows a TLS certificate that cannot be used: {}. The certificate is {subject}, issued by {issuer}. {}", fault.en(), fault.do_en()),
            Cause::NoRoots => "cannot be fetched: this machine has no root certificates. Install the package ca-certificates, or give a PEM file with the issuers to trust".to_owned(),
            Cause::Tls(said) => format!("cannot be fetched: the TLS connection failed ({said}). The server has to speak TLS 1.2 or 1.3"),
            Cause::Status(status) => format!("answered with status {status}. {}", status_en(*status)),
            Cause::BadRedirect => "redirects without a usable address. Use the final address".to_owned(),
            Cause::TooManyRedirects(most) => format!("redirects more than {most} times. Use the final address"),
            Cause::Downgrade(to) => format!("redirects from https to http ({to}), which is not followed. Use the final https address"),
            Cause::TooLarge(limit) => format!("answered with more than {limit} bytes, so nothing was used. See whether the address is the right one"),
            Cause::Encoded(how) => format!("answered compressed ({how}) though that was not asked for. Ask for the file to be sent as it is"),
            Cause::Broken(said) => format!("did not answer to the end ({said}). Try again; if it happens every time, it is the server or a proxy"),
            Cause::Html => "answered with a web page (HTML) in the place of metadata (XML). It may be a login or error page: open the address in a browser, and find the one that gives XML".to_owned(),
        };
        format!("{url} {said}.")
    }
}

impl Guarded {
    fn da(self) -> &'static str {
        match self {
            Self::Management => "som er hubbens egen administrationsadresse",
            Self::LinkLocal => "som kun hører til det lokale netværkskort (link-local)",
            Self::Unspecified => "som ikke er nogen bestemt maskine",
            Self::Multicast => "som er mange maskiner på én gang (multicast)",
            Self::Cloud => "som er en cloududbyders interne tjeneste",
        }
    }
    fn en(self) -> &'static str {
        match self {
            Self::Management => "the hub's own management listener",
            Self::LinkLocal => "which belongs to the local network card only (link-local)",
            Self::Unspecified => "which is no machine in particular",
            Self::Multicast => "which is many machines at once (multicast)",
            Self::Cloud => "a cloud provider's internal service",
        }
    }
}

impl CertificateFault {
    fn da(&self) -> String {
        match self {
            Self::Untrusted => "denne maskine stoler ikke på udstederen".to_owned(),
            Self::Expired => "det er udløbet".to_owned(),
            Self::NotYet => "det gælder ikke endnu".to_owned(),
            Self::WrongName => "det er udstedt til et andet navn".to_owned(),
            Self::Other(said) => said.clone(),
        }
    }
    fn en(&self) -> String {
        match self {
            Self::Untrusted => "this machine does not trust its issuer".to_owned(),
            Self::Expired => "it has expired".to_owned(),
            Self::NotYet => "it is not valid yet".to_owned(),
            Self::WrongName => "it was issued for another name".to_owned(),
            Self::Other(said) => said.clone(),
        }
    }
    fn do_da(&self) -> &'static str {
        match self {
            Self::Untrusted => {
                "Føj udstederens certifikat til PEM-filen med dem, der skal stoles på, eller bed serverens administrator sende hele kæden"
            }
            Self::NotYet => "Se efter, om uret går rigtigt på begge maskiner",
            _ => "Serverens administrator skal skifte det",
        }
    }
    fn do_en(&self) -> &'static str {
        match self {
            Self::Untrusted => {
                "Add the issuer's certificate to the PEM file of those to trust, or ask the server's administrator to send the whole chain"
            }
            Self::NotYet => "See whether the clocks of both machines are right",
            _ => "The server's administrator has to replace it",
        }
    }
}

fn status_da(status: u16) -> &'static str {
    match status {
        401 | 403 => {
            "Metadata skal kunne hentes uden login: bed partens administrator åbne for det"
        }
        404 | 410 => "Filen er der ikke: få den rigtige adresse af partens administrator",
        500.. => "Fejlen er på serveren: prøv igen senere, eller sig det til partens administrator",
        _ => "Der skulle være svaret 200: få den rigtige adresse af partens administrator",
    }
}

fn status_en(status: u16) -> &'static str {
    match status {
        401 | 403 => {
            "Metadata must be there without a login: ask the party's administrator to open it"
        }
        404 | 410 => "The file is not there: get the right address from the party's administrator",
        500.. => "The fault is the server's: try again later, or tell the party's administrator",
        _ => "It should have answered 200: get the right address from the party's administrator",
    }
}
