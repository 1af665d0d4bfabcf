//! What an outage means for people: what happens, who must act now, and what would have prevented it.
//!
//! Three tables, Danish and English side by side: a cause in a sentence ([`Named`]), where the user meets it, and what
//! to do, which hangs on the habits of the party and on what the plan published when. The first row that fits counts.

use super::{Party, Role, when};
use crate::edge::page::Language;
use crate::hub::Actor;
use crate::hub::rollover::{Action, Cause, Leg, Plan, Reads, Source, Strategy, Subject};
use time::{Duration, OffsetDateTime};

/// Danish, English.
type Pair = (&'static str, &'static str);

/// An outage explained, in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// What goes wrong, and where the user sees it.
    pub what: String,
    /// What to do while it lasts.
    pub now: Vec<Duty>,
    /// What would have prevented it, or made it shorter.
    pub before: Vec<Duty>,
}

/// Something that somebody must do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duty {
    /// Who.
    pub who: Who,
    /// What, in the imperative.
    pub text: String,
}

/// Which of the two parties must act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// The one that changes its certificate.
    Changer,
    /// The one that must take it over.
    Holder,
}

/// A cause with its words.
struct Named {
    cause: Cause,
    /// Short, for lists and legends.
    title: Pair,
    /// `{holder}` and `{changer}` are filled in.
    what: Pair,
}

const CAUSES: [Named; 8] = [
    Named {
        cause: Cause::HoldsOld,
        title: (
            "Har kun det gamle certifikat",
            "Holds only the old certificate",
        ),
        what: (
            "{holder} har kun det gamle certifikat, men {changer} signerer nu med det nye.",
            "{holder} holds only the old certificate, but {changer} now signs with the new one.",
        ),
    },
    Named {
        cause: Cause::HoldsNewTooEarly,
        title: (
            "Har kun det nye certifikat, for tidligt",
            "Holds only the new certificate, too early",
        ),
        what: (
            "{holder} har kun det nye certifikat, men {changer} signerer med det gamle.",
            "{holder} holds only the new certificate, but {changer} signs with the old one.",
        ),
    },
    Named {
        cause: Cause::ComparesCertificate,
        title: (
            "Sammenligner certifikatet, ikke nøglen",
            "Compares the certificate, not the key",
        ),
        what: (
            "Nøglen er den samme, men {holder} sammenligner selve certifikatet og har et andet end det, {changer} bruger.",
            "The key is the same, but {holder} compares the certificate itself and has another one than {changer} uses.",
        ),
    },
    Named {
        cause: Cause::CertificateExpired,
        title: ("Certifikatet er udløbet", "The certificate has expired"),
        what: (
            "Certifikatet, som {changer} signerer med, er udløbet, og {holder} kontrollerer datoen.",
            "The certificate that {changer} signs with has expired, and {holder} checks the date.",
        ),
    },
    Named {
        cause: Cause::CertificateNotYetValid,
        title: (
            "Certifikatet er ikke gyldigt endnu",
            "The certificate is not valid yet",
        ),
        what: (
            "Certifikatet, som {changer} signerer med, er ikke gyldigt endnu, og {holder} kontrollerer datoen.",
            "The certificate that {changer} signs with is not valid yet, and {holder} checks the date.",
        ),
    },
    Named {
        cause: Cause::MissingUse,
        title: (
            "Forstår ikke metadata uden «use»",
            "Does not understand metadata without “use”",
        ),
        what: (
            "Metadata fra {changer} siger ikke, hvad certifikaterne er til («use» mangler). Det forstår {holder} ikke og står uden certifikat.",
            "The metadata of {changer} does not say what the certificates are for (“use” is missing). {holder} does not understand that and is left without a certificate.",
        ),
    },
    Named {
        cause: Cause::EncryptsToOld,
        title: ("Krypterer til den gamle nøgle", "Encrypts to the old key"),
        what: (
            "{holder} krypterer stadig til den gamle nøgle, som {changer} ikke længere kan dekryptere med.",
            "{holder} still encrypts to the old key, with which {changer} can no longer decrypt.",
        ),
    },
    Named {
        cause: Cause::EncryptsToNewTooEarly,
        title: (
            "Krypterer til den nye nøgle, for tidligt",
            "Encrypts to the new key, too early",
        ),
        what: (
            "{holder} krypterer allerede til den nye nøgle, som {changer} endnu ikke kan dekryptere med.",
            "{holder} already encrypts to the new key, with which {changer} cannot decrypt yet.",
        ),
    },
];

