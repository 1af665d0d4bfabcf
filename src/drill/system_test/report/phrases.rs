//! What the reports say: one table, Danish and English side by side. What a case means stands with the cases.

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

    /// As in `lang` attributes.
    pub fn code(&self) -> &'static str {
        self.language.code()
    }

    /// The same in the other language.
    pub fn other(&self) -> &'static Self {
        Self::of(self.language.other())
    }
}

texts! {
    // ── Around a report ───────────────────────────────────────────────────────────────────────────────
    language_name "Dansk" "English";
    footer(system, run) "Systemprøve: {system} · kørsel {run}" "System test: {system} · run {run}";
    title(system) "Systemprøve: {system}" "System test: {system}";
    subtitle "Rapport over en prøve af et brugervendt system mod Context Handler 2" "Report of a test of a user-facing system against Context Handler 2";
    unofficial "Uofficielt: Vejviser er ikke KOMBITs, og dette er hverken en test hos KOMBIT eller en godkendelse."
        "Unofficial: Vejviser is not KOMBIT's, and this is neither a test at KOMBIT nor an approval.";
    invented "Hubben er en efterligning. Personer, organisationer og CVR-numre i prøven er opdigtede."
        "The hub is an imitation. People, organisations and CVR numbers in the test are invented.";

    // ── The result ────────────────────────────────────────────────────────────────────────────────────
    result "Resultat" "Result";
    passed_of(passed, all) "{passed} af {all} bestået" "{passed} of {all} passed";
    failures(count) "{count} fejl" "{count} failed";
    failures_known(count, known) "{count} fejl ({known} kendt)" "{count} failed ({known} known)";
    skips(count) "{count} sprunget over" "{count} skipped";
    all_met "Systemet gjorde det rigtige i alle de prøver, der kunne bedømmes." "The system did right in every case that could be judged.";
    some_known "Systemet gjorde det rigtige i alle de prøver, der kunne bedømmes, bortset fra kendte fejl."
        "The system did right in every case that could be judged, except for known failures.";
    not_met(must, should) "Systemet skal rettes: {must} af kravene («skal») og {should} af anbefalingerne («bør») er ikke opfyldt."
        "The system must be mended: {must} of the requirements (“must”) and {should} of the recommendations (“should”) are not met.";
    not_advised(should) "Systemet bør rettes: {should} af anbefalingerne («bør») er ikke opfyldt." "The system should be mended: {should} of the recommendations (“should”) are not met.";
    besides_known(count) "Derudover er der kendte fejl, som ikke er talt med: {count}." "Besides there are known failures, which are not counted: {count}.";
    only_stale "Systemet gjorde det rigtige, men listen over kendte fejl passer ikke længere." "The system did right, but the list of known failures no longer holds.";
    nothing_judged "Ingen prøver kunne bedømmes." "No case could be judged.";
    no_good_login "Det gode login lykkedes ikke. Resten kan først prøves, når det gør." "The good login failed. The rest can be tested only once it works.";
    partial(ran, all) "Kun {ran} af de {all} prøver, som Vejviser har, er med i denne kørsel." "Only {ran} of the {all} cases that Vejviser has are in this run.";

    // ── Facts ─────────────────────────────────────────────────────────────────────────────────────────
    facts "Om prøven" "About the test";
    facts_caption "Systemet, kørslen og det, der prøvede" "The system, the run, and what tested it";
    system "Brugervendt system" "User-facing system";
    entity_id "entityID" "entityID";
    login_url "Login begynder på" "A login begins at";
    profile "OIOSAML-profil" "OIOSAML profile";
    level "Krævet sikringsniveau" "Required level of assurance";
    metadata "Metadata" "Metadata";
    sha256 "Metadata, SHA-256" "Metadata, SHA-256";
    told_by "Logget ind ses på" "Logged in is told by";
    hub "Hubbens entityID" "entityID of the hub";
    tool "Prøvet med" "Tested with";
    vejviser(version) "Vejviser {version}" "Vejviser {version}";
    browser "Browser" "Browser";
    own_browser "Vejvisers egen, uden vindue" "Vejviser's own, without a window";
    run "Kørsel" "Run";
    ran_by "Udført af" "Run by";
    ran_by_nobody "ikke oplyst" "not stated";
    began "Begyndt" "Began";
    took "Varighed" "Duration";
    danish_time(moment) "{moment} (dansk tid)" "{moment} (Danish local time)";
    baseline "Liste over kendte fejl" "List of known failures";
    no_baseline "ingen" "none";

    // ── A case ────────────────────────────────────────────────────────────────────────────────────────
    worst_first "Fejl, værste først" "Failures, worst first";
    sent "Sendt" "Sent";
    found "Det skete" "What happened";
    expected "Forventet" "Expected";
    why "Hvorfor" "Why";
    who "Hvem handler" "Who acts";
    clause "Kilde" "Source";
    steps "Trin" "Steps";
    flow "Forløb" "Flow";
    again "Kør igen" "Run again";
    step(method, address, status) "{method} {address} → {status}" "{method} {address} → {status}";
    remark "Bemærk" "Note";
    in_metadata "Fundet i metadata" "Found in the metadata";
    metadata_line(line) "linje {line}" "line {line}";
    message "Beskeden, som systemet fik den" "The message as the system got it";
    clear "Det, der var krypteret i den, i klar tekst" "What was encrypted in it, in clear";
    cut "Lange beskeder er afkortet; (+n) er antallet af tegn, der ikke vises." "Long messages are cut; (+n) is the number of characters that are not shown.";
    must "Skal" "Must";
    should "Bør" "Should";

    // ── Outcomes ──────────────────────────────────────────────────────────────────────────────────────
    pass "Bestået" "Passed";
    fail "Fejl" "Failed";
    skip "Sprunget over" "Skipped";
    known "Kendt fejl" "Known failure";
    known_until(day) "Kendt til og med {day}" "Known until {day}";
    expired_since(day) "Stod som kendt fejl til og med {day}. Fristen er overskredet, så fejlen tæller igen."
        "Stood as a known failure until {day}. The time is up, so the failure counts again.";
    stale "Linjer, der skal fjernes fra listen" "Lines to remove from the list";
    stale_line(file, line, id) "{file}, linje {line}: {id} er bestået. Fjern linjen, ellers skjuler den den næste fejl."
        "{file}, line {line}: {id} passes. Remove the line, or it will hide the next failure.";
    stale_title "En kendt fejl er rettet, men står stadig på listen" "A known failure is mended, but still on the list";
    stale_found(id) "{id} er bestået" "{id} passes";
    stale_expected "linjen er fjernet" "the line is removed";
    expired_title "Fristen for en kendt fejl er overskredet" "The time of a known failure is up";
    expired_found(id, day) "{id} fejler stadig efter {day}" "{id} still fails after {day}";
    expired_expected "fejlen er rettet, eller fristen forlænget" "the failure is mended, or the time extended";

    // ── Tables ────────────────────────────────────────────────────────────────────────────────────────
    known_failures "Kendte fejl" "Known failures";
    skipped_cases "Sprunget over" "Skipped";
    passed_cases "Bestået" "Passed";
    chapters "Oversigt pr. kapitel" "Chapters";
    chapters_caption "Antal prøver efter resultat" "Number of cases by outcome";
    chapter "Kapitel" "Chapter";
    all_cases "Alle prøver" "All cases";
    case_id "Id" "Id";
    what "Det, der prøves" "What is tested";
    weight "Skal/bør" "Must/should";
    outcome "Resultat" "Outcome";
    total "I alt" "Total";
    number "Antal" "Cases";

    // ── How, and words ────────────────────────────────────────────────────────────────────────────────
    method "Sådan er der prøvet" "How it was tested";
    method_text "Vejviser stiller en hub op, som systemet stoler på under prøven, og styrer en browser. Først logges en bruger ind, som det skal være; deraf læres, hvordan systemet ser ud, når nogen er logget ind. Derefter får systemet ét svar ad gangen med præcis én ændring, og det ses, om brugeren blev logget ind. Kun det, en bruger kan se udefra, bedømmes."
        "Vejviser sets up a hub that the system trusts during the test, and drives a browser. First a user is logged in as it should be; from that it is learnt what the system looks like with somebody logged in. Then the system gets one answer at a time with exactly one change, and it is seen whether the user was logged in. Only what a user can see from outside is judged.";
    method_limits "En bestået prøve viser, at systemet afviste netop denne besked. Den viser ikke, at systemet er sikkert."
        "A passed case shows that the system refused this very message. It does not show that the system is secure.";
    words "Ordforklaring" "Words";
    word_must "Et system, der ikke gør det, er usikkert, eller dets brugere kan ikke logge ind." "A system that does not is unsafe, or its users cannot log in.";
    word_should "Et system, der ikke gør det, giver besvær for nogen." "A system that does not will make trouble for somebody.";
    word_known "En fejl, som leverandøren har skrevet på en liste med en frist. Når fristen er gået, tæller den igen."
        "A failure that the supplier put on a list with a time limit. After it the failure counts again.";
    word_skip "Prøven passer ikke på systemet eller kunne ikke bedømmes; grunden står ved den." "The case does not apply to the system or could not be judged; the reason stands beside it.";
    hub_word "Hub" "Hub";
    word_hub "Leddet mellem systemet og kommunens login. I drift er det KOMBITs Context Handler 2; her er det Vejvisers efterligning."
        "What stands between the system and the municipality's login. In production it is KOMBIT's Context Handler 2; here it is Vejviser's imitation.";
    word_assertion "Den del af hubbens svar, der siger, hvem brugeren er, og hvordan brugeren loggede ind." "The part of the hub's answer that says who the user is and how the user logged in.";
    word_response "Hubbens svar til systemet. Det bærer en assertion, når login lykkedes." "The hub's answer to the system. It carries an assertion where the login worked.";
    word_metadata "Filen, hvor en part fortæller de andre sine adresser og certifikater." "The file in which a party tells the others its addresses and certificates.";
    level_word "Sikringsniveau (NSIS, NIST)" "Level of assurance (NSIS, NIST)";
    word_level "Hvor sikkert det er, at brugeren er den rette. NSIS har Lav, Betydelig og Høj." "How sure it is that the user is the right one. NSIS has Low, Substantial and High.";
    word_relay_state "Det, systemet selv skal huske under et login; det kommer uændret tilbage." "What the system itself must remember during a login; it comes back unchanged.";
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
            let ends = |text: &str| text.ends_with(['.', '?', ':']);
            assert_eq!(ends(da), ends(en), "{name}");
        }
    }
}
