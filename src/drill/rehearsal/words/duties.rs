//! Who must do what: one ordered table.

use super::Pair;
use super::Who::{self, Changer, Holder};
use super::conditions::If;
use crate::hub::rollover::Cause;

/// What there is to do for a cause, where all conditions hold.
pub struct Row {
    /// Of what.
    pub cause: Cause,
    /// Under which conditions.
    pub when: &'static [If],
    /// While it lasts.
    pub now: &'static [(Who, Pair)],
    /// Before.
    pub before: &'static [(Who, Pair)],
}

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

/// Of rows with one cause the first that fits counts; the last one always does.
pub const ROWS: &[Row] = &[
    // ── Only the old certificate ──
    Row {
        cause: Cause::HoldsOld,
        when: &[If::OldSigns],
        now: &[(
            Holder,
            (
                "Læg det certifikat ind, som {changer} signerer med nu, eller hent metadata fra {changer} igen.",
                "Install the certificate that {changer} signs with now, or fetch the metadata of {changer} again.",
            ),
        )],
        before: &[
            (
                Changer,
                (
                    "Vis det certifikat først i metadata, som der signeres med, og fjern det forrige.",
                    "Show the certificate that signs first in metadata, and remove the previous one.",
                ),
            ),
            READ_ALL,
        ],
    },
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
        when: &[If::NewSigns],
        now: &[(
            Changer,
            (
                "Bestil et certifikat, der gælder, tag det i brug, og udgiv metadata med det: også det nye er udløbet.",
                "Order a certificate that is valid, put it to use, and publish metadata with it: the new one has expired too.",
            ),
        )],
        before: &[(
            Changer,
            (
                "Skift kun til et certifikat, der gælder længe efter skiftet: se på datoen, før det lægges ud.",
                "Change only to a certificate that is valid long after the change: look at its date before it is handed out.",
            ),
        )],
    },
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
        when: &[If::OldSigns],
        now: &[(
            Changer,
            (
                "Signér med et certifikat, der er gyldigt.",
                "Sign with a certificate that is valid.",
            ),
        )],
        before: &[(
            Changer,
            (
                "Tag først et certifikat i brug, når det er gyldigt.",
                "Put a certificate to use only once it is valid.",
            ),
        )],
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
        cause: Cause::NothingToEncryptTo,
        when: &[If::Always],
        now: &[(
            Changer,
            (
                "Udgiv metadata med et certifikat til kryptering.",
                "Publish metadata with a certificate for encryption.",
            ),
        )],
        before: &[(
            Changer,
            (
                "Vis altid mindst ét certifikat til kryptering i metadata.",
                "Always show at least one certificate for encryption in metadata.",
            ),
        )],
    },
    Row {
        cause: Cause::EncryptsToOld,
        when: &[If::OldOpens],
        now: &[(
            Holder,
            (
                "Kryptér til det certifikat, som {changer} dekrypterer med nu: hent metadata fra {changer} igen.",
                "Encrypt to the certificate that {changer} decrypts with now: fetch the metadata of {changer} again.",
            ),
        )],
        before: &[(
            Changer,
            (
                "Vis kun certifikater til kryptering i metadata, som der dekrypteres med.",
                "Show only certificates for encryption in metadata whose keys decrypt.",
            ),
        )],
    },
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
