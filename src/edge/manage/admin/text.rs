//! What the pages of the administration say, Danish and English side by side.

use crate::edge::page::{Language, texts};
use crate::registry::Kind;
use std::fmt::Display;

impl Text {
    /// The texts in a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Danish => &DANISH,
            Language::English => &ENGLISH,
        }
    }

    /// In the language of the request that is being answered.
    pub fn current() -> &'static Self {
        Self::of(Language::current())
    }

    /// What a kind of objects is called.
    pub fn kind(&self, kind: Kind) -> &'static str {
        match kind {
            Kind::IdentityProvider => self.an_identity_provider,
            Kind::System => self.a_system,
            Kind::AttributeService => self.an_attribute_service,
            Kind::OidcSystem => self.an_oidc_system,
            Kind::UserSystemRole => self.a_user_system_role,
            Kind::JobFunctionRole => self.a_job_function_role,
            Kind::User => self.a_user,
            Kind::ClientCertificate => self.a_client_certificate,
            Kind::Organisation => self.an_organisation,
            Kind::Revoked => self.a_revoked,
            Kind::File => "federation.toml",
        }
    }
}

texts! {
    // ── Kinds ─────────────────────────────────────────────────────────────────────────────────────────
    an_identity_provider "Identity provider" "Identity provider";
    a_system "Brugervendt system" "User-facing system";
    an_attribute_service "Attributservice" "Attribute service";
    an_oidc_system "OIDC-system" "OIDC system";
    a_user_system_role "Brugersystemrolle" "User system role";
    a_job_function_role "Jobfunktionsrolle" "Job function role";
    a_revoked "Tilbagekaldt testcertifikat" "Test certificate that was taken back";
    a_user "Bruger" "User";
    a_client_certificate "Klientcertifikat" "Client certificate";
    an_organisation "Organisation" "Organisation";

    // ── The list ──────────────────────────────────────────────────────────────────────────────────────
    saved(name) "{name} er gemt og bruges fra næste login." "{name} is saved and used from the next login on.";
    removed(name) "{name} er slettet." "{name} is deleted.";
    file_title "Konfigurationsfilen" "The configuration file";
    file_taken(at) "Filen blev læst igen {at}, og det, den siger, bruges." "The file was read again {at}, and what it says is used.";
    file_refused(at) "Filen blev læst igen {at}, men kan ikke bruges. Det, der var før, gælder stadig." "The file was read again {at}, but cannot be used. What was before still holds.";
    idps "Identity providere" "Identity providers";
    systems "Brugervendte systemer" "User-facing systems";
    connect_idp "Tilslut identity provider" "Connect an identity provider";
    connect_system "Tilslut brugervendt system" "Connect a user-facing system";
    log "Ændringslog" "Change log";
    search_label "Søg efter navn eller entityID" "Search by name or entityID";
    search_region "Søg efter part" "Search for a party";
    search "Søg" "Search";
    shown(count, total) "Viser {count} af {total} parter." "Showing {count} of {total} parties.";
    profile_and_level "Profil og niveau" "Profile and level";
    metadata_and_certificate "Metadata og certifikat" "Metadata and certificate";
    nothing_registered "Ingen er registreret." "None is registered.";
    served "I brug" "In use";
    not_served "Bruges ikke" "Not used";
    inactive "Lukket: ingen anvenderkontekst" "Closed: no user context";
    change "Ret" "Change";
    replace "Afløs af …" "Replace by …";
    delete "Slet" "Delete";
    replaced(name) "afløst af {name}" "replaced by {name}";
    source_invented "Opdigtet: laves ved start" "Invented: made at start";
    source_file(file) "Fil: {file}" "File: {file}";
    source_pasted "Indlæst XML" "XML that was put in";
    source_fetched(address, at) "{address}, hentet {at}" "{address}, fetched {at}";
    source_address(address) "{address}, ikke hentet endnu" "{address}, not fetched yet";
    fetched_next(at) "hentes næste gang {at}" "is fetched next {at}";
    fetched_soon "hentes om et øjeblik" "is fetched in a moment";
    fetch_failed(at) "ikke fornyet {at}" "not renewed {at}";
    ends_in(day, days) "udløber {day}, om {days} dage" "expires {day}, in {days} days";
    ended(day) "udløb {day}" "expired {day}";

    // ── The form ──────────────────────────────────────────────────────────────────────────────────────
    connect "Tilslut it-system" "Connect a system";
    tabs "Hvad skal tilsluttes" "What is to be connected";
    edit_title(title) "Ret {title}" "Change {title}";
    not_taken "Det kan ikke gemmes endnu" "It cannot be saved yet";
    conflict_title "Gemt imens, og skrevet her" "Saved meanwhile, and typed here";
    conflict_lead "Gemmer du nu, erstatter det, du har skrevet, det, der er gemt." "If you save now, what you typed replaces what is stored.";
    conflict_same "Det, der er gemt nu, er det samme, som du har skrevet." "What is stored now is the same as what you typed.";
    stored_now "Gemt nu" "Stored now";
    typed_here "Skrevet her" "Typed here";
    guessed "Se efter, om det er rigtigt" "See whether this is right";
    metadata "Metadata" "Metadata";
    metadata_lead_new "Begynd med partens metadata. Intet gemmes, før du har set, hvad det gør." "Begin with the party's metadata. Nothing is saved before you have seen what it does.";
    metadata_lead_edit "Lad felterne stå, hvis metadata ikke skal skiftes." "Leave the fields as they are if the metadata is not to change.";
    in_force(source) "Nu: {source}" "Now: {source}";
    chosen_file(name) "Valgt: {name}" "Chosen: {name}";
    chosen_fetched(address) "Hentet nu: {address}" "Fetched just now: {address}";
    metadata_file "Fil med metadata" "File of metadata";
    metadata_paste "… eller XML, sat ind her" "… or XML, pasted here";
    metadata_url "… eller adresse, som metadata hentes fra" "… or an address that metadata is fetched from";
    metadata_url_hint "Skal være https. Hubben henter selv nye certifikater herfra." "Must be https. The hub fetches new certificates from here by itself.";
    refetch "Hent fra adressen igen nu" "Fetch from the address again now";
    entity_id_label "entityID, hvis dokumentet beskriver flere parter" "entityID, if the document describes several parties";
    next "Fortsæt" "Continue";
    registration "Registrering" "Registration";
    short_name "Kortnavn" "Short name";
    short_name_hint "a–z, cifre og bindestreg. Bruges i adresser og rapporter og kan ikke ændres senere." "a–z, digits and hyphens. Used in addresses and reports, and cannot be changed later.";
    presentation_name "Præsentationsnavn" "Presentation name";
    presentation_name_hint "Det navn, brugerne vælger efter." "The name that users choose by.";
    system_name "Navn" "Name";
    description "Beskrivelse" "Description";
    profile "OIOSAML-profil" "OIOSAML profile";
    idp_profile_hint "Afgør, hvordan hubben beder om et sikringsniveau." "Decides how the hub asks for an assurance level.";
    system_profile_hint "Skiftes profilen uden at niveauet ændres, omregnes niveauet efter den offentliggjorte tabel." "If the profile is switched and the level left alone, the level is converted by the published table.";
    highest_nist "Højeste NIST-niveau" "Highest NIST level";
    highest_nsis "Højeste NSIS-niveau" "Highest NSIS level";
    needed_nist "Krævet NIST-niveau" "NIST level needed";
    needed_nsis "Krævet NSIS-niveau" "NSIS level needed";
    no_level "Intet" "None";
    contexts "Anvenderkontekster" "User contexts";
    contexts_hint "CVR-numre på de organisationer, den logger brugere ind for, ét pr. linje. Uden nogen er den lukket." "CVR numbers of the organisations whose users it logs in, one a line. Without any it is closed.";
    addresses "IP-adresser" "IP addresses";
    addresses_hint "Brugere herfra sendes direkte til den. Én pr. linje." "Users from here are sent straight to it. One a line.";
    knows_roles "Kender roller: udsteder jobfunktionsroller" "Knows roles: issues job function roles";
    mobile "Mobilvenlig" "Suited for mobile use";
    scope "Understøtter scope: får at vide, hvilket system der spørger" "Supports scope: is told which system asks";
    stepup "Understøtter step-up: kan hæve niveauet undervejs" "Supports step-up: can raise the level on the way";
    replaced_by "Afløs af" "Replace by";
    replaced_by_hint "Huskede valg følger med til afløseren, når «husk mit valg» virker som safe." "Remembered choices follow to the successor where “remember my choice” works as safe.";
    no_successor "Ingen" "Nobody";
    cvr "CVR-nummer på ejeren" "CVR number of its owner";
    attribute_profile "Attributprofil" "Attribute profile";
    generation "Tilsluttet" "Connected to";
    generation_from "Skifter til Context Handler 2" "Changes to Context Handler 2";
    generation_from_hint "Kun for et system i Context Handler 1. Tomt felt: ingen dato." "Only for a system in Context Handler 1. Left empty: no date.";
    to_preview "Se, hvad der gemmes" "See what is saved";
    cancel "Fortryd" "Cancel";
    adfs_title "Til dem, der driver AD FS" "For those who run AD FS";
    adfs_lead "Kør dette i PowerShell på AD FS-serveren. Så overtager den selv hubbens nye certifikater. AD FS henter kun metadata over https, og adgangspolitikken er jeres valg." "Run this in PowerShell on the AD FS server. It then takes over the hub's new certificates by itself. AD FS fetches metadata over https only, and the access policy is your choice.";

    // ── The preview ───────────────────────────────────────────────────────────────────────────────────
    preview_title(title) "Gem {title}?" "Save {title}?";
    preview_lead "Intet er gemt endnu." "Nothing is saved yet.";
    what_changes "Det ændres" "What changes";
    nothing_changes "Intet af det registrerede ændres." "Nothing of what is registered changes.";
    field "Felt" "Field";
    before "Før" "Before";
    after "Efter" "After";
    nothing "(intet)" "(nothing)";
    notes "Bemærk" "Note";
    news "Nyt i metadata" "New in the metadata";
    what_metadata_says "Det står der i metadata" "What the metadata says";
    endpoints "Endpoints" "Endpoints";
    service "Tjeneste" "Service";
    binding "Binding" "Binding";
    address "Adresse" "Address";
    certificates "Certifikater" "Certificates";
    usage "Brug" "Use";
    subject "Udstedt til" "Issued to";
    thumbprint "Aftryk (SHA-1)" "Thumbprint (SHA-1)";
    validity "Gyldighed" "Validity";
    for_signing "Underskrift" "Signing";
    for_encryption "Kryptering" "Encryption";
    for_both "Begge dele" "Both";
    judged_title(errors, warnings) "Context Handler 2's kontrol: {errors} fejl, {warnings} advarsler" "Context Handler 2's validation: {errors} errors, {warnings} warnings";
    judged_lead "Sådan ville den rigtige hub bedømme det. Fejl her hindrer ikke, at det gemmes." "This is how the real hub would judge it. Errors here do not stop it from being saved.";
    judged_fine "Den rigtige hub ville godtage det uden bemærkninger." "The real hub would accept it without a remark.";
    finding "Fund" "Finding";
    remedy "Sådan rettes det" "How to mend it";
    save "Gem" "Save";
    correct "Ret" "Correct it";

    // ── Deleting ──────────────────────────────────────────────────────────────────────────────────────
    remove_title(name) "Slet {name}?" "Delete {name}?";
    remove_lead "Det sker der:" "This is what happens:";
    removes_idp(title) "{title} kan ikke vælges mere, og svar derfra afvises fra nu af. Logins, der er på vej, bliver afvist." "{title} cannot be chosen any more, and answers from it are refused from now on. Logins on their way are refused.";
    removes_system "Systemets forespørgsler afvises fra nu af: det er et ukendt system." "The system's requests are refused from now on: it is an unknown system.";
    remembered_nobody "Ingen er sendt dertil af et husket valg, siden Vejviser startede." "Nobody was sent there by a remembered choice since Vejviser was started.";
    remembered_ch2(uses) "Huskede valg har sendt logins dertil {uses} gange, siden Vejviser startede. De brugere bliver bedt om at vælge igen." "Remembered choices have sent logins there {uses} times since Vejviser was started. These users are asked to choose again.";
    remembered_safe(uses) "Huskede valg har sendt logins dertil {uses} gange, siden Vejviser startede. De følger organisationen til dens eneste anden identity provider i brug; ellers bliver brugerne bedt om at vælge igen." "Remembered choices have sent logins there {uses} times since Vejviser was started. They follow the organisation to its only other identity provider in use; otherwise the users are asked to choose again.";
    loses_successor(name) "Oplysningen om, at {name} afløser den, forsvinder med den. Skal huskede valg følge med, så luk den i stedet: tøm anvenderkonteksterne." "That {name} takes its place is forgotten with it. If remembered choices are to follow, close it instead: empty its user contexts.";
    named_by(name) "{name} er registreret som afløst af den og har derefter ingen afløser." "{name} is registered as replaced by it and has no successor then.";
    stands_in_file "Den står i federation.toml. Den kommer igen, hvis dens afsnit dér ændres; slet også afsnittet." "It stands in federation.toml. It comes back if its section there is changed; delete the section too.";
    remove_now "Slet" "Delete";

    // ── The change log ────────────────────────────────────────────────────────────────────────────────
    log_lead "De seneste ændringer først. Også ændringer gennem snitfladen og federation.toml står her." "The latest changes first. Changes through the interface and federation.toml stand here too.";
    log_empty "Ingen ændringer endnu." "No changes yet.";
    log_added(kind, name) "{kind} {name} oprettet" "{kind} {name} added";
    log_changed(kind, name) "{kind} {name} ændret" "{kind} {name} changed";
    log_removed(kind, name) "{kind} {name} slettet" "{kind} {name} deleted";
    log_by(who) "af {who}" "by {who}";
    log_all_fields(count) "Alle {count} felter" "All {count} fields";
    log_fields(number) "Ændring {number}" "Change {number}";
    log_older "Ældre ændringer" "Older changes";
    log_newest "Nyeste ændringer" "Newest changes";
    log_json "Ændringsloggen som JSON" "The change log as JSON";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::Path;

    /// Texts that are the same in both languages on purpose: terms.
    const EQUAL: [&str; 5] = [
        "an_identity_provider",
        "an_organisation",
        "metadata",
        "endpoints",
        "binding",
    ];

    #[test]
    fn every_text_is_there_in_both_languages_and_used() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folders = [
            "src/edge/manage/admin",
            "templates/admin",
            "templates/admin/part",
        ];
        let files = folders
            .iter()
            .flat_map(|folder| fs::read_dir(root.join(folder)).unwrap());
        let files = files.filter_map(|file| fs::read_to_string(file.unwrap().path()).ok());
        let code: String = files.collect();
        for (name, da, en) in ENTRIES {
            assert!(!da.is_empty() && !en.is_empty(), "{name}");
            assert_eq!(da == en, EQUAL.contains(name), "{name}: {da}");
            let ends = |text: &str| text.ends_with(['.', '?', ':']);
            assert_eq!(ends(da), ends(en), "{name}");
            let used = |by: &str| {
                let wanted = format!("{by}.{name}");
                let parts = code.split(&wanted).skip(1);
                let mut next = parts.map(|rest| rest.chars().next());
                next.any(|next| next.is_none_or(|c| !c.is_alphanumeric() && c != '_'))
            };
            assert!(used("a") || used("self"), "{name} is not used");
        }
    }
}
