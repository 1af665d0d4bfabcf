use super::*;
use crate::edge::testing::body;
use crate::hub::memory::Notice;
use crate::hub::{Check, FlowId, Refusal};

fn flow() -> FlowId {
    FlowId::from_random([7; 16])
}

fn entry<'a>(id: &'a str, name: &'a str) -> Entry<'a> {
    Entry {
        id,
        name,
        description: "",
        not_for_mobile: false,
    }
}

fn chooser<'a>(flow: &'a FlowId, language: Language) -> Chooser<'a> {
    Chooser {
        t: Text::of(language),
        flow,
        system: "Sag & <Co>",
        required: "NIST 3".to_owned(),
        query: "",
        searchable: true,
        total: 2,
        notice: None,
        recent: vec![entry("b", "Beta")],
        entries: vec![entry("a", "Alfa"), entry("b", "Beta")],
        remember: Remember::ThisSystem { days: 90 },
    }
}

/// Where a page has a part.
fn at(page: &str, part: &str) -> usize {
    page.replace("&#39;", "'")
        .find(part)
        .unwrap_or_else(|| panic!("{part} in {page}"))
}

#[test]
fn the_chooser_offers_to_remember_before_it_offers_organisations() {
    let flow = flow();
    let page = chooser(&flow, Language::Danish).render().unwrap();
    let order = [
        "name=\"q\"",
        "role=\"status\"",
        "name=\"husk\"",
        "Senest brugt i denne browser",
        "value=\"b\"",
        "Alle organisationer",
        "value=\"a\"",
        "name=\"cancel\"",
        "id=\"flow\"",
    ];
    let places: Vec<usize> = order.iter().map(|part| at(&page, part)).collect();
    assert!(places.is_sorted(), "{places:?}");
    assert!(!page.contains(" checked") && !page.contains("<Co>"));
    at(
        &page,
        "Husk mit valg til Sag &#38; &#60;Co&#62; i denne browser i 90 dage",
    );
    at(&page, "2 organisationer at vælge imellem.");
    let english = Chooser {
        remember: Remember::EverySystem { days: 365 },
        ..chooser(&flow, Language::English)
    };
    let page = english.render().unwrap();
    at(
        &page,
        "Remember my choice for every system in this browser for 365 days",
    );
    at(&page, "<html lang=\"en\">");
}

#[test]
fn enter_in_the_box_presses_no_organisation() {
    let flow = flow();
    let page = Chooser {
        searchable: true,
        ..chooser(&flow, Language::Danish)
    };
    let page = page.render().unwrap();
    let form = at(&page, "<form method=\"post\"");
    let first = page[form..].split("<button").nth(1).unwrap();
    assert!(
        first.starts_with(" hidden formmethod=\"dialog\""),
        "{first}"
    );
}

#[test]
fn the_chooser_says_why_it_asks_and_how_many_it_found() {
    let flow = flow();
    for (notice, words) in [
        (Notice::DidNotComeBack, "blev ikke gennemført"),
        (
            Notice::Moved,
            "Prøvekøbing &#60;Kommune&#62; har fået nyt login",
        ),
        (
            Notice::Several,
            "Prøvekøbing &#60;Kommune&#62; har mere end ét login",
        ),
        (Notice::Asked, "Du bad selv om at vælge igen"),
        (Notice::ForceAuthn, "beder dig logge ind på ny"),
        (Notice::Unknown, "findes ikke længere"),
    ] {
        let page = Chooser {
            notice: Some((notice, "Prøvekøbing <Kommune>".to_owned())),
            ..chooser(&flow, Language::Danish)
        };
        at(&page.render().unwrap(), words);
    }
    let found = |entries, total| Chooser {
        query: "x",
        total,
        entries,
        ..chooser(&flow, Language::Danish)
    };
    let one = found(vec![entry("a", "Alfa")], 98).render().unwrap();
    at(&one, "1 ud af 98 organisationer");
    let none = found(Vec::new(), 98).render().unwrap();
    at(&none, "Ingen organisation passer");
    let nobody = found(Vec::new(), 0).render().unwrap();
    at(&nobody, "ingen registreret identity provider er i brug");
}