/// Where the user meets it: by the half of the login that fails, whoever takes the change over, and whose it is.
fn seen(leg: Leg, role: Role, subject: &Subject) -> Pair {
    match (leg, role, subject) {
        (Leg::Signature, Role::IdentityProvider, _) => (
            "Kommunens IdP afviser forespørgslen: brugerne får en fejl, før de kan logge ind.",
            "The municipality's IdP refuses the request: users get an error before they can log in.",
        ),
        (Leg::Signature, Role::System, _) => (
            "Systemet afviser svaret: brugerne logger ind hos kommunen og får så en fejl i systemet.",
            "The system refuses the answer: users log in at the municipality and then get an error in the system.",
        ),
        (Leg::Signature, Role::Hub, Subject::System(_)) => (
            "Hubben afviser systemets forespørgsel: brugerne får en fejl, før de kan vælge kommune.",
            "The hub refuses the system's request: users get an error before they can choose a municipality.",
        ),
        (Leg::Encryption, Role::Hub, _) => (
            "Systemet kan ikke åbne svaret: brugerne logger ind hos kommunen og får så en fejl i systemet.",
            "The system cannot open the answer: users log in at the municipality and then get an error in the system.",
        ),
        // What is left ends at the hub, after the login at the municipality.
        (Leg::Signature, Role::Hub, _) | (Leg::Encryption, _, _) => (
            "Hubben kan ikke bruge IdP'ens svar: brugerne logger ind hos kommunen og får så en fejl hos hubben.",
            "The hub cannot use the IdP's answer: users log in at the municipality and then get an error at the hub.",
        ),
    }
}

/// What decides, besides the cause, what there is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum If {
    /// Nothing: the last row of every cause.
    Always,
    /// The plan lets the certificate expire.
    Expires,
    /// Nobody was told in time.
    Unannounced,
    /// The plan puts everything back.
    RolledBack,
    /// Nobody has said how the party takes over changes.
    Unstated,
    /// The certificate is a fixed value.
    Pinned,
    /// Metadata is fetched every so often.
    Polled,
    /// Metadata is fetched every hour, or more often.
    Hourly,
    /// Metadata is read when the program starts.
    Restart,
    /// There is room for one certificate, or only one is read.
    OneOnly,
    /// Somebody acts by hand and has room for one certificate.
    OneByHand,
    /// Both certificates are not in metadata long enough before the switch for everybody who follows it.
    NotAhead,
}

struct Row {
    cause: Cause,
    when: &'static [If],
    now: &'static [(Who, Pair)],
    before: &'static [(Who, Pair)],
}

use Who::{Changer, Holder};

