//! The one list of cases: id, what a system must do, the clause, and what to tell people. The order of the list is the order
//! of every report.
//!
//! Every case has a defect of the demo system that makes exactly it fail; a case without one does not compile.

/// How much it matters that a system does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A system that does not is unsafe, or its users cannot log in.
    Must,
    /// A system that does not will make trouble for somebody.
    Should,
}

/// What becomes of the user in a system that does right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Expect {
    /// The user is logged in.
    LoggedIn,
    /// The user is not logged in, and no server error tells so.
    Refused,
    /// Logged in or not, as the system has it; but no server error.
    Orderly,
    /// Something else, which the case itself looks at.
    Own,
}

/// A part of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Chapter {
    /// Logins that must succeed.
    Good,
    /// The level of assurance.
    Level,
    /// Signatures, encryption and wrapping.
    Signature,
    /// Conditions, addresses and time.
    Conditions,
    /// A change of the hub's certificate.
    Certificates,
    /// The hub says no.
    Refusals,
    /// What browsers do.
    Browser,
    /// Logging out.
    Logout,
    /// Metadata and the system's own request.
    Metadata,
}

impl Chapter {
    /// All, in the order of the report.
    pub const ALL: [Self; 9] = [
        Self::Good,
        Self::Level,
        Self::Signature,
        Self::Conditions,
        Self::Certificates,
        Self::Refusals,
        Self::Browser,
        Self::Logout,
        Self::Metadata,
    ];

    /// The letter in its cases' ids.
    pub fn letter(self) -> char {
        match self {
            Self::Good => 'A',
            Self::Level => 'L',
            Self::Signature => 'S',
            Self::Conditions => 'C',
            Self::Certificates => 'K',
            Self::Refusals => 'R',
            Self::Browser => 'B',
            Self::Logout => 'O',
            Self::Metadata => 'M',
        }
    }

    /// As people call it: Danish, English.
    pub fn title(self) -> (&'static str, &'static str) {
        match self {
            Self::Good => ("Gode login", "Good logins"),
            Self::Level => ("Sikringsniveau", "Level of assurance"),
            Self::Signature => ("Signatur og kryptering", "Signature and encryption"),
            Self::Conditions => ("Betingelser og tid", "Conditions and time"),
            Self::Certificates => ("Certifikatskifte", "Change of certificates"),
            Self::Refusals => ("Afslag fra hubben", "Refusals of the hub"),
            Self::Browser => ("Browser og cookies", "Browser and cookies"),
            Self::Logout => ("Log ud", "Logout"),
            Self::Metadata => ("Metadata og forespørgsel", "Metadata and request"),
        }
    }
}

/// What the table says of one case.
#[derive(Debug, Clone, Copy)]
pub struct Info {
    /// Stable id.
    pub id: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What becomes of the user in a system that does right.
    pub expect: Expect,
    /// The clause that it follows.
    pub clause: &'static str,
    /// What the system must do: Danish, English.
    pub title: (&'static str, &'static str),
    /// What is sent, and what is changed in it: Danish, English.
    pub sent: (&'static str, &'static str),
    /// Why it matters: Danish, English.
    pub why: (&'static str, &'static str),
}

macro_rules! cases {
    ($($variant:ident $id:literal $severity:ident $expect:ident $clause:literal
        $title_da:literal $title_en:literal $sent_da:literal $sent_en:literal $why_da:literal $why_en:literal;)*) => {
        /// A case, in the order of the list.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Case { $(#[doc = $title_en] $variant,)* }

        impl Case {
            /// All cases in order.
            pub const ALL: &'static [Case] = &[$(Case::$variant,)*];

            /// What the table says of it.
            pub fn info(self) -> &'static Info {
                const TABLE: &[Info] = &[$(Info {
                    id: $id,
                    severity: Severity::$severity,
                    expect: Expect::$expect,
                    clause: $clause,
                    title: ($title_da, $title_en),
                    sent: ($sent_da, $sent_en),
                    why: ($why_da, $why_en),
                },)*];
                &TABLE[self as usize]
            }
        }
    };
}

impl Case {
    /// The case with this id.
    pub fn named(id: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|case| case.info().id == id)
    }

    /// The part of the report that it stands in.
    pub fn chapter(self) -> Chapter {
        let letter = self.info().id.chars().nth(3);
        let mut all = Chapter::ALL.into_iter();
        let found = all.find(|chapter| Some(chapter.letter()) == letter);
        // A test holds that every id has the letter of a chapter.
        found.unwrap_or(Chapter::Metadata)
    }
}

