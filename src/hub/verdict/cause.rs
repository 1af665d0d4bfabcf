//! The one ordered list of causes: who must act, whom the user asks first, and what to tell them.
//!
//! The order is that of a login's way: the level, the registration, what the browser remembers and does, clocks, keys, what
//! the answer is for, what looks like an attack, roles, the system, the hub.

use crate::hub::{Actor, Check};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Whom the user asks first, so that nobody is sent from one to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Contact {
    /// The servicedesk of the user's municipality.
    Municipality,
    /// The servicedesk of the user-facing system.
    System,
    /// Whoever runs the hub.
    Hub,
}

/// What the list says of one cause.
#[derive(Debug, Clone, Copy)]
pub struct CauseInfo {
    /// Stable id.
    pub id: &'static str,
    /// Who must act.
    pub actor: Actor,
    /// Whom the user asks first.
    pub contact: Contact,
    /// Whether it may be an attack: then somebody looks at it, whatever became of the login.
    pub security: bool,
    /// What happened: Danish, English.
    pub what: (&'static str, &'static str),
    /// What to do: Danish, English.
    pub remedy: (&'static str, &'static str),
}

macro_rules! causes {
    ($($variant:ident $id:literal $actor:ident $contact:ident $($security:ident)?
        $what_da:literal $what_en:literal $remedy_da:literal $remedy_en:literal;)*) => {
        /// A cause.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Cause {
            $(#[doc = $what_en] $variant,)*
            /// Nothing more is known than the check that failed.
            Check(Check),
        }

        impl Cause {
            /// All that have a name of their own, in order.
            pub const ALL: &'static [Cause] = &[$(Cause::$variant,)*];

            /// What the list says of it.
            pub fn info(self) -> CauseInfo {
                match self {
                    $(Self::$variant => CauseInfo {
                        id: $id,
                        actor: Actor::$actor,
                        contact: Contact::$contact,
                        security: causes!(@ $($security)?),
                        what: ($what_da, $what_en),
                        remedy: ($remedy_da, $remedy_en),
                    },)*
                    Self::Check(check) => of_check(check),
                }
            }
        }
    };
    (@ security) => { true };
    (@) => { false };
}

