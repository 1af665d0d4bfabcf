//! The chooser: whose it is, what it offers, and what a choice does.

use super::*;

#[tokio::test]
async fn a_second_tab_at_the_chooser_does_not_end_the_login() {
    let app = app(Mode::Demo);
    let flow = choosing(&app, hash(BROWSER)).await;
    let now = app.clock.now();
    let read = app.store.by_flow(&flow, now).await.unwrap().unwrap();
    let go = async || {
        let trace = crate::hub::Trace::default();
        issue::go(&app, read.clone(), Some(read.clone()), chosen(), trace, now).await
    };
    assert_eq!(go().await.status(), StatusCode::SEE_OTHER);
    assert_eq!(go().await.status(), StatusCode::FORBIDDEN);
    let noted = app.journal.get(&flow).unwrap();
    assert_eq!(
        (noted.state, noted.content.exchanges.len()),
        (State::Pending, 1)
    );
}

#[tokio::test]
async fn a_chooser_belongs_to_one_browser() {
    let app = app(Mode::Demo);
    let site = router(app.clone());
    let flow = choosing(&app, hash(BROWSER)).await;
    let uri = format!("/vaelg?flow={flow}");
    for browser in [
        None,
        Some("ffffffffffffffffffffffffffffffff"),
        Some("short"),
    ] {
        let response = send(&site, get_as(browser, &uri)).await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
        let response = send(
            &site,
            form(browser, "/vaelg", format!("flow={flow}&idp={IDP}")),
        )
        .await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
    }
    let response = send(&site, get_as(Some(BROWSER), &uri)).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert!(
        policy(&response)
            .contains("form-action 'self' https://idp.example:8443 https://system.example;")
    );
    let body = body(response).await;
    assert!(!body.contains("<Kommune>") && body.contains(IDP));
}

