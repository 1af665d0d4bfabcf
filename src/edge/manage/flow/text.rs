//! What the pages of the flows say, Danish and English side by side.

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

    /// In the language of the request that is being answered.
    pub fn current() -> &'static Self {
        Self::of(Language::current())
    }
}

texts! {
    // ── The list ──────────────────────────────────────────────────────────────────────────────────────
    lead "Hvert login, nyeste først. Åbn et forløb for at se beskederne, kontrollerne og hvem der skal handle."
        "Every login, newest first. Open a flow to see the messages, the checks and who must act.";
    filter "Afgræns listen" "Narrow the list";
    any "Alle" "All";
    flow_begins "Tråd-id (eller begyndelsen af det)" "Flow id (or its beginning)";
    hide_strangers "Skjul beskeder fra afsendere, som hubben ikke kender" "Hide messages of senders that the hub does not know";
    show "Vis" "Show";
    show_all "Vis alle" "Show all";
    not_understood "Adressen kan ikke bruges" "The address cannot be used";
    nothing_fits "Ingen forløb passer til det, du har valgt." "No flows fit what you chose.";
    older "Ældre forløb" "Older flows";
    reload "Hent listen igen" "Reload the list";
    live "Nye forløb kommer på listen af sig selv." "New flows appear by themselves.";
    pause "Sæt på pause" "Hold";
    go_on "Følg med igen" "Follow again";
    new_one "1 nyt forløb." "1 new flow.";
    new_some(count) "{count} nye forløb." "{count} new flows.";
    new_waiting(count) "Nye forløb, der venter: {count}." "New flows waiting: {count}.";
    cut_off "Forbindelsen er afbrudt. Hent listen igen." "The connection is lost. Reload the list.";
    forget_all "Slet alle forløb" "Delete all flows";
    forget_all_hint "Alle forløb og deres beskeder forsvinder. Det kan ikke fortrydes."
        "All flows and their messages disappear. It cannot be undone.";
    forget_now "Slet alt" "Delete everything";
    forgotten "Slettet." "Deleted.";
    at_time "Tid (dansk tid)" "Time (Danish time)";
    organisation "Organisation" "Organisation";
    profile_and_level "Profil og niveau" "Profile and level";
    duration "Varighed" "Duration";
    nobody "Ingen" "Nobody";

    // ── The verdict ───────────────────────────────────────────────────────────────────────────────────
    confidence "Hvor sikkert" "How certain";
    certain "Sikkert: beskederne siger det." "Certain: the messages say it.";
    likely "Sandsynligt: intet andet, vi kender, passer så godt." "Likely: nothing else that we know fits as well.";
    possible "Muligt: det passer, men det gør noget andet også." "Possible: it fits, and so does something else.";
    first_contact "Brugeren skal spørge" "The user should ask";
    security "Sikkerhed" "Security";
    security_hint "Det kan være et angreb. Vis forløbet til den, der står for sikkerheden, også selv om login siden lykkedes."
        "It may be an attack. Show the flow to whoever is responsible for security, even if the login succeeded later.";
    cause "Årsag" "Cause";
    evidence "Det viser det" "What shows it";
    evidence_message(number, kind) "Besked {number}: {kind}" "Message {number}: {kind}";
    evidence_row(number, check) "Besked {number}, kontrol {check}" "Message {number}, check {check}";
    evidence_decision(rule) "Hubbens afgørelse {rule}" "The hub's decision {rule}";
    evidence_told(who) "Det, {who} svarede" "What {who} said";

    // ── The chain ─────────────────────────────────────────────────────────────────────────────────────
    chain "Kæden" "The chain";
    link_user "Bruger" "User";
    link_hub "Hub" "Hub";
    link_idp "Kommunens IdP" "The municipality's IdP";
    link_roles "Organisation og roller" "Organisation and roles";
    link_ok "i orden" "fine";
    link_failed "fejler" "fails";
    link_waiting "intet svar" "no answer";
    link_not_reached "ikke nået" "not reached";

    // ── What to take along ────────────────────────────────────────────────────────────────────────────
    take_along "Giv sagen videre" "Hand the case on";
    copy "Kopiér sagstekst" "Copy the case text";
    copied "Kopieret." "Copied.";
    case_text "Sagstekst til servicedesken" "Case text for the service desk";
    case_file "Sagstekst som fil" "The case text as a file";
    bundle "Andre former for sagspakke" "Other forms of the case bundle";
    bundle_hint "En sagspakke har beskeder, kontroller og sagstekst i én fil. Giv den maskerede videre, medmindre modtageren må se personoplysninger."
        "A case bundle has messages, checks and case text in one file. Hand on the masked one, unless the receiver may see personal data.";
    masked "Hent maskeret sagspakke (zip)" "Get a masked case bundle (zip)";
    hashed "Hent med hash i stedet for navne" "Get it with hashes for names";
    plain "Hent med personoplysninger" "Get it with personal data";
    forget_this "Slet dette forløb" "Delete this flow";
    forget_this_hint "Forløbet og dets beskeder forsvinder. Det kan ikke fortrydes."
        "The flow and its messages disappear. It cannot be undone.";
    delete "Slet forløbet" "Delete the flow";

    // ── The sequence ──────────────────────────────────────────────────────────────────────────────────
    sequence "Sådan gik det" "How it went";
    sequence_title(system, idp) "Sekvensdiagram: {system}, hubben og {idp}" "Sequence diagram: {system}, the hub and {idp}";
    sequence_same "Trinene står også som liste under tegningen." "The steps also stand as a list below the drawing.";
    an_idp "Identity provider" "Identity provider";
    checks_fine(count) "{count} kontroller ok" "{count} checks ok";
    checks_warn(count) "{count} advarsler" "{count} warnings";
    checks_fail(count) "{count} fejl" "{count} failed";
    page_shown(method, path, status) "Browser: {method} {path} gav {status}" "Browser: {method} {path} gave {status}";
    told_fine(who) "{who} tog imod beskeden" "{who} took the message";
    told_wrong(who) "{who} afviste beskeden" "{who} refused the message";
    told_title "Hvad parterne svarede" "What the parties said";
    told_hint "Demoens parter fortæller, hvad de selv fandt ud af om hubbens besked. En rigtig part gør det kun i sin egen log."
        "The parties of the demo tell what they found about the hub's message. A real one does so in its own log only.";

    // ── A message ─────────────────────────────────────────────────────────────────────────────────────
    place "Sted" "Place";
    line(number) "Linje {number}" "Line {number}";
    line_around(number) "Mangler; linje {number}" "Missing; line {number}";
    in_clear(number) "Klartekst, linje {number}" "Clear text, line {number}";
    in_clear_around(number) "Mangler; klartekst, linje {number}" "Missing; clear text, line {number}";
    signed_query(algorithm) "Hele beskeden er dækket af signaturen i query ({algorithm})."
        "The whole message is covered by the signature in the query ({algorithm}).";
    signed_element(name, from, to, algorithm) "Signaturen dækker {name}, linje {from} til {to} ({algorithm})."
        "The signature covers {name}, lines {from} to {to} ({algorithm}).";
    signed_nothing(uri, algorithm) "En signatur henviser til «{uri}», som ikke er i beskeden ({algorithm})."
        "A signature refers to “{uri}”, which is not in the message ({algorithm}).";
    signed_by_none "Ingen signatur." "No signature.";
    signed_note "Det er, hvad signaturen selv siger. Om den er ægte, står i kontrollerne. Tonede linjer med streg er dækket."
        "That is what the signature says of itself. Whether it is genuine, the checks say. Tinted lines with a bar are covered.";
    characters(count) "{count} tegn" "{count} characters";
    too_large "Beskeden er for stor til at blive vist linje for linje." "The message is too large to be shown line by line.";
    as_sent "Som sendt" "As sent";
    octets "XML, tegn for tegn" "The XML, character by character";
    octets_of(number) "XML i besked {number}, tegn for tegn" "XML of message {number}, character by character";
    base64 "Base64, som i formularens felt" "Base64, as in the form's field";
    base64_of(number) "Base64 af besked {number}" "Base64 of message {number}";
    not_kept "Beskederne er ikke gemt længere." "The messages are no longer kept.";

    // ── Headers and cookies ───────────────────────────────────────────────────────────────────────────
    visits "HTTP og cookies" "HTTP and cookies";
    visits_hint "Hvad browseren bad hubben om. Værdier af cookies gemmes ikke."
        "What the browser asked the hub for. Values of cookies are not kept.";
    request "Forespørgsel" "Request";
    status "Svar" "Answer";
    headers "Headere" "Headers";
    cookies_came "Cookies, der kom med" "Cookies that came along";
    cookies_set "Cookies, der blev sat" "Cookies that were set";
    led_to "Sendt videre til" "Led on to";
    no_cookies "ingen" "none";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::{Path, PathBuf};

    /// Texts that are the same in both languages on purpose: terms.
    const EQUAL: [&str; 3] = ["organisation", "an_idp", "link_hub"];

    fn files(folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        let files = paths.flat_map(|path| match path.is_dir() {
            true => files(&path),
            false => vec![path],
        });
        files.collect()
    }

    #[test]
    fn every_text_is_there_in_both_languages_and_used() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut paths = files(&root.join("src/edge/manage/flow"));
        paths.extend(files(&root.join("templates/flow")));
        paths.extend(["flow.html", "flows.html"].map(|name| root.join("templates").join(name)));
        paths.push(root.join("templates/part/flow_table.html"));
        let code: String = (paths.iter())
            .map(|path| fs::read_to_string(path).unwrap())
            .collect();
        let mut seen = std::collections::BTreeSet::new();
        for (name, da, en) in ENTRIES {
            assert!(
                !da.is_empty() && !en.is_empty() && seen.insert(name),
                "{name}"
            );
            assert_eq!(da == en, EQUAL.contains(name), "{name}: {da}");
            let ends = |text: &str| text.ends_with(['.', '?', ':']);
            assert_eq!(ends(da), ends(en), "{name}");
            let wanted = format!("f.{name}");
            let parts = code.split(&wanted).skip(1);
            let mut next = parts.map(|rest| rest.chars().next());
            let used = next.any(|next| next.is_none_or(|c| !c.is_alphanumeric() && c != '_'));
            assert!(used, "{name} is not used");
        }
        let texts: Vec<&str> = ENTRIES.iter().flat_map(|(_, da, en)| [*da, *en]).collect();
        let unique: std::collections::BTreeSet<&str> = texts.iter().copied().collect();
        assert_eq!(
            unique.len(),
            texts.len() - EQUAL.len(),
            "a text stands twice"
        );
    }
}
