//! The one list of defects: what a demo system may do wrong. Each is a single mistake of a system that does everything else
//! right, so that the system test can show for each of its cases that it finds somebody.
//!
//! The order of the list is that of the cases: the defect at a place fails the case at the same place, and no other.

/// What the list says of one defect.
#[derive(Debug, Clone, Copy)]
pub struct AboutDefect {
    /// Stable id, as `federation.toml` has it.
    pub id: &'static str,
    /// What is wrong: Danish, English.
    pub what: (&'static str, &'static str),
}

macro_rules! defects {
    ($($variant:ident $id:literal $da:literal $en:literal;)*) => {
        /// One mistake of a demo system.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
        pub enum Defect {
            $(#[doc = $en] #[serde(rename = $id)] $variant,)*
        }

        /// The ids, for the schema of the file.
        pub(in crate::config) const IDS: &[&str] = &[$($id,)*];

        impl Defect {
            /// All of them, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// What the list says of it.
            pub fn about(self) -> &'static AboutDefect {
                const TABLE: &[AboutDefect] = &[$(AboutDefect { id: $id, what: ($da, $en) },)*];
                &TABLE[self as usize]
            }
        }
    };
}

impl Defect {
    /// The defect with this id.
    pub fn named(id: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|defect| defect.id() == id)
    }

    /// Its stable id.
    pub fn id(self) -> &'static str {
        self.about().id
    }
}