const SHOW_BOTH: (Who, Pair) = (
    Changer,
    (
        "Vis begge certifikater i metadata mindst {lead} før {signs}.",
        "Show both certificates in metadata at least {lead} before {signs}.",
    ),
);
const INSTALL: (Who, Pair) = (
    Holder,
    (
        "Læg det nye certifikat ({file}) ind, eller hent metadata fra {changer} igen.",
        "Install the new certificate ({file}), or fetch the metadata of {changer} again.",
    ),
);
const FETCH_NOW: (Who, Pair) = (
    Holder,
    (
        "Hent metadata fra {changer} nu, i stedet for at vente på den næste automatiske hentning.",
        "Fetch the metadata of {changer} now instead of waiting for the next automatic fetch.",
    ),
);
const RESTART: (Who, Pair) = (
    Holder,
    (
        "Genstart programmet, når den nye metadata er ude, så den bliver læst.",
        "Restart the program once the new metadata is out, so that it is read.",
    ),
);
const FETCH_HOURLY: (Who, Pair) = (
    Holder,
    (
        "Hent metadata fra {changer} automatisk hver time.",
        "Fetch the metadata of {changer} automatically every hour.",
    ),
);
const BOTH_BY_HAND: (Who, Pair) = (
    Holder,
    (
        "Læg det nye certifikat ({file}) ind ved siden af det gamle senest {signs}.",
        "Install the new certificate ({file}) beside the old one, no later than {signs}.",
    ),
);
const READ_ALL: (Who, Pair) = (
    Holder,
    (
        "Brug alle certifikater i metadata, ikke kun det ene.",
        "Use all certificates in metadata, not only one of them.",
    ),
);
const RENEW_IN_TIME: (Who, Pair) = (
    Changer,
    (
        "Skift certifikatet i god tid, før det udløber, og sig det til alle mindst to uger før.",
        "Change the certificate well before it expires, and tell everybody at least two weeks ahead.",
    ),
);
const KEEP_OLD_KEY: (Who, Pair) = (
    Changer,
    (
        "Behold den gamle nøgle til dekryptering, til alle krypterer til den nye: mindst {lead} efter {signs}.",
        "Keep the old key for decryption until everybody encrypts to the new one: at least {lead} after {signs}.",
    ),
);
const OLD_KEY_AGAIN: (Who, Pair) = (
    Changer,
    (
        "Lad den gamle nøgle dekryptere igen, til alle er fulgt med.",
        "Let the old key decrypt again until everybody has followed.",
    ),
);

