//! The one list of rules: id, severity, where we know it from, who must act, and what to tell them. The order of the
//! list is the order of a document's judgement.

use crate::hub::{Actor, Source};
use serde::Serialize;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The validation service refuses the metadata.
    Error,
    /// It is accepted, and will make trouble.
    Warning,
    /// Worth knowing.
    Note,
}

/// What the table says of one rule.
#[derive(Debug, Clone, Copy)]
pub struct Info {
    /// Stable id.
    pub id: &'static str,
    /// How bad it is to break it.
    pub severity: Severity,
    /// Who must act; none: whoever wrote the metadata.
    pub actor: Option<Actor>,
    /// Whether the real service is known to have the rule.
    pub mark: Source,
    /// The clause, or where else it stands.
    pub clause: &'static str,
    /// What is wrong: Danish, English.
    pub title: (&'static str, &'static str),
    /// What to do: Danish, English.
    pub remedy: (&'static str, &'static str),
    /// The real service's own words, where they are known.
    pub message: Option<&'static str>,
}

macro_rules! rules {
    ($($variant:ident $id:literal $severity:ident $actor:ident $mark:ident $clause:literal
        $title_da:literal $title_en:literal $remedy_da:literal $remedy_en:literal $($message:literal)?;)*) => {
        /// A rule, in the order of the list.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule { $(#[doc = $title_en] $variant,)* }

        impl Rule {
            /// All rules in order.
            pub const ALL: &'static [Rule] = &[$(Rule::$variant,)*];

            /// What the table says of it.
            pub fn info(self) -> &'static Info {
                const TABLE: &[Info] = &[$(Info {
                    id: $id,
                    severity: Severity::$severity,
                    actor: rules!(@actor $actor),
                    mark: Source::$mark,
                    clause: $clause,
                    title: ($title_da, $title_en),
                    remedy: ($remedy_da, $remedy_en),
                    message: rules!(@message $($message)?),
                },)*];
                &TABLE[self as usize]
            }
        }
    };
    (@actor Party) => { None };
    (@actor $actor:ident) => { Some(Actor::$actor) };
    (@message) => { None };
    (@message $message:literal) => { Some($message) };
}

