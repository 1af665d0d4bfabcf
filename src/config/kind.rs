//! Every kind of problem, once: its id, whether it is fatal, who must act, and its title in two languages.

use crate::hub::Actor;

/// What a problem stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The hub does not start.
    Fatal,
    /// An error in what one party sends, which comes with time and not with an edit: the hub starts without that
    /// party, since one municipality must not stop all others.
    LeftOut,
    /// Nothing.
    Warning,
}

/// A kind of problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// Stable id.
    pub id: &'static str,
    /// What it stops.
    pub severity: Severity,
    /// Who must act; none means whoever owns the metadata.
    pub actor: Option<Actor>,
    /// Title in Danish.
    pub da: &'static str,
    /// Title in English.
    pub en: &'static str,
}

impl Kind {
    /// The kind with this id.
    pub fn by_id(id: &str) -> Option<&'static Kind> {
        KINDS.iter().find(|kind| kind.id == id)
    }
}

macro_rules! kinds {
    ($($name:ident $severity:ident $actor:ident $id:literal $da:literal $en:literal;)*) => {
        $(pub(crate) const $name: &Kind = &Kind { id: $id, severity: kinds!(@$severity), actor: kinds!(@$actor), da: $da, en: $en };)*
        /// All kinds.
        pub const KINDS: &[Kind] = &[$(*$name,)*];
    };
    (@fatal) => { Severity::Fatal };
    (@left_out) => { Severity::LeftOut };
    (@warning) => { Severity::Warning };
    (@Party) => { None };
    (@Registration) => { Some(Actor::Registration) };
}