fn row(key: &str, system: Option<&str>, state: ChoiceState, focus: bool) -> ChoiceRow {
    ChoiceRow {
        key: key.to_owned(),
        system: system.map(str::to_owned),
        who: "Prøvekøbing <Kommune>".to_owned(),
        since: "01.02.2026".to_owned(),
        until: "02.05.2026".to_owned(),
        state,
        focus,
    }
}

fn choices(rows: Vec<ChoiceRow>, forgotten: Option<usize>) -> MyChoices {
    MyChoices {
        t: Text::of(Language::Danish),
        rows,
        recent: vec!["Prøvekøbing Kommune".to_owned()],
        forgotten,
        help_link: "https://hub.example.dk/mit-valg/glem".to_owned(),
    }
}

#[test]
fn every_choice_can_be_forgotten_by_a_button_that_says_which() {
    let rows = vec![
        row("k1", Some("SAPA"), ChoiceState::InUse, false),
        row("k2", None, ChoiceState::Inactive, false),
        row("k3", Some("BBR"), ChoiceState::Unknown, false),
    ];
    let page = choices(rows, None).render().unwrap();
    for part in [
        "name=\"key\" value=\"k1\"",
        "valget af Prøvekøbing &#60;Kommune&#62; til SAPA",
        "valget af Prøvekøbing &#60;Kommune&#62; til alle systemer",
        "badge long pass",
        "badge long warn",
        "badge long fail",
        "name=\"alle\" value=\"1\"",
        "<code class=\"copy\">https://hub.example.dk/mit-valg/glem</code>",
    ] {
        at(&page, part);
    }
    assert!(!page.contains("autofocus") && !page.contains("announce.js"));
}

#[test]
fn after_forgetting_the_page_says_so_and_the_focus_is_somewhere() {
    let rest = vec![row("k2", None, ChoiceState::InUse, true)];
    let page = choices(rest, Some(1)).render().unwrap();
    at(&page, "role=\"status\" data-announce>1 valg er glemt.<");
    at(&page, "<button class=\"secondary\" autofocus>");
    at(&page, "/assets/announce.js");
    assert!(!page.contains("tabindex=\"-1\""));
    let nothing = MyChoices {
        recent: Vec::new(),
        ..choices(Vec::new(), Some(3))
    };
    let page = nothing.render().unwrap();
    at(&page, "3 valg er glemt.");
    at(&page, "<h1 tabindex=\"-1\" autofocus>");
    at(&page, "Der er ikke husket nogen valg");
    assert!(!page.contains("name=\"alle\""));
}

#[test]
fn the_service_desks_link_says_what_it_did_and_what_comes_next() {
    for (count, words) in [
        (0, "There were no choices to forget."),
        (1, "1 choice is forgotten."),
        (4, "4 choices are forgotten."),
    ] {
        let t = Text::of(Language::English);
        let page = Forgotten { t, count }.render().unwrap();
        at(&page, words);
        at(&page, "What next?");
    }
}

#[tokio::test]
async fn a_refusal_speaks_both_languages_the_chosen_one_first() {
    let refusal = Refusal::of(Check::FlowKnown);
    let info = refusal.info();
    let page = |language| {
        let t = Text::of(language);
        let (flow, refusal) = (flow(), &refusal);
        let flow = flow.as_str();
        Error { t, flow, refusal }.render().unwrap()
    };
    let danish = page(Language::Danish);
    let order = [info.what.0, info.remedy.0, "lang=\"en\"", info.what.1];
    let places: Vec<usize> = order.iter().map(|part| at(&danish, part)).collect();
    assert!(places.is_sorted(), "{places:?}");
    let english = page(Language::English);
    let order = [info.what.1, info.remedy.1, "lang=\"da\"", info.what.0];
    let places: Vec<usize> = order.iter().map(|part| at(&english, part)).collect();
    assert!(places.is_sorted(), "{places:?}");
    at(&english, "href=\"/mit-valg\"");
    let plain = body(failed(StatusCode::NOT_FOUND)).await;
    at(&plain, "Siden findes ikke");
    at(&plain, "No such page");
    assert!(!plain.contains("/mit-valg"), "nobody's site has no choices");
}