defects! {
    // ── Good logins ──
    LogsNobodyIn "logs-nobody-in" "Logger ingen ind, heller ikke med et godt svar"
        "Logs nobody in, not even with a good answer";
    OwnLevelOnly "own-level-only" "Kender kun sit eget niveau og afviser et højere"
        "Knows its own level only, and refuses a higher one";
    NoOaepSha256 "no-oaep-sha256" "Kan ikke dekryptere xmlenc11#rsa-oaep"
        "Cannot decrypt xmlenc11#rsa-oaep";
    NoOaepMgf1p "no-oaep-mgf1p" "Kan ikke dekryptere rsa-oaep-mgf1p"
        "Cannot decrypt rsa-oaep-mgf1p";
    RefusesSignedResponse "refuses-signed-response" "Afviser et login, hvis Response også er signeret"
        "Refuses a login where the Response is signed too";
    NeedsKeyInfo "needs-key-info" "Kræver et certifikat i signaturen"
        "Needs a certificate in the signature";
    NeedsPrefix "needs-prefix" "Leder efter præfikset saml: i stedet for navnerummet"
        "Looks for the prefix saml: and not for the namespace";
    RefusesWhiteSpace "refuses-white-space" "Tåler ikke mellemrum mellem elementerne"
        "Does not bear white space between the elements";
    ReadsAttributesInOrder "reads-attributes-in-order" "Læser attributterne i den rækkefølge, de plejer at komme"
        "Reads the attributes in the order in which they usually come";
    StumblesOverNames "stumbles-over-names" "Tåler ikke & og < i et navn"
        "Does not bear & and < in a name";
    NeedsTightNameId "needs-tight-name-id" "Kan ikke læse et NameID med mellemrum om lighedstegnet"
        "Cannot read a NameID with blanks around the equals sign";
    NeedsMilliseconds "needs-milliseconds" "Kan ikke læse mere end tre decimaler i et tidspunkt"
        "Cannot read more than three decimals of a time";
    FirstAudienceOnly "first-audience-only" "Ser kun på den første Audience"
        "Looks at the first Audience only";
    FirstConfirmationOnly "first-confirmation-only" "Ser kun på den første SubjectConfirmation"
        "Looks at the first SubjectConfirmation only";
    FewRolesOnly "few-roles-only" "Fejler, når brugeren har mere end 20 roller"
        "Fails where the user has more than 20 roles";
    FailsWithoutRoles "fails-without-roles" "Giver en serverfejl, når brugeren ingen roller har"
        "Gives a server error where the user has no roles";
    FailsWithoutEmail "fails-without-email" "Giver en serverfejl, når e-mailadressen mangler"
        "Gives a server error where the e-mail address is missing";
    NoClockTolerance "no-clock-tolerance" "Tåler ikke, at hubbens ur er foran"
        "Does not bear that the hub's clock is ahead";
    RefusesSecondLogin "refuses-second-login" "Afviser et nyt login, mens brugeren er logget ind"
        "Refuses a new login while the user is logged in";
    RefusesSessionEnd "refuses-session-end" "Afviser et login, der siger, hvornår sessionen slutter"
        "Refuses a login that says when the session ends";

    // ── Level ──
    AcceptsLowerLevel "accepts-lower-level" "Lader et niveau under det krævede slippe igennem"
        "Lets a level below the required one through";
    AcceptsNoLevel "accepts-no-level" "Lader et login uden niveau slippe igennem"
        "Lets a login without a level through";
    TakesHighestLevel "takes-highest-level" "Regner med det højeste af flere niveauer"
        "Counts the highest of several levels";
    BelievesClassRef "believes-class-ref" "Lader AuthnContextClassRef hæve niveauet"
        "Lets AuthnContextClassRef raise the level";
    AcceptsUnknownLevel "accepts-unknown-level" "Lader et niveau, der ikke findes, slippe igennem"
        "Lets a level through that does not exist";
    MixesScales "mixes-scales" "Oversætter niveauer fra den anden skala"
        "Translates levels of the other scale";
    ReadsUnsignedLevel "reads-unsigned-level" "Læser niveauet, hvor der ikke er signeret"
        "Reads the level where nothing is signed";
    AcceptsOldLogin "accepts-old-login" "Beder om et nyt login og nøjes med et gammelt"
        "Asks for a fresh login and makes do with an old one";

    // ── Signature and encryption ──
    AcceptsUnsigned "accepts-unsigned" "Prøver kun signaturen, hvis der er en"
        "Verifies the signature only where there is one";
    AcceptsUnsignedPlain "accepts-unsigned-plain" "Prøver hverken signatur eller kryptering, når assertion er i klar tekst"
        "Verifies neither signature nor encryption where the assertion is in clear";
    IgnoresDigest "ignores-digest" "Sammenligner ikke DigestValue med indholdet"
        "Does not compare DigestValue with the content";
    IgnoresSignedInfo "ignores-signed-info" "Ser, at SignatureValue er hubbens, men ikke hvad den gælder"
        "Sees that SignatureValue is the hub's, but not what it is about";
    AcceptsEmptySignature "accepts-empty-signature" "Tager en tom SignatureValue for god"
        "Takes an empty SignatureValue for good";
    AcceptsUnknownKey "accepts-unknown-key" "Tager enhver signatur for god, når den ikke viser sit certifikat"
        "Takes any signature for good that does not show its certificate";
    TrustsKeyInfo "trusts-key-info" "Stoler på det certifikat, beskeden selv viser"
        "Trusts the certificate that the message itself shows";
    ComparesCertificateOnly "compares-certificate-only" "Sammenligner certifikatet i beskeden og prøver ikke signaturen"
        "Compares the certificate in the message, and does not verify the signature";
    TrustsCa "trusts-ca" "Stoler på alle certifikater fra samme CA som hubbens"
        "Trusts every certificate of the CA that issued the hub's";
    AcceptsSha1 "accepts-sha1" "Tager imod SHA-1"
        "Accepts SHA-1";
    AcceptsHmac "accepts-hmac" "Tager imod HMAC med hubbens offentlige nøgle som hemmelighed"
        "Accepts an HMAC whose secret is the hub's public key";
    AcceptsResponseSignature "accepts-response-signature" "Nøjes med en signatur uden om krypteringen"
        "Makes do with a signature around the encryption";
    IgnoresResponseSignature "ignores-response-signature" "Ser ikke på signaturen på Response"
        "Does not look at the signature of the Response";
    ReadsFirstAssertion "reads-first-assertion" "Prøver signaturen på den sidste assertion og læser den første"
        "Verifies the last assertion and reads the first";
    ReadsLastAssertion "reads-last-assertion" "Prøver signaturen på den første assertion og læser den sidste"
        "Verifies the first assertion and reads the last";
    ReadsOuterAssertion "reads-outer-assertion" "Finder den signerede assertion dybere nede og læser den yderste"
        "Finds the signed assertion further down and reads the outermost";
    FindsSignedInObject "finds-signed-in-object" "Finder det signerede i signaturens Object og læser noget andet"
        "Finds what is signed in the signature's Object and reads something else";
    ReadsExtensions "reads-extensions" "Læser den første assertion i hele dokumentet, også i Extensions"
        "Reads the first assertion of the whole document, in Extensions too";
    FindsSignedInStatusDetail "finds-signed-in-status-detail" "Finder det signerede i StatusDetail og læser noget andet"
        "Finds what is signed in StatusDetail and reads something else";
    ConfusesSameId "confuses-same-id" "Prøver den første med et ID og læser den sidste med det"
        "Verifies the first with an ID and reads the last with it";
    PrefersPlain "prefers-plain" "Læser en assertion i klar tekst, selvom der er en krypteret"
        "Reads an assertion in clear although there is an encrypted one";
    AcceptsPlain "accepts-plain" "Tager imod en assertion, der ikke er krypteret"
        "Accepts an assertion that is not encrypted";
    ReadsDoctype "reads-doctype" "Læser DOCTYPE og sætter entiteter ind"
        "Reads a DOCTYPE and puts its entities in";

    // ── Conditions and time ──
    IgnoresConditionsEnd "ignores-conditions-end" "Ser ikke på NotOnOrAfter i Conditions"
        "Does not look at NotOnOrAfter of Conditions";
    IgnoresConfirmationEnd "ignores-confirmation-end" "Ser ikke på NotOnOrAfter i SubjectConfirmationData"
        "Does not look at NotOnOrAfter of SubjectConfirmationData";
    IgnoresNotBefore "ignores-not-before" "Ser ikke på NotBefore"
        "Does not look at NotBefore";
    IgnoresAudience "ignores-audience" "Ser, at der er en Audience, men ikke hvilken"
        "Sees that there is an Audience, but not which";
    AcceptsNoAudience "accepts-no-audience" "Tager imod en assertion uden AudienceRestriction"
        "Accepts an assertion without AudienceRestriction";
    OneRestrictionSuffices "one-restriction-suffices" "Nøjes med, at én af flere AudienceRestriction passer"
        "Makes do with one of several AudienceRestrictions that fits";
    IgnoresRecipient "ignores-recipient" "Ser, at der er en Recipient, men ikke hvilken"
        "Sees that there is a Recipient, but not which";
    AcceptsNoRecipient "accepts-no-recipient" "Tager imod et svar uden Recipient"
        "Accepts an answer without Recipient";
    ComparesRecipientLoosely "compares-recipient-loosely" "Nøjes med, at Recipient begynder rigtigt"
        "Makes do with a Recipient that begins right";
    IgnoresDestination "ignores-destination" "Ser ikke på Destination"
        "Does not look at Destination";
    IgnoresInResponseTo "ignores-in-response-to" "Ser, at de to InResponseTo er ens, men ikke hvad der blev spurgt om"
        "Sees that both InResponseTo are the same, but not what was asked";
    AcceptsUnsolicited "accepts-unsolicited" "Tager imod et svar, ingen har bedt om"
        "Accepts an answer that nobody asked for";
    IgnoresConfirmationInResponseTo "ignores-confirmation-in-response-to" "Ser kun på InResponseTo i Response"
        "Looks at InResponseTo of the Response only";
    IgnoresAssertionIssuer "ignores-assertion-issuer" "Ser ikke på Issuer i assertion"
        "Does not look at Issuer of the assertion";
    IgnoresResponseIssuer "ignores-response-issuer" "Ser ikke på Issuer i Response"
        "Does not look at Issuer of the Response";
    IgnoresConfirmationMethod "ignores-confirmation-method" "Tager imod enhver metode i SubjectConfirmation"
        "Accepts any method of SubjectConfirmation";
    AcceptsNoConfirmation "accepts-no-confirmation" "Tager imod en assertion uden SubjectConfirmation"
        "Accepts an assertion without SubjectConfirmation";
    IgnoresStatus "ignores-status" "Ser ikke på status, når der er en assertion"
        "Does not look at the status where there is an assertion";
    IgnoresVersion "ignores-version" "Ser ikke på SAML-versionen"
        "Does not look at the version of SAML";
    IgnoresUnknownConditions "ignores-unknown-conditions" "Springer betingelser over, det ikke kender"
        "Skips conditions that it does not know";
    AcceptsNoAuthnStatement "accepts-no-authn-statement" "Tager imod en assertion uden AuthnStatement"
        "Accepts an assertion without AuthnStatement";
    IgnoresSessionEnd "ignores-session-end" "Ser ikke på SessionNotOnOrAfter"
        "Does not look at SessionNotOnOrAfter";
    AcceptsNoNameId "accepts-no-name-id" "Tager imod en assertion uden NameID"
        "Accepts an assertion without NameID";
    AcceptsNoConditions "accepts-no-conditions" "Tager imod en assertion uden Conditions"
        "Accepts an assertion without Conditions";
    AcceptsReplay "accepts-replay" "Tager imod det samme svar igen"
        "Accepts the same answer again";
    IgnoresBrowser "ignores-browser" "Ser ikke på, hvilken browser der bringer svaret"
        "Does not look at which browser brings the answer";

    // ── Change of certificates ──
    TrustsNextKeyEarly "trusts-next-key-early" "Stoler på et nyt certifikat i hubbens navn, før metadata viser det"
        "Trusts a new certificate in the hub's name before metadata shows it";
    ReadsFirstCertificate "reads-first-certificate" "Læser kun det første certifikat i hubbens metadata"
        "Reads the first certificate of the hub's metadata only";
    ReadsLastCertificate "reads-last-certificate" "Læser kun det sidste certifikat i hubbens metadata"
        "Reads the last certificate of the hub's metadata only";
    KeepsRemovedKey "keeps-removed-key" "Glemmer aldrig en nøgle, der er fjernet fra metadata"
        "Never forgets a key that was removed from metadata";

    // ── Refusals ──
    FailsOnNoAuthnContext "fails-on-no-authn-context" "Giver en serverfejl, når niveauet ikke kunne nås"
        "Gives a server error where the level could not be reached";
    FailsOnAuthnFailed "fails-on-authn-failed" "Giver en serverfejl, når brugeren fortryder"
        "Gives a server error where the user cancels";
    FailsOnUnreadable "fails-on-unreadable" "Giver en serverfejl, når svaret ikke kan læses"
        "Gives a server error where the answer cannot be read";
    FailsOnNoMessage "fails-on-no-message" "Giver en serverfejl, når der ikke er noget svar"
        "Gives a server error where there is no answer";

    // ── Browser ──
    LaxCookies "lax-cookies" "Sætter SameSite=Lax på sin cookie"
        "Sets SameSite=Lax on its cookie";
    UndeclaredCookies "undeclared-cookies" "Sætter ikke SameSite på sin cookie"
        "Does not set SameSite on its cookie";
    OneLoginPerBrowser "one-login-per-browser" "Glemmer det første login, når der begyndes på et til"
        "Forgets the first login where another one begins";
    FailsOnBackButton "fails-on-back-button" "Giver en serverfejl, når det samme svar kommer igen"
        "Gives a server error where the same answer comes again";
    ScriptableCookie "scriptable-cookie" "Sætter ikke HttpOnly på sessionens cookie"
        "Does not set HttpOnly on the session's cookie";
    KeepsSessionName "keeps-session-name" "Beholder sessionens navn fra før login"
        "Keeps the session's name from before the login";
    FollowsRelayState "follows-relay-state" "Sender brugeren derhen, RelayState siger"
        "Sends the user where RelayState says";
    ShowsRelayStateRaw "shows-relay-state-raw" "Viser RelayState uden at gøre HTML uskadelig"
        "Shows RelayState without making HTML harmless";

    // ── Logout ──
    LogoutRenews "logout-renews" "Fornyer sessionen ved log ud i stedet for at afslutte den"
        "Renews the session at logout instead of ending it";
    LogoutForgetsCookieOnly "logout-forgets-cookie-only" "Sletter cookien ved log ud, men ikke sessionen"
        "Deletes the cookie at logout, but not the session";
    IgnoresLogoutRequest "ignores-logout-request" "Svarer, at brugeren er logget ud, og gør ingenting"
        "Answers that the user is logged out, and does nothing";
    AcceptsUnsignedLogout "accepts-unsigned-logout" "Tager imod en usigneret LogoutRequest"
        "Accepts an unsigned LogoutRequest";
    AcceptsForgedLogout "accepts-forged-logout" "Ser, at en LogoutRequest er signeret, men ikke af hvem"
        "Sees that a LogoutRequest is signed, but not by whom";

    // ── Metadata and request ──
    UnsignedMetadata "unsigned-metadata" "Signerer ikke sin metadata"
        "Does not sign its metadata";
    DeniesSignedRequests "denies-signed-requests" "Siger i metadata, at det ikke signerer sine forespørgsler"
        "Says in its metadata that it does not sign its requests";
    AsksForPersistentNameId "asks-for-persistent-name-id" "Beder om et NameID, hubben ikke giver"
        "Asks for a NameID that the hub does not give";
    RepeatsRequestId "repeats-request-id" "Bruger det samme id til alle forespørgsler"
        "Uses the same id for all requests";
    LongRelayState "long-relay-state" "Sender en RelayState på mere end 80 bytes"
        "Sends a RelayState of more than 80 bytes";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn ids_are_kebab_case_and_lead_back() {
        let mut seen = BTreeSet::new();
        for defect in Defect::ALL {
            let about = defect.about();
            let letters = |word: &str| {
                let mut bytes = word.bytes();
                !word.is_empty() && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            };
            assert!(about.id.split('-').all(letters), "{}", about.id);
            assert!(seen.insert(about.id), "{} twice", about.id);
            assert_eq!(Defect::named(about.id), Some(*defect));
        }
        assert_eq!(Defect::named("none"), None);
        assert_eq!(IDS.len(), Defect::ALL.len());
    }

    #[test]
    fn each_is_told_in_two_languages_and_in_words_of_its_own() {
        let mut seen = BTreeSet::new();
        for defect in Defect::ALL {
            let (da, en) = defect.about().what;
            assert!(!da.is_empty() && !en.is_empty() && da != en);
            assert!(seen.insert(da) && seen.insert(en), "{da}");
        }
    }
}