const ROWS: &[Row] = &[
    // ── Only the old certificate ──
    Row {
        cause: Cause::HoldsOld,
        when: &[If::Expires],
        now: &[INSTALL],
        before: &[RENEW_IN_TIME, FETCH_HOURLY],
    },
    Row {
        cause: Cause::HoldsOld,
        when: &[If::Unannounced],
        now: &[INSTALL],
        before: &[(
            Holder,
            (
                "Et nødskifte bliver ikke varslet: hent metadata hver time, og hav en vagt, der kan lægge et certifikat ind med det samme.",
                "An emergency is not announced: fetch metadata every hour, and have somebody on call who can install a certificate at once.",
            ),
        )],
    },
    Row {
        cause: Cause::HoldsOld,
        when: &[If::Unstated],
        now: &[INSTALL],
        before: &[(
            Holder,
            (
                "Aftal, hvem der lægger det nye certifikat ({file}) ind, senest {signs}. Ingen har oplyst, hvordan det sker her, så øvelsen regner med det værste.",
                "Agree who installs the new certificate ({file}), no later than {signs}. Nobody has said how it is done here, so the rehearsal expects the worst.",
            ),
        )],
    },
    Row {
        cause: Cause::HoldsOld,
        when: &[If::OneByHand],
        now: &[INSTALL],
        before: &[(
            Holder,
            (
                "Der er kun plads til ét certifikat: udskift det præcis {signs}, eller få leverandøren til at gøre plads til to.",
                "There is room for one certificate only: replace it exactly {signs}, or have the vendor make room for two.",
            ),
        )],
    },
    Row {
        cause: Cause::HoldsOld,
        when: &[If::Pinned],
        now: &[(
            Holder,
            (
                "Læg det nye certifikat ({file}) ind i konfigurationen, og indlæs den igen.",
                "Put the new certificate ({file}) into the configuration, and load it again.",
            ),
        )],
        before: &[(
            Holder,
            (
                "Læg begge certifikater ind i konfigurationen senest {signs} – eller hent dem fra metadata, så de ikke står fast.",
                "Put both certificates into the configuration no later than {signs} – or take them from metadata, so that they are not fixed.",
            ),
        )],
    },
    Row {
        cause: Cause::HoldsOld,
        when: &[If::Hourly, If::NotAhead],
        now: &[FETCH_NOW],
        before: &[SHOW_BOTH],
    },
    Row {
        cause: Cause::HoldsOld,
        when: &[If::Polled, If::NotAhead],
        now: &[FETCH_NOW],
        before: &[SHOW_BOTH, FETCH_HOURLY],
    },
    Row {
        cause: Cause::HoldsOld,
        when: &[If::Polled, If::OneOnly],
        now: &[FETCH_NOW],
        before: &[READ_ALL],
    },
    Row {
        cause: Cause::HoldsOld,
        when: &[If::Restart, If::NotAhead],
        now: &[RESTART],
        before: &[SHOW_BOTH, FETCH_HOURLY],
    },
    Row {
        cause: Cause::HoldsOld,
        when: &[If::Restart],
        now: &[RESTART],
        before: &[(
            Holder,
            (
                "Genstart programmet, når metadata viser begge certifikater, og senest {signs} – eller hent metadata løbende.",
                "Restart the program once metadata shows both certificates, and no later than {signs} – or fetch metadata regularly.",
            ),
        )],
    },
    Row {
        cause: Cause::HoldsOld,
        when: &[If::Always],
        now: &[INSTALL],
        before: &[BOTH_BY_HAND],
    },
    // ── Only the new one, too early ──
    Row {
        cause: Cause::HoldsNewTooEarly,
        when: &[If::RolledBack],
        now: &[(
            Holder,
            (
                "Hent metadata fra {changer} igen, eller læg det gamle certifikat ind igen: skiftet er rullet tilbage.",
                "Fetch the metadata of {changer} again, or install the old certificate again: the change was rolled back.",
            ),
        )],
        before: &[(
            Changer,
            (
                "Vis begge certifikater i metadata under hele skiftet, så en tilbagerulning ikke rammer nogen.",
                "Show both certificates in metadata during the whole change, so that rolling back hits nobody.",
            ),
        )],
    },
    Row {
        cause: Cause::HoldsNewTooEarly,
        when: &[If::OneByHand],
        now: &[(
            Holder,
            (
                "Læg det gamle certifikat ind igen indtil {signs}.",
                "Install the old certificate again until {signs}.",
            ),
        )],
        before: &[(
            Holder,
            (
                "Der er kun plads til ét certifikat: udskift det præcis {signs}, ikke før – eller få leverandøren til at gøre plads til to.",
                "There is room for one certificate only: replace it exactly {signs}, not before – or have the vendor make room for two.",
            ),
        )],
    },
    Row {
        cause: Cause::HoldsNewTooEarly,
        when: &[If::NotAhead],
        now: &[(
            Changer,
            (
                "Udgiv straks metadata med begge certifikater.",
                "Publish metadata with both certificates at once.",
            ),
        )],
        before: &[(
            Changer,
            (
                "Vis begge certifikater i metadata, til der signeres med det nye.",
                "Show both certificates in metadata until the new one signs.",
            ),
        )],
    },
    Row {
        cause: Cause::HoldsNewTooEarly,
        when: &[If::Always],
        now: &[(
            Holder,
            (
                "Læg det gamle certifikat ind ved siden af det nye.",
                "Install the old certificate beside the new one.",
            ),
        )],
        before: &[READ_ALL],
    },
    // ── The same key ──
    Row {
        cause: Cause::ComparesCertificate,
        when: &[If::NotAhead],
        now: &[INSTALL],
        before: &[
            (
                Holder,
                (
                    "Sammenlign nøglen i stedet for certifikatet eller dets fingeraftryk.",
                    "Compare the key instead of the certificate or its thumbprint.",
                ),
            ),
            SHOW_BOTH,
        ],
    },
    Row {
        cause: Cause::ComparesCertificate,
        when: &[If::Always],
        now: &[INSTALL],
        before: &[
            (
                Holder,
                (
                    "Sammenlign nøglen i stedet for certifikatet eller dets fingeraftryk.",
                    "Compare the key instead of the certificate or its thumbprint.",
                ),
            ),
            BOTH_BY_HAND,
        ],
    },
    // ── Dates ──
    Row {
        cause: Cause::CertificateExpired,
        when: &[If::Always],
        now: &[(
            Changer,
            (
                "Tag det nye certifikat i brug nu, og udgiv metadata med det.",
                "Put the new certificate to use now, and publish metadata with it.",
            ),
        )],
        before: &[RENEW_IN_TIME],
    },
    Row {
        cause: Cause::CertificateNotYetValid,
        when: &[If::Always],
        now: &[(
            Changer,
            (
                "Signér med det gamle certifikat, til det nye er gyldigt.",
                "Sign with the old certificate until the new one is valid.",
            ),
        )],
        before: &[(
            Changer,
            (
                "Skift først, når det nye certifikat er gyldigt.",
                "Change only once the new certificate is valid.",
            ),
        )],
    },
    // ── Metadata without use ──
    Row {
        cause: Cause::MissingUse,
        when: &[If::Always],
        now: &[(
            Changer,
            (
                "Udgiv metadata, hvor hvert certifikat har «use» (signing eller encryption).",
                "Publish metadata in which every certificate has “use” (signing or encryption).",
            ),
        )],
        before: &[
            (
                Changer,
                (
                    "Efterse den nye metadata, før den udgives: hvert certifikat skal have «use».",
                    "Look at the new metadata before it is published: every certificate must have “use”.",
                ),
            ),
            (
                Holder,
                (
                    "Brug også certifikater uden «use»: de gælder til begge dele (SAML metadata §2.4.1.1).",
                    "Use certificates without “use” too: they are good for both (SAML metadata §2.4.1.1).",
                ),
            ),
        ],
    },
    // ── Encryption ──
    Row {
        cause: Cause::EncryptsToOld,
        when: &[If::Expires],
        now: &[INSTALL, OLD_KEY_AGAIN],
        before: &[KEEP_OLD_KEY],
    },
    Row {
        cause: Cause::EncryptsToOld,
        when: &[If::Pinned],
        now: &[
            (
                Holder,
                (
                    "Læg det nye certifikat ({file}) ind som det, der krypteres til.",
                    "Install the new certificate ({file}) as the one to encrypt to.",
                ),
            ),
            OLD_KEY_AGAIN,
        ],
        before: &[
            (
                Changer,
                (
                    "Behold den gamle nøgle til dekryptering, til alle har meldt, at de krypterer til den nye.",
                    "Keep the old key for decryption until everybody has said that they encrypt to the new one.",
                ),
            ),
            (
                Holder,
                (
                    "Tag certifikatet til kryptering fra metadata, så det ikke står fast.",
                    "Take the certificate to encrypt to from metadata, so that it is not fixed.",
                ),
            ),
        ],
    },
    Row {
        cause: Cause::EncryptsToOld,
        when: &[If::Polled],
        now: &[FETCH_NOW, OLD_KEY_AGAIN],
        before: &[KEEP_OLD_KEY],
    },
    Row {
        cause: Cause::EncryptsToOld,
        when: &[If::Restart],
        now: &[RESTART, OLD_KEY_AGAIN],
        before: &[KEEP_OLD_KEY],
    },
    Row {
        cause: Cause::EncryptsToOld,
        when: &[If::Always],
        now: &[INSTALL, OLD_KEY_AGAIN],
        before: &[KEEP_OLD_KEY],
    },
    Row {
        cause: Cause::EncryptsToNewTooEarly,
        when: &[If::Always],
        now: &[(
            Changer,
            (
                "Lad den nye nøgle dekryptere med det samme.",
                "Let the new key decrypt at once.",
            ),
        )],
        before: &[(
            Changer,
            (
                "Lad den nye nøgle dekryptere, før metadata viser den til kryptering.",
                "Let the new key decrypt before metadata shows it for encryption.",
            ),
        )],
    },
];

