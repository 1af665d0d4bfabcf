//! `/kontroller` of a running hub: an anchor for every id, in both languages, and flows link to them.

use crate::support::demo::Demo;
use vejviser::drill::Browser;
use vejviser::hub::Check;
use vejviser::hub::lint::Rule;
use vejviser::hub::rules::RULES;
use vejviser::hub::verdict::Cause;

#[tokio::test]
async fn every_id_has_an_anchor_and_flows_link_to_them() {
    let demo = Demo::start().await;
    let address = format!("http://127.0.0.1:{}/kontroller", demo.manage);
    for (language, words) in [
        ("da", "Forespørgslen er ikke signeret."),
        ("en", "The request is not signed."),
    ] {
        let page = Browser::new()
            .speaking(language)
            .get(&address)
            .await
            .unwrap();
        assert_eq!(page.status, 200);
        assert!(page.body.contains(&format!("<html lang=\"{language}\"")));
        assert!(page.body.contains(words), "{language}");
        let checks = Check::ALL.iter().map(|check| check.info().id);
        let causes = Cause::ALL.iter().map(|cause| cause.info().id);
        let metadata = Rule::ALL.iter().map(|rule| rule.info().id);
        let rules = RULES.iter().map(|rule| rule.name);
        for id in checks.chain(causes).chain(metadata).chain(rules) {
            let anchor = format!("id=\"{id}\"");
            assert_eq!(page.body.matches(&anchor).count(), 1, "{language}: {id}");
        }
    }
    let mut browser = Browser::new();
    demo.log_in(&mut browser, "sagssystem", "eksempelstrup", "anna")
        .await;
    let flow = demo.newest_flow().await;
    let path = format!("/forloeb/{}", flow["id"].as_str().unwrap());
    let (flow, catalogue) = (demo.manage(&path).await, demo.manage("/kontroller").await);
    let links: Vec<&str> = flow
        .body
        .split("href=\"/kontroller#")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    for wanted in ["IDP-R-036", "SYS-Q-003", "request-profile"] {
        assert!(links.contains(&wanted), "{wanted}: {links:?}");
    }
    for link in links {
        assert!(catalogue.body.contains(&format!("id=\"{link}\"")), "{link}");
    }
}