#[tokio::test]
async fn a_choice_leads_to_the_idp_and_a_second_one_replaces_it() {
    let app = app(Mode::Demo);
    let site = router(app.clone());
    let flow = choosing(&app, hash(BROWSER)).await;
    let mut asked = Vec::new();
    for _ in 0..2 {
        let response = send(
            &site,
            form(Some(BROWSER), "/vaelg", format!("flow={flow}&idp={IDP}")),
        )
        .await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        assert!(
            response.headers()[LOCATION]
                .to_str()
                .unwrap()
                .starts_with("https://idp.example:8443/sso?SAMLRequest=")
        );
        let pending = app
            .store
            .by_flow(&flow, app.clock.now())
            .await
            .unwrap()
            .unwrap();
        asked.push(pending.asked_with().unwrap().to_owned());
    }
    assert_ne!(asked[0], asked[1]);
    assert!(
        app.store
            .by_request(&asked[0], app.clock.now())
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(app.journal.get(&flow).unwrap().state, State::Pending);
}

#[tokio::test]
async fn an_unknown_idp_is_a_page_and_the_choice_remains() {
    let app = app(Mode::Demo);
    let site = router(app.clone());
    let flow = choosing(&app, hash(BROWSER)).await;
    let response = send(
        &site,
        form(
            Some(BROWSER),
            "/vaelg",
            format!("flow={flow}&idp=https://evil.example"),
        ),
    )
    .await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert!(body(response).await.contains("HUB-C-002"));
    assert!(
        app.store
            .by_flow(&flow, app.clock.now())
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn cancel_answers_the_system_once() {
    let app = app(Mode::Demo);
    let site = router(app.clone());
    let flow = choosing(&app, hash(BROWSER)).await;
    let cancel = || form(Some(BROWSER), "/vaelg", format!("flow={flow}&cancel=1"));
    let response = send(&site, cancel()).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert!(policy(&response).contains("form-action https://system.example;"));
    let page = body(response).await;
    assert!(
        page.contains("action=\"https://system.example/acs\"")
            && page.contains("name=\"SAMLResponse\"")
    );
    assert_eq!(app.journal.get(&flow).unwrap().state, State::Refused);
    assert_eq!(send(&site, cancel()).await.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn another_page_cannot_choose_for_the_user() {
    let app = app(Mode::Demo);
    let site = router(app.clone());
    let flow = choosing(&app, hash(BROWSER)).await;
    let before = app.store.by_flow(&flow, app.clock.now()).await.unwrap();
    for from in ["cross-site", "same-site", "none"] {
        for what in [format!("idp={IDP}"), "cancel=1".to_owned()] {
            let mut request = form(Some(BROWSER), "/vaelg", format!("flow={flow}&{what}"));
            let headers = request.headers_mut();
            headers.insert("sec-fetch-site", from.parse().unwrap());
            let response = send(&site, request).await;
            assert_eq!(response.status(), StatusCode::FORBIDDEN, "{from} {what}");
            assert!(body(response).await.contains(flow.as_str()));
        }
    }
    let after = app.store.by_flow(&flow, app.clock.now()).await.unwrap();
    assert_eq!(after, before);
    assert!(app.journal.get(&flow).is_none());
    let mut request = form(Some(BROWSER), "/vaelg", format!("flow={flow}&idp={IDP}"));
    let headers = request.headers_mut();
    headers.insert("sec-fetch-site", "same-origin".parse().unwrap());
    assert_eq!(send(&site, request).await.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_login_that_was_decided_without_the_user_has_no_chooser() {
    let app = app(Mode::Demo);
    let site = router(app.clone());
    let mut pending = waiting(&app, hash(BROWSER));
    pending.chooser = false;
    let now = app.clock.now();
    app.store.put(&pending, None, now).await.unwrap();
    let flow = &pending.flow;
    for request in [
        get_as(Some(BROWSER), &format!("/vaelg?flow={flow}")),
        form(Some(BROWSER), "/vaelg", format!("flow={flow}&idp={IDP}")),
        form(Some(BROWSER), "/vaelg", format!("flow={flow}&cancel=1")),
    ] {
        let response = send(&site, request).await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
        let check = Check::FlowKnown.info().id;
        assert!(body(response).await.contains(check));
    }
    assert_eq!(app.store.by_flow(flow, now).await, Ok(Some(pending)));
}

#[tokio::test]
async fn organisations_are_found_by_name_cvr_and_mail_and_stand_in_danish_order() {
    let names = [
        "Ølstrup",
        "Aaby",
        "Bøvling",
        "Ærtebjerg",
        "Zinkby",
        "Cedersted",
        "Dunby",
        "Æblerød",
        "Engby",
    ];
    let mut federation = crate::hub::Federation::default();
    for (n, name) in names.iter().enumerate() {
        let cvr = crate::oiosaml::Cvr::parse(&format!("1000000{n}")).unwrap();
        let mut idp = crate::edge::testing::idp();
        idp.id = format!("https://idp{n}.example/metadata");
        idp.name = format!("idp{n}");
        idp.presentation_name = format!("{name} Kommune");
        idp.user_contexts = vec![cvr.clone()];
        federation.identity_providers.push(idp);
        let organisation = crate::hub::federation::Organisation {
            name: format!("{name} Kommune"),
            email_domains: vec![format!("by{n}.example")],
        };
        federation.organisations.insert(cvr, organisation);
    }
    let app = crate::edge::testing::app_with(Mode::Serve, federation);
    let flow = choosing(&app, hash(BROWSER)).await;
    let site = router(app.clone());
    let listed = async |query: &str| {
        let uri = format!("/vaelg?flow={flow}&q={query}");
        let page = body(send(&site, get_as(Some(BROWSER), &uri)).await).await;
        let found: Vec<String> = page
            .split("<span class=\"name\">")
            .skip(1)
            .map(|rest| rest.split(" Kommune").next().unwrap().to_owned())
            .collect();
        (found, page)
    };
    let (all, page) = listed("").await;
    let danish = [
        "Bøvling",
        "Cedersted",
        "Dunby",
        "Engby",
        "Zinkby",
        "Æblerød",
        "Ærtebjerg",
        "Ølstrup",
        "Aaby",
    ];
    assert_eq!(all, danish);
    assert!(page.contains("role=\"search\""));
    for (query, expected) in [
        ("%C3%B8v", vec!["Bøvling"]),
        ("B%C3%98VLING", vec!["Bøvling"]),
        ("10000002", vec!["Bøvling"]),
        ("by3.example", vec!["Ærtebjerg"]),
        ("Hanne.Hansen%40BY3.example", vec!["Ærtebjerg"]),
        ("%20dunby%20", vec!["Dunby"]),
        ("by", vec!["Dunby", "Engby", "Zinkby", "Aaby"]),
        ("1000000", vec![]),
        ("nobody", vec![]),
    ] {
        assert_eq!(listed(query).await.0, expected, "{query}");
    }
    let (_, hostile) = listed("%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await;
    assert!(!hostile.contains("<script>alert") && hostile.contains("role=\"status\""));
}

#[tokio::test]
async fn a_mobile_browser_is_offered_those_that_are_for_mobile_use() {
    let of = |name: &str, mobile_friendly| crate::hub::IdentityProvider {
        id: format!("https://{name}.example"),
        name: name.to_owned(),
        presentation_name: name.to_owned(),
        mobile_friendly,
        ..crate::edge::testing::idp()
    };
    let chooser = async |friendly: bool, mobile: bool, filter: bool| {
        let federation = crate::hub::Federation {
            identity_providers: vec![of("kontor", false), of("lomme", friendly)],
            ..Default::default()
        };
        let settings = crate::hub::Settings {
            mobile_filter: filter,
            ..Default::default()
        };
        let mut app = crate::edge::testing::app_with(Mode::Demo, Default::default());
        Arc::get_mut(&mut app).unwrap().registry =
            crate::edge::registry::Registry::new(federation, settings);
        let flow = choosing(&app, hash(BROWSER)).await;
        let site = router(app.clone());
        let hint = if mobile { "?1" } else { "?0" };
        let mut shown = get_as(Some(BROWSER), &format!("/vaelg?flow={flow}"));
        shown
            .headers_mut()
            .insert("sec-ch-ua-mobile", hint.parse().unwrap());
        let page = body(send(&site, shown).await).await;
        let body = format!("flow={flow}&idp=https://lomme.example");
        let mut picked = form(Some(BROWSER), "/vaelg", body);
        picked
            .headers_mut()
            .insert("sec-ch-ua-mobile", hint.parse().unwrap());
        let status = send(&site, picked).await.status();
        assert_eq!(status, StatusCode::SEE_OTHER);
        let flow = app.journal.get(&flow).unwrap();
        let told = flow.content.decisions.iter();
        let told = told.filter(|one| one.rule == "idp-choice/mobile").count();
        (page, told)
    };
    let (page, told) = chooser(true, true, true).await;
    let (office, pocket) = (page.find("kontor.example"), page.find("lomme.example"));
    assert!(
        office > pocket && page.contains("kontor.example\" disabled"),
        "{page}"
    );
    assert!(
        page.contains("Kan ikke bruges på mobil") && !page.contains("lomme.example\" disabled")
    );
    assert_eq!(told, 1);
    // On a computer, where the setting says no, and where nobody is for mobile use, everybody can be chosen.
    for (friendly, mobile, filter) in [
        (true, false, true),
        (true, true, false),
        (false, true, true),
    ] {
        let (page, told) = chooser(friendly, mobile, filter).await;
        assert!(!page.contains(" disabled") && told == 0, "{page}");
        assert!(page.find("kontor.example") < page.find("lomme.example"));
    }
}
