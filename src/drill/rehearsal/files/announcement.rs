//! The announcement (driftsmeddelelse): what happens when, and who must do what before and after.

use crate::drill::rehearsal::report::step_words;
use crate::dsig::Certificate;
use crate::edge::page::Language;
use crate::edge::page::when;
use crate::hub::identity::path;
use crate::hub::rollover::{Action, Names, Pair, Plan, Strategy, Subject};
use std::fmt::Write;
use time::OffsetDateTime;

/// The text of a change in a language, with lines of any length and `\n` between them. `changer` is what people call
/// the party that changes; for whom to ask there is a blank to fill in.
#[doc(alias = "driftsmeddelelse")]
pub fn announcement(
    plan: &Plan,
    changer: &str,
    active: &Certificate,
    next: &Certificate,
    language: Language,
) -> String {
    let names = Names::of(plan, Some(active), Some(next));
    let say = |da: &'static str, en: &'static str| language.pick((da, en));
    let mut out = String::new();
    // Writing to a String does not fail.
    let _ = writeln!(
        out,
        "{}\n",
        say(
            "ØVELSE – dette er ikke en rigtig driftsmeddelelse. Den er lavet med Vejviser, som ikke er KOMBITs.",
            "REHEARSAL – this is no real announcement. It is made with Vejviser, which is not KOMBIT's."
        )
    );
    let _ = writeln!(out, "{}", title(plan, changer, language));
    let _ = writeln!(
        out,
        "{}\n",
        "=".repeat(title(plan, changer, language).chars().count())
    );
    let _ = writeln!(out, "{}\n", lead(plan, changer, language));
    section(&mut out, say("Hvornår", "When"));
    let _ = writeln!(
        out,
        "{}: {} – {} ({})",
        say("Servicevindue", "Service window"),
        when::in_full(plan.window.from, language),
        when::to(plan.window.from, plan.window.to, language),
        say("dansk tid", "Danish local time"),
    );
    for step in plan
        .steps
        .iter()
        .filter(|step| step.action != Action::Announce)
    {
        let said = step_words(&step.action, plan, changer, &names.next, language);
        let _ = writeln!(
            out,
            "- {}: {said}.",
            when::in_words_near(step.at, plan.window.from, language)
        );
    }
    section(
        &mut out,
        match too_late(plan) {
            true => say("Det skal I gøre straks", "What to do at once"),
            false => say("Det skal I gøre før", "What to do before"),
        },
    );
    list(&mut out, &before(plan, changer, &names, language));
    section(
        &mut out,
        say("Det skal I gøre bagefter", "What to do afterwards"),
    );
    list(&mut out, &after(plan, changer, language));
    section(
        &mut out,
        say("Certifikater og metadata", "Certificates and metadata"),
    );
    for (label, file, certificate) in [
        (say("Nyt certifikat", "New certificate"), &names.next, next),
        (
            say("Nuværende certifikat", "Present certificate"),
            &names.active,
            active,
        ),
    ] {
        self::certificate(&mut out, label, file, certificate, language);
    }
    let pair = Pair {
        active: Some(active.clone()),
        next: Some(next.clone()),
    };
    if plan.same_key && pair.on_one_key() != Some(true) {
        let _ = writeln!(
            out,
            "{}\n",
            say(
                "Bemærk: øvelsens to certifikater har hver sin nøgle; i dette skifte beholdes nøglen.",
                "Note: the two certificates of this rehearsal have a key each; in this change the key stays."
            )
        );
    }
    let _ = writeln!(out, "{}", metadata(plan, language));
    section(&mut out, say("Spørgsmål", "Questions"));
    let _ = writeln!(
        out,
        "{}: {}",
        say("Kontakt", "Contact"),
        say("[navn, telefon og e-mail]", "[name, telephone and e-mail]")
    );
    out
}

fn section(out: &mut String, title: &str) {
    let _ = writeln!(out, "\n{title}\n{}", "-".repeat(title.chars().count()));
}

fn list(out: &mut String, lines: &[String]) {
    for line in lines {
        let _ = writeln!(out, "- {line}");
    }
}

