//! What reports say: one table, Danish and English side by side. What an outage means stands in
//! [`words`](crate::drill::rehearsal::words).

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
}

texts! {
    // ── Around a report ───────────────────────────────────────────────────────────────────────────────
    language_name "Dansk" "English";
    title "Øvelse: certifikatskifte" "Rehearsal of a certificate change";
    document_title "Øvelse: certifikatskifte – Vejviser" "Rehearsal of a certificate change – Vejviser";
    unofficial "Uofficielt: lavet med Vejviser, som ikke er KOMBITs. Det er en øvelse, ikke en driftsmeddelelse."
        "Unofficial: made with Vejviser, which is not KOMBIT's. It is a rehearsal, not an announcement of a real change.";
    danish_time_used "Alle tider er dansk tid." "All times are Danish local time.";
    overview "Overblik" "Overview";

    // ── The headline ──────────────────────────────────────────────────────────────────────────────────
    nobody_down "Ingen er nede undervejs." "Nobody is down at any time.";
    some_down(down, all) "{down} af {all} parter er nede undervejs." "{down} of {all} parties are down at some time.";
    worst_at(working, tried, at) "Værst {at}: {working} af {tried} logins virker." "Worst {at}: {working} of {tried} logins work.";
    longest(title, span) "Længst: {title}, {span}." "Longest: {title}, {span}.";
    no_end_text(span) "mindst {span} – ophører ikke af sig selv" "at least {span} – does not end by itself";

    // ── Facts of a run ────────────────────────────────────────────────────────────────────────────────
    changes "Skifter certifikat" "Changes its certificate";
    environment(name) "miljø {name}" "environment {name}";
    window "Servicevindue" "Service window";
    from_to(from, to) "{from} – {to}" "{from} – {to}";
    strategy "Fremgangsmåde" "Strategy";
    horizon "Øvelsen dækker" "The rehearsal covers";
    rolled_back(at) "rulles tilbage {at}" "rolled back {at}";
    file "Nyt certifikat som fil" "New certificate as a file";
    keys_changed "Nye nøgler til" "New keys for";
    keys_kept "Samme nøgler som før til" "The same keys as before for";
    own_plan "Egen plan" "A plan of one's own";

    hard_swap "Hårdt skifte" "Hard swap";
    hard_swap_about "Fra det gamle til det nye inden for servicevinduet; metadata viser aldrig begge, som i december 2024."
        "From the old one to the new one inside the window; metadata never shows both, as in December 2024.";
    metadata_first "Metadata først" "Metadata first";
    metadata_first_about "Begge certifikater står i metadata i dagene før; det gamle forsvinder ved skiftet."
        "Both certificates stand in metadata in the days before; the old one goes with the switch.";
    overlap "Overlap" "Overlap (both in metadata)";
    overlap_about "Begge certifikater står i metadata fra dagene før til dagene efter, og begge nøgler dekrypterer."
        "Both certificates stand in metadata from days before until days after, and both keys decrypt.";
    same_key "Nyt certifikat på samme nøgle" "New certificate on the same key";
    same_key_about "Nøglen skiftes ikke; kun certifikatet bliver fornyet." "The key stays; only the certificate is renewed.";
    emergency "Nødskifte" "Emergency";
    emergency_about "Straks og uvarslet, fordi den gamle nøgle er kendt af andre." "At once and unannounced, because others know the old key.";
    expired "Certifikatet udløber" "The certificate expires in place";
    expired_about "Ingen gør noget: certifikatet udløber, det opdages timer senere og bliver så skiftet."
        "Nobody acts: the certificate expires, that is noticed hours later, and it is swapped then.";
    signing_first "der signeres med det nye først, metadata følger" "the new one signs first, metadata follows";
    metadata_leads "ny metadata først, der signeres med det nye senere" "new metadata first, the new one signs later";

    // ── Steps ─────────────────────────────────────────────────────────────────────────────────────────
    steps "Forløb" "What happens";
    step_number "Nr." "No.";
    when "Tidspunkt" "When";
    what "Hvad" "What";
    logins "Logins virker" "Logins work";
    logins_note "Et login er ét system hos én identity provider." "A login is one system at one identity provider.";
    share(working, tried) "{working} af {tried}" "{working} of {tried}";
    begins "Øvelsen begynder" "The rehearsal begins";
    announce "Driftsmeddelelsen sendes ud" "The announcement goes out";
    hand_out(file) "Det nye certifikat lægges ud som fil ({file})" "The new certificate is handed out as a file ({file})";
    show(signing, encryption) "Ny metadata: {signing} til signering, {encryption} til kryptering"
        "New metadata: {signing} for signing, {encryption} for encryption";
    show_same(both) "Ny metadata: {both}" "New metadata: {both}";
    without_use(what) "{what} (uden «use»)" "{what} (without “use”)";
    the_old "det gamle certifikat" "the old certificate";
    the_new "det nye certifikat" "the new certificate";
    the_previous "det forrige certifikat" "the previous certificate";
    none_shown "intet certifikat" "no certificate";
    and(first, second) "{first} og {second}" "{first} and {second}";
    comma(first, second) "{first}, {second}" "{first}, {second}";
    signs(changer, what) "{changer} signerer med {what}" "{changer} signs with {what}";
    decrypts_one(changer, what) "{changer} dekrypterer kun med nøglen til {what}" "{changer} decrypts only with the key of {what}";
    decrypts_two(changer) "{changer} dekrypterer med begge nøgler" "{changer} decrypts with both keys";
    decrypts_several(changer, what) "{changer} dekrypterer med nøglerne til {what}" "{changer} decrypts with the keys of {what}";
    decrypts_same(changer) "{changer} dekrypterer som før: nøglen er den samme" "{changer} decrypts as before: the key is the same";
    expires "Det gamle certifikat udløber" "The old certificate expires";
    roll_back "Alt rulles tilbage" "Everything is rolled back";
    goes_down(titles) "Går ned: {titles}" "Down from now on: {titles}";
    comes_up(titles) "Virker igen: {titles}" "Up again: {titles}";
    and_more(count) "og {count} til" "and {count} more";

    // ── Parties ───────────────────────────────────────────────────────────────────────────────────────
    parties "Parter, hårdest ramte først" "Parties, hardest hit first";
    party "Part" "Party";
    kind_hub "hub" "the hub";
    kind_idp "kommunens IdP" "municipal IdP";
    kind_system "brugervendt system" "user-facing system";
    takes_over "Følger med sådan" "How it follows";
    down "Nede" "Down";
    down_from "Nede fra" "Down from";
    down_to "Til" "Until";
    how_long "Hvor længe" "For how long";
    why "Årsag" "Why";
    who_acts "Hvem handler" "Who acts";
    not_down "Virker hele tiden" "Works all the time";
    no_end "ingen ende" "no end";
    at_least(span) "mindst {span}" "at least {span}";
    pinned "certifikatet står fast i konfigurationen" "the certificate is fixed in its configuration";
    polled(every) "henter metadata {every}" "fetches metadata {every}";
    restart "læser metadata, når programmet starter" "reads metadata when the program starts";
    manual_none "lægger certifikater ind i hånden, uden aftalt tidspunkt" "takes certificates over by hand, at no agreed time";
    manual(times) "lægger certifikater ind i hånden: {times}" "takes certificates over by hand: {times}";
    unstated "ingen har oplyst hvordan; det værste antages" "nobody has said how; the worst is assumed";
    no_signatures "kontrollerer ikke signaturer" "checks no signatures";
    reads_first "bruger kun det første certifikat" "uses the first certificate only";
    reads_last "bruger kun det sidste certifikat" "uses the last certificate only";
    compares "sammenligner certifikatet, ikke nøglen" "compares the certificate, not the key";
    dates "afviser udløbne certifikater" "refuses expired certificates";
    no_missing_use "forstår ikke metadata uden «use»" "does not understand metadata without “use”";

    // ── Tasks ─────────────────────────────────────────────────────────────────────────────────────────
    tasks_before "Det ville have forebygget det" "What would have prevented it";
    tasks_now "Det skal gøres, mens det står på" "What to do while it lasts";
    task "Opgave" "Task";
    who "Hvem" "Who";

    // ── Proof ─────────────────────────────────────────────────────────────────────────────────────────
    proof_title "Hvordan ved vi det?" "How do we know?";
    proof(count) "{count} situationer, der er forskellige for nøglerne, er prøvet med rigtige logins med rigtige signaturer og kryptering; resten følger af modellen. Datoer og fingeraftryk bedømmes af modellen alene. Der er logget ind med øvelsesnøgler, ikke med parternes egne."
        "{count} situations that differ for keys were logged in with real keys; the rest follows by the model. Dates and thumbprints are judged by the model alone. Stand-in keys were used, not the parties' own.";
    proof_none "Ingen logins er prøvet: nøglen er den samme før og efter, så kun modellen kan bedømme dette skifte."
        "No logins were made: the key is the same before and after, so the model alone can judge this change.";
    disagreement(count) "FEJL I VEJVISER: {count} rigtige logins gik anderledes end beregnet. Stol ikke på denne øvelse, og meld fejlen."
        "A DEFECT OF VEJVISER: {count} real logins ended otherwise than computed. Do not rely on this rehearsal, and report it.";

    // ── The picture ───────────────────────────────────────────────────────────────────────────────────
    picture "Tidslinje" "Timeline";
    picture_alt(title) "Tidslinje for {title}. De samme oplysninger står i tabellerne nedenfor." "Timeline of {title}. The tables below hold the same facts.";
    picture_note "Tidsaksen er ikke lineær: korte afsnit er gjort bredere, så de kan læses. Tallene er skridtene i tabellen."
        "The time axis is not linear: short stretches are drawn wider so that they can be read. Numbers are the steps of the table.";
    legend "Tegnforklaring" "Key";
    row_signs "Signerer med" "Signs with";
    row_shows "Metadata viser" "Metadata shows";
    row_decrypts "Dekrypterer med" "Decrypts with";
    old "gammelt" "old";
    new "nyt" "new";
    both "begge" "both";
    all_three "alle tre" "all three";
    plus(first, second) "{first} + {second}" "{first} + {second}";
    previous "forrige" "previous";
    nothing "intet" "none";
    works "virker" "works";
    fails "fejler" "fails";

    // ── Compared with an earlier rehearsal ────────────────────────────────────────────────────────────
    compared(file) "Sammenlignet med {file}" "Compared with {file}";
    nothing_worse "Intet er blevet værre." "Nothing got worse.";
    worse "Værre" "Worse";
    better "Bedre" "Better";
    unchanged(count) "Uændret: {count} afbrydelser kendt i forvejen." "Unchanged: {count} outages known before.";
    before_after(before, after) "før {before}, nu {after}" "before {before}, now {after}";
    up "oppe hele tiden" "up all the time";
    known "kendt afbrydelse" "known outage";
    not_rehearsed(name) "Ikke øvet denne gang: {name}." "Not rehearsed this time: {name}.";
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
        assert_eq!(Text::of(Language::English).code(), "en");
    }
}
