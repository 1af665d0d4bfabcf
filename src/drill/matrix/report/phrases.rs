//! What the reports of the matrix say: one table, Danish and English side by side. What a finding means stands with its
//! [kind](crate::drill::matrix::Kind).

use crate::edge::page::{Language, texts};
use std::fmt::Display;

impl Text {
    /// The texts in a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Danish => &DANISH,
            Language::English => &ENGLISH,
        }
    }
}

texts! {
    document_title "Profilmatrix – Vejviser" "Profile matrix – Vejviser";
    title "Profilmatrix: hvad hver identity provider modtager" "Profile matrix: what each identity provider receives";
    unofficial "Uofficielt: lavet med Vejviser, som ikke er KOMBITs. Ingen har logget ind; alt er beregnet med hubbens egne regler."
        "Unofficial: made with Vejviser, which is not KOMBIT's. Nobody has logged in; everything is computed by the hub's own rules.";
    size(systems, idps, pairs) "{systems} systemer × {idps} identity providers = {pairs} kombinationer" "{systems} systems × {idps} identity providers = {pairs} ways";

    // ── The checks that it names ──────────────────────────────────────────────────────────────────────
    named_title "Kontroller, der er nævnt" "Checks that are named";
    named_check "Kontrol" "Check";
    named_meaning "Hvad det betyder" "What it means";
    named_remedy "Gør dette" "What to do";
    named_who "Hvem skal handle" "Who must act";

    // ── What is sent ──────────────────────────────────────────────────────────────────────────────────
    // ── The page ──────────────────────────────────────────────────────────────────────────────────────
    lead "Hvad sender hubben til hver identity provider, hvad svarer den, og hvem kommer ikke ind? Alt er beregnet: ingen har logget ind."
        "What does the hub send to each identity provider, what does it answer, and who does not get in? Everything is computed: nobody has logged in.";
    view "Vis" "Show";
    view_matrix "Hvad der sendes" "What is sent";
    view_people "Brugerne" "The users";
    view_generations "Context Handler 1 mod 2" "Context Handler 1 against 2";
    view_overview "Systemernes krav" "The systems' needs";
    all_idps "Alle identity providers" "All identity providers";
    all_systems "Alle systemer" "All systems";
    show "Vis" "Show";
    files "Filer" "Files";
    as_csv "Tabellen som regneark (CSV)" "The table for a spreadsheet (CSV)";
    as_json "Det hele som JSON" "All of it as JSON";
    as_html "Det hele som én side til udskrift" "All of it as one page to print";

    today "Nuværende registrering" "As registered now";
    need "Krav" "Need";
    systems "Systemer" "Systems";
    idps "Identity providers" "Identity providers";
    profile "Profil" "Profile";
    sent "Hubben sender" "The hub sends";
    can "Kan det opfyldes?" "Can it be satisfied?";
    rules "Regler, der afgjorde det" "The rules that decided it";
    rule "Regel" "Rule";
    input "Ud fra" "By";
    result "Resultat" "Result";
    source "Kilde" "Source";
    observed "observeret" "observed";
    confirmed "bekræftet" "confirmed";
    inferred "udledt" "inferred";
    setting "indstilling" "setting";
    generation_one "Context Handler 1" "Context Handler 1";
    no_class_ref "intet niveau" "no level";
    in_relay_state(value) "RelayState {value}" "RelayState {value}";
    requester_id "RequesterID" "RequesterID";
    refused_before(check) "intet: afvist ({check})" "nothing: refused ({check})";
    enough "ja" "yes";
    unasked "spørges ikke" "is not asked";
    too_low "nej, registreret for lavt" "no, registered too low";
    not_asked "nej, hubben spørger ikke" "no, the hub does not ask";
    inactive "nej, inaktiv" "no, inactive";
    and_more(count) "og {count} til" "and {count} more";

    // ── One IdP, six profiles ─────────────────────────────────────────────────────────────────────────
    profiles_of(idp) "De seks profiler for {idp}" "The six profiles for {idp}";
    registered_with(profile, level) "Registreret: {profile}, højst {level}" "Registered: {profile}, at most {level}";
    without_help "«Without requested LoA» svarer til Context Handler 1: der bedes ikke om noget, og kommunen står inde for niveauet."
        "“Without requested LoA” is like Context Handler 1: nothing is asked for, and the municipality answers for the level.";
    slip_help "Kilden skriver «NIST 2 og 3» ved multipleauthn; vi læser 3 og 4 (indstillingen multipleauthn_from)."
        "The source says “NIST 2 og 3” for multipleauthn; we read 3 and 4 (the setting multipleauthn_from).";
    conversion_help "Krav på den anden skala er omregnet efter den offentliggjorte tabel (1, 2 = Lav; 3 = Betydelig; 4 = Høj)."
        "Needs on the other scale are converted by the published table (1, 2 = Low; 3 = Substantial; 4 = High).";
    recommendation "Anbefaling" "Recommendation";
    recommended(profile) "{profile}" "{profile}";
    is_registered "er den, der er registreret" "is the registered one";
    works(working, all) "{working} af {all} logins virker" "{working} of {all} logins work";
    under(count) "{count} under kravet, uden at nogen får det at vide" "{count} below the need, and nobody is told";
    ways_work(working, all) "{working} af {all} systemer kan betjenes" "{working} of {all} systems can be served";
    ways_unasked(count) "{count} uden at der bedes om et niveau" "{count} without a level being asked for";
    first_reason(why) "bl.a. {why}" "among other things {why}";
    nothing_to_recommend "Ingen af de seks profiler lader nogen logge ind." "None of the six profiles lets anybody log in.";

    // ── People ────────────────────────────────────────────────────────────────────────────────────────
    people "Hvad sker der for brugerne?" "What becomes of the users?";
    person "Bruger" "User";
    fate "Login" "Login";
    hub_does_not_ask(check) "hubben spørger ikke ({check})" "the hub does not ask ({check})";
    passes(level) "kommer ind ({level})" "gets in ({level})";
    passes_with_factor(level) "bedes om anden faktor og kommer ind ({level})" "is asked for a second factor and gets in ({level})";
    under_assured(level) "kommer ind med {level}: under kravet" "gets in with {level}: below the need";
    refused_by_idp(why) "afvises af IdP'en: {why}" "is refused by the IdP: {why}";
    stuck "kommer ikke forbi IdP'ens side for anden faktor" "cannot get past the IdP's page for the second factor";
    refused_by_hub_anyhow(check) "afvises af hubben ({check})" "is refused by the hub ({check})";
    refused_by_hub(check, level) "afvises af hubben ({check}): IdP'en oplyser {level}" "is refused by the hub ({check}): the IdP states {level}";
    no_level "intet niveau" "no level";
    person_id "Id" "Id";
    lacks "Mangler" "Lacks";
    to_use "For at bruge" "To use";
    enrol "Skal tilmeldes" "To be enrolled";
    enrol_none "Ingen skal tilmeldes noget." "Nobody has to be enrolled.";
    lacks_factor "anden faktor" "second factor";
    lacks_nsis "NSIS-identitet på niveauet" "NSIS identity at the level";
    lacks_both "anden faktor og NSIS-identitet" "second factor and NSIS identity";
    no_people "Ingen brugere er kendt. De kan gives som en liste: vejviser matrix --people FIL." "No users are known. They can be given as a list: vejviser matrix --people FILE.";

    // ── Generations ───────────────────────────────────────────────────────────────────────────────────
    generations "Context Handler 1 mod Context Handler 2" "Context Handler 1 against Context Handler 2";
    outcomes "Brugere, hvis login går anderledes" "Users whose login goes otherwise";
    under_one "Under 1" "Under 1";
    under_two "Under 2" "Under 2";
    changes(count) "{count} af brugernes logins ændrer udfald" "{count} of the users' logins change their outcome";
    ways_change(count, all) "Beskeden ændrer sig i {count} af {all} kombinationer" "The message changes on {count} of {all} ways";
    no_change "ingen ændring" "no change";

    // ── Overview ──────────────────────────────────────────────────────────────────────────────────────
    overview "Systemerne og deres krav" "The systems and their needs";
    system "System" "System";
    second_factor_needed "NIST 3 eller højere" "NIST 3 or higher";
    yes "ja" "yes";
    no "nej" "no";
    generation "Context Handler" "Context Handler";
    generation_two_from(date) "1, fra {date} 2" "1, from {date} 2";
    not_ready "Ikke klar" "Not ready";
    all_ready "alle er klar" "all are ready";
    of_people(title, failing, all) "{title} ({failing} af {all} brugere)" "{title} ({failing} of {all} users)";
    ready_unknown "klar efter registreringen; brugerne er ikke kendt" "ready by registration; the users are not known";
    high_systems(count, all) "{count} af {all} systemer kræver NIST 3 eller højere" "{count} of {all} systems need NIST 3 or higher";

    // ── Live ──────────────────────────────────────────────────────────────────────────────────────────
    live_title "Profilmatrix: rigtige logins gennem hver identity provider" "Profile matrix: real logins through each identity provider";
    live_unofficial "Uofficielt: lavet med Vejviser, som ikke er KOMBITs. Hvert felt er et login fra et indbygget prøvesystem."
        "Unofficial: made with Vejviser, which is not KOMBIT's. Each cell is a login from a built-in test system.";
    live_size(all, agree, differ, waiting, review, unpredicted) "{all} logins: {agree} som beregnet, {differ} anderledes, {waiting} WAITING, {review} REVIEW, {unpredicted} uden beregning"
        "{all} logins: {agree} as predicted, {differ} otherwise, {waiting} WAITING, {review} REVIEW, {unpredicted} without a prediction";
    live_of(idp) "Prøvelogins hos {idp}" "Trials at {idp}";
    live_off "Ingen prøvelogins: sæt test_systems = true under hub i federation.toml." "No trials: set test_systems = true under hub in federation.toml.";
    live_flow "forløb" "flow";
    live_try "prøv" "try";
    live_factor "anden faktor" "second factor";
    live_no_factor "ingen anden faktor" "no second factor";
    live_seconds(seconds) "{seconds} s" "{seconds} s";
    live_under(level) "{level}, under kravet" "{level}, below the need";
    live_stopped "standset på IdP'ens side" "stopped at a page of the IdP";
    live_refused(check) "afvist af hubben ({check})" "refused by the hub ({check})";
    live_legend "Sendt → fik. Et prøvelogin ændrer kun, hvad hubben beder om: IdP'ens egne regler er, som kommunen har sat dem op. En opdigtet IdP svarer, som om dens regler fulgte med."
        "Sent → got. A trial changes only what the hub asks for: the IdP's own rules are as the municipality has set them up. An invented IdP answers as if its rules had followed.";
    live_waiting "WAITING: et menneske skal logge ind (helst i et privat vindue), eller loginnet kom ikke tilbage." "WAITING: a person must log in (best in a private window), or the login did not come back.";
    live_review "REVIEW: svaret siger ikke, om der blev bedt om en anden faktor; det må et menneske sige (PUT /api/v1/trials)." "REVIEW: the answer does not say whether a second factor was asked for; a person must (PUT /api/v1/trials).";
    live_links "Logins for et menneske" "Logins for a person";
    live_found "Fundet" "Found";
    live_predicted "Beregnet" "Predicted";

    // ── Findings ──────────────────────────────────────────────────────────────────────────────────────
    findings "Fund" "Findings";
    no_findings "Ingen fund." "No findings.";
    who "Hvem handler" "Who acts";
    what_to_do "Hvad skal der gøres" "What to do";
    concerns "Gælder" "Concerns";
    known "kendt i forvejen" "known before";
    stale(place) "Står i den tidligere liste (baseline), men findes ikke længere: {place}" "Stands in the baseline, but is gone: {place}";
    stale_title "En linje i baseline passer ikke længere" "A line of the baseline no longer holds";
    stale_remedy "Skriv baseline på ny" "Write the baseline anew";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_phrase_is_there_in_both_languages() {
        let values = |text: &str| -> BTreeSet<String> {
            let parts = text.split('{').skip(1);
            parts
                .filter_map(|rest| rest.split('}').next())
                .map(str::to_owned)
                .collect()
        };
        for (name, da, en) in ENTRIES {
            assert!(!da.trim().is_empty() && !en.trim().is_empty(), "{name}");
            assert_eq!(values(da), values(en), "{name}");
        }
    }
}