causes! {
    SecondFactorMissing "second-factor-missing" IdentityProvider Municipality
        "Brugeren loggede ind uden den anden faktor, som det krævede sikringsniveau forudsætter."
        "The user logged in without the second factor that the required assurance level presupposes."
        "Opret brugeren til to-faktor-login i kommunens IdP. Kan brugeren allerede bruge to faktorer, så sæt IdP'en til at bede om dem, når hubben gør det; for AD FS er det en af multipleauthn-profilerne."
        "Enrol the user for a second factor in the municipality's IdP. If the user has one already, let the IdP ask for it when the hub does; for AD FS that is one of the multipleauthn profiles.";
    ClassRefRefused "class-ref-refused" IdentityProvider Municipality
        "IdP'en kender ikke det niveau, hubben bad om (AuthnContextClassRef), og afviste, før nogen kunne logge ind."
        "The IdP does not know the level that the hub asked for (AuthnContextClassRef), and refused before anybody could log in."
        "AD FS kender ingen NIST- eller NSIS-niveauer (MSIS7102): vælg en ADFS-profil (multipleauthn eller relay state) eller «Without requested LoA» for IdP'en i administrationsmodulet, eller lær IdP'en niveauet."
        "AD FS knows no NIST or NSIS levels (MSIS7102): choose an ADFS profile (multipleauthn or relay state) or “Without requested LoA” for the IdP in the administration module, or teach the IdP the level.";
    EntraMethodMismatch "entra-method-mismatch" IdentityProvider Municipality
        "Entra ID standsede brugeren (AADSTS75011): brugeren er logget på med en anden metode end den, hubben bad om."
        "Entra ID stopped the user (AADSTS75011): the user is logged in by another method than the one that the hub asked for."
        "Vælg en multipleauthn-profil eller «Without requested LoA» for IdP'en, så hubben ikke beder om en metode, Entra ikke kender; ForceAuthn fra systemet hjælper også."
        "Choose a multipleauthn profile or “Without requested LoA” for the IdP, so that the hub asks for no method that Entra does not know; ForceAuthn from the system helps as well.";
    Nist4NotUnderstood "nist-4-not-understood" IdentityProvider Municipality
        "Hubben bad om NIST 4, og IdP'en tog det ikke som et krav om to-faktor: OS2faktor kender kun AssuranceLevel:3."
        "The hub asked for NIST 4, and the IdP did not take that as a demand for a second factor: OS2faktor knows AssuranceLevel:3 only."
        "Registrér systemet med NIST 3 eller NSIS i stedet for NIST 4, hvis kravet tillader det; ellers skal IdP'en sættes til at kræve to-faktor for systemet."
        "Register the system with NIST 3 or NSIS in place of NIST 4, if the need allows that; else let the IdP demand a second factor for the system.";
    NsisHighNotSupported "nsis-high-not-supported" IdentityProvider Municipality
        "Systemet kræver NSIS Høj, og IdP'en kan ikke give det."
        "The system needs NSIS High, and the IdP cannot give it."
        "Brug en IdP, der er anmeldt til NSIS Høj (fx MitID Erhverv), eller aftal med systemets ejer, om Betydelig er nok."
        "Use an IdP that is registered for NSIS High (for example MitID Erhverv), or agree with the system's owner whether Substantial is enough.";
    LevelMissing "level-missing" IdentityProvider Municipality
        "Svaret fra IdP'en siger ikke, hvilket sikringsniveau brugeren loggede ind med."
        "The answer of the IdP does not say at which assurance level the user logged in."
        "Tilføj en claim rule eller attribut i IdP'en: https://data.gov.dk/concept/core/nsis/loa (Low, Substantial, High) eller dk:gov:saml:attribute:AssuranceLevel (1–4)."
        "Add a claim rule or attribute in the IdP: https://data.gov.dk/concept/core/nsis/loa (Low, Substantial, High) or dk:gov:saml:attribute:AssuranceLevel (1–4).";
    NsisIdentityMissing "nsis-identity-missing" IdentityProvider Municipality
        "Systemet kræver NSIS, men IdP'en oplyser kun et NIST-niveau om brugeren: brugeren har ingen NSIS-identitet."
        "The system needs NSIS, but the IdP states only a NIST level for the user: the user has no NSIS identity."
        "Giv brugeren en NSIS-identitet i kommunens IdP (identitetssikring og aktivering)."
        "Give the user an NSIS identity in the municipality's IdP (identity proofing and activation).";
    LevelContradictory "level-contradictory" IdentityProvider Municipality
        "IdP'en oplyser niveauer, der modsiger hinanden, eller et, som ikke findes; derfor gælder det laveste."
        "The IdP states levels that contradict each other, or one that does not exist; so the lowest counts."
        "Ret claim rules i IdP'en, så der kun sendes ét niveau, og det er det, brugeren faktisk loggede ind med."
        "Correct the IdP's claim rules, so that one level is sent, and it is the one that the user did log in with.";
    LevelAboveCeiling "level-above-ceiling" IdentityProvider Municipality
        "IdP'en oplyser et højere niveau, end den er registreret til, så kun det registrerede tæller."
        "The IdP states a higher level than it is registered for, so only the registered one counts."
        "Må IdP'en udstede niveauet, så registrér det som dens højeste i administrationsmodulet (AssuranceLevel/NSISAssuranceLevel); ellers ret det niveau, den sender."
        "If the IdP may state the level, register it as its highest in the administration module (AssuranceLevel/NSISAssuranceLevel); else correct the level that it sends.";
    LevelLower "level-lower" IdentityProvider Municipality
        "IdP'en oplyser et lavere niveau, end systemet kræver, selv om brugeren loggede ind med to faktorer."
        "The IdP states a lower level than the system needs, although the user logged in with two factors."
        "Se, hvilket niveau IdP'en sætter i loa/AssuranceLevel, og hvorfor; er det rigtigt, kan brugeren ikke bruge systemet med denne IdP."
        "Look at the level that the IdP puts into loa/AssuranceLevel, and why; if it is right, the user cannot use the system with this IdP.";
    NsisAtOiosaml2 "nsis-at-oiosaml2-idp" Registration Municipality
        "Systemet kræver NSIS, men kommunens IdP er registreret med en OIOSAML2-profil, og den kan ikke oplyse NSIS."
        "The system needs NSIS, but the municipality's IdP is registered with an OIOSAML2 profile, which cannot state NSIS."
        "Kommunen registrerer IdP'en med en OIOSAML3-profil og et NSIS-niveau i administrationsmodulet; er kommunen ikke NSIS-anmeldt, må systemet sættes til at kræve NIST."
        "The municipality registers the IdP with an OIOSAML3 profile and an NSIS level in the administration module; if it is not registered for NSIS, the system must be set to need NIST.";
    IdpInactive "idp-inactive" Registration Municipality
        "Kommunens IdP er ikke aktiv: den er registreret uden anvenderkontekst (CVR)."
        "The municipality's IdP is not active: it is registered without a user context (CVR)."
        "Kommunen godkender en føderationsaftale for sit CVR-nummer, så IdP'en får en anvenderkontekst."
        "The municipality approves a federation agreement for its CVR number, which gives the IdP a user context.";
    RememberedReplaced "remembered-idp-replaced" User Municipality
        "Browseren husker et login, som kommunen har udskiftet, og brugeren sendes stadig til det gamle."
        "The browser remembers a login that the municipality has replaced, and the user is still sent to the old one."
        "Brugeren glemmer valget på /mit-valg og vælger det nye login. Servicedesken kan sende linket /mit-valg/glem til alle, der har sat hak ved «husk mit valg»."
        "The user forgets the choice at /mit-valg and chooses the new login. The servicedesk can send the link /mit-valg/glem to everybody who ticked “remember my choice”.";
    RememberedInactive "remembered-idp-inactive" User Municipality
        "Browseren husker et login, som er lukket, og intet har afløst det."
        "The browser remembers a login that is closed, and nothing replaced it."
        "Brugeren glemmer valget på /mit-valg og vælger et andet login. Servicedesken kan sende linket /mit-valg/glem."
        "The user forgets the choice at /mit-valg and chooses another login. The servicedesk can send the link /mit-valg/glem.";
    ChooserAbandoned "chooser-abandoned" User Municipality
        "Brugeren nåede siden «Hvor vil du logge ind?» og valgte ingen organisation."
        "The user came to the page “Where do you want to log in?”, and chose no organisation."
        "Start login igen, og vælg organisation. Står organisationen ikke på listen, så skriv til kommunens servicedesk: dens IdP er måske ikke aktiv."
        "Start the login again, and choose an organisation. If it is not on the list, write to the municipality's servicedesk: its IdP may not be active.";
    IdpRefusesHubKey "idp-refuses-hub-key" IdentityProvider Municipality
        "IdP'en afviser hubbens forespørgsel, fordi den ikke kender hubbens nuværende certifikat."
        "The IdP refuses the hub's request, because it does not know the hub's certificate of now."
        "Hent hubbens metadata igen i IdP'en (AD FS: Update-AdfsRelyingPartyTrust; ellers som produktet gør), så signeringscertifikatet er det nye."
        "Fetch the hub's metadata again in the IdP (AD FS: Update-AdfsRelyingPartyTrust; else as the product does), so that it has the new signing certificate.";
    IdpRefusesRequest "idp-refuses-request" IdentityProvider Municipality
        "IdP'en viste en fejlside og svarede ikke hubben."
        "The IdP showed an error page, and did not answer the hub."
        "Se IdP'ens log ved tidspunktet; hubbens forespørgsel står i forløbet."
        "See the IdP's log at that time; the hub's request is in the flow.";
    IdpNeverAnswered "idp-never-answered" IdentityProvider Municipality
        "Brugeren blev sendt til IdP'en, og der kom aldrig et svar: brugeren lukkede, eller IdP'en viste en fejl."
        "The user was sent to the IdP, and no answer ever came: the user went away, or the IdP showed an error."
        "Spørg brugeren, hvad der stod på skærmen, og se IdP'ens log ved tidspunktet. Prøv IdP'en fra profilmatrixen."
        "Ask the user what was on the screen, and see the IdP's log at that time. Try the IdP from the matrix of profiles.";
    AnsweredTooLate "answered-too-late" User Municipality
        "Brugeren var så længe om at logge ind hos IdP'en, at hubben har opgivet forløbet (en time)."
        "The user took so long to log in at the IdP that the hub gave the login up (one hour)."
        "Start login forfra i det brugervendte system."
        "Start the login again in the user-facing system.";
    CancelledAtChooser "cancelled-at-chooser" User Municipality
        "Brugeren fortrød på siden «Hvor vil du logge ind?»."
        "The user cancelled at the page “Where do you want to log in?”."
        "Ingen fejl: start login igen, når det passer."
        "Nothing is wrong: start the login again at any time.";
    CancelledAtIdp "cancelled-at-idp" User Municipality
        "Brugeren fortrød hos IdP'en."
        "The user cancelled at the IdP."
        "Ingen fejl: start login igen, når det passer. Kunne brugeren ikke komme videre, så hjælp med login i kommunens IdP."
        "Nothing is wrong: start the login again at any time. If the user could not go on, help them to log in at the municipality's IdP.";
    AnsweredTwice "answered-twice" User Municipality
        "Svaret er allerede brugt: brugeren gik tilbage i browseren eller brugte to faner."
        "The answer was used already: the user went back in the browser, or used two tabs."
        "Start login forfra i det brugervendte system, og brug ikke tilbage-knappen undervejs."
        "Start the login again in the user-facing system, and do not use the back button on the way.";
    OtherBrowser "other-browser" User Municipality
        "Svaret kom med en anden browser end den, der startede login."
        "The answer came with another browser than the one that started the login."
        "Start og afslut login i samme browser. Åbner IdP'en en anden (fx en app på telefonen), så skal den vende tilbage til den første."
        "Start and finish the login in one browser. If the IdP opens another one (such as an app on the phone), it must come back to the first.";
    CookieNotKept "cookie-not-kept" Hub Hub
        "Browseren smed hubbens cookie væk, fordi hubbens adresse hverken er https eller localhost."
        "The browser dropped the hub's cookie, because the hub's address is neither https nor localhost."
        "Giv hubben en https-adresse (--public-url https://… og --tls): cookies med SameSite=None kræver Secure, og Secure kræver https."
        "Give the hub an https address (--public-url https://… and --tls): cookies with SameSite=None need Secure, and Secure needs https.";
    CookieMissing "cookie-missing" User Municipality
        "Browseren sendte ikke hubbens cookie med, så hubben kan ikke se, hvilket login svaret hører til."
        "The browser did not send the hub's cookie along, so the hub cannot tell which login the answer belongs to."
        "Tillad cookies for hubbens adresse, og brug ét browservindue. Er login indlejret i en ramme (iframe), så åbn det i sit eget vindue."
        "Allow cookies for the hub's address, and use one browser window. If the login is embedded in a frame, open it in a window of its own.";
    RelayStateLost "relay-state-lost" System System
        "Systemet kender ikke den RelayState, det fik tilbage, og kan derfor ikke finde sit eget login."
        "The system does not know the RelayState that it got back, and so cannot find its own login."
        "Hubben sender systemets RelayState tilbage byte for byte: se, om systemet sendte nogen, om den er højst 80 bytes, og om systemets session (cookie) overlever turen: SameSite=Lax gør det ikke ved HTTP-POST."
        "The hub sends the system's RelayState back byte for byte: see whether the system sent one, whether it has at most 80 bytes, and whether the system's session (cookie) survives the trip: SameSite=Lax does not, at an HTTP-POST.";
    IdpClock "idp-clock" IdentityProvider Municipality
        "IdP'ens ur går forkert: dens tidspunkter ligger uden for det, hubben tillader."
        "The IdP's clock is wrong: its times are beyond what the hub allows."
        "Stil IdP-serverens ur efter NTP; hubben tillader tre minutters forskel."
        "Set the IdP server's clock by NTP; the hub allows a difference of three minutes.";
    HubClock "hub-clock" Hub Hub
        "Hubbens ur går forkert: flere parter er enige om et andet klokkeslæt."
        "The hub's clock is wrong: several parties agree on another time."
        "Stil uret efter NTP på den maskine, hubben kører på."
        "Set the clock by NTP on the machine that the hub runs on.";
    IdpUnregisteredKey "idp-unregistered-key" IdentityProvider Municipality
        "IdP'en underskriver med en nøgle, som ikke står i dens registrerede metadata."
        "The IdP signs with a key that is not in its registered metadata."
        "Er IdP'ens certifikat skiftet (AD FS: automatic rollover)? Registrér den nye metadata i administrationsmodulet. Ellers skal nogen finde ud af, hvem der underskrev."
        "Was the IdP's certificate changed (AD FS: automatic rollover)? Register the new metadata in the administration module. Otherwise somebody must find out who signed.";
    IdpExpiredKey "idp-expired-key" IdentityProvider Municipality
        "IdP'en underskriver med et certifikat, der er udløbet og ikke registreret."
        "The IdP signs with a certificate that has expired and is not registered."
        "Skift IdP'en til sit nye certifikat, og registrér den nye metadata i administrationsmodulet."
        "Switch the IdP to its new certificate, and register the new metadata in the administration module.";
    IdpRotatedOutKey "idp-rotated-out-key" IdentityProvider Municipality
        "IdP'en underskriver med en nøgle, som er udskiftet i dens registrerede metadata."
        "The IdP signs with a key that was rotated out of its registered metadata."
        "Sæt IdP'en til at underskrive med den nye nøgle (AD FS: den primære), eller registrér metadata, hvor begge står, indtil skiftet er gjort."
        "Let the IdP sign with the new key (AD FS: the primary one), or register metadata that has both until the change is done.";
    IdpUnsigned "idp-unsigned" IdentityProvider Municipality
        "IdP'en underskriver hverken svar eller assertion."
        "The IdP signs neither the Response nor the assertion."
        "Slå signering af assertion til i IdP'en."
        "Switch on the signing of assertions in the IdP.";
    EncryptedToPreviousKey "encrypted-to-previous-key" IdentityProvider Municipality
        "IdP'en krypterer til en tidligere nøgle af hubbens, så hubben kan ikke åbne svaret."
        "The IdP encrypts to a previous key of the hub, so the hub cannot open the answer."
        "Hent hubbens metadata igen i IdP'en, så krypteringscertifikatet er det nye."
        "Fetch the hub's metadata again in the IdP, so that it has the new encryption certificate.";
    WrongAudience "wrong-audience" IdentityProvider Municipality
        "Assertion er udstedt til en anden modtager end hubben (Audience)."
        "The assertion is issued for another audience than the hub."
        "Ret relying party-identifieren i IdP'en til hubbens entityID, tegn for tegn."
        "Correct the relying party identifier in the IdP to the hub's entityID, character by character.";
    WrongRecipient "wrong-recipient" IdentityProvider Municipality
        "Assertion er bekræftet til en anden adresse end hubbens (Recipient)."
        "The assertion is confirmed for another address than the hub's (Recipient)."
        "Hent hubbens metadata igen i IdP'en; Recipient skal være hubbens AssertionConsumerService."
        "Fetch the hub's metadata again in the IdP; Recipient must be the hub's AssertionConsumerService.";
    WrongDestination "wrong-destination" IdentityProvider Municipality
        "Svaret er stilet til en anden adresse end hubbens (Destination)."
        "The answer is addressed to another place than the hub (Destination)."
        "Hent hubbens metadata igen i IdP'en; peger den på et andet miljø (test/produktion), så ret adressen."
        "Fetch the hub's metadata again in the IdP; if it points to another environment (test/production), correct the address.";
    WrongInResponseTo "wrong-in-response-to" IdentityProvider Municipality
        "Svaret hører til en anden forespørgsel end den, hubben sendte (InResponseTo)."
        "The answer belongs to another request than the hub sent (InResponseTo)."
        "IdP'en skal gentage ID'et fra forespørgslen både i svaret og i SubjectConfirmationData; se efter en mellemstation, der gemmer svar."
        "The IdP must repeat the request's ID in the answer and in SubjectConfirmationData; look for something in between that stores answers.";
    Unsolicited "unsolicited" IdentityProvider Municipality
        "IdP'en sendte et svar, som ingen bad om (IdP-initieret login)."
        "The IdP sent an answer that nobody asked for (IdP-initiated login)."
        "Hubben tager kun imod svar på sine egne forespørgsler: lad brugerne starte i systemet, og fjern genvejen til IdP-initieret login."
        "The hub takes only answers to requests of its own: let users start in the system, and remove the link for IdP-initiated login.";
    Replayed "replayed" IdentityProvider Municipality security
        "En assertion, der allerede er brugt, blev sendt igen."
        "An assertion that was used already was sent again."
        "Sikkerhedshændelse: find ud af, om IdP'en genbruger ID'er, eller om nogen har opsnappet et svar. Hubben har afvist det."
        "Security event: find out whether the IdP uses ids twice, or whether somebody got hold of an answer. The hub refused it.";
    ForeignOrganisation "foreign-organisation" IdentityProvider Municipality security
        "IdP'en taler for en organisation (CVR), den ikke er registreret for, eller modsiger sig selv om den."
        "The IdP speaks for an organisation (CVR) that it is not registered for, or contradicts itself about it."
        "Sikkerhedshændelse: ret CVR-attributten og O i NameID i IdP'en; er organisationen kommunens egen, så tilføj den som anvenderkontekst."
        "Security event: correct the CVR attribute and the O of the NameID in the IdP; if the organisation is the municipality's own, add it as a user context.";
    RoleNotDelegated "role-not-delegated" RoleAdministration Municipality
        "Brugerens rolle er en anden organisations og er ikke delegeret til kommunen, så ingen rolle kom igennem."
        "The user's role is another organisation's and is not delegated to the municipality, so no role came through."
        "Den anden organisation delegerer jobfunktionsrollen til kommunens CVR-nummer, eller brugeren får en af kommunens egne."
        "The other organisation delegates the job function role to the municipality's CVR number, or the user gets one of the municipality's own.";
    RoleNotMapped "role-not-mapped" RoleAdministration Municipality
        "Ingen af brugerens jobfunktionsroller er knyttet til en rolle i systemet, så ingen kom igennem."
        "None of the user's job function roles is mapped to a role of the system, so none came through."
        "Kommunens rolleadministration knytter jobfunktionsrollen til en brugersystemrolle i systemet; forløbet viser reglen for hver rolle."
        "The municipality's role administration maps the job function role to a user system role of the system; the flow shows the rule for every role.";
    RolesNotSent "roles-not-sent" RoleAdministration Municipality
        "IdP'en sendte ingen roller, som systemet kunne få."
        "The IdP sent no roles that the system could get."
        "Giv brugeren en jobfunktionsrolle (fx i OS2rollekatalog), og se, at IdP'en sender privilegierne og er registreret til at kende roller (KenderRoller)."
        "Give the user a job function role (for example in OS2rollekatalog), and see that the IdP sends the privileges and is registered to know roles (KenderRoller).";
    RequestUnsigned "request-unsigned" System System
        "Systemets forespørgsel er ikke underskrevet."
        "The system's request is not signed."
        "Slå signering af AuthnRequest til i systemet."
        "Switch on the signing of AuthnRequests in the system.";
    RequestForeignKey "request-foreign-key" System System
        "Systemets forespørgsel er underskrevet med en anden nøgle end den registrerede."
        "The system's request is signed with another key than the registered one."
        "Er systemets certifikat skiftet? Registrér den nye metadata, eller underskriv med den registrerede nøgle."
        "Was the system's certificate changed? Register the new metadata, or sign with the registered key.";
    ForeignAcs "foreign-acs" System System
        "Systemet beder om svar til en adresse, som ikke står i dets registrerede metadata."
        "The system asks for an answer at an address that is not in its registered metadata."
        "Registrér metadata med den nye AssertionConsumerService, eller ret adressen i systemet; også http/https, port og skråstreg tæller."
        "Register metadata with the new AssertionConsumerService, or correct the address in the system; http/https, port and slash count too.";
    RequestStale "request-stale" System System
        "Systemets forespørgsel er for gammel eller fra fremtiden: systemets ur går forkert, eller siden har stået åben."
        "The system's request is too old or from the future: the system's clock is wrong, or the page was left open."
        "Stil systemets ur efter NTP, og lav forespørgslen, når brugeren trykker, ikke når siden vises."
        "Set the system's clock by NTP, and make the request when the user presses, not when the page is shown.";
    SystemNoEncryptionKey "system-no-encryption-key" System System
        "Systemet er ikke i drift i hubben: dets metadata har ingen brugbar krypteringsnøgle."
        "The hub does not serve the system: its metadata has no usable encryption key."
        "Tilføj en KeyDescriptor use=\"encryption\" (RSA) i systemets metadata, og registrér den igen."
        "Add a KeyDescriptor use=\"encryption\" (RSA) to the system's metadata, and register it again.";
    SystemMetadataExpired "system-metadata-expired" System System
        "Systemets metadata er udløbet (validUntil), så hubben kender ikke systemet længere."
        "The system's metadata has expired (validUntil), so the hub does not know the system any more."
        "Udgiv metadata med en senere validUntil, og registrér den igen (eller lad hubben hente den fra adressen)."
        "Publish metadata with a later validUntil, and register it again (or let the hub fetch it from its address).";
    SystemRefusesHubKey "system-refuses-hub-key" System System
        "Systemet afviser hubbens svar, fordi det ikke kender hubbens nuværende certifikat."
        "The system refuses the hub's answer, because it does not know the hub's certificate of now."
        "Hent hubbens metadata igen i systemet, og indlæs alle dets signeringscertifikater."
        "Fetch the hub's metadata again in the system, and take over all of its signing certificates.";
    SystemRefusesAnswer "system-refuses-answer" System System
        "Hubben loggede brugeren ind, men systemet afviste svaret."
        "The hub logged the user in, but the system refused the answer."
        "Se systemets log ved tidspunktet; det, systemet fandt galt, står i forløbet."
        "See the system's log at that time; what the system found wrong is in the flow.";
    SystemNotLoggedOut "system-not-logged-out" System System
        "Et system logger ikke brugeren ud, når hubben beder om det: det svarede ikke, kunne ikke nås, sagde nej eller har intet SingleLogoutService."
        "A system does not log the user out when the hub asks it to: it did not answer, could not be reached, said no, or has no SingleLogoutService."
        "Systemets drift ser i sin log, hvad der blev af hubbens LogoutRequest. Brugeren lukker browseren."
        "The system's operations see in their log what became of the hub's LogoutRequest. The user closes the browser.";
    IdpNotLoggedOut "idp-not-logged-out" IdentityProvider Municipality
        "IdP'en logger ikke brugeren ud, når hubben beder om det: den svarede ikke, kunne ikke nås, sagde nej eller har intet SingleLogoutService."
        "The IdP does not log the user out when the hub asks it to: it did not answer, could not be reached, said no, or has no SingleLogoutService."
        "Driften af IdP'en ser i sin log, hvad der blev af hubbens LogoutRequest, og om IdP'en kender hubbens SingleLogoutService. Brugeren lukker browseren."
        "The IdP's operations see in their log what became of the hub's LogoutRequest, and whether the IdP knows the hub's SingleLogoutService. The user closes the browser.";
    StoreUnavailable "store-unavailable" Hub Hub
        "Hubben kunne ikke nå sit lager og afviste derfor login."
        "The hub could not reach its store, and so refused the login."
        "Prøv igen om lidt. Driften ser på lageret (disk, rettigheder) og på /readyz."
        "Try again in a while. Operations look at the store (disk, permissions) and at /readyz.";
}