fn title(plan: &Plan, changer: &str, language: Language) -> String {
    let (date, environment) = (when::in_full(plan.window.from, language), &plan.environment);
    match language {
        Language::Danish => format!("{changer} skifter certifikat {date} (miljø: {environment})"),
        Language::English => {
            format!("{changer} changes its certificate on {date} (environment: {environment})")
        }
    }
}

fn lead(plan: &Plan, changer: &str, language: Language) -> String {
    let emergency = plan.strategy == Some(Strategy::Emergency);
    match (language, plan.same_key, emergency) {
        (Language::Danish, true, _) => format!(
            "{changer} får et nyt certifikat på den samme nøgle. Systemer, der sammenligner selve certifikatet, skal kende det nye."
        ),
        (Language::English, true, _) => format!(
            "{changer} gets a new certificate on the same key. Whoever compares the certificate itself must know the new one."
        ),
        (Language::Danish, _, true) => format!(
            "{changer} må skifte certifikat straks, fordi den gamle nøgle er kendt af andre. Stol ikke længere på det gamle certifikat."
        ),
        (Language::English, _, true) => format!(
            "{changer} must change its certificate at once, because others know the old key. Do not trust the old certificate any longer."
        ),
        (Language::Danish, ..) => format!(
            "{changer} skifter det certifikat, som beskeder signeres med og krypteres til. Alle, der udveksler SAML-beskeder med {changer}, skal stole på det nye certifikat, ellers virker login ikke."
        ),
        (Language::English, ..) => format!(
            "{changer} changes the certificate that messages are signed with and encrypted to. Everybody who exchanges SAML messages with {changer} must trust the new certificate, or logins will not work."
        ),
    }
}

/// When metadata first shows the next certificate, and whether the active one stands beside it.
fn shown(plan: &Plan) -> Option<(OffsetDateTime, bool)> {
    let shown = plan.shows_next()?;
    Some((shown, plan.shows_both() == Some(shown)))
}

/// Whether nobody can do anything before.
fn too_late(plan: &Plan) -> bool {
    plan.announced()
        .zip(plan.signs_next())
        .is_some_and(|(announced, signs)| announced >= signs)
}

fn at_once(plan: &Plan, changer: &str, file: &str, language: Language) -> Vec<String> {
    let known_to_others = plan.strategy == Some(Strategy::Emergency);
    let mut tasks = match language {
        Language::Danish => vec![
            format!("Læg {file} ind, eller hent metadata fra {changer} i hånden."),
            "Sammenlign fingeraftrykket nedenfor med det, I har lagt ind.".to_owned(),
            format!("Fortæl jeres servicedesk, at logins via {changer} fejler, til det er gjort."),
        ],
        Language::English => vec![
            format!("Install {file}, or fetch the metadata of {changer} by hand."),
            "Compare the fingerprint below with the one that you have installed.".to_owned(),
            format!(
                "Tell your service desk that logins through {changer} fail until that is done."
            ),
        ],
    };
    if known_to_others {
        let remove = language.pick((
            "Fjern det gamle certifikat: andre kan signere med det.",
            "Remove the old certificate: others can sign with it.",
        ));
        tasks.insert(1, remove.to_owned());
    }
    tasks
}

