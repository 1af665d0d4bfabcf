//! What each rule of [`super::trace::RULES`] is, where we know it from, and which setting changes it: what the book and
//! `/kontroller` show. The decisions of a flow carry the mark that held for them.

use super::Source;

/// What the table says of one rule.
#[derive(Debug, Clone, Copy)]
pub struct RuleInfo {
    /// Stable name, as decisions and `[[observed]]` have it.
    pub name: &'static str,
    /// Where it comes from; several, where that depends on what it looks at.
    pub marks: &'static [Source],
    /// What it stands in.
    pub source: &'static str,
    /// The settings that change it.
    pub settings: &'static [&'static str],
    /// What it decides: Danish, English.
    pub what: (&'static str, &'static str),
}

/// The rule with this name; none for what only this hub has, such as a trial.
pub fn named(name: &str) -> Option<&'static RuleInfo> {
    RULES.iter().find(|rule| rule.name == name)
}

impl Source {
    /// As staff say it: Danish, English.
    pub fn text(self) -> (&'static str, &'static str) {
        match self {
            Self::Observed => ("set hos den rigtige hub", "seen at the real hub"),
            Self::Confirmed => ("bekræftet", "confirmed"),
            Self::Inferred => ("udledt", "inferred"),
            Self::Setting => ("indstilling", "setting"),
        }
    }
}

macro_rules! rules {
    ($($name:literal $($mark:ident)+, $source:literal [$($setting:literal)*] $da:literal $en:literal;)*) => {
        /// All of them, in the order of [`super::trace::RULES`].
        pub const RULES: &[RuleInfo] = &[$(RuleInfo {
            name: $name,
            marks: &[$(Source::$mark),+],
            source: $source,
            settings: &[$($setting),*],
            what: ($da, $en),
        },)*];
    };
}