// `MD-V`: metadata, validation. `CH.json` is the real hub's provisioning interface, `/Validation/…SamlMetadata`.
rules! {
    Readable "MD-V-001" Error Party Confirmed "CH.json; hub: no DTD, entity or processing instruction"
        "Metadata kan ikke læses som XML."
        "The metadata cannot be read as XML."
        "Hent filen igen hos den, der har lavet den, uden at redigere i den. En DOCTYPE er aldrig tilladt."
        "Fetch the file again from whoever made it, without editing it. A DOCTYPE is never allowed.";
    OneEntity "MD-V-002" Error Party Inferred "SAML metadata §2.3.2; CH.json: the entityID of the validated EntityDescriptor"
        "Filen skal beskrive præcis én part: én EntityDescriptor yderst."
        "The file must describe exactly one party: one EntityDescriptor on the outside."
        "Tag partens EntityDescriptor ud af samlingen (EntitiesDescriptor), og lad parten signere den for sig."
        "Take the party's EntityDescriptor out of the collection (EntitiesDescriptor), and have the party sign it by itself.";
    Schema "MD-V-003" Error Party Confirmed "CH.json: SAML 2.0 metadata XSD; SAML metadata §2"
        "Metadata overholder ikke skemaet for SAML 2.0-metadata."
        "The metadata does not hold to the schema of SAML 2.0 metadata."
        "Lad programmet lave metadata igen; er filen rettet i hånden, så ret elementernes rækkefølge, navne og værdier."
        "Have the software make the metadata again; where it was edited by hand, mend the order, names and values of its elements.";
    Role "MD-V-004" Error Party Confirmed "CH.json: …'s SPSSODescriptor, …'s IDPSSODescriptor"
        "Den rolle, metadata skal registreres for, står der ikke."
        "The role that the metadata is to be registered for is not there."
        "Et brugervendt system skal have en SPSSODescriptor, en identity provider en IDPSSODescriptor. Er det den rigtige fil?"
        "A user-facing system needs an SPSSODescriptor, an identity provider an IDPSSODescriptor. Is it the right file?";
    OneRole "MD-V-005" Error Party Inferred "SAML metadata §2.4.1"
        "Rollen står der flere gange for SAML 2.0."
        "The role stands there several times for SAML 2.0."
        "Lad der være én, med alle endepunkter og nøgler."
        "Leave one, with all endpoints and keys.";
    Protocol "MD-V-006" Error Party Inferred "SAML metadata §2.4.1 (protocolSupportEnumeration)"
        "Rollen er ikke for SAML 2.0."
        "The role is not for SAML 2.0."
        "Slå SAML 2.0 til i programmet: protocolSupportEnumeration skal indeholde urn:oasis:names:tc:SAML:2.0:protocol."
        "Switch on SAML 2.0 in the software: protocolSupportEnumeration must contain urn:oasis:names:tc:SAML:2.0:protocol.";
    EntityIdForm "MD-V-007" Warning Party Inferred "SAML core §8.3.6; SAML metadata §2.2.1"
        "entityID er ikke en absolut URI."
        "The entityID is not an absolute URI."
        "Brug en URI, for eksempel https://system.kommune.dk/saml, og ikke mellemrum eller et løst navn."
        "Use a URI, such as https://system.kommune.dk/saml, and neither blanks nor a mere name.";
    EntityIdReplaced "MD-V-008" Warning Registration Inferred "CH.json: Id is the entityID"
        "entityID er et andet end det, metadata skal afløse."
        "The entityID is another one than that of the metadata it is to replace."
        "Skal parten skifte navn, er det en ny registrering, og alle modparter skal have det nye entityID. Ellers: behold det gamle."
        "If the party is to change its name, that is a new registration, and everybody needs the new entityID. Else: keep the old one.";
    EntityIdTaken "MD-V-009" Error Registration Confirmed "CH.json: Id, globally unique in the federation"
        "entityID bruges allerede af en anden part."
        "The entityID is used by another party already."
        "Giv parten sit eget entityID, eller ret den registrering, der har det."
        "Give the party an entityID of its own, or change the registration that has it.";

    SignatureMissing "MD-V-010" Error Party Confirmed "CH.json: metadata signature validation; SAML metadata §3"
        "Metadata er ikke signeret."
        "The metadata is not signed."
        "Slå signering af metadata til, og upload filen, som programmet lavede den: uden at formatere eller redigere."
        "Switch on the signing of metadata, and upload the file as the software made it: without formatting or editing."
        "Signature missing: SAML metadata must include a valid XML digital signature.";
    SignatureForm "MD-V-011" Error Party Inferred "SAML metadata §3.1; SAML core §5.4"
        "Signaturen har en form, der ikke er tilladt."
        "The signature has a form that is not allowed."
        "Signér hele EntityDescriptor (Reference til dens ID) først i filen med RSA-SHA256, enveloped og exclusive C14N, og intet andet."
        "Sign the whole EntityDescriptor (a Reference to its ID), first in the file, with RSA-SHA256, enveloped and exclusive C14N, and nothing else.";
    SignatureKey "MD-V-012" Error Party Inferred "XML Signature §4.5"
        "Ingen kan se, hvem der har signeret: der er intet brugbart certifikat at efterprøve med."
        "Nobody can tell who signed: there is no usable certificate to check with."
        "Lad programmet lægge sit certifikat i signaturens KeyInfo (X509Certificate)."
        "Have the software put its certificate into the signature's KeyInfo (X509Certificate).";
    SignatureBroken "MD-V-013" Error Party Confirmed "CH.json: metadata signature validation"
        "Signaturen passer ikke: metadata er ændret efter signering, eller signeret med en anden nøgle."
        "The signature does not fit: the metadata was changed after signing, or signed with another key."
        "Hent filen igen direkte hos programmet. Formatering, et andet tegnsæt eller en mail kan have ændret den."
        "Fetch the file again straight from the software. Formatting, another encoding or an e-mail may have changed it.";
    SignatureForeign "MD-V-014" Note Party Inferred "SAML metadata §3; which key must sign is not published, and the real interface's own sample is signed with another"
        "Metadata er signeret med et andet certifikat end rollens eget."
        "The metadata is signed with another certificate than the role's own."
        "Signér med det certifikat, der står i KeyDescriptor: så er der kun ét at holde øje med."
        "Sign with the certificate in KeyDescriptor: then there is only one to look after.";

    Expired "MD-V-015" Error Party Inferred "SAML metadata §2.3.2 (validUntil)"
        "Metadata er udløbet (validUntil)."
        "The metadata has expired (validUntil)."
        "Hent metadata igen hos parten."
        "Fetch the metadata again from the party.";
    ExpiresSoon "MD-V-016" Warning Party Inferred "SAML metadata §2.3.2 (validUntil); uploaded metadata is not fetched again"
        "Metadata udløber snart (validUntil), og uploadede metadata bliver ikke hentet igen."
        "The metadata expires soon (validUntil), and uploaded metadata is not fetched again."
        "Lad validUntil ude, når metadata uploades, eller registrér dem ved adresse, så de hentes igen."
        "Leave validUntil out where metadata is uploaded, or register it by address, so that it is fetched again.";

    SsoRedirect "MD-V-017" Error Party Confirmed "CH.json: SingleSignOnService must use HTTP-Redirect"
        "Identity provideren har intet SingleSignOnService-endepunkt med HTTP-Redirect."
        "The identity provider has no SingleSignOnService endpoint with HTTP-Redirect."
        "Slå HTTP-Redirect til for login (SingleSignOnService) i IdP'en."
        "Switch on HTTP-Redirect for login (SingleSignOnService) in the IdP."
        "IDPSSODescriptor must have a SingleSignOnService endpoint using the HTTP-Redirect binding.";
    IdpSloRedirect "MD-V-018" Error Party Confirmed "CH.json: SingleLogoutService must use HTTP-Redirect"
        "Identity provideren har intet SingleLogoutService-endepunkt med HTTP-Redirect."
        "The identity provider has no SingleLogoutService endpoint with HTTP-Redirect."
        "Slå HTTP-Redirect til for logout (SingleLogoutService) i IdP'en."
        "Switch on HTTP-Redirect for logout (SingleLogoutService) in the IdP."
        "IDPSSODescriptor must have a SingleLogoutService endpoint using the HTTP-Redirect binding.";
    AcsPost "MD-V-019" Error Party Confirmed "CH.json: AssertionConsumerService must use HTTP-POST"
        "Systemet har intet AssertionConsumerService-endepunkt med HTTP-POST."
        "The system has no AssertionConsumerService endpoint with HTTP-POST."
        "Slå HTTP-POST til for modtagelse af svar (AssertionConsumerService) i systemet."
        "Switch on HTTP-POST for receiving answers (AssertionConsumerService) in the system.";
    SystemSloRedirect "MD-V-020" Error Party Confirmed "CH.json: SingleLogoutService must use HTTP-Redirect"
        "Systemet har intet SingleLogoutService-endepunkt med HTTP-Redirect."
        "The system has no SingleLogoutService endpoint with HTTP-Redirect."
        "Slå HTTP-Redirect til for logout (SingleLogoutService) i systemet."
        "Switch on HTTP-Redirect for logout (SingleLogoutService) in the system.";
    EndpointAddress "MD-V-021" Error Party Inferred "SAML metadata §2.2.2; RFC 3986"
        "Et endepunkt er ingen adresse, en browser kan sendes til."
        "An endpoint is no address that a browser can be sent to."
        "Skriv hele adressen i ASCII: værtsnavnet som xn--…, resten procentkodet."
        "Write the whole address in ASCII: the host as xn--…, the rest percent-encoded.";
    EndpointInsecure "MD-V-022" Error Party Inferred "OIOSAML3: TLS; hub: http only on loopback and *.localhost"
        "Et endepunkt er ikke https."
        "An endpoint is not https."
        "Brug https. Bag en proxy skal programmet kende sin udvendige adresse."
        "Use https. Behind a proxy the software must know its address on the outside.";
    EndpointIndex "MD-V-023" Warning Party Inferred "SAML metadata §2.2.3"
        "To AssertionConsumerService har samme nummer, eller flere er standard."
        "Two AssertionConsumerServices have the same index, or several are the default."
        "Giv hver sit index, og højst én isDefault=\"true\"."
        "Give each an index of its own, and at most one isDefault=\"true\".";

    SigningKey "MD-V-024" Error Party Inferred "CH.json: KeyDescriptor validation; SAML metadata §2.4.1.1"
        "Rollen har ingen nøgle til underskrift."
        "The role has no key for signing."
        "Tilføj en KeyDescriptor med use=\"signing\" og partens certifikat."
        "Add a KeyDescriptor with use=\"signing\" and the party's certificate.";
    EncryptionKey "MD-V-025" Error Party Inferred "OIOSAML3: assertions are encrypted; CH.json: KeyDescriptor validation"
        "Systemet har ingen nøgle at kryptere til."
        "The system has no key to encrypt for."
        "Tilføj en KeyDescriptor med use=\"encryption\" og samme certifikat som til underskrift."
        "Add a KeyDescriptor with use=\"encryption\" and the same certificate as for signing.";
    OneCertificate "MD-V-026" Error Party Inferred "OS2AI: one certificate for signing and encryption; Micro Focus §6.12.7"
        "Rollen har et certifikat til underskrift og et andet til kryptering."
        "The role has one certificate for signing and another for encryption."
        "Brug ét certifikat til begge dele."
        "Use one certificate for both.";
    SeveralSigning "MD-V-027" Warning Party Inferred "OS2faktor: uploaded metadata holds one certificate; by address it may hold two"
        "Der står flere certifikater til underskrift; i uploadede metadata kan kun ét registreres."
        "There are several certificates for signing; of uploaded metadata only one can be registered."
        "Upload metadata med ét, eller registrér metadata ved adresse, når et certifikat skal skiftes med overlap."
        "Upload metadata with one, or register it by address where certificates are to be changed with an overlap.";
    KeyCertificate "MD-V-028" Error Party Inferred "CH.json: OCES3 certificate validation"
        "En KeyDescriptor har intet certifikat."
        "A KeyDescriptor has no certificate."
        "Læg certifikatet i KeyInfo som X509Certificate; et navn eller en nøgle alene er ikke nok."
        "Put the certificate into KeyInfo as X509Certificate; a name or a mere key is not enough.";
    CertificateUnreadable "MD-V-029" Error Party Inferred "CH.json: OCES3 certificate validation"
        "Et certifikat kan ikke læses."
        "A certificate cannot be read."
        "X509Certificate skal være certifikatets base64 uden BEGIN- og END-linjer."
        "X509Certificate must be the base64 of the certificate, without BEGIN and END lines.";
    CertificateStack "MD-V-030" Warning Party Inferred "SAML metadata interoperability profile §2.6.1"
        "En KeyDescriptor har flere forskellige certifikater."
        "A KeyDescriptor has several different certificates."
        "Lad kun partens eget stå. Udstederens hører ikke hjemme her, og kun det første bliver brugt."
        "Leave the party's own one only. The issuer's has no place here, and only the first is used.";

    KeyTooSmall "MD-V-031" Error Party Inferred "SAML2int SDP-MD06: RSA from 2048 bits"
        "Nøglen er for kort."
        "The key is too short."
        "Bestil et nyt OCES3-certifikat: RSA med 3072 bit."
        "Order a new OCES3 certificate: RSA with 3072 bits.";
    KeyShort "MD-V-032" Warning Party Inferred "the OCES3 certificates that were seen have 3072 bits; SDP-MD06"
        "Nøglen er kortere end OCES3's 3072 bit."
        "The key is shorter than the 3072 bits of OCES3."
        "Tag 3072 bit ved næste certifikat."
        "Take 3072 bits with the next certificate.";
    KeyKind "MD-V-033" Error Party Inferred "OIOSAML3: RSA-SHA256, RSA-OAEP"
        "Nøglens type kan ikke bruges til det, den står til."
        "The key is of a kind that cannot be used for what it stands there for."
        "Brug RSA. En nøgle på en elliptisk kurve kan skrive under, men ingen kan kryptere til den."
        "Use RSA. A key on an elliptic curve can sign, but nobody can encrypt for it.";
    KeyUsage "MD-V-034" Error Party Inferred "RFC 5280 §4.2.1.3; OCES3: digitalSignature and keyEncipherment"
        "Certifikatet må ikke bruges til det, det står til."
        "The certificate is not made for what it stands there for."
        "Bestil et OCES3-systemcertifikat: det er til både underskrift og kryptering."
        "Order an OCES3 system certificate: it is for signing and for encryption.";
    AuthorityCertificate "MD-V-035" Error Party Inferred "RFC 5280 §4.2.1.9 (basicConstraints)"
        "Certifikatet er en CA's, ikke en parts."
        "The certificate is that of a CA, not of a party."
        "Læg partens eget certifikat i metadata."
        "Put the party's own certificate into the metadata.";
    Oces2 "MD-V-036" Error Party Confirmed "OCES2 is out of use since 31 October 2023"
        "Certifikatet er OCES2, som er udfaset."
        "The certificate is OCES2, which is out of use."
        "Bestil et OCES3-systemcertifikat hos Den Danske Stat Tillidstjenester."
        "Order an OCES3 system certificate from Den Danske Stat Tillidstjenester.";
    EmployeeCertificate "MD-V-037" Error Party Inferred "DK: a systemcertifikat is asked for"
        "Certifikatet er en medarbejders, ikke et systems."
        "The certificate is that of an employee, not of a system."
        "Bestil et systemcertifikat (eller organisationscertifikat)."
        "Order a system certificate (or one of the organisation).";
    SubjectSerial "MD-V-038" Error Party Inferred "CH.json: not OCES3 compliant; OCES3: serialNumber UI:DK-O:G:<uuid>"
        "Certifikatets serialNumber er ikke et OCES3-certifikats (UI:DK-O:G: og et UUID)."
        "The certificate's serialNumber is not that of an OCES3 certificate (UI:DK-O:G: and a UUID)."
        "Brug et OCES3-certifikat; andre certifikater godtages ikke."
        "Use an OCES3 certificate; no others are accepted.";
    SubjectCvr "MD-V-039" Error Party Inferred "CH.json: not OCES3 compliant; ETSI EN 319 412-1 §5.1.4"
        "Certifikatet siger ikke, hvilket CVR-nummer det er udstedt til (organizationIdentifier)."
        "The certificate does not say which CVR number it was issued to (organizationIdentifier)."
        "Brug et OCES3-certifikat: organizationIdentifier er NTRDK- og otte cifre."
        "Use an OCES3 certificate: organizationIdentifier is NTRDK- and eight digits.";
    Policy "MD-V-040" Error Party Inferred "CH.json: not OCES3 compliant; policy 1.2.208.169.1.1.1.3.7"
        "Certifikatet er ikke udstedt efter OCES3's politik for organisationer og systemer."
        "The certificate was not issued under the policy of OCES3 for organisations and systems."
        "Brug et OCES3-system- eller organisationscertifikat."
        "Use an OCES3 certificate of a system or an organisation.";
    SelfSigned "MD-V-041" Error Party Confirmed "FoxIDs: self-signed certificates are not accepted"
        "Certifikatet er udstedt af sig selv."
        "The certificate was issued by itself."
        "Bestil et OCES3-certifikat, og lad IdP'en eller systemet bruge det i stedet for det, programmet selv har lavet."
        "Order an OCES3 certificate, and have the IdP or system use it instead of the one that the software made.";
    IssuerUntrusted "MD-V-042" Error Party Confirmed "CH.json: OCES3 certificate validation"
        "Certifikatets udsteder er ingen CA, der er tillid til."
        "The issuer of the certificate is no CA that is trusted."
        "Brug et OCES3-certifikat. Er CA'en jeres egen test-CA, så angiv dens certifikat (--ca)."
        "Use an OCES3 certificate. If the CA is your own test CA, give its certificate (--ca).";
    IssuerUnchecked "MD-V-043" Note Registration Confirmed "CH.json: OCES3 certificate validation"
        "Udstederen har samme navn som en OCES3-CA, men kæden er ikke efterprøvet: CA'ens certifikat er ikke givet."
        "The issuer has the name of a CA of OCES3, but the chain was not checked: the CA's certificate was not given."
        "Angiv den udstedende CA's certifikat (--ca); det kan hentes hos Den Danske Stat Tillidstjenester."
        "Give the certificate of the issuing CA (--ca); Den Danske Stat Tillidstjenester hands it out.";
    TestEnvironment "MD-V-044" Warning Party Inferred "FoxIDs: every environment wants certificates of the production CA"
        "Certifikatet er fra OCES3's testmiljø; selv føderationens testmiljøer bruger produktionscertifikater."
        "The certificate is from OCES3's test environment; even the federation's test environments use production certificates."
        "Bestil et systemcertifikat i produktion, ét for hvert miljø."
        "Order a system certificate in production, one for each environment.";
    CertificateExpired "MD-V-045" Error Party Confirmed "CH.json: certificate validation errors (expired)"
        "Certifikatet er udløbet."
        "The certificate has expired."
        "Bestil et nyt, skift det i programmet, og upload de nye metadata."
        "Order a new one, change it in the software, and upload the new metadata.";
    CertificateNotYet "MD-V-046" Error Party Inferred "RFC 5280 §4.1.2.5"
        "Certifikatet gælder ikke endnu."
        "The certificate is not valid yet."
        "Vent med at registrere det, til det gælder."
        "Wait until it is valid before registering it.";
    CertificateSoon "MD-V-047" Warning Party Inferred "hub: thirty days before its end"
        "Certifikatet udløber snart."
        "The certificate expires soon."
        "Planlæg skiftet nu: vejviser rehearse viser, hvem der skal gøre noget."
        "Plan the change now: vejviser rehearse shows who must act.";
    Revoked "MD-V-048" Error Party Confirmed "CH.json: revocation by OCSP or CRL"
        "Certifikatet er spærret."
        "The certificate was revoked."
        "Bestil et nyt, og find ud af, hvorfor det blev spærret: nøglen kan være kommet i andres hænder."
        "Order a new one, and find out why it was revoked: somebody else may have the key.";
    RevocationUnknown "MD-V-049" Error Party Inferred "RFC 6960 §2.2 (unknown)"
        "Udstederen kender ikke certifikatet."
        "The issuer does not know the certificate."
        "Er det fra den rigtige CA og det rigtige miljø? Ellers bestil et nyt."
        "Is it of the right CA and the right environment? Else order a new one.";
    RevocationUnreachable "MD-V-050" Error Registration Confirmed "CH.json: 503, external validation services (OCSP/CRL) are not accessible"
        "Det kunne ikke afgøres, om certifikatet er spærret."
        "It could not be found out whether the certificate was revoked."
        "Prøv igen senere; bliver det ved, så se, om udstederens OCSP og spærreliste kan nås herfra."
        "Try again later; if it goes on, see whether the issuer's OCSP and revocation list can be reached from here.";
    RevocationNotAsked "MD-V-051" Note Registration Confirmed "CH.json: revocation by OCSP or CRL"
        "Der er ikke spurgt, om certifikatet er spærret."
        "Nobody asked whether the certificate was revoked."
        "Giv udstederens spærreliste (--crl)."
        "Give the issuer's revocation list (--crl).";
    CertificateTaken "MD-V-052" Error Party Confirmed "CH.json: certificate uniqueness conflict"
        "Certifikatet eller dets nøgle bruges allerede af en anden part."
        "The certificate or its key is used by another party already."
        "Hver forbindelse og hvert miljø skal have sit eget certifikat på sin egen nøgle."
        "Every connection and every environment needs a certificate of its own, on a key of its own.";
    KeyPublished "MD-V-053" Warning Party Inferred "hub: the shipped test PKI is public"
        "Den private nøgle er offentlig: den følger med Vejviser."
        "The private key is public: it comes with Vejviser."
        "Lav en nøgle for jer selv; vejviser certs new gør det."
        "Make a key of your own; vejviser certs new does.";

    Unsigned "MD-V-054" Warning Party Confirmed "the real hub's own metadata: WantAuthnRequestsSigned"
        "Systemet siger, at det ikke signerer sine forespørgsler (AuthnRequestsSigned)."
        "The system says that it does not sign its requests (AuthnRequestsSigned)."
        "Slå signering af AuthnRequest til: hubben afviser usignerede."
        "Switch on the signing of AuthnRequests: the hub refuses unsigned ones.";
    EncryptionMethods "MD-V-055" Warning Party Inferred "OIOSAML3: AES-GCM with RSA-OAEP; hub: CBC only by override"
        "Ingen af de krypteringsalgoritmer, rollen nævner, er en, hubben bruger af sig selv."
        "None of the encryption algorithms that the role names is one that the hub uses by itself."
        "Nævn AES-GCM (aes128-gcm eller aes256-gcm) og RSA-OAEP, eller lad EncryptionMethod ude."
        "Name AES-GCM (aes128-gcm or aes256-gcm) and RSA-OAEP, or leave EncryptionMethod out.";
    NameIdFormats "MD-V-056" Note Party Confirmed "KOMBIT's attribute profile: X509SubjectName is what is issued"
        "X509SubjectName, som føderationen bruger, er ikke blandt rollens NameIDFormat."
        "X509SubjectName, which the federation uses, is not among the role's NameIDFormats."
        "Tilføj det, eller lad NameIDFormat ude; hubben retter sig ikke efter listen."
        "Add it, or leave NameIDFormat out; the hub does not go by the list.";
    OtherRoles "MD-V-057" Note Party Inferred "hub: one role is registered at a time"
        "Filen beskriver også andre roller, som denne registrering ikke bruger."
        "The file describes other roles too, which this registration does not use."
        "Intet skal gøres; vil man have en fil, der er let at læse, lader man dem ude."
        "Nothing has to be done; for a file that is easy to read, leave them out.";
    AttributeNamespace "MD-V-058" Warning Party Confirmed "SAML metadata extension for entity attributes §2; the real hub's own metadata has this"
        "Attributter i EntityAttributes står i udvidelsens navnerum i stedet for SAML's."
        "Attributes in EntityAttributes stand in the namespace of the extension instead of SAML's."
        "Skriv dem som Attribute og AttributeValue i urn:oasis:names:tc:SAML:2.0:assertion. OpenSAML og Shibboleth afviser filen, som den er."
        "Write them as Attribute and AttributeValue in urn:oasis:names:tc:SAML:2.0:assertion. OpenSAML and Shibboleth refuse the file as it is.";
    AttributesInRole "MD-V-059" Note Party Confirmed "SAML metadata extension for entity attributes §2; the real hub's own metadata has this"
        "EntityAttributes står i rollens Extensions i stedet for i EntityDescriptors."
        "EntityAttributes stand in the Extensions of the role instead of those of EntityDescriptor."
        "Flyt dem op. Mange programmer leder kun i EntityDescriptor og finder dem ikke her."
        "Move them up. Much software looks in EntityDescriptor only, and does not find them here.";
    AttributeRepeated "MD-V-060" Note Party Confirmed "SAML core §2.7.3; the real hub's own metadata has this"
        "Samme attribut står der flere gange med hver sin værdi."
        "The same attribute stands there several times with a value each."
        "Saml værdierne i én Attribute. Nogle programmer ser kun den første."
        "Put the values into one Attribute. Some software sees the first only.";
    ForeignAttributes "MD-V-061" Note Party Confirmed "KOMBIT's attribute profile; the real hub's own metadata has this"
        "Metadata nævner attributter, som KOMBITs profil ikke har."
        "The metadata names attributes that KOMBIT's profile does not have."
        "Intet skal gøres: hubben retter sig efter registreringen, ikke efter listen. Den kan vildlede læsere."
        "Nothing has to be done: the hub goes by the registration, not by the list. It may mislead readers.";
    Placeholder "MD-V-062" Note Party Confirmed "the real hub's own metadata has this"
        "Organisation eller kontaktperson er en skabelons pladsholder."
        "The organisation or contact is the placeholder of a template."
        "Skriv, hvem der svarer på spørgsmål om parten."
        "Write who answers questions about the party.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn ids_are_unique_in_order_and_no_checks() {
        let checks: HashSet<&str> = (crate::hub::Check::ALL.iter())
            .map(|check| check.info().id)
            .collect();
        for (at, rule) in Rule::ALL.iter().enumerate() {
            let info = rule.info();
            assert_eq!(info.id, format!("MD-V-{:03}", at + 1));
            assert!(!checks.contains(info.id));
            for text in [info.title.0, info.title.1, info.remedy.0, info.remedy.1] {
                assert!(text.ends_with(['.', '?']), "{text}");
            }
            assert!(!info.clause.is_empty());
        }
    }
}