/// Short words for a cause: Danish, English.
pub fn title(cause: Cause) -> (&'static str, &'static str) {
    let mut causes = CAUSES.iter();
    let named = causes.find(|named| named.cause == cause);
    named.map_or(("", ""), |named| named.title)
}

/// A letter for a cause, the same in every report: pictures must be readable without colour.
pub fn letter(cause: Cause) -> char {
    let letters = ('A'..='Z').zip(Cause::ALL);
    let found = letters.into_iter().find(|(_, known)| *known == cause);
    found.map_or('?', |(letter, _)| letter)
}

/// An outage of `party` for this cause, explained. `changer` is what people call the party that changes, `file` the
/// name of the new certificate's file.
pub fn explain(
    cause: Cause,
    party: &Party,
    plan: &Plan,
    changer: &str,
    file: &str,
    language: Language,
) -> Explained {
    let switch = plan.signs_next().unwrap_or(plan.window.from);
    let signs = when::in_words(switch, language);
    let lead = when::round_span(lead(party), language);
    let fill = |pair: Pair| {
        language
            .pick(pair)
            .replace("{holder}", &party.title)
            .replace("{changer}", changer)
            .replace("{file}", file)
            .replace("{signs}", &signs)
            .replace("{lead}", &lead)
    };
    let mut causes = CAUSES.iter();
    let what = causes.find(|named| named.cause == cause);
    let what = what.map_or(("", ""), |named| named.what);
    let seen = seen(cause.leg(), party.role, &plan.subject);
    let mut rows = ROWS.iter().filter(|row| row.cause == cause);
    let row = rows.find(|row| row.when.iter().all(|when| when.holds(party, plan)));
    let duties = |tasks: Option<&[(Who, Pair)]>| {
        let tasks = tasks.unwrap_or_default().iter();
        tasks
            .map(|(who, pair)| Duty {
                who: *who,
                text: fill(*pair),
            })
            .collect()
    };
    Explained {
        what: format!("{} {}", fill(what), language.pick(seen)),
        now: duties(row.map(|row| row.now)),
        before: duties(row.map(|row| row.before)),
    }
}