kinds! {
    SYNTAX fatal Registration "config::syntax" "Filen er ikke gyldig TOML" "The file is not valid TOML";
    UNKNOWN_KEY fatal Registration "config::unknown-key" "Ukendt nøgle" "Unknown key";
    UNKNOWN_WORD fatal Registration "config::unknown-word" "Ukendt værdi" "Unknown value";
    WRONG_TYPE fatal Registration "config::wrong-type" "Værdien har forkert form" "The value has the wrong form";
    MISSING_KEY fatal Registration "config::missing-key" "Nøgle mangler" "Missing key";
    BAD_NAME fatal Registration "config::bad-name" "Kortnavnet kan ikke bruges" "The short name cannot be used";
    DUPLICATE_NAME fatal Registration "config::duplicate-name" "Kortnavnet er brugt to gange" "The short name is used twice";
    DUPLICATE_ID fatal Registration "config::duplicate-id" "Id er brugt to gange" "The id is used twice";
    MISSING_FILE fatal Registration "config::missing-file" "Filen kan ikke læses" "The file cannot be read";
    DEMO_ONLY fatal Registration "config::demo-only" "Findes kun i demoen" "Exists only in the demo";
    UNKNOWN_REPLACEMENT fatal Registration "config::unknown-replacement" "Afløseren findes ikke" "The replacement does not exist";
    UNKNOWN_ORGANISATION warning Registration "config::unknown-organisation" "Organisationen har intet navn" "The organisation has no name";
    MISSING_METADATA fatal Registration "config::missing-metadata" "Metadata mangler" "Missing metadata";
    MISSING_LEVEL fatal Registration "config::missing-level" "Sikringsniveau mangler" "Missing assurance level";
    LEVEL_NOT_ALLOWED fatal Registration "config::level-not-allowed" "NSIS-niveau passer ikke til OIOSAML2" "An NSIS level does not go with OIOSAML2";
    LEVEL_IGNORED warning Registration "config::level-ignored" "NSIS-niveauet bliver ikke brugt" "The NSIS level is not used";
    INACTIVE warning Registration "config::inactive" "Identity provideren er ikke aktiv" "The identity provider is not active";
    ROLES_UNKNOWN warning Registration "config::roles-unknown" "Identity provideren er registreret uden roller, men dens personer har nogle" "The identity provider is registered without roles, and its people have some";
    GENERATION fatal Registration "config::generation" "Generation og dato modsiger hinanden" "Generation and date contradict each other";
    RELAY_STATE fatal Registration "config::relay-state-template" "RelayState-skabelonen kan ikke bruges" "The RelayState template cannot be used";
    ENCRYPTION_OVERRIDE fatal Registration "config::encryption-override" "Ukendt krypteringsalgoritme" "Unknown encryption algorithm";
    UNENCRYPTED warning Registration "config::unencrypted" "Svar sendes ukrypteret" "Assertions are sent in clear";
    INSECURE_URL fatal Registration "config::insecure-url" "Adressen er ikke https" "The address is not https";
    REAL_FEDERATION fatal Registration "config::real-federation" "Adressen tilhører den rigtige føderation" "The address belongs to the real federation";
    TRUST fatal Registration "config::trust" "Oplysningerne om, hvordan parten skifter certifikat, modsiger hinanden" "What is said of how the party takes over a certificate contradicts itself";
    PERSONA fatal Registration "config::persona" "Det, personaen gør, modsiger sig selv" "What the persona does contradicts itself";
    PLAN_SUBJECT fatal Registration "plan::subject" "Planen skifter certifikat hos en part, der ikke findes" "The plan changes the certificate of a party that does not exist";
    PLAN_PARTY fatal Registration "plan::party" "Parten findes ikke" "The party does not exist";
    PLAN_WINDOW fatal Registration "plan::window" "Tidspunkterne passer ikke med servicevinduet" "The times do not go with the service window";
    PLAN_CONTRADICTION fatal Registration "plan::contradiction" "Planen modsiger sig selv" "The plan contradicts itself";
    PLAN_STEP fatal Registration "plan::step" "Trinnet kan ikke udføres" "The step cannot be done";
    PLAN_NEVER fatal Registration "plan::never" "Planen når aldrig frem" "The plan never gets there";
    PLAN_CERTIFICATE fatal Registration "plan::certificate" "Certifikatet er udløbet eller gælder ikke endnu" "The certificate has expired or is not valid yet";
    PLAN_PRETENDS warning Registration "plan::pretends" "Certifikatet udløber på et andet tidspunkt, end øvelsen lader, som om" "The certificate ends at another moment than the rehearsal pretends";
    PLAN_KEY fatal Registration "plan::same-key" "Nøglen passer ikke med strategien" "The key does not go with the strategy";
    NO_HUB_KEY fatal Registration "config::no-hub-key" "Hubben har ingen nøgle" "The hub has no key";
    KEY_UNREADABLE fatal Registration "key::unreadable" "Nøglen kan ikke bruges" "The key cannot be used";
    KEY_MISMATCH fatal Registration "key::mismatch" "Nøgle og certifikat hører ikke sammen" "Key and certificate do not belong together";
    KEY_GENERATION fatal Registration "key::generation" "To nøgler har samme opgave" "Two keys have the same task";
    KEY_STILL_REGISTERED warning Registration "key::still-registered" "Nøglen er ikke udskiftet endnu" "The key has not been rotated out";
    KEY_TEST_PKI fatal Party "key::test-pki" "Nøglen er offentlig" "The key is public";
    KEY_EXPIRED warning Party "key::expired" "Certifikatet er udløbet" "The certificate has expired";
    KEY_EXPIRES_SOON warning Party "key::expires-soon" "Certifikatet udløber snart" "The certificate expires soon";
    KEY_NOT_YET_VALID warning Party "key::not-yet-valid" "Certifikatet gælder ikke endnu" "The certificate is not valid yet";
    KEY_WRONG_USAGE warning Party "key::wrong-usage" "Certifikatet må ikke bruges til dette" "The certificate is not for this use";
    METADATA_UNREADABLE fatal Party "metadata::unreadable" "Metadata kan ikke læses" "The metadata cannot be read";
    METADATA_SIGNATURE fatal Party "metadata::signature" "Metadata er ændret efter underskrift" "The metadata was changed after signing";
    SIGNATURE_UNCHECKED warning Party "metadata::signature-unchecked" "Underskriften på metadata kan ikke efterprøves" "The signature of the metadata cannot be checked";
    METADATA_ENTITY_ID fatal Registration "metadata::entity-id" "entityID passer ikke med id" "The entityID is not the registered id";
    METADATA_WRONG_ROLE fatal Party "metadata::wrong-role" "Metadata har ikke den rolle" "The metadata lacks the role";
    METADATA_EXPIRED left_out Party "metadata::expired" "Metadata er udløbet" "The metadata has expired";
    NO_REDIRECT_SSO fatal Party "metadata::no-redirect-sso" "SingleSignOnService med HTTP-Redirect mangler" "No SingleSignOnService with HTTP-Redirect";
    NO_POST_ACS fatal Party "metadata::no-post-acs" "AssertionConsumerService med HTTP-POST mangler" "No AssertionConsumerService with HTTP-POST";
    METADATA_ENDPOINT fatal Party "metadata::endpoint" "Endepunktet er ingen adresse" "The endpoint is no address";
    INSECURE_ENDPOINT fatal Party "metadata::insecure-endpoint" "Endepunktet er ikke https" "The endpoint is not https";
    NO_SIGNING_KEY fatal Party "metadata::no-signing-key" "Ingen brugbar signeringsnøgle" "No usable signing key";
    UNUSABLE_KEY warning Party "metadata::unusable-key" "En af nøglerne kan ikke bruges" "One of the keys cannot be used";
    REGISTRY_OBJECTS fatal Registration "registry::objects" "Det, der registreres, passer ikke sammen" "What is registered does not go together";
    REGISTRY_UNSERVED warning Registration "registry::unserved" "Registreret, men uden virkning" "Registered, but without effect";
    METADATA_TWICE fatal Registration "metadata::twice" "Metadata er angivet to gange" "Metadata is given twice";
    METADATA_ADDRESS fatal Registration "metadata::address" "Adressen på metadata kan ikke bruges" "The address of the metadata cannot be used";
    METADATA_FETCHED warning Registration "metadata::fetched" "Metadata hentes først, når hubben kører" "The metadata is fetched when the hub runs";
    METADATA_SHARED_KEY fatal Party "metadata::shared-key" "To parter har samme nøgle" "Two parties have the same key";
    NO_ENCRYPTION_KEY fatal Party "metadata::no-encryption-key" "Ingen brugbar krypteringsnøgle" "No usable encryption key";
    NO_ENCRYPTION_METHOD fatal Party "metadata::no-encryption-method" "Ingen tilladt krypteringsalgoritme" "No encryption algorithm that is allowed";
}