impl Cause {
    /// The cause with this id.
    pub fn named(id: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|cause| cause.info().id == id)
            .or_else(|| Check::named(id).map(Self::Check))
    }
}

fn of_check(check: Check) -> CauseInfo {
    let info = check.info();
    CauseInfo {
        id: info.id,
        actor: info.actor,
        contact: first_contact(info.actor),
        security: false,
        what: info.what,
        remedy: info.remedy,
    }
}

/// Whom the user asks first where nothing but the actor is known.
fn first_contact(actor: Actor) -> Contact {
    match actor {
        Actor::IdentityProvider | Actor::RoleAdministration | Actor::User => Contact::Municipality,
        Actor::System | Actor::Sender => Contact::System,
        Actor::Registration | Actor::Hub => Contact::Hub,
    }
}

impl Serialize for Cause {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.info().id)
    }
}

impl<'de> Deserialize<'de> for Cause {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let id = std::borrow::Cow::<str>::deserialize(from)?;
        Self::named(&id).ok_or_else(|| de::Error::custom(format!("no cause is called {id}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_cause_has_an_id_and_words_of_its_own() {
        let mut seen = HashSet::new();
        for cause in Cause::ALL {
            let info = cause.info();
            assert_eq!(Cause::named(info.id), Some(*cause));
            for text in [info.id, info.what.0, info.what.1] {
                assert!(seen.insert(text), "{text} occurs twice");
            }
            for text in [info.what.0, info.what.1, info.remedy.0, info.remedy.1] {
                assert!(text.ends_with('.') && !text.contains("  "), "{text}");
            }
        }
        assert_eq!(
            Cause::named("IDP-R-015"),
            Some(Cause::Check(Check::ResponseStatus))
        );
        assert_eq!(Cause::named("nothing"), None);
    }
}