rules! {
    "generation" Confirmed, "KOMBIT programledermøde November 2024: Context Handler 1 sent no level" []
        "Om systemet stadig behandles som under Context Handler 1, der ikke medsendte noget niveau."
        "Whether the system is still treated as under Context Handler 1, which sent no level.";
    "required-level" Confirmed Setting, "CH.json BrugervendtSystem.AssuranceLevel, NSISAssuranceLevel; SAML core §3.3.2.2.1" ["requested_level"]
        "Hvilket niveau systemet kræver: det registrerede, eller det højeste af det og forespørgslens."
        "Which level the system needs: the registered one, or the higher of that and the request's.";
    "idp-choice/idp-list" Setting, "SAML core §3.4.1.3.1 (IDPList)" ["honour_idp_list"]
        "Forespørgslen nævner præcis én aktiv identity provider, så den bruges."
        "The request names exactly one active identity provider, so that one is used.";
    "idp-choice/only-one" Inferred, "CH.json IdentityProvider.Anvenderkontekster" []
        "Der er kun én aktiv identity provider, så ingen bliver spurgt."
        "There is only one active identity provider, so nobody is asked.";
    "idp-choice/source-address" Confirmed, "CH.json IdentityProvider.IpAdresser" []
        "Brugerens IP-adresse er registreret hos præcis én identity provider."
        "The user's IP address is registered at exactly one identity provider.";
    "idp-choice/remembered" Confirmed Setting, "KOMBIT programledermøde November 2024: «husk mit valg»" ["remembered_choice" "remembered_choice_days"]
        "Browseren husker et valg, og det bruges."
        "The browser remembers a choice, and it is used.";
    "idp-choice/not-remembered" Confirmed Setting, "KOMBIT programledermøde November 2024: «husk mit valg»" ["remembered_choice"]
        "Browseren husker et valg, men det bruges ikke denne gang."
        "The browser remembers a choice, but it is not used this time.";
    "idp-choice/replaced" Setting, "not published; replaced_by is ours" ["remembered_choice"]
        "Den huskede identity provider har fået en afløser."
        "The remembered identity provider has a successor.";
    "idp-choice/chooser" Confirmed, "CH.json IdentityProvider.Praesentationsnavn; KOMBIT programledermøde November 2024" []
        "Brugeren vælger selv på en liste."
        "The user chooses from a list.";
    "idp-choice/picked" Confirmed, "CH.json IdentityProvider.Praesentationsnavn" []
        "Hvad brugeren valgte på listen."
        "What the user chose from the list.";
    "idp-choice/mobile" Setting, "CH.json IdentityProvider.Mobilvenlig" ["mobile_filter"]
        "En mobil browser får kun tilbudt identity providere, der er registreret som mobilvenlige."
        "A mobile browser is offered only identity providers that are registered as fit for mobile use.";
    "under-assured" Setting, "KOMBIT programledermøde November 2024: OIOSAML2 – Without requested LoA" ["under_assured_logins"]
        "Profilen spørger ikke om noget niveau; om et for lavt niveau så slipper igennem."
        "The profile asks for no level; whether a level too low then gets through.";
    "nsis-need-at-oiosaml2-idp" Setting, "KOMBIT programledermøde November 2024: table of profiles, empty cells" ["nsis_need_at_oiosaml2_idp"]
        "Systemet kræver NSIS, men identity provideren er registreret med en profil, der kun kan udtrykke NIST."
        "The system needs NSIS, but the identity provider is registered with a profile that can only state NIST.";
    "request-profile" Confirmed Inferred Setting, "KOMBIT programledermøde November 2024: table of profiles; CH.json OIOSAMLProfile" ["multipleauthn_from"]
        "Hvad der sendes i RequestedAuthnContext til identity provideren."
        "What is sent to the identity provider in RequestedAuthnContext.";
    "comparison" Setting, "OIOSAML3 [OIO-SP-06]; SAML core §3.3.2.2.1" ["level_comparison" "multipleauthn_comparison"]
        "Hvilken Comparison der sendes med."
        "Which Comparison is sent with it.";
    "requester-id" Setting, "CH.json IdentityProvider.SupportsScope; SAML core §3.4.1.2" ["requester_id"]
        "Hvad RequesterID siger om, hvem der egentlig spørger."
        "What RequesterID says of who is really asking.";
    "relay-state" Setting, "KOMBIT programledermøde November 2024: OIOSAML3 – ADFS relay state; SAML bindings §3.4.3" ["relay_state_template" "relay_state_words"]
        "Hvordan niveauet skrives i RelayState."
        "How the level is written in RelayState.";
    "request-conditions" Setting, "sample messages of 2015" ["request_conditions"]
        "Om forespørgslen til identity provideren har Conditions."
        "Whether the request to the identity provider has Conditions.";
    "unsigned-status" Setting, "SAML core §3.2.2; profiles §4.1.4.5" ["unsigned_status"]
        "Identity provideren afviste uden signatur; afslaget gives videre som et afslag."
        "The identity provider refused without a signature; the refusal is passed on as a refusal.";
    "level-reached" Inferred, "sample messages of 2023; NSIS" []
        "Hvilket niveau brugeren nåede: af attributten, ellers af AuthnContextClassRef; det laveste, der står."
        "Which level the user reached: by the attribute, else by AuthnContextClassRef; the lowest one stated.";
    "level-enforced" Setting, "KOMBIT programledermøde November 2024" ["under_assured_logins"]
        "Et for lavt niveau slap igennem, fordi profilen ikke spørger om noget."
        "A level too low got through, because the profile asks for nothing.";
    "issued-level" Inferred, "sample messages of 2023; CH.json OIOSAMLProfile (conversion)" ["assurance_level_for_oiosaml3"]
        "Hvilket niveau systemet får at vide: det nåede, aldrig det krævede."
        "Which level the system is told: the one reached, never the one needed.";
    "user-claims" Setting, "CH.json Users, AttributServices" ["roles.user_claims"]
        "Hvad der lægges til fra en registreret bruger, fordi identity provideren ikke siger det."
        "What is added from a registered user because the identity provider does not say it.";
    "roles" Inferred Setting, "OIO-BPP 1.0.1 to 1.2; sample messages of 2023; CH.json RoleMappings" ["roles"]
        "Hvad der blev af brugerens jobfunktionsroller."
        "What became of the user's job function roles.";
    "encryption" Inferred Setting, "the system's metadata (EncryptionMethod); a system built for the real hub" []
        "Hvordan svaret til systemet krypteres: efter systemets metadata, ellers AES-256-GCM."
        "How the answer to the system is encrypted: by the system's metadata, else AES-256-GCM.";
    "single-sign-on" Setting, "not published; SAML profiles §4.1.3.5" ["single_sign_on" "session_idle_minutes"]
        "Brugeren er logget ind i forvejen, og systemet får sit svar uden at identity provideren bliver spurgt."
        "The user is logged in already, and the system is answered without asking the identity provider.";
    "step-up" Inferred, "CH.json IdentityProvider.SupportsStepUp; SAML core §3.3.2.2.1" ["single_sign_on"]
        "Systemet kræver mere, end brugerens session har: om identity provideren bliver spurgt igen."
        "The system needs more than the user's session has: whether the identity provider is asked again.";
    "logout-order" Inferred, "SAML profiles §4.4.3.3" []
        "Hvem der får besked om et log ud, og i hvilken rækkefølge: systemerne, som de blev logget ind, og identity provideren til sidst."
        "Who is told of a logout, and in which order: the systems as they were logged in, and the identity provider last.";
    "logout-party" Setting, "SAML core §3.7.3.2 (PartialLogout)" []
        "En part svarede ikke, kunne ikke nås eller har intet SingleLogoutService."
        "A party did not answer, could not be reached, or has no SingleLogoutService.";
}