fn before(plan: &Plan, changer: &str, names: &Names, language: Language) -> Vec<String> {
    if too_late(plan) {
        return at_once(plan, changer, &names.next, language);
    }
    let at = |moment| when::in_words_near(moment, plan.window.from, language);
    let signs = at(plan.signs_next().unwrap_or(plan.window.from));
    let file = &names.next;
    let mut tasks = Vec::new();
    match (language, shown(plan)) {
        (Language::Danish, Some((shown, true))) => tasks.push(format!("Henter I metadata automatisk: se efter, at jeres system har hentet metadata efter {} og bruger begge certifikater.", at(shown))),
        (Language::English, Some((shown, true))) => tasks.push(format!("If you fetch metadata automatically: see that your system has fetched it after {} and uses both certificates.", at(shown))),
        (Language::Danish, Some((shown, false))) => tasks.push(format!("Henter I metadata automatisk: den nye metadata kommer først {}. Vær klar til at hente den i hånden, så snart den er ude.", at(shown))),
        (Language::English, Some((shown, false))) => tasks.push(format!("If you fetch metadata automatically: the new metadata comes only {}. Be ready to fetch it by hand as soon as it is out.", at(shown))),
        (_, None) => {}
    }
    match language {
        Language::Danish => {
            tasks.push(format!("Har I certifikatet som fil eller i konfigurationen: læg {file} ind ved siden af det nuværende senest {signs}. Fjern ikke det nuværende endnu."));
            tasks.push(format!("Er der kun plads til ét certifikat: skift det præcis {signs}, og sørg for, at nogen er til stede."));
            tasks.push("Sammenlign fingeraftrykket nedenfor med det, I har lagt ind.".to_owned());
            tasks.push(
                "Læser programmet kun certifikatet, når det starter: planlæg en genstart."
                    .to_owned(),
            );
            tasks.push(format!(
                "Fortæl jeres servicedesk, at logins via {changer} kan fejle i servicevinduet."
            ));
        }
        Language::English => {
            tasks.push(format!("If you have the certificate as a file or in your configuration: install {file} beside the present one, no later than {signs}. Do not remove the present one yet."));
            tasks.push(format!("If there is room for one certificate only: replace it exactly {signs}, and have somebody present."));
            tasks.push(
                "Compare the fingerprint below with the one that you have installed.".to_owned(),
            );
            tasks.push(
                "If your program reads the certificate only when it starts: plan a restart."
                    .to_owned(),
            );
            tasks.push(format!(
                "Tell your service desk that logins through {changer} may fail inside the window."
            ));
        }
    }
    tasks
}

fn after(plan: &Plan, changer: &str, language: Language) -> Vec<String> {
    let to = when::in_words_near(plan.window.to, plan.window.from, language);
    // Whether anybody encrypts to the party that changes: identity providers to the hub, the hub to systems.
    let encrypted = !matches!(plan.subject, Subject::IdentityProvider(_));
    let mut tasks = match language {
        Language::Danish => vec![
            format!(
                "Log ind i mindst ét system, når vinduet er slut ({to}), og se efter fejl i loggen."
            ),
            "Fjern det gamle certifikat, når logins virker, og metadata ikke længere viser det."
                .to_owned(),
        ],
        Language::English => vec![
            format!(
                "Log in to at least one system after the window ({to}), and look for errors in your log."
            ),
            "Remove the old certificate once logins work and metadata no longer shows it."
                .to_owned(),
        ],
    };
    if encrypted {
        tasks.push(match language {
            Language::Danish => {
                format!("Krypterer I til {changer}: se efter, at det sker til det nye certifikat.")
            }
            Language::English => {
                format!("If you encrypt to {changer}: see that it is to the new certificate.")
            }
        });
    }
    tasks
}

fn certificate(
    out: &mut String,
    label: &str,
    file: &str,
    certificate: &Certificate,
    language: Language,
) {
    let (from, to) = (certificate.not_before(), certificate.not_after());
    let _ = writeln!(out, "{label}: {file}");
    let _ = writeln!(
        out,
        "  {}: {}",
        language.pick(("Udstedt til", "Subject")),
        certificate.subject()
    );
    let _ = writeln!(
        out,
        "  {}: {} – {}",
        language.pick(("Gyldigt", "Valid")),
        when::in_full(from, language),
        when::in_full(to, language)
    );
    let _ = writeln!(out, "  SHA-1:   {}", pairs(&certificate.thumbprint()));
    let _ = writeln!(out, "  SHA-256: {}\n", pairs(&certificate.fingerprint()));
}

/// Hex in pairs, upper-case, as Windows and OpenSSL show fingerprints.
fn pairs(hex: &str) -> String {
    let upper = hex.to_uppercase();
    let letters: Vec<char> = upper.chars().collect();
    let pairs: Vec<String> = letters
        .chunks(2)
        .map(|pair| pair.iter().collect())
        .collect();
    pairs.join(":")
}

