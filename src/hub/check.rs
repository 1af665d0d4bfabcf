//! The one list of checks: id, clause, who must act, and what to tell them.
//!
//! The order of the list is the order of every report, and the first failed row of a report is its reason.
//! `SYS-Q` rows judge a system's AuthnRequest, `IDP-R` rows an IdP's Response, `SLO` rows a logout message of
//! either, `MD` rows metadata.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Who must act when a check fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Actor {
    /// The supplier of the user-facing system.
    System,
    /// The municipality's identity provider.
    IdentityProvider,
    /// Whoever gives the municipality's people their roles.
    #[doc(alias = "rolleadministration")]
    RoleAdministration,
    /// Whoever registers the parties in the hub.
    Registration,
    /// The user or the browser.
    User,
    /// The hub itself.
    Hub,
    /// Whoever sent the message or wrote the metadata, of whichever kind they are.
    Sender,
}

impl Actor {
    /// As staff say it.
    pub fn text(self) -> (&'static str, &'static str) {
        match self {
            Self::System => (
                "Leverandøren af det brugervendte system",
                "The supplier of the user-facing system",
            ),
            Self::IdentityProvider => (
                "Kommunens identity provider (IdP-driften)",
                "The municipality's identity provider",
            ),
            Self::RoleAdministration => (
                "Kommunens rolleadministration (jobfunktionsroller)",
                "The municipality's role administration (job function roles)",
            ),
            Self::Registration => (
                "Den, der registrerer parterne i hubben",
                "Whoever registers the parties in the hub",
            ),
            Self::User => ("Brugeren (browseren)", "The user (the browser)"),
            Self::Hub => ("Hubben", "The hub"),
            Self::Sender => (
                "Den part, som beskeden eller metadata kommer fra",
                "The party that the message or metadata comes from",
            ),
        }
    }
}

/// What the table says of one check.
#[derive(Debug, Clone, Copy)]
pub struct Info {
    /// Stable id.
    pub id: &'static str,
    /// The clause that it enforces.
    pub clause: &'static str,
    /// Who must act.
    pub actor: Actor,
    /// Whether a finding of it is a reason to refuse; other checks only warn.
    pub mandatory: bool,
    /// What it means when it fails: Danish, English.
    pub what: (&'static str, &'static str),
    /// What to do: Danish, English.
    pub remedy: (&'static str, &'static str),
}

macro_rules! checks {
    ($($variant:ident $id:literal $severity:ident $actor:ident $clause:literal
        $what_da:literal $what_en:literal $remedy_da:literal $remedy_en:literal;)*) => {
        /// A check, in the order of the list.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Check { $(#[doc = $what_en] $variant,)* }

        impl Check {
            /// All checks in order.
            pub const ALL: &'static [Check] = &[$(Check::$variant,)*];

            /// The rows that every judged request must have.
            pub fn of_requests() -> &'static [Check] {
                &Self::ALL[..Self::ResponseReadable as usize]
            }

            /// The rows that every judged answer must have. [`Check::Replay`] is the store's word.
            pub fn of_answers() -> &'static [Check] {
                &Self::ALL[Self::ResponseReadable as usize..Self::Replay as usize]
            }

            /// The rows that every judged logout message must have, of its requests and its responses.
            pub fn of_logout(request: bool) -> impl Iterator<Item = Check> {
                let own = move |check: &Check| match check {
                    Check::LogoutExpiry | Check::LogoutNameId | Check::LogoutSessionIndex => request,
                    Check::LogoutInResponseTo | Check::LogoutStatus => !request,
                    _ => true,
                };
                let all = &Self::ALL[Self::LogoutReadable as usize..Self::LogoutRepeated as usize];
                all.iter().copied().filter(own)
            }

            /// The rows that all judged metadata must have.
            pub fn of_metadata() -> &'static [Check] {
                &Self::ALL[Self::MetadataReadable as usize..]
            }

            /// What the table says of it.
            pub fn info(self) -> &'static Info {
                const TABLE: &[Info] = &[$(Info {
                    id: $id,
                    clause: $clause,
                    actor: Actor::$actor,
                    mandatory: checks!(@$severity),
                    what: ($what_da, $what_en),
                    remedy: ($remedy_da, $remedy_en),
                },)*];
                &TABLE[self as usize]
            }
        }
    };
    (@must) => { true };
    (@warn) => { false };
}

impl Check {
    /// The check with this id.
    pub fn named(id: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|check| check.info().id == id)
    }
}

impl Serialize for Check {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.info().id)
    }
}

impl<'de> Deserialize<'de> for Check {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let id = std::borrow::Cow::<str>::deserialize(from)?;
        Self::named(&id).ok_or_else(|| de::Error::custom(format!("no check is called {id}")))
    }
}