cases! {
    // ── Good logins ──
    GoodLogin "SP-A-001" Must LoggedIn "SAML profiles §4.1; NemLog-in IT-LOGON-1"
        "Logger en bruger ind" "Logs a user in"
        "Et almindeligt login, som hubben altid udsteder det." "An ordinary login, as the hub always issues it."
        "Alle andre prøver måles på det. Lykkes det ikke, stopper prøven." "All other cases are measured by it. Where it fails, the test stops.";
    LevelAbove "SP-A-002" Must LoggedIn "NSIS; CH.json NSISAssuranceLevel: the minimum"
        "Tager imod et højere niveau end krævet" "Takes a higher level than required"
        "Brugeren har nået et højere sikringsniveau, end systemet kræver." "The user reached a higher level of assurance than the system needs."
        "Kravet er et mindstekrav. Et system, der kun kender sit eget niveau, lukker de bedst sikrede brugere ude." "The requirement is a minimum. A system that knows only its own level locks out the best secured users.";
    EncryptionSha256 "SP-A-003" Must LoggedIn "XML Encryption 1.1 §5.5.2; OIOSAML3"
        "Dekrypterer RSA-OAEP med SHA-256 og AES-256-GCM" "Decrypts RSA-OAEP with SHA-256 and AES-256-GCM"
        "Assertion er krypteret med xmlenc11#rsa-oaep, SHA-256 og MGF1-SHA-256." "The assertion is encrypted with xmlenc11#rsa-oaep, SHA-256 and MGF1-SHA-256."
        "Det er den kryptering, hubben bruger, når metadata ikke siger andet." "It is what the hub uses where metadata says nothing else.";
    EncryptionMgf1p "SP-A-004" Should LoggedIn "XML Encryption 1.0 §5.4.2; SAML metadata §2.4.1.1"
        "Dekrypterer rsa-oaep-mgf1p og AES-128-GCM" "Decrypts rsa-oaep-mgf1p and AES-128-GCM"
        "Assertion er krypteret med xmlenc#rsa-oaep-mgf1p og AES-128-GCM." "The assertion is encrypted with xmlenc#rsa-oaep-mgf1p and AES-128-GCM."
        "Hubben vælger den, hvis den står først i metadata; ældre biblioteker kan kun den." "The hub chooses it where metadata names it first; older libraries know nothing else.";
    ResponseSignedToo "SP-A-005" Must LoggedIn "SAML core §5.3"
        "Tager imod signatur på både Response og Assertion" "Takes a signature on both Response and Assertion"
        "Også Response er signeret, med den samme nøgle." "The Response is signed as well, with the same key."
        "Begge dele er lovlige. Et system, der kun leder ét sted, fejler, når hubben ændrer sin opsætning." "Both are legal. A system that looks in one place only fails when the hub changes its settings.";
    NoKeyInfo "SP-A-006" Must LoggedIn "XML Signature §4.5: KeyInfo is optional"
        "Kræver ikke KeyInfo i signaturen" "Needs no KeyInfo in the signature"
        "Signaturen viser ikke certifikatet." "The signature does not show the certificate."
        "Nøglen skal komme fra metadata. Et system, der skal have den i beskeden, har tillid til det forkerte." "The key must come from metadata. A system that needs it in the message trusts the wrong thing.";
    OtherPrefixes "SP-A-007" Must LoggedIn "Namespaces in XML §4"
        "Læser navnerum, ikke præfikser" "Reads namespaces, not prefixes"
        "Assertion er skrevet med andre præfikser." "The assertion is written with other prefixes."
        "Præfikser er frie. De skifter, når hubben opgraderes." "Prefixes are free. They change when the hub is upgraded.";
    Indented "SP-A-008" Must LoggedIn "XML 1.0 §2.10; exclusive C14N"
        "Tager imod linjeskift og indrykning" "Takes line breaks and indentation"
        "Der er linjeskift og mellemrum mellem elementerne, og de er med i signaturen." "There are line breaks and blanks between the elements, and the signature covers them."
        "En signatur må ikke knække af, hvordan XML er sat op." "A signature must not break by how XML is laid out.";
    OtherOrder "SP-A-009" Must LoggedIn "SAML core §2.7.3: no order is promised"
        "Finder attributter ved navn, og tåler ukendte" "Finds attributes by name, and bears unknown ones"
        "Attributterne kommer i omvendt rækkefølge, og der er en ukendt med." "The attributes come in reverse order, and there is an unknown one."
        "Nye attributter kommer til med tiden." "New attributes are added in time.";
    DanishLetters "SP-A-010" Must LoggedIn "SAML core §2.2.3; domain: X509SubjectName"
        "Tager imod æ, ø, å og XML-tegn i navnet" "Takes æ, ø, å and XML characters in the name"
        "Brugeren hedder Åse Ærø-O'Neill & <Søn>." "The user is called Åse Ærø-O'Neill & <Søn>."
        "Det hedder folk." "People are called that.";
    BlanksInNameId "SP-A-011" Should LoggedIn "Sample of 2023: C = DK, O = …"
        "Tåler mellemrum i NameID" "Bears blanks in NameID"
        "NameID er skrevet «C = DK, O = …» som i hubbens eksempel fra 2023." "NameID is written “C = DK, O = …” as in the hub's sample of 2023."
        "Nogle kommuners IdP'er skriver det sådan, og hubben sender det videre uændret." "Some municipalities' IdPs write it so, and the hub passes it on as it is.";
    FractionsOfSeconds "SP-A-012" Must LoggedIn "XML Schema 2 §3.2.7; SAML core §1.3.3"
        "Læser tidspunkter med brøkdele af sekunder" "Reads times with fractions of seconds"
        "Tidspunkterne har syv decimaler, som hubbens eksempler." "The times have seven decimals, as the hub's samples."
        "Den rigtige hub skriver dem sådan." "The real hub writes them so.";
    AudienceAmongOthers "SP-A-013" Must LoggedIn "SAML core §2.5.1.4: one of the audiences"
        "Tåler flere Audience i samme restriktion" "Bears several Audiences in one restriction"
        "Systemets entityID står som nummer to i AudienceRestriction." "The system's entityID stands second in AudienceRestriction."
        "Det er nok at være nævnt." "It is enough to be named.";
    SecondConfirmation "SP-A-014" Should LoggedIn "SAML core §2.4.1: any of the confirmations"
        "Bruger den SubjectConfirmation, der passer" "Uses the SubjectConfirmation that fits"
        "Den første SubjectConfirmation er til en anden adresse; den anden er systemets." "The first SubjectConfirmation is for another address; the second is the system's."
        "Én, der passer, er nok." "One that fits is enough.";
    SeveralRoles "SP-A-015" Must LoggedIn "OIO BPP 1.2 §2; NemLog-in IT-PRIV-1"
        "Logger en bruger med mange roller ind" "Logs a user with many roles in"
        "Brugeren har 60 brugersystemroller med dataafgrænsninger." "The user has 60 user system roles with data constraints."
        "En sagsbehandler har let snesevis. Cookies og databaser har grænser, login må ikke have det." "A case worker easily has dozens. Cookies and databases have limits; logins must not.";
    NoRoles "SP-A-016" Must Orderly "OIO BPP: the attribute is left out"
        "Siger ordentligt til, når brugeren ingen roller har" "Says so properly where the user has no roles"
        "Attributten med roller er udeladt." "The attribute with roles is left out."
        "Det sker, når kommunen har glemt en rolle. Brugeren skal have en besked, ikke en serverfejl." "It happens where the municipality forgot a role. The user needs a message, not a server error.";
    FewAttributes "SP-A-017" Must Orderly "CH.json AttributeProfile KOMBIT_WITHOUT_PERSONAL_DATA"
        "Tåler, at e-mail og organisationsnavn mangler" "Bears that e-mail and organisation name are missing"
        "Kun de attributter, hubben altid sender, er med." "Only the attributes that the hub always sends are there."
        "De er valgfrie. Mangler de, må det ikke give en serverfejl." "They are optional. Without them there must be no server error.";
    ClockAhead "SP-A-018" Should LoggedIn "SAML core §1.3.3; Kantara SDP-G01: 3–5 minutes"
        "Tåler, at hubbens ur er et minut foran" "Bears that the hub's clock is a minute ahead"
        "IssueInstant og NotBefore ligger 60 sekunder ude i fremtiden." "IssueInstant and NotBefore lie 60 seconds ahead."
        "Ure går forskelligt. Uden tolerance afvises brugere tilfældigt." "Clocks differ. Without tolerance users are refused at random.";
    AgainWithSession "SP-A-019" Must LoggedIn "SAML profiles §4.1; NemLog-in IT-SSO-1"
        "Tager imod et nyt login, mens brugeren er logget ind" "Takes a new login while the user is logged in"
        "Samme browser logger ind to gange i træk." "The same browser logs in twice in a row."
        "Brugere trykker på links og bogmærker." "Users press links and bookmarks.";
    SessionEndStated "SP-A-020" Must LoggedIn "SAML core §2.7.2"
        "Tåler SessionNotOnOrAfter" "Bears SessionNotOnOrAfter"
        "Assertion siger, at sessionen slutter om otte timer." "The assertion says that the session ends in eight hours."
        "Lovligt og almindeligt." "Legal and common.";

    // ── Level ──
    LevelBelow "SP-L-001" Must Refused "NSIS; CH.json NSISAssuranceLevel; NemLog-in IT-LOA-1"
        "Afviser et niveau under det krævede" "Refuses a level below the required one"
        "Brugeren nåede trinnet under." "The user reached the step below."
        "Hubben kan være sat op forkert. Systemet er det sidste sted, kravet kan håndhæves." "The hub may be set up wrongly. The system is the last place where the requirement can be held.";
    LevelMissing "SP-L-002" Must Refused "NSIS; OIOSAML3 §7.1: assurance level mandatory"
        "Afviser et login uden niveau" "Refuses a login without a level"
        "Attributten med niveauet er udeladt." "The attribute with the level is left out."
        "Intet niveau er ikke det rette niveau." "No level is not the right level.";
    LevelContradictory "SP-L-003" Must Refused "NSIS: the lowest counts"
        "Afviser modstridende niveauer" "Refuses contradictory levels"
        "Attributten har to værdier: den krævede og den under." "The attribute has two values: the required one and the one below."
        "Den, der læser den første eller den højeste, kan snydes." "Whoever reads the first or the highest can be deceived.";
    LevelOnlyInClass "SP-L-004" Must Refused "domain: the class ref is unreliable, the attribute decides"
        "Lader ikke AuthnContextClassRef hæve niveauet" "Does not let AuthnContextClassRef raise the level"
        "Attributten siger niveauet under; AuthnContextClassRef siger det krævede." "The attribute says the level below; AuthnContextClassRef says the required one."
        "Class ref'en gentager ofte bare, hvad der blev spurgt om." "The class ref often only repeats what was asked.";
    LevelUnknown "SP-L-005" Must Refused "NSIS: Low, Substantial, High; NIST 1–4"
        "Afviser et niveau, der ikke findes" "Refuses a level that does not exist"
        "Attributten har en værdi, der ikke er et niveau." "The attribute has a value that is no level."
        "Sammenlignes der med «forskellig fra Low», slipper alt andet igennem." "Where it is compared by “not Low”, everything else gets through.";
    LevelOfOtherScale "SP-L-006" Must Refused "CH.json: a NIST value never satisfies an NSIS need"
        "Blander ikke NIST og NSIS sammen" "Does not mix NIST and NSIS"
        "Attributten har en værdi fra den anden skala." "The attribute has a value of the other scale."
        "«4» er ikke «High»." "“4” is not “High”.";
    LevelUnsigned "SP-L-007" Must Refused "SAML core §5; only what is signed counts"
        "Læser kun niveauet, hvor der er signeret" "Reads the level only where it is signed"
        "Den signerede assertion siger niveauet under; en usigneret attribut udenfor siger det krævede." "The signed assertion says the level below; an unsigned attribute outside says the required one."
        "Hvem som helst kan skrive uden for signaturen." "Anybody can write outside the signature.";
    StaleSession "SP-L-008" Must Refused "SAML core §3.4.1 ForceAuthn; NemLog-in IT-FORCE-1"
        "Afviser et gammelt login, når der er bedt om et nyt" "Refuses an old login where a new one was asked for"
        "Systemet bad om ForceAuthn; svaret siger, at brugeren loggede ind for en time siden." "The system asked for ForceAuthn; the answer says that the user logged in an hour ago."
        "Ellers kan en gammel session bruges til det, der kræver et frisk login." "Otherwise an old session serves for what needs a fresh login.";

    // ── Signature and encryption ──
    Unsigned "SP-S-001" Must Refused "SAML profiles §4.1.4.5; security: signature exclusion"
        "Afviser en assertion uden signatur" "Refuses an assertion without signature"
        "Intet er signeret; ellers er svaret, som det skal være." "Nothing is signed; otherwise the answer is as it should be."
        "Uden signatur kan alle udgive sig for alle." "Without signature anybody can pose as anybody.";
    UnsignedPlain "SP-S-002" Must Refused "SAML profiles §4.1.4.5"
        "Afviser en assertion, der hverken er signeret eller krypteret" "Refuses an assertion that is neither signed nor encrypted"
        "Assertion er usigneret og ligger i klar tekst, selvom systemet har en krypteringsnøgle." "The assertion is unsigned and in clear, though the system has an encryption key."
        "En genvej for «ukrypterede testsvar» er en åben dør." "A short cut for “unencrypted test answers” is an open door.";
    ChangedAfterSigning "SP-S-003" Must Refused "XML Signature §3.2.1: reference validation"
        "Afviser et navn, der er ændret efter signering" "Refuses a name changed after signing"
        "NameID er ændret, signaturen er den gamle." "NameID is changed, the signature is the old one."
        "Den, der kun ser på SignatureValue, opdager det ikke." "Whoever looks at SignatureValue only does not notice.";
    ChangedWithDigest "SP-S-004" Must Refused "XML Signature §3.2.2: signature validation"
        "Afviser en ændring, hvor DigestValue er regnet om" "Refuses a change with a new DigestValue"
        "NameID er ændret og DigestValue regnet om; SignatureValue er den gamle." "NameID is changed and DigestValue computed anew; SignatureValue is the old one."
        "Den, der kun ser på DigestValue, opdager det ikke." "Whoever looks at DigestValue only does not notice.";
    EmptySignature "SP-S-005" Must Refused "XML Signature §3.2"
        "Afviser en tom signatur" "Refuses an empty signature"
        "SignatureValue er tom." "SignatureValue is empty."
        "En undtagelse, der tolkes som «ingen signatur», slipper den igennem." "An exception that is read as “no signature” lets it through.";
    OtherKey "SP-S-006" Must Refused "SAML metadata §2.4.1.1: the keys of the entity"
        "Afviser en signatur med en ukendt nøgle" "Refuses a signature by an unknown key"
        "Signeret med en nøgle, der ikke står i hubbens metadata; den vises ikke." "Signed with a key that is not in the hub's metadata; it is not shown."
        "Kun nøglerne i metadata tæller." "Only the keys in metadata count.";
    OtherKeyShown "SP-S-007" Must Refused "XML Signature §4.5; keys come from metadata"
        "Stoler ikke på certifikatet i beskeden" "Does not trust the certificate in the message"
        "Signeret med en ukendt nøgle, hvis certifikat ligger i KeyInfo." "Signed with an unknown key, whose certificate is in KeyInfo."
        "Den klassiske fejl: beskeden får lov at sige, hvem den er fra." "The classic defect: the message is allowed to say who it is from.";
    OtherKeyPosing "SP-S-008" Must Refused "XML Signature §4.5"
        "Lader sig ikke snyde af hubbens certifikat i KeyInfo" "Is not deceived by the hub's certificate in KeyInfo"
        "Signeret med en ukendt nøgle; KeyInfo viser hubbens rigtige certifikat." "Signed with an unknown key; KeyInfo shows the hub's real certificate."
        "At sammenligne certifikatet er ikke at prøve signaturen." "To compare the certificate is not to verify the signature.";
    OtherKeyOfSameCa "SP-S-009" Must Refused "SAML metadata interoperability profile §2.6.1; OCES3"
        "Afviser et andet certifikat fra samme CA" "Refuses another certificate of the same CA"
        "Signeret med en anden parts nøgle; dens certifikat er udstedt af den samme CA som hubbens." "Signed with another party's key; its certificate was issued by the same CA as the hub's."
        "Alle med et OCES-certifikat kunne ellers udgive sig for hubben." "Otherwise everybody with an OCES certificate could pose as the hub.";
    Sha1Signature "SP-S-010" Should Refused "OIOSAML3: RSA-SHA256; Kantara IIP-ALG"
        "Afviser en SHA-1-signatur" "Refuses a SHA-1 signature"
        "Signeret med hubbens rigtige nøgle, men rsa-sha1." "Signed with the hub's real key, but rsa-sha1."
        "SHA-1 er brudt." "SHA-1 is broken.";
    HmacSignature "SP-S-011" Must Refused "xml-crypto GHSA-c27r-x354-4m68"
        "Afviser HMAC med den offentlige nøgle" "Refuses HMAC with the public key"
        "SignatureMethod er hmac-sha256, og hemmeligheden er hubbens certifikat." "SignatureMethod is hmac-sha256, and the secret is the hub's certificate."
        "Certifikatet er offentligt. Bibliotek efter bibliotek har taget imod den." "The certificate is public. Library after library has accepted it.";
    OnlyResponseSigned "SP-S-012" Should Refused "OIOSAML3: the assertion is signed"
        "Kræver, at det krypterede selv er signeret" "Needs a signature inside the encryption"
        "Kun Response er signeret; den krypterede assertion er det ikke." "Only the Response is signed; the encrypted assertion is not."
        "En signatur over noget krypteret siger ikke, hvem der kendte indholdet." "A signature over ciphertext does not say who knew the content.";
    BadResponseSignature "SP-S-013" Should Refused "SAML core §5.3: a signature that is there must be good"
        "Afviser en ugyldig signatur på Response" "Refuses a bad signature on the Response"
        "Assertion er godt signeret; signaturen på Response er ikke god." "The assertion is signed well; the signature on the Response is not good."
        "En besked, nogen har rettet i, skal afvises." "A message that somebody tampered with must be refused.";
    ForgedBefore "SP-S-014" Must Refused "Signature wrapping XSW3; CVE-2012-5664 and later"
        "Læser ikke en falsk assertion foran den ægte" "Does not read a forged assertion before the real one"
        "En usigneret, falsk assertion står foran den signerede. Den ægte er udløbet." "An unsigned, forged assertion stands before the signed one. The real one has expired."
        "Den, der læser den første, logger angriberen ind." "Whoever reads the first one logs the attacker in.";
    ForgedAfter "SP-S-015" Must Refused "Signature wrapping XSW3"
        "Læser ikke en falsk assertion efter den ægte" "Does not read a forged assertion after the real one"
        "En usigneret, falsk assertion står efter den signerede. Den ægte er udløbet." "An unsigned, forged assertion stands after the signed one. The real one has expired."
        "Den, der læser den sidste, logger angriberen ind." "Whoever reads the last one logs the attacker in.";
    OriginalInside "SP-S-016" Must Refused "Signature wrapping XSW4"
        "Læser ikke en falsk assertion uden om den ægte" "Does not read a forged assertion around the real one"
        "Den falske assertion har den signerede inden i sig. Den ægte er udløbet." "The forged assertion has the signed one inside it. The real one has expired."
        "Signaturen findes og er god, men gælder noget andet." "The signature is found and is good, but is about something else.";
    OriginalInObject "SP-S-017" Must Refused "Signature wrapping XSW6, XSW8"
        "Læser ikke en falsk assertion, der bærer den ægtes signatur" "Does not read a forged assertion that carries the real one's signature"
        "Den falske assertion bærer signaturen; den ægte ligger i signaturens Object. Den ægte er udløbet." "The forged assertion carries the signature; the real one lies in the signature's Object. The real one has expired."
        "Referencen peger på noget andet end det, der læses." "The reference points to something else than what is read.";
    ForgedInExtensions "SP-S-018" Must Refused "Signature wrapping XSW7"
        "Læser ikke en assertion i Extensions" "Does not read an assertion in Extensions"
        "En falsk assertion ligger i Extensions; den ægte står, hvor den skal. Den ægte er udløbet." "A forged assertion lies in Extensions; the real one stands where it should. The real one has expired."
        "Søges der i hele dokumentet, findes den først." "Where the whole document is searched, it is found first.";
    OriginalInStatusDetail "SP-S-019" Must Refused "CVE-2024-45409"
        "Finder ikke den signerede assertion i StatusDetail" "Does not find the signed assertion in StatusDetail"
        "Den falske assertion bærer signaturen; den ægte ligger i StatusDetail. Den ægte er udløbet." "The forged assertion carries the signature; the real one lies in StatusDetail. The real one has expired."
        "Sådan blev GitLab og mange andre brudt i 2024." "This is how GitLab and many others were broken in 2024.";
    SameIdTwice "SP-S-020" Must Refused "XML Schema: xs:ID is unique; SAML core §1.3.4"
        "Afviser to elementer med samme ID" "Refuses two elements with the same ID"
        "Den falske assertion har den signeredes ID og står sidst. Den ægte er udløbet." "The forged assertion has the ID of the signed one and stands last. The real one has expired."
        "Det ene bibliotek finder den første, det andet den sidste." "One library finds the first, the other the last.";
    PlainBesideEncrypted "SP-S-021" Must Refused "GHSA: encrypted assertion injection"
        "Afviser en falsk assertion i klar tekst ved siden af en krypteret" "Refuses a forged plain assertion beside an encrypted one"
        "Den ægte assertion er krypteret; en falsk i klar tekst står foran. Den ægte er udløbet." "The real assertion is encrypted; a forged one in clear stands before it. The real one has expired."
        "Den, der leder efter klar tekst først, læser den falske." "Whoever looks for plain text first reads the forged one.";
    PlainInsteadOfEncrypted "SP-S-022" Should Refused "Kantara SDP-IDP11; OIOSAML3: assertions are encrypted"
        "Kræver kryptering, når der er en krypteringsnøgle" "Demands encryption where it has an encryption key"
        "Assertion er godt signeret, men ikke krypteret." "The assertion is signed well, but not encrypted."
        "Hubben krypterer altid. Klar tekst er et tegn på, at nogen har haft fat i svaret." "The hub always encrypts. Clear text is a sign that somebody had hold of the answer.";
    Doctype "SP-S-023" Must Refused "security: DTDs are never legal in SAML"
        "Afviser DOCTYPE" "Refuses a DOCTYPE"
        "Foran Response står en DOCTYPE med en entitet, som Issuer bruger." "Before the Response stands a DOCTYPE with an entity that is used in the Issuer."
        "Entiteter kan læse filer, kalde adresser og fylde hukommelsen." "Entities can read files, call addresses and fill memory.";

    // ── Conditions and time ──
    Expired "SP-C-001" Must Refused "SAML core §2.5.1.2; NemLog-in IT-TIM-1"
        "Afviser en udløbet assertion" "Refuses an expired assertion"
        "Conditions NotOnOrAfter var for ti minutter siden." "Conditions NotOnOrAfter was ten minutes ago."
        "Et svar gælder i fem minutter." "An answer is good for five minutes.";
    ConfirmationExpired "SP-C-002" Must Refused "SAML profiles §4.1.4.3"
        "Afviser en udløbet SubjectConfirmation" "Refuses an expired SubjectConfirmation"
        "Kun SubjectConfirmationData er udløbet; Conditions gælder stadig." "Only SubjectConfirmationData has expired; Conditions still hold."
        "Det er den frist, der gælder for at aflevere svaret." "It is the time limit for delivering the answer.";
    NotYetValid "SP-C-003" Must Refused "SAML core §2.5.1.2; NemLog-in IT-TIM-2"
        "Afviser en assertion, der ikke gælder endnu" "Refuses an assertion that is not valid yet"
        "NotBefore er om ti minutter." "NotBefore is in ten minutes."
        "En tolerance på mere end fem minutter er for meget." "More than five minutes of tolerance is too much.";
    AudienceOther "SP-C-004" Must Refused "SAML core §2.5.1.4"
        "Afviser en assertion til et andet system" "Refuses an assertion for another system"
        "Audience er et andet systems entityID." "Audience is another system's entityID."
        "Ellers kan et svar til ét system bruges i et andet." "Otherwise an answer to one system can be used in another.";
    AudienceMissing "SP-C-005" Must Refused "SAML profiles §4.1.4.2: AudienceRestriction required"
        "Afviser en assertion uden Audience" "Refuses an assertion without Audience"
        "AudienceRestriction er udeladt." "AudienceRestriction is left out."
        "Web SSO-profilen kræver den." "The Web SSO profile demands it.";
    AudienceTwice "SP-C-006" Should Refused "SAML core §2.5.1.4: all restrictions must hold"
        "Kræver, at alle AudienceRestriction passer" "Needs every AudienceRestriction to fit"
        "To restriktioner: systemets egen og en andens." "Two restrictions: the system's own and somebody else's."
        "De gælder alle sammen, ikke bare én af dem." "All of them hold, not just one of them.";
    RecipientOther "SP-C-007" Must Refused "SAML profiles §4.1.4.3"
        "Afviser et svar til en anden adresse" "Refuses an answer for another address"
        "Recipient er en anden adresse." "Recipient is another address."
        "Ellers kan et svar, der er sendt et andet sted hen, bruges her." "Otherwise an answer that was sent elsewhere can be used here.";
    RecipientMissing "SP-C-008" Must Refused "SAML profiles §4.1.4.2: Recipient required"
        "Afviser et svar uden Recipient" "Refuses an answer without Recipient"
        "Recipient er udeladt." "Recipient is left out."
        "Web SSO-profilen kræver den." "The Web SSO profile demands it.";
    RecipientLookalike "SP-C-009" Should Refused "SAML profiles §4.1.4.3: an exact match"
        "Sammenligner Recipient nøjagtigt" "Compares Recipient exactly"
        "Recipient er systemets adresse med noget efter." "Recipient is the system's address with something behind it."
        "«Begynder med» er ikke «er lig med»." "“Begins with” is not “equals”.";
    DestinationOther "SP-C-010" Must Refused "SAML bindings §3.5.5.2"
        "Afviser en Response til en anden adresse" "Refuses a Response for another address"
        "Response er signeret, og dens Destination er en anden adresse." "The Response is signed, and its Destination is another address."
        "Det er den, der siger, hvor beskeden hører hjemme." "It says where the message belongs.";
    InResponseToUnknown "SP-C-011" Must Refused "SAML profiles §4.1.4.3; core §3.2.2"
        "Afviser svar på en forespørgsel, systemet ikke har stillet" "Refuses an answer to a request that it did not make"
        "InResponseTo er et ukendt id, begge steder." "InResponseTo is an unknown id, in both places."
        "Ellers kan en angriber aflevere sit eget svar i en andens browser." "Otherwise an attacker can deliver his own answer in somebody else's browser.";
    Unsolicited "SP-C-012" Should Refused "SAML profiles §4.1.5; OIOSAML3: not used"
        "Afviser et svar, ingen har bedt om" "Refuses an answer that nobody asked for"
        "InResponseTo er udeladt, begge steder." "InResponseTo is left out, in both places."
        "Hubben sender aldrig uopfordrede svar." "The hub never sends unsolicited answers.";
    ConfirmationInResponseTo "SP-C-013" Must Refused "SAML profiles §4.1.4.3"
        "Sammenligner også InResponseTo inde i assertion" "Compares InResponseTo inside the assertion too"
        "Response svarer på den rigtige forespørgsel; SubjectConfirmationData på en anden." "The Response answers the right request; SubjectConfirmationData another one."
        "Kun den inderste er signeret." "Only the inner one is signed.";
    IssuerOther "SP-C-014" Must Refused "SAML profiles §4.1.4.2"
        "Afviser en assertion fra en anden udsteder" "Refuses an assertion of another issuer"
        "Assertion er signeret med hubbens nøgle, men Issuer er en anden." "The assertion is signed with the hub's key, but Issuer is somebody else."
        "Nøglen skal høre til den, der siger at have udstedt." "The key must belong to whoever says to have issued it.";
    ResponseIssuerOther "SP-C-015" Should Refused "SAML profiles §4.1.4.2"
        "Afviser en Response fra en anden udsteder" "Refuses a Response of another issuer"
        "Response har en anden Issuer end assertion." "The Response has another Issuer than the assertion."
        "De to skal være ens." "The two must be the same.";
    HolderOfKey "SP-C-016" Must Refused "SAML profiles §4.1.4.2: at least one bearer confirmation"
        "Kræver metoden bearer" "Needs the method bearer"
        "SubjectConfirmation har metoden holder-of-key." "SubjectConfirmation has the method holder-of-key."
        "Den kræver et bevis, som systemet ikke prøver." "It needs a proof that the system does not verify.";
    NoConfirmation "SP-C-017" Must Refused "SAML profiles §4.1.4.2"
        "Afviser en assertion uden SubjectConfirmation" "Refuses an assertion without SubjectConfirmation"
        "SubjectConfirmation er udeladt." "SubjectConfirmation is left out."
        "Så er der ingen, der må bruge den." "Then nobody may use it.";
    StatusRefusedWithAssertion "SP-C-018" Must Refused "SAML core §3.2.2.2"
        "Afviser et svar, der ikke er Success, også med en assertion" "Refuses an answer that is not Success, even with an assertion"
        "Status er Responder, og der ligger en god assertion ved." "Status is Responder, and a good assertion comes along."
        "Status afgør. Det, der ellers følger med, tæller ikke." "The status decides. What else comes along does not count.";
    OtherVersion "SP-C-019" Should Refused "SAML core §2.3.3: Version is 2.0"
        "Afviser en anden SAML-version" "Refuses another version of SAML"
        "Assertion har Version=\"2.1\"." "The assertion has Version=\"2.1\"."
        "Hvad en anden version betyder, ved ingen." "Nobody knows what another version means.";
    UnknownCondition "SP-C-020" Should Refused "SAML core §2.5.1: unknown conditions are indeterminate"
        "Afviser en betingelse, det ikke kender" "Refuses a condition that it does not know"
        "Conditions har en ukendt betingelse." "Conditions has an unknown condition."
        "En betingelse, der ikke kan prøves, er ikke opfyldt." "A condition that cannot be verified is not met.";
    NoAuthnStatement "SP-C-021" Should Refused "SAML profiles §4.1.4.2: at least one AuthnStatement"
        "Afviser en assertion uden AuthnStatement" "Refuses an assertion without AuthnStatement"
        "AuthnStatement er udeladt." "AuthnStatement is left out."
        "Så har ingen sagt, at brugeren er logget ind." "Then nobody said that the user logged in.";
    SessionEnded "SP-C-022" Should Refused "SAML core §2.7.2"
        "Afviser en session, der er slut" "Refuses a session that is over"
        "SessionNotOnOrAfter var for ti minutter siden." "SessionNotOnOrAfter was ten minutes ago."
        "Sessionen må ikke begynde efter sin afslutning." "The session must not begin after its end.";
    NoNameId "SP-C-023" Must Refused "SAML profiles §4.1.4.2; domain: NameID X509SubjectName"
        "Afviser en assertion uden NameID" "Refuses an assertion without NameID"
        "NameID er udeladt." "NameID is left out."
        "En bruger uden navn må ikke blive til en bruger med et tomt." "A user without a name must not become one with an empty name.";
    NoConditions "SP-C-024" Must Refused "SAML profiles §4.1.4.2"
        "Afviser en assertion uden Conditions" "Refuses an assertion without Conditions"
        "Conditions er udeladt." "Conditions is left out."
        "Så gælder den for alle, altid." "Then it is good for everybody, always.";
    ReplaySameBrowser "SP-C-025" Must Refused "SAML profiles §4.1.4.5; NemLog-in IT-REPL-1"
        "Afviser det samme svar én gang til" "Refuses the same answer a second time"
        "Brugeren logger ind; sessionen slettes; det samme svar afleveres igen." "The user logs in; the session is deleted; the same answer is delivered again."
        "Den næste ved maskinen kan trykke tilbage." "The next person at the machine can press back.";
    OtherBrowser "SP-C-026" Must Refused "security: login CSRF"
        "Afviser et svar, der hører til en anden browser" "Refuses an answer that belongs to another browser"
        "Ét login begynder i to browsere; det enes svar afleveres i den anden." "A login begins in each of two browsers; the answer of one is delivered in the other."
        "Ellers kan en angriber logge andre ind som sig selv." "Otherwise an attacker can log others in as himself.";

    // ── Change of certificates ──
    NextKeyEarly "SP-K-001" Must Refused "SAML metadata §2.4.1.1"
        "Afviser hubbens næste nøgle, før den står i metadata" "Refuses the hub's next key before metadata names it"
        "Signeret med det næste certifikat, mens metadata kun har det gamle." "Signed with the next certificate, while metadata has the old one only."
        "Et nyt certifikat fra samme CA er ikke hubbens, før metadata siger det." "A new certificate of the same CA is not the hub's before metadata says so.";
    NextKeyAnnounced "SP-K-002" Must LoggedIn "SAML metadata §2.4.1.1: several KeyDescriptors"
        "Tager imod den nye nøgle, når metadata har begge" "Takes the new key where metadata has both"
        "Metadata har begge certifikater og er hentet; svaret er signeret med det nye." "Metadata has both certificates and was fetched; the answer is signed with the new one."
        "Den, der kun læser det første certifikat, knækker den morgen, hubben skifter." "Whoever reads the first certificate only breaks on the morning of the change.";
    OldKeyStillThere "SP-K-003" Must LoggedIn "SAML metadata §2.4.1.1"
        "Tager imod den gamle nøgle, mens metadata har begge" "Takes the old key while metadata has both"
        "Metadata har begge certifikater og er hentet; svaret er signeret med det gamle." "Metadata has both certificates and was fetched; the answer is signed with the old one."
        "Den, der kun læser det sidste certifikat, knækker før tid." "Whoever reads the last certificate only breaks early.";
    OldKeyRemoved "SP-K-004" Must Refused "SAML metadata §2.4.1.1; Keycloak #52106"
        "Afviser den gamle nøgle, når den er fjernet" "Refuses the old key once it is removed"
        "Metadata har kun det nye certifikat og er hentet; svaret er signeret med det gamle." "Metadata has the new certificate only and was fetched; the answer is signed with the old one."
        "En nøgle, der er trukket tilbage, kan være stjålet." "A key that was withdrawn may be a stolen one.";

    // ── Refusals ──
    RefusedLevel "SP-R-001" Must Refused "SAML core §3.2.2.2: Responder, NoAuthnContext"
        "Viser en besked, når niveauet ikke kunne nås" "Shows a message where the level could not be reached"
        "Hubben svarer Responder/NoAuthnContext, signeret." "The hub answers Responder/NoAuthnContext, signed."
        "Det var den hyppigste fejl ved overgangen til Context Handler 2." "It was the most frequent failure of the change to Context Handler 2.";
    RefusedCancelled "SP-R-002" Must Refused "SAML core §3.2.2.2: Responder, AuthnFailed"
        "Viser en besked, når brugeren fortryder" "Shows a message where the user cancels"
        "Hubben svarer Responder/AuthnFailed, signeret." "The hub answers Responder/AuthnFailed, signed."
        "Det gør brugere." "Users do.";
    Unreadable "SP-R-003" Must Refused "SAML bindings §3.5.4"
        "Tåler et svar, der ikke kan læses" "Bears an answer that cannot be read"
        "SAMLResponse er ikke base64." "SAMLResponse is not base64."
        "En serverfejl viser mere, end den skal, og forstyrrer vagten om natten." "A server error shows more than it should, and wakes somebody up at night.";
    NoMessage "SP-R-004" Should Refused "SAML bindings §3.5.4"
        "Tåler en POST uden svar" "Bears a POST without an answer"
        "Formularen har ingen SAMLResponse." "The form has no SAMLResponse."
        "Det sker, når nogen opdaterer siden." "It happens when somebody reloads the page.";

    // ── Browser ──
    CrossSitePost "SP-B-001" Must LoggedIn "RFC 6265bis §5.6.7: SameSite"
        "Beholder sine cookies, når hubben svarer med POST" "Keeps its cookies where the hub answers by POST"
        "Browseren overholder SameSite: Lax og Strict følger ikke med en POST fra et andet site." "The browser keeps SameSite: Lax and Strict do not travel with a POST from another site."
        "Svaret kommer altid fra hubbens site. Cookien skal have SameSite=None; Secure." "The answer always comes from the hub's site. The cookie needs SameSite=None; Secure.";
    SlowLogin "SP-B-002" Must LoggedIn "RFC 6265bis §5.6.7.2: Lax-allowing-unsafe, two minutes"
        "Beholder sine cookies, når login tager tre minutter" "Keeps its cookies where the login takes three minutes"
        "Der går tre minutter hos kommunens IdP. En cookie uden SameSite sendes ikke mere." "Three minutes pass at the municipality's IdP. A cookie without SameSite is no longer sent."
        "Virker i den hurtige test og fejler, når brugeren leder efter sin kodeviser." "Works in the quick test, and fails where the user looks for the second factor.";
    SecondTab "SP-B-003" Should LoggedIn "domain: several logins of one browser"
        "Kan have to faner i gang" "Can have two tabs under way"
        "Login begynder i to faner; det første gøres færdigt." "A login begins in two tabs; the first one is finished."
        "Folk åbner flere sager ad gangen." "People open several cases at a time.";
    BackButton "SP-B-004" Must Orderly "HTML: form resubmission"
        "Tåler tilbage-knappen" "Bears the back button"
        "Brugeren er logget ind og afleverer det samme svar igen." "The user is logged in and delivers the same answer again."
        "Browseren tilbyder det selv. En serverfejl hjælper ingen." "Browsers offer it. A server error helps nobody.";
    CookieFlags "SP-B-005" Should Own "RFC 6265bis §4.1.2.5–6; OWASP session management"
        "Sætter Secure og HttpOnly på sessionens cookie" "Sets Secure and HttpOnly on the session's cookie"
        "De cookies, der bærer sessionen, ses efter." "The cookies that carry the session are looked at."
        "Ellers kan scripts og usikre forbindelser læse dem." "Otherwise scripts and insecure connections can read them.";
    SessionFixation "SP-B-006" Must Own "OWASP session fixation"
        "Giver en ny session ved login" "Gives a new session at login"
        "De cookies, browseren havde før login, bruges i en anden browser bagefter." "The cookies that the browser had before the login are used in another browser afterwards."
        "Ellers kan den, der har plantet en cookie, følge med ind." "Otherwise whoever planted a cookie comes in as well.";
    RelayStateRedirect "SP-B-007" Must Own "security: open redirect by RelayState"
        "Sender ikke brugeren derhen, RelayState siger" "Does not send the user where RelayState says"
        "RelayState er byttet ud med adressen https://angreb.invalid/." "RelayState is replaced by the address https://angreb.invalid/."
        "Et link, der begynder på kommunens side, må ikke ende på angriberens." "A link that begins on the municipality's page must not end on the attacker's.";
    RelayStateMarkup "SP-B-008" Must Own "security: cross-site scripting by RelayState"
        "Viser RelayState som tekst" "Shows RelayState as text"
        "RelayState er byttet ud med et stykke HTML med et script." "RelayState is replaced by a piece of HTML with a script."
        "Kommer det ud på siden, kører det i brugerens browser." "Where it gets onto the page, it runs in the user's browser.";

    // ── Logout ──
    LogoutEnds "SP-O-001" Must Own "SAML profiles §4.4; NemLog-in IT-SLO-1"
        "Logger ud" "Logs out"
        "Brugeren logger ind og trykker «Log ud»." "The user logs in and presses “Log out”."
        "På en delt maskine er det den eneste beskyttelse." "On a shared machine it is the only protection.";
    LogoutEndsOnServer "SP-O-002" Must Own "OWASP session management"
        "Afslutter sessionen på serveren" "Ends the session on the server"
        "Efter log ud bruges de gamle cookies igen." "After logging out the old cookies are used again."
        "At slette cookien er ikke at slette sessionen." "To delete the cookie is not to delete the session.";
    LogoutByHub "SP-O-003" Must Own "SAML profiles §4.4.3; NemLog-in IT-SLO-2"
        "Logger ud, når hubben beder om det" "Logs out where the hub asks for it"
        "Hubben sender en signeret LogoutRequest gennem browseren." "The hub sends a signed LogoutRequest through the browser."
        "Brugeren tror at være logget ud alle steder." "The user believes to be logged out everywhere.";
    LogoutUnsigned "SP-O-004" Should Own "SAML bindings §3.4.4.1; profiles §4.4.4"
        "Afviser en usigneret LogoutRequest" "Refuses an unsigned LogoutRequest"
        "Den samme LogoutRequest, men uden signatur." "The same LogoutRequest, but without signature."
        "Ellers kan enhver side på nettet logge brugere ud." "Otherwise any page on the web can log users out.";
    LogoutForged "SP-O-005" Should Own "SAML bindings §3.4.4.1"
        "Afviser en LogoutRequest med en ukendt nøgle" "Refuses a LogoutRequest by an unknown key"
        "Den samme LogoutRequest, signeret med en nøgle, der ikke er hubbens." "The same LogoutRequest, signed with a key that is not the hub's."
        "Det er ikke nok, at der er en signatur." "It is not enough that there is a signature.";

    // ── Metadata and request ──
    MetadataAccepted "SP-M-001" Must Own "CH.json /Validation/BrugervendtSystemSamlMetadata"
        "Har metadata, hubben tager imod" "Has metadata that the hub takes"
        "Systemets metadata prøves som af hubbens valideringstjeneste." "The system's metadata is judged as by the hub's validation service."
        "Metadata med fejl kan ikke registreres." "Metadata with errors cannot be registered.";
    MetadataNoTrouble "SP-M-002" Should Own "vejviser lint: warnings"
        "Har metadata uden advarsler" "Has metadata without warnings"
        "Den samme prøve; her tæller advarslerne." "The same judgement; here the warnings count."
        "De virker i dag og giver besvær i morgen." "It works today and makes trouble tomorrow.";
    RequestAccepted "SP-M-003" Should Own "vejviser checks: SYS-Q"
        "Sender en forespørgsel uden anmærkninger" "Sends a request without remarks"
        "Systemets AuthnRequest prøves af alle hubbens kontroller." "The system's AuthnRequest is judged by all checks of the hub."
        "En advarsel er noget, hubben ser igennem fingre med." "A warning is what the hub overlooks.";
    RequestIdsFresh "SP-M-004" Must Own "SAML core §1.3.4: unique identifiers"
        "Giver hver forespørgsel et nyt, uforudsigeligt id" "Gives each request a new, unpredictable id"
        "Id'erne på prøvens forespørgsler sammenlignes." "The ids of the test's requests are compared."
        "InResponseTo beskytter kun, hvis id'et ikke kan gættes." "InResponseTo protects only where the id cannot be guessed.";
    RelayStateShort "SP-M-005" Should Own "SAML bindings §3.4.3: at most 80 bytes"
        "Holder RelayState på højst 80 bytes" "Keeps RelayState within 80 bytes"
        "RelayState i systemets forespørgsler måles." "RelayState of the system's requests is measured."
        "Længere må afkortes eller afvises undervejs." "What is longer may be cut or refused on the way.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn ids_are_unique_in_order_and_of_a_chapter() {
        let mut last = (None, 0);
        for case in Case::ALL {
            let id = case.info().id;
            let number: u32 = id[5..].parse().unwrap();
            assert!(id.starts_with("SP-") && id.len() == 8, "{id}");
            assert_eq!(Some(case.chapter().letter()), id.chars().nth(3), "{id}");
            let expected = if last.0 == Some(case.chapter()) {
                last.1 + 1
            } else {
                1
            };
            assert_eq!(number, expected, "{id}");
            last = (Some(case.chapter()), number);
            assert_eq!(Case::named(id), Some(*case));
        }
        assert!(Case::ALL.len() >= 60);
        assert_eq!(Case::named("SP-X-001"), None);
    }

    #[test]
    fn no_text_stands_twice_and_none_is_empty() {
        let mut titles = BTreeSet::new();
        for case in Case::ALL {
            let info = case.info();
            for text in [info.title.0, info.title.1] {
                assert!(titles.insert(text), "{text}");
            }
            let all = [info.title, info.sent, info.why];
            assert!(all.iter().all(|(da, en)| !da.is_empty() && !en.is_empty()));
            assert!(!info.clause.is_empty());
        }
    }
}