/// Of which kind the one is who must act.
pub fn actor(who: Who, party: &Party, plan: &Plan) -> Actor {
    match (who, party.role, &plan.subject) {
        (Who::Holder, Role::IdentityProvider, _)
        | (Who::Changer, _, Subject::IdentityProvider(_)) => Actor::IdentityProvider,
        (Who::Holder, Role::System, _) | (Who::Changer, _, Subject::System(_)) => Actor::System,
        // Somebody registers the new metadata in the hub.
        (Who::Holder, Role::Hub, _) => Actor::Registration,
        (Who::Changer, _, Subject::Hub) => Actor::Hub,
    }
}

/// How long both certificates must stand in metadata for the party to see them: as long as it does not look, and at
/// least a day, so that somebody notices where it does not work.
fn lead(party: &Party) -> Duration {
    let least = Duration::hours(24);
    match &party.model.source {
        Source::Polled { every, .. } => (*every).max(least),
        _ => Duration::days(7),
    }
}

impl If {
    fn holds(self, party: &Party, plan: &Plan) -> bool {
        let model = &party.model;
        let one_only = model.reads != Reads::All;
        match self {
            Self::Always => true,
            Self::Expires => plan.expires().is_some(),
            Self::Unannounced => plan.strategy == Some(Strategy::Emergency),
            Self::RolledBack => {
                let mut steps = plan.steps.iter();
                steps.any(|step| step.action == Action::RollBack)
            }
            Self::Unstated => !model.stated,
            Self::Pinned => model.source == Source::Pinned,
            Self::Polled => matches!(model.source, Source::Polled { .. }),
            Self::Hourly => {
                matches!(model.source, Source::Polled { every, .. } if every <= Duration::hours(1))
            }
            Self::Restart => matches!(model.source, Source::Restart(_)),
            Self::OneOnly => one_only,
            Self::OneByHand => {
                one_only && matches!(model.source, Source::Pinned | Source::Manual(_))
            }
            Self::NotAhead => !ahead(plan, lead(party)),
        }
    }
}

/// Whether both certificates stand in metadata that long before the next key signs.
fn ahead(plan: &Plan, lead: Duration) -> bool {
    use crate::hub::keys::Generation::{Active, Next};
    let both = |action: &Action| matches!(action, Action::Show(shows) if shows.signing.contains(&Active) && shows.signing.contains(&Next));
    let shown: Option<OffsetDateTime> = plan
        .steps
        .iter()
        .find(|step| both(&step.action))
        .map(|step| step.at);
    match (shown, plan.signs_next()) {
        (Some(shown), Some(signs)) => signs - shown >= lead,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