checks! {
    RequestReadable "SYS-Q-001" must System "SAML bindings §3.4.4, §3.5.4; core §3.4.1"
        "Hubben kan ikke læse det brugervendte systems forespørgsel (AuthnRequest)."
        "The hub cannot read the user-facing system's request (AuthnRequest)."
        "Send en AuthnRequest efter SAML 2.0 med HTTP-Redirect eller HTTP-POST."
        "Send an AuthnRequest as SAML 2.0 has it, by HTTP-Redirect or HTTP-POST.";
    RequestIssuerKnown "SYS-Q-002" must Registration "SAML core §3.2.1; CH.json BrugervendtSystem.Id"
        "Det brugervendte system er ikke registreret i hubben."
        "The user-facing system is not registered in the hub."
        "Registrér systemets metadata, eller ret Issuer i forespørgslen til det registrerede entityID."
        "Register the system's metadata, or let the request's Issuer be the registered entityID.";
    RequestSigned "SYS-Q-003" must System "Metadata WantAuthnRequestsSigned; SAML bindings §3.4.4.1, §3.5.5"
        "Forespørgslen er ikke signeret."
        "The request is not signed."
        "Slå signering af AuthnRequest til i systemet."
        "Switch on the signing of AuthnRequests in the system.";
    RequestTrustedKey "SYS-Q-004" must Registration "SAML metadata §2.4.1.1"
        "Der er ikke registreret nogen brugbar signeringsnøgle for systemet."
        "No usable signing key is registered for the system."
        "Registrér metadata med systemets signeringscertifikat (RSA på mindst 2048 bit, eller P-256/P-384)."
        "Register metadata with the system's signing certificate (RSA of at least 2048 bits, or P-256/P-384).";
    RequestSignature "SYS-Q-005" must System "SAML bindings §3.4.4.1; core §5.4"
        "Forespørgslens signatur passer ikke til systemets registrerede nøgle."
        "The request's signature does not fit the key registered for the system."
        "Er certifikatet skiftet? Registrér den nye metadata, eller signér med den registrerede nøgle (RSA-SHA256 eller stærkere)."
        "Was the certificate changed? Register the new metadata, or sign with the registered key (RSA-SHA256 or stronger).";
    RequestVersion "SYS-Q-006" must System "SAML core §3.2.1, §4.1.3"
        "Forespørgslen har ikke SAML-version 2.0."
        "The request is not of SAML version 2.0."
        "Send Version=\"2.0\"."
        "Send Version=\"2.0\".";
    RequestDestination "SYS-Q-007" must System "SAML bindings §3.4.5.2, §3.5.5.2"
        "Forespørgslen er stilet til en anden adresse end hubbens (Destination)."
        "The request is addressed to another place than the hub (Destination)."
        "Hent hubbens metadata igen, og send til adressen i SingleSignOnService."
        "Fetch the hub's metadata again, and send to the address in SingleSignOnService.";
    RequestIssueInstant "SYS-Q-008" must System "SAML core §3.2.1; hub: at most 5 minutes old"
        "Forespørgslen er for gammel eller fra fremtiden (IssueInstant)."
        "The request is too old or from the future (IssueInstant)."
        "Stil systemets ur, og start login forfra i systemet."
        "Set the system's clock, and start the login again in the system.";
    RequestAcs "SYS-Q-009" must System "SAML profiles §4.1.4.1; core §3.4.1"
        "Svaradressen i forespørgslen (AssertionConsumerService) står ikke i systemets registrerede metadata."
        "The request's answer address (AssertionConsumerService) is not in the system's registered metadata."
        "Brug en adresse fra den registrerede metadata, eller registrér den nye adresse."
        "Use an address from the registered metadata, or register the new one.";
    RequestProtocolBinding "SYS-Q-010" must System "SAML profiles §4.1.2; CH.json validation: AssertionConsumerService must use HTTP-POST"
        "Systemet beder om svar med en anden binding end HTTP-POST."
        "The system asks for its answer by another binding than HTTP-POST."
        "Sæt ProtocolBinding til HTTP-POST, eller udelad den."
        "Set ProtocolBinding to HTTP-POST, or leave it out.";
    RequestProxyCount "SYS-Q-011" must System "SAML core §3.4.1.5.1"
        "Systemet forbyder, at login sendes videre (ProxyCount=0), og det er alt, hubben kan."
        "The system forbids that the login is passed on (ProxyCount=0), which is all the hub can do."
        "Udelad Scoping/ProxyCount."
        "Leave out Scoping/ProxyCount.";
    RequestContext "SYS-Q-012" warn System "SAML core §3.3.2.2.1; OIOSAML3 [OIO-SP-06]"
        "Noget i RequestedAuthnContext blev ikke brugt."
        "Something in RequestedAuthnContext was not used."
        "Bed om et af de syv NIST-/NSIS-niveauer med Comparison=\"minimum\", eller bed ikke om noget."
        "Ask for one of the seven NIST/NSIS levels with Comparison=\"minimum\", or do not ask.";
    RequestNameIdPolicy "SYS-Q-013" warn System "Hub: NameID is passed through unchanged"
        "NameIDPolicy er noteret og bruges ikke: NameID går uændret igennem."
        "NameIDPolicy is noted and not used: the NameID is passed through unchanged."
        "Intet, hvis systemet kan bruge X509SubjectName; ellers skal systemet tilpasses."
        "Nothing, if the system can use X509SubjectName; else adapt the system.";

    ResponseReadable "IDP-R-001" must IdentityProvider "SAML bindings §3.5.4; core §3.3.3"
        "Hubben kan ikke læse svaret fra kommunens identity provider."
        "The hub cannot read the answer of the municipality's identity provider."
        "IdP'en skal sende en SAML 2.0 Response med HTTP-POST."
        "The IdP must send a SAML 2.0 Response by HTTP-POST.";
    ResponseExpected "IDP-R-002" must User "SAML profiles §4.1.4.3; design: pending login"
        "Svaret hører ikke til et login, som hubben venter på."
        "The answer belongs to no login that the hub is waiting for."
        "Start login forfra i det brugervendte system. Et login kan kun bruges én gang og kun inden for en time."
        "Start the login again in the user-facing system. A login can be used once, and within an hour.";
    ResponseBrowser "IDP-R-003" must User "OWASP login CSRF; design: pending login is bound to one browser"
        "Svaret kom med en anden browser end den, der startede login."
        "The answer came with another browser than the one that started the login."
        "Start login forfra, og bliv i samme browser. Hvis browseren afviser cookies fra hubben, så tillad dem."
        "Start the login again, and stay in one browser. If the browser refuses the hub's cookies, allow them.";
    IdpActive "IDP-R-004" must Registration "CH.json IdentityProvider.Anvenderkontekster"
        "Identity provideren er ikke aktiv: den har ingen anvenderkontekst (CVR)."
        "The identity provider is not active: it has no user context (CVR)."
        "Tilføj en føderationsaftale for kommunens CVR, eller vælg en anden identity provider."
        "Add a federation agreement for the municipality's CVR, or choose another identity provider.";
    ResponseIssuer "IDP-R-005" must IdentityProvider "SAML profiles §4.1.4.2"
        "Svaret har en anden afsender (Issuer) end den identity provider, der blev spurgt."
        "The answer has another sender (Issuer) than the identity provider that was asked."
        "IdP'ens Issuer skal være det entityID, den er registreret med; tegn for tegn."
        "The IdP's Issuer must be the entityID it is registered with, character by character.";
    TrustedKey "no-trusted-key" must Registration "SAML metadata §2.4.1.1"
        "Der er ikke registreret nogen brugbar signeringsnøgle for afsenderen; ved et login er det identity provideren."
        "No usable signing key is registered for the sender; in a login that is the identity provider."
        "Registrér metadata med afsenderens signeringscertifikat (RSA på mindst 2048 bit, eller P-256/P-384); til `vejviser verify` gives det med --peer-cert."
        "Register metadata with the sender's signing certificate (RSA of at least 2048 bits, or P-256/P-384); `vejviser verify` takes it by --peer-cert.";
    ResponseSignature "IDP-R-006" must IdentityProvider "SAML core §5.4"
        "Svarets signatur passer ikke til IdP'ens registrerede nøgle."
        "The answer's signature does not fit the key registered for the IdP."
        "Er IdP'ens certifikat skiftet? Registrér den nye metadata. Ellers er svaret ændret undervejs."
        "Was the IdP's certificate changed? Register the new metadata. Otherwise the answer was changed on its way.";
    AssertionCount "IDP-R-007" must IdentityProvider "SAML profiles §4.1.4.2"
        "Svaret skal have præcis én assertion."
        "The answer must have exactly one assertion."
        "IdP'en skal sende én Assertion eller én EncryptedAssertion."
        "The IdP must send one Assertion or one EncryptedAssertion.";
    Decryption "IDP-R-008" must IdentityProvider "XML Encryption 1.1; OIOSAML3: AES-GCM with RSA-OAEP"
        "Hubben kan ikke dekryptere og bekræfte IdP'ens krypterede assertion."
        "The hub cannot decrypt and verify the IdP's encrypted assertion."
        "Hent hubbens metadata igen (krypteringscertifikat), kryptér med AES-GCM og RSA-OAEP, og signér assertion, før den krypteres. Forløbet viser, hvad der glippede."
        "Fetch the hub's metadata again (encryption certificate), encrypt with AES-GCM and RSA-OAEP, and sign the assertion before it is encrypted. The flow shows what went wrong.";
    AssertionSignature "IDP-R-009" must IdentityProvider "SAML core §5.4; profiles §4.1.4.5"
        "Assertion er ikke dækket af en gyldig signatur fra IdP'en."
        "The assertion is not covered by a valid signature of the IdP."
        "Signér assertion (eller hele svaret) med den nøgle, der står i IdP'ens registrerede metadata."
        "Sign the assertion (or the whole answer) with the key in the IdP's registered metadata.";
    AssertionReadable "IDP-R-010" must IdentityProvider "SAML core §2.3.3"
        "Assertion følger ikke SAML's skema."
        "The assertion does not follow SAML's schema."
        "Ret det, som rækken nævner, i IdP'ens opsætning."
        "Correct what the row names in the IdP's configuration.";
    ResponseVersion "IDP-R-011" must IdentityProvider "SAML core §3.2.2, §2.3.3"
        "Svaret eller dets assertion har ikke SAML-version 2.0."
        "The answer or its assertion is not of SAML version 2.0."
        "Send Version=\"2.0\" begge steder."
        "Send Version=\"2.0\" in both places.";
    ResponseDestination "IDP-R-012" must IdentityProvider "SAML bindings §3.5.5.2"
        "Svaret er stilet til en anden adresse end hubbens (Destination)."
        "The answer is addressed to another place than the hub (Destination)."
        "Hent hubbens metadata igen, og send til adressen i AssertionConsumerService."
        "Fetch the hub's metadata again, and send to the address in AssertionConsumerService.";
    ResponseInResponseTo "IDP-R-013" must IdentityProvider "SAML core §3.2.2; profiles §4.1.4.3"
        "Svaret hører til en anden forespørgsel (InResponseTo)."
        "The answer belongs to another request (InResponseTo)."
        "IdP'en skal svare med ID'et fra den forespørgsel, den fik; start login forfra."
        "The IdP must answer with the ID of the request it got; start the login again.";
    ResponseIssueInstant "IDP-R-014" must IdentityProvider "SAML core §3.2.2, §2.3.3"
        "Svaret eller dets assertion er for gammel eller fra fremtiden (IssueInstant)."
        "The answer or its assertion is too old or from the future (IssueInstant)."
        "Stil IdP'ens ur (NTP); hubben tillader tre minutters forskel."
        "Set the IdP's clock (NTP); the hub allows a difference of three minutes.";
    ResponseStatus "IDP-R-015" must IdentityProvider "SAML core §3.2.2.2"
        "Identity provideren afviste login."
        "The identity provider refused the login."
        "Se IdP'ens statuskode og log: mangler brugeren to-faktor, eller kender IdP'en ikke det niveau, der bedes om?"
        "See the IdP's status code and log: does the user lack a second factor, or does the IdP not know the level asked for?";
    AssertionIssuer "IDP-R-016" must IdentityProvider "SAML core §2.3.3; profiles §4.1.4.2"
        "Assertion har en anden udsteder (Issuer) end svaret og den identity provider, der blev spurgt."
        "The assertion has another Issuer than the answer and the identity provider that was asked."
        "IdP'ens Issuer skal være det entityID, den er registreret med; tegn for tegn."
        "The IdP's Issuer must be the entityID it is registered with, character by character.";
    SubjectNamed "IDP-R-038" must IdentityProvider "SAML core §2.4.1; profiles §4.1.4.2"
        "Assertion siger ikke, hvem brugeren er: NameID mangler, er tomt eller kan ikke dekrypteres."
        "The assertion does not say who the user is: the NameID is missing, empty, or cannot be decrypted."
        "Sæt IdP'en til at sende et NameID i Subject."
        "Let the IdP send a NameID in Subject.";
    SubjectConfirmation "IDP-R-017" must IdentityProvider "SAML profiles §4.1.4.2"
        "Assertion mangler en SubjectConfirmation med metoden bearer."
        "The assertion lacks a SubjectConfirmation with method bearer."
        "IdP'en skal udstede bearer-assertions til browser-login."
        "The IdP must issue bearer assertions for browser login.";
    ConfirmationRecipient "IDP-R-018" must IdentityProvider "SAML profiles §4.1.4.2"
        "Assertion er bekræftet til en anden modtageradresse (Recipient)."
        "The assertion is confirmed for another address (Recipient)."
        "Hent hubbens metadata igen; Recipient skal være hubbens AssertionConsumerService, tegn for tegn."
        "Fetch the hub's metadata again; Recipient must be the hub's AssertionConsumerService, character by character.";
    ConfirmationInResponseTo "IDP-R-019" must IdentityProvider "SAML profiles §4.1.4.2"
        "Assertion er bekræftet til en anden forespørgsel (SubjectConfirmationData/@InResponseTo)."
        "The assertion is confirmed for another request (SubjectConfirmationData/@InResponseTo)."
        "IdP'en skal gentage ID'et fra den forespørgsel, den fik."
        "The IdP must repeat the ID of the request it got.";
    ConfirmationTime "IDP-R-020" must IdentityProvider "SAML profiles §4.1.4.2"
        "Assertions bekræftelse er udløbet, mangler NotOnOrAfter eller har NotBefore."
        "The assertion's confirmation has expired, lacks NotOnOrAfter, or has NotBefore."
        "Stil IdP'ens ur (NTP), og udsted med NotOnOrAfter omkring fem minutter frem."
        "Set the IdP's clock (NTP), and issue with NotOnOrAfter about five minutes ahead.";
    ConditionsNotBefore "IDP-R-021" must IdentityProvider "SAML core §2.5.1.2"
        "Assertion gælder ikke endnu (NotBefore)."
        "The assertion is not valid yet (NotBefore)."
        "Stil IdP'ens ur (NTP); hubben tillader tre minutters forskel."
        "Set the IdP's clock (NTP); the hub allows a difference of three minutes.";
    ConditionsNotOnOrAfter "IDP-R-022" must IdentityProvider "SAML core §2.5.1.2"
        "Assertion er udløbet (NotOnOrAfter)."
        "The assertion has expired (NotOnOrAfter)."
        "Stil IdP'ens ur (NTP), eller start login forfra."
        "Set the IdP's clock (NTP), or start the login again.";
    Audience "IDP-R-023" must IdentityProvider "SAML core §2.5.1.4; profiles §4.1.4.2"
        "Assertion er udstedt til en anden modtager (Audience)."
        "The assertion is issued for another audience."
        "Audience skal være hubbens entityID, tegn for tegn; hent hubbens metadata igen."
        "Audience must be the hub's entityID, character by character; fetch the hub's metadata again.";
    UnknownCondition "IDP-R-024" must IdentityProvider "SAML core §2.5.1.1"
        "Assertion stiller en betingelse, som hubben ikke kender."
        "The assertion sets a condition that the hub does not know."
        "Fjern betingelsen i IdP'ens opsætning."
        "Remove the condition in the IdP's configuration.";
    ProxyRestriction "IDP-R-025" must IdentityProvider "SAML core §2.5.1.6"
        "Identity provideren forbyder, at login sendes videre (ProxyRestriction Count=0)."
        "The identity provider forbids that the login is passed on (ProxyRestriction Count=0)."
        "Fjern ProxyRestriction i IdP'ens opsætning for hubben."
        "Remove ProxyRestriction in the IdP's configuration for the hub.";
    AuthnStatement "IDP-R-026" must IdentityProvider "SAML profiles §4.1.4.2"
        "Assertion skal have præcis én AuthnStatement."
        "The assertion must have exactly one AuthnStatement."
        "IdP'en skal fortælle, hvordan brugeren loggede ind."
        "The IdP must state how the user logged in.";
    AuthnInstant "IDP-R-027" must IdentityProvider "SAML core §2.7.2, §3.4.1 (ForceAuthn)"
        "Login-tidspunktet (AuthnInstant) ligger i fremtiden, eller brugeren loggede ikke ind på ny, selv om det var krævet."
        "AuthnInstant is in the future, or the user did not log in anew although that was required."
        "Stil IdP'ens ur, og lad IdP'en følge ForceAuthn."
        "Set the IdP's clock, and let the IdP follow ForceAuthn.";
    SessionNotOnOrAfter "IDP-R-028" must IdentityProvider "SAML core §2.7.2"
        "IdP'ens session er allerede udløbet (SessionNotOnOrAfter)."
        "The IdP's session has already expired (SessionNotOnOrAfter)."
        "Stil IdP'ens ur, eller start login forfra."
        "Set the IdP's clock, or start the login again.";
    NameIdFormat "IDP-R-029" must IdentityProvider "KOMBIT attribute profile: X509SubjectName"
        "Brugerens NameID har ikke formatet X509SubjectName."
        "The user's NameID is not of format X509SubjectName."
        "Sæt IdP'en til at sende NameID som X509SubjectName: C=DK,O=<CVR>,CN=<navn>,Serial=<uuid>."
        "Let the IdP send the NameID as X509SubjectName: C=DK,O=<CVR>,CN=<name>,Serial=<uuid>.";
    NameIdSyntax "IDP-R-030" must IdentityProvider "KOMBIT attribute profile; RFC 4514 §2.4"
        "Brugerens NameID har ikke præcis én C, O, CN og Serial, eller det er for langt."
        "The user's NameID does not have exactly one C, O, CN and Serial, or is too long."
        "Skriv C=DK,O=<CVR>,CN=<navn>,Serial=<uuid>, med \\ foran komma og lighedstegn i navnet, højst 256 tegn i navnet og 1024 bytes i alt."
        "Write C=DK,O=<CVR>,CN=<name>,Serial=<uuid>, with \\ before a comma or equals sign in the name, at most 256 characters of name and 1024 bytes in all.";
    CvrContext "IDP-R-031" must IdentityProvider "CH.json IdentityProvider.Anvenderkontekster"
        "IdP'en taler for en organisation (CVR), som den ikke er registreret for."
        "The IdP speaks for an organisation (CVR) that it is not registered for."
        "Ret CVR-attributten i IdP'en, eller tilføj en føderationsaftale for det CVR."
        "Correct the CVR attribute in the IdP, or add a federation agreement for that CVR.";
    NameIdOrganisation "IDP-R-032" must IdentityProvider "KOMBIT attribute profile: O is the anvenderkontekst"
        "CVR i brugerens NameID (O=) er et andet end i CVR-attributten."
        "The CVR in the user's NameID (O=) differs from the CVR attribute."
        "Brug samme CVR begge steder."
        "Use the same CVR in both places.";
    SpecVersion "IDP-R-033" warn IdentityProvider "KOMBIT attribute profile: specVersion"
        "Profilversionen (specVersion/SpecVer) mangler eller passer ikke til IdP'ens registrerede profil."
        "The profile version (specVersion/SpecVer) is missing or does not fit the IdP's registered profile."
        "Send specVersion=OIO-SAML-3.0 (OIOSAML3) eller SpecVer=DK-SAML-2.0 (OIOSAML2)."
        "Send specVersion=OIO-SAML-3.0 (OIOSAML3) or SpecVer=DK-SAML-2.0 (OIOSAML2).";
    KombitSpecVersion "IDP-R-040" warn IdentityProvider "KOMBIT attribute profile: KombitSpecVer"
        "KOMBIT's profilversion (KombitSpecVer) passer ikke til IdP'ens registrerede profil."
        "KOMBIT's profile version (KombitSpecVer) does not fit the IdP's registered profile."
        "Send KombitSpecVer=2.0 (OIOSAML3) eller 1.0 (OIOSAML2), eller udelad den."
        "Send KombitSpecVer=2.0 (OIOSAML3) or 1.0 (OIOSAML2), or leave it out.";
    IdentityLength "IDP-R-039" must IdentityProvider "Hub: a value that is passed on has at most 1024 bytes"
        "En oplysning om brugeren (e-mail, organisation, CPR eller UUID) er for lang til at sende videre."
        "A value of the user (e-mail, organisation, CPR or UUID) is too long to be passed on."
        "Find værdien i IdP'ens opsætning: højst 1024 bytes."
        "Find the value in the IdP's configuration: at most 1024 bytes.";
    LevelUnambiguous "IDP-R-034" warn IdentityProvider "KOMBIT attribute profile: loa, AssuranceLevel"
        "IdP'en oplyser modstridende eller ukendte niveauer; det laveste gælder, og et ukendt gør oplysningen værdiløs."
        "The IdP states contradictory or unknown levels; the lowest counts, and an unknown one makes the statement worthless."
        "Send ét niveau: loa (Low, Substantial, High) eller AssuranceLevel (1–4)."
        "Send one level: loa (Low, Substantial, High) or AssuranceLevel (1–4).";
    LevelCeiling "IDP-R-035" warn Registration "CH.json IdentityProvider.AssuranceLevel, NSISAssuranceLevel"
        "IdP'en oplyser et højere niveau, end den er registreret til; det registrerede gælder."
        "The IdP states a higher level than it is registered for; the registered one counts."
        "Registrér IdP'ens højeste niveau, hvis den må udstede det."
        "Register the IdP's highest level, if it may state it.";
    LevelReached "IDP-R-036" must IdentityProvider "SAML core §3.3.2.2.1; NSIS; KOMBIT programledermøde November 2024"
        "Brugerens login nåede ikke det sikringsniveau, som det brugervendte system kræver."
        "The user's login did not reach the assurance level that the user-facing system needs."
        "Opret brugeren til to-faktor-login (eller NSIS-identitet), eller vælg en anden profil for IdP'en i administrationsmodulet."
        "Enrol the user for a second factor (or an NSIS identity), or choose another profile for the IdP in the administration module.";
    PrivilegesReadable "IDP-R-041" must IdentityProvider "OIO Basic Privilege Profile 1.0.1, 1.1, 1.2"
        "Rollerne fra IdP'en (privilegier) kan ikke læses."
        "The roles from the IdP (privileges) cannot be read."
        "Send én attribut med base64 af ét PrivilegeList-dokument efter OIO-BPP; en bruger uden roller har slet ingen. Rækken nævner, hvad der er galt, og hvor."
        "Send one attribute with the base64 of one PrivilegeList document as OIO-BPP has it; a user without roles has none at all. The row says what is wrong, and where.";
    RolesGranted "IDP-R-042" must RoleAdministration "KOMBIT: jobfunktionsroller to brugersystemroller; OIO-BPP 1.0.1: without privileges no attribute"
        "Ingen af brugerens jobfunktionsroller giver adgang i det brugervendte system."
        "None of the user's job function roles gives access in the user-facing system."
        "Giv brugeren en jobfunktionsrolle, som systemet har en rollemapning fra. Forløbet viser for hver rolle, hvad der blev af den."
        "Give the user a job function role that the system has a mapping from. The flow shows for every role what became of it.";
    Replay "IDP-R-037" must User "SAML profiles §4.1.4.5"
        "Svaret er allerede brugt én gang."
        "The answer was already used once."
        "Start login forfra i det brugervendte system."
        "Start the login again in the user-facing system.";

    ChooseKnown "HUB-C-001" must Registration "CH.json IdentityProvider.Anvenderkontekster"
        "Der er ingen aktiv identity provider at logge ind med."
        "There is no active identity provider to log in with."
        "Registrér mindst én identity provider med en anvenderkontekst (CVR)."
        "Register at least one identity provider with a user context (CVR).";
    ChooseActive "HUB-C-002" must User "CH.json IdentityProvider.Anvenderkontekster"
        "Den valgte identity provider findes ikke eller er ikke aktiv."
        "The chosen identity provider does not exist or is not active."
        "Vælg en anden organisation."
        "Choose another organisation.";
    ChoosePassive "HUB-C-003" must System "SAML core §3.4.1 (IsPassive)"
        "Systemet forbyder sider undervejs (IsPassive), men brugeren skal vælge organisation."
        "The system forbids pages on the way (IsPassive), but the user must choose an organisation."
        "Send uden IsPassive, eller nævn én identity provider i Scoping/IDPList."
        "Send without IsPassive, or name one identity provider in Scoping/IDPList.";
    ChooseCancelled "HUB-C-004" must User "SAML core §3.2.2.2"
        "Brugeren fortrød valget af organisation."
        "The user cancelled at the choice of organisation."
        "Start login igen i det brugervendte system."
        "Start the login again in the user-facing system.";
    NsisAtOiosaml2Idp "HUB-C-005" must Registration "KOMBIT programledermøde November 2024: table of profiles; CH.json OIOSAMLProfile"
        "Systemet kræver NSIS, men identity provideren er registreret med en OIOSAML2-profil og kan ikke oplyse NSIS."
        "The system needs NSIS, but the identity provider is registered with an OIOSAML2 profile and cannot state NSIS."
        "Kommunen registrerer IdP'en med en OIOSAML3-profil og et NSIS-niveau, eller systemet sættes til at kræve NIST."
        "The municipality registers the IdP with an OIOSAML3 profile and an NSIS level, or the system is set to need NIST.";
    StepUp "HUB-C-007" must Registration "CH.json IdentityProvider.SupportsStepUp; SAML core §3.3.2.2.1"
        "Systemet kræver et højere sikringsniveau, end brugeren er logget ind med, og identity provideren er registreret uden step-up."
        "The system needs a higher level than the user is logged in with, and the identity provider is registered without step-up."
        "Registrér identity provideren med SupportsStepUp, hvis den kan hæve niveauet i en session; ellers må brugeren logge ud og ind igen."
        "Register the identity provider with SupportsStepUp, if it can raise the level in a session; else the user must log out and in again.";
    RememberedActive "HUB-C-006" must User "KOMBIT programledermøde November 2024: «husk mit valg»; CH.json IdentityProvider.Anvenderkontekster"
        "Browseren husker et valg af login, som ikke findes mere: kommunens identity provider er lukket."
        "The browser remembers a choice that is gone: the municipality's identity provider is closed."
        "Glem valget under «Dine valg» (/mit-valg), og start login forfra i systemet. Hjælper I brugere, så send dem linket /mit-valg/glem."
        "Forget the choice at “Your choices” (/mit-valg), and start the login again in the system. If you help users, send them the link /mit-valg/glem.";
    FlowKnown "HUB-F-001" must User "Hub: a flow lives for an hour"
        "Hubben kender ikke dette login (længere), eller det hører til en anden browser."
        "The hub does not know this login (any more), or it belongs to another browser."
        "Start login forfra i det brugervendte system, og tillad cookies fra hubben."
        "Start the login again in the user-facing system, and allow the hub's cookies.";
    StoreAvailable "HUB-F-002" must Hub "Hub: no record, no trust"
        "Hubben kan ikke nå sit lager og afviser derfor login."
        "The hub cannot reach its store, and so refuses the login."
        "Prøv igen om lidt; driften skal se på hubbens lager."
        "Try again in a while; operations must look at the hub's store.";
    BrowserCookie "HUB-F-003" must User "RFC 6265bis §5.7 (SameSite=None needs Secure); hub: a login is bound to one browser"
        "Browseren sendte ikke hubbens cookie med, så hubben kan ikke se, hvilket login det drejer sig om."
        "The browser did not send the hub's cookie along, so the hub cannot tell which login this is."
        "Tillad cookies for hubbens adresse, og start login forfra i systemet i ét og samme browservindue. Hubben skal have https (eller localhost): ellers smider browseren cookien væk."
        "Allow cookies for the hub's address, and start the login again in the system, in one browser window. The hub needs https (or localhost): elsewhere browsers drop the cookie.";

    LogoutReadable "SLO-001" must Sender "SAML core §3.7.1, §3.7.2; bindings §3.4.4, §3.5.4"
        "Logout-beskeden kan ikke læses."
        "The logout message cannot be read."
        "Send en LogoutRequest eller LogoutResponse efter SAML 2.0 med HTTP-Redirect, HTTP-POST eller SOAP."
        "Send a LogoutRequest or LogoutResponse as SAML 2.0 has it, by HTTP-Redirect, HTTP-POST or SOAP.";
    LogoutIssuer "SLO-002" must Sender "SAML profiles §4.4.4.1, §4.4.4.2"
        "Logout-beskeden har en anden afsender (Issuer) end den part, den skal komme fra."
        "The logout message has another sender (Issuer) than the party it must come from."
        "Issuer skal være partens registrerede entityID, tegn for tegn."
        "The Issuer must be the party's registered entityID, character by character.";
    LogoutSigned "SLO-003" must Sender "SAML profiles §4.4.3.1, §4.4.4.1; OIOSAML3 single logout"
        "Logout-beskeden er ikke signeret."
        "The logout message is not signed."
        "Slå signering af LogoutRequest og LogoutResponse til: ellers kunne enhver logge brugeren ud."
        "Switch on the signing of LogoutRequests and LogoutResponses: else anybody could log the user out.";
    LogoutSignature "SLO-004" must Sender "SAML bindings §3.4.4.1; core §5.4"
        "Logout-beskedens signatur passer ikke til partens registrerede nøgle."
        "The logout message's signature does not fit the key registered for the party."
        "Er certifikatet skiftet? Registrér den nye metadata, eller signér med den registrerede nøgle (RSA-SHA256 eller stærkere)."
        "Was the certificate changed? Register the new metadata, or sign with the registered key (RSA-SHA256 or stronger).";
    LogoutVersion "SLO-005" must Sender "SAML core §3.2.1, §3.2.2, §4.1.3"
        "Logout-beskeden har ikke SAML-version 2.0."
        "The logout message is not of SAML version 2.0."
        "Send Version=\"2.0\"."
        "Send Version=\"2.0\".";
    LogoutDestination "SLO-006" must Sender "SAML bindings §3.4.5.2, §3.5.5.2"
        "Logout-beskeden er stilet til en anden adresse (Destination)."
        "The logout message is addressed to another place (Destination)."
        "Hent modtagerens metadata igen, og send til adressen i SingleLogoutService (svar til ResponseLocation, hvor den står)."
        "Fetch the receiver's metadata again, and send to the address in SingleLogoutService (answers to ResponseLocation, where there is one).";
    LogoutIssueInstant "SLO-007" must Sender "SAML core §3.2.1, §3.2.2; hub: at most 5 minutes old"
        "Logout-beskeden er for gammel eller fra fremtiden (IssueInstant)."
        "The logout message is too old or from the future (IssueInstant)."
        "Stil afsenderens ur (NTP), og begynd logout forfra."
        "Set the sender's clock (NTP), and start the logout again.";
    LogoutExpiry "SLO-008" must Sender "SAML core §3.7.1 (NotOnOrAfter)"
        "Logout-forespørgslen er udløbet (NotOnOrAfter)."
        "The logout request has expired (NotOnOrAfter)."
        "Stil afsenderens ur (NTP), eller giv forespørgslen nogle minutter at leve i."
        "Set the sender's clock (NTP), or give the request some minutes to live.";
    LogoutNameId "SLO-009" must Sender "SAML core §3.7.1; profiles §4.4.4.1"
        "Logout-forespørgslen siger ikke, hvem der skal logges ud: NameID mangler, er tomt eller er krypteret."
        "The logout request does not say whom to log out: the NameID is missing, empty or encrypted."
        "Gentag NameID fra den assertion, brugeren loggede ind med, tegn for tegn."
        "Repeat the NameID of the assertion that the user logged in with, character by character.";
    LogoutSessionIndex "SLO-010" warn Sender "SAML core §3.7.1; profiles §4.4.4.1; OIOSAML3 single logout"
        "Logout-forespørgslen nævner ingen session (SessionIndex) og gælder derfor alle brugerens sessioner."
        "The logout request names no session (SessionIndex), and so is about all sessions of the user."
        "Gentag SessionIndex fra den assertion, brugeren loggede ind med."
        "Repeat the SessionIndex of the assertion that the user logged in with.";
    LogoutInResponseTo "SLO-011" must Sender "SAML core §3.2.2"
        "Logout-svaret hører til en anden forespørgsel (InResponseTo)."
        "The logout response belongs to another request (InResponseTo)."
        "Svar med ID'et fra den LogoutRequest, der blev modtaget."
        "Answer with the ID of the LogoutRequest that was received.";
    LogoutStatus "SLO-012" must Sender "SAML core §3.2.2.2, §3.7.3"
        "Parten gennemførte ikke logout."
        "The party did not carry out the logout."
        "Se statuskoden og partens log; brugeren bør lukke browseren."
        "See the status code and the party's log; the user should close the browser.";
    LogoutRepeated "SLO-013" must Sender "SAML core §3.7.1; hub: a LogoutRequest counts once"
        "Logout-forespørgslen er brugt før."
        "The logout request was used before."
        "Lav en ny LogoutRequest med nyt ID, og begynd logout forfra."
        "Make a new LogoutRequest with a new ID, and start the logout again.";
    LogoutSession "SLO-014" must Sender "SAML core §3.7.1, §3.7.3.2; profiles §4.4.4.1"
        "Ingen session i hubben passer til logout-forespørgslen (NameID og SessionIndex)."
        "No session at the hub fits the logout request (NameID and SessionIndex)."
        "Gentag NameID og SessionIndex fra den assertion, brugeren loggede ind med, tegn for tegn. Er brugeren logget ud i forvejen, eller er sessionen udløbet, er der intet at gøre."
        "Repeat the NameID and the SessionIndex of the assertion that the user logged in with, character by character. If the user was logged out before, or the session has expired, there is nothing to do.";
    LogoutExpected "SLO-015" must Sender "SAML core §3.2.2; hub: a logout lives for ten minutes"
        "Hubben venter ikke på dette logout-svar."
        "The hub does not wait for this logout response."
        "Svar én gang, straks, på den LogoutRequest, der blev modtaget. Brugeren kan se på hubbens side /log-ud, hvad der er sket."
        "Answer once, at once, to the LogoutRequest that was received. The user can see on the hub's page /log-ud what happened.";
    LogoutAddress "SLO-016" warn Sender "SAML metadata §2.2.2 (ResponseLocation)"
        "Logout-svaret kom til adressen for forespørgsler."
        "The logout response came to the address for requests."
        "Send svaret til ResponseLocation i hubbens metadata."
        "Send the response to the ResponseLocation in the hub's metadata.";
    LogoutParty "SLO-017" must Sender "SAML core §3.7.3.2 (PartialLogout)"
        "Parten blev ikke logget ud: den svarede ikke, kunne ikke nås eller har intet SingleLogoutService."
        "The party was not logged out: it did not answer, could not be reached, or has no SingleLogoutService."
        "Partens drift skal se i loggen, hvad der blev af hubbens LogoutRequest. Brugeren bør lukke browseren."
        "The party's operations must see in its log what became of the hub's LogoutRequest. The user should close the browser.";

    MetadataReadable "MD-001" must Sender "SAML metadata §2; no DTD"
        "Metadata kan ikke læses."
        "The metadata cannot be read."
        "Hent metadata igen hos ejeren uden at redigere i filen; en DOCTYPE er aldrig tilladt."
        "Fetch the metadata again from its owner, without editing it; a DOCTYPE is never allowed.";
    MetadataSigned "MD-002" must Sender "SAML metadata §3"
        "Metadata er ikke signeret."
        "The metadata is not signed."
        "Signér metadata, eller få den ad en vej, hvor signaturen ikke går tabt."
        "Sign the metadata, or get it by a way on which the signature is not lost.";
    MetadataSignature "MD-003" must Sender "SAML metadata §3; core §5.4"
        "Metadatas signatur passer ikke til den angivne nøgle, eller indholdet er ændret efter signering."
        "The metadata's signature does not fit the given key, or its content was changed after signing."
        "Hent metadata igen, og spørg ejeren, om signeringscertifikatet er skiftet."
        "Fetch the metadata again, and ask its owner whether the signing certificate was changed.";
    MetadataUnique "MD-004" must Sender "SAML metadata §2.3.1, §2.3.2"
        "Samme entityID står flere gange i metadata."
        "One entityID occurs several times in the metadata."
        "Lad hvert entityID have præcis én EntityDescriptor."
        "Let every entityID have exactly one EntityDescriptor.";
    MetadataEntity "MD-005" must Sender "SAML metadata §2.3.2 (entityID)"
        "Metadata handler ikke om den ventede part (entityID)."
        "The metadata is not about the expected party (entityID)."
        "entityID sammenlignes tegn for tegn, også store og små bogstaver og skråstregen til sidst."
        "The entityID is compared character by character, upper and lower case and a final slash included.";
    MetadataValid "MD-006" must Sender "SAML metadata §2.3.2 (validUntil)"
        "Metadata er udløbet (validUntil)."
        "The metadata has expired (validUntil)."
        "Hent metadata igen hos ejeren."
        "Fetch the metadata again from its owner.";
    MetadataEndpoints "MD-007" must Sender "CH.json validation: https endpoints; SAML metadata §2.2.2"
        "Et endepunkt i metadata er ikke en https-adresse."
        "An endpoint in the metadata is not an https address."
        "Skriv hele adressen med https; http går kun på loopback og *.localhost."
        "Write the whole address with https; http is allowed only on loopback and *.localhost.";
    MetadataKeys "MD-008" must Sender "SAML metadata §2.4.1.1"
        "En rolle i metadata har ingen brugbar signeringsnøgle."
        "A role in the metadata has no usable signing key."
        "Tilføj en KeyDescriptor med et certifikat (RSA på mindst 2048 bit, eller P-256/P-384)."
        "Add a KeyDescriptor with a certificate (RSA of at least 2048 bits, or P-256/P-384).";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn everybody_who_must_act_is_called_something_else() {
        let all = [
            Actor::System,
            Actor::IdentityProvider,
            Actor::RoleAdministration,
            Actor::Registration,
            Actor::User,
            Actor::Hub,
            Actor::Sender,
        ];
        let names = all.into_iter().map(Actor::text);
        let names: HashSet<_> = names.flat_map(<[&str; 2]>::from).collect();
        assert_eq!(names.len(), 14);
        assert_eq!(Actor::Hub.text(), ("Hubben", "The hub"));
    }

    #[test]
    fn ids_are_unique_and_texts_are_there_in_both_languages() {
        let mut seen = HashSet::new();
        for check in Check::ALL {
            let info = check.info();
            assert!(seen.insert(info.id), "{} occurs twice", info.id);
            for text in [
                info.clause,
                info.what.0,
                info.what.1,
                info.remedy.0,
                info.remedy.1,
            ] {
                assert!(!text.is_empty(), "{}", info.id);
            }
            assert!(
                info.what.0.ends_with('.') && info.what.1.ends_with('.'),
                "{}",
                info.id
            );
        }
    }
}