fn metadata(plan: &Plan, language: Language) -> String {
    match (&plan.subject, language) {
        (Subject::Hub, Language::Danish) => format!(
            "Metadata på hubbens adresse: {} (brugervendte systemer) og {} (identity providere).",
            path::IDP_METADATA,
            path::SP_METADATA
        ),
        (Subject::Hub, Language::English) => format!(
            "Metadata at the hub's address: {} (user-facing systems) and {} (identity providers).",
            path::IDP_METADATA,
            path::SP_METADATA
        ),
        (_, Language::Danish) => {
            "Den nye metadata registreres i hubben af den, der registrerer parterne.".to_owned()
        }
        (_, Language::English) => {
            "The new metadata is registered in the hub by whoever registers the parties.".to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::pki;
    use crate::hub::rollover::{Preset, Window};
    use time::macros::datetime;

    fn text(strategy: Strategy, language: Language) -> String {
        let window = Window::of(datetime!(2026-12-02 06:00 +1));
        let plan = Preset::new(strategy, Subject::Hub, window).plan();
        let certificate =
            |name| Certificate::parse(pki::certificate(name).unwrap().as_bytes()).unwrap();
        announcement(
            &plan,
            "Context Handler",
            &certificate("hub"),
            &certificate("hub-next"),
            language,
        )
    }

    #[test]
    fn it_says_what_when_who_and_where() {
        let text = text(Strategy::HardSwap, Language::Danish);
        for needed in [
            "ØVELSE – dette er ikke en rigtig driftsmeddelelse",
            "onsdag 2. december 2026 kl. 06.00 – 08.00 (dansk tid)",
            "- onsdag 2. december kl. 06.00: Context Handler signerer med det nye certifikat.",
            "- onsdag 2. december kl. 06.30: Ny metadata: det nye certifikat.",
            "læg new_ADG_TEST_Adgangsstyring_2.cer ind ved siden af det nuværende senest onsdag 2. december kl. 06.00",
            "den nye metadata kommer først onsdag 2. december kl. 06.30",
            "/runtime/saml2auth/metadata.idp",
            "CN=VEJVISER_TEST_Hub_2",
            "[navn, telefon og e-mail]",
        ] {
            assert!(text.contains(needed), "{needed} is not in\n{text}");
        }
        let sha1 = text
            .lines()
            .find_map(|line| line.trim().strip_prefix("SHA-1:   "));
        assert_eq!(sha1.map(str::len), Some(40 + 19));
    }

    /// The note is about the certificates of the test PKI; whoever has one on the same key is told nothing untrue.
    #[test]
    fn two_keys_are_spoken_of_where_there_are_two() {
        let note = "have a key each";
        assert!(text(Strategy::SameKey, Language::English).contains(note));
        let window = Window::of(datetime!(2026-12-02 06:00 +1));
        let plan = Preset::new(Strategy::SameKey, Subject::Hub, window).plan();
        let hub = Certificate::parse(pki::certificate("hub").unwrap().as_bytes()).unwrap();
        let said = announcement(&plan, "Context Handler", &hub, &hub, Language::English);
        assert!(!said.contains(note), "{said}");
    }

    #[test]
    fn a_year_is_said_where_it_is_not_the_windows() {
        let window = Window::of(datetime!(2027-01-06 06:00 +1));
        let plan = Preset::new(Strategy::HardSwap, Subject::Hub, window).plan();
        let hub = Certificate::parse(pki::certificate("hub").unwrap().as_bytes()).unwrap();
        let said = announcement(&plan, "Context Handler", &hub, &hub, Language::Danish);
        assert!(
            said.contains("- onsdag 23. december 2026 kl. 06.00: Det nye"),
            "{said}"
        );
        assert!(
            said.contains("- onsdag 6. januar kl. 06.00: Context"),
            "{said}"
        );
    }

    #[test]
    fn each_strategy_has_its_own_advice() {
        let overlap = text(Strategy::Overlap, Language::English);
        assert!(
            overlap.contains("fetched it after Wednesday 25 November at 06:00 and uses both"),
            "{overlap}"
        );
        assert!(text(Strategy::SameKey, Language::English).contains("on the same key"));
        assert!(
            text(Strategy::Emergency, Language::Danish).contains("må skifte certifikat straks")
        );
    }
}
