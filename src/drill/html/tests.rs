use super::*;
use proptest::strategy::Strategy as _;

#[test]
fn reads_forms_with_their_buttons() {
    let page = r#"<form method="post" action="/login?a=1&amp;b=2"><input type="hidden" name="q" value="x&#38;y">
        <ul><li><button name=person value='eva'><b>Eva</b> <i>med to-faktor</i></button></ul><input type=checkbox name=remember value=1></form>
        <form id="autopost" METHOD=POST action=/x><button>Videre</button></form>"#;
    let forms = forms(page);
    assert_eq!(forms.len(), 2);
    assert_eq!(
        (forms[0].action.as_str(), forms[0].post, forms[0].automatic),
        ("/login?a=1&b=2", true, false)
    );
    assert_eq!(forms[0].fields, [("q".to_owned(), "x&y".to_owned())]);
    assert_eq!(
        forms[0].choices,
        [Choice {
            name: "person".into(),
            value: "eva".into(),
            text: "Eva med to-faktor".into()
        }]
    );
    assert!(forms[1].automatic);
}

#[test]
fn lists_and_areas_are_fields_and_files_are_not() {
    let page = r#"<form><select name="a"><option value="1">x</option><option value="2" selected>y</option></select>
        <select name="b"><option value="first"><option value="second"></select><input type="file" name="f">
        <input type="checkbox" name="c" checked><textarea name="d">
1 &lt; 2
</textarea></form><select name="outside"><option value="1"></select>"#;
    let found = forms(page).remove(0).fields;
    let expected = [("a", "2"), ("b", "first"), ("c", "on"), ("d", "1 < 2\n")];
    assert_eq!(
        found,
        expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
}

#[test]
fn survives_broken_markup() {
    assert!(forms("<form><input value=\"").is_empty() || forms("<form").is_empty());
    assert_eq!(forms("a < b > <form action='x").len(), 0);
    assert_eq!(unescape("&amp;&nix;&#x41;&"), "&&nix;A&");
}

#[test]
fn reads_the_result() {
    let found =
        output(r#"<output id="result" data-status="Success" data-level="3"></output>"#).unwrap();
    assert_eq!(found["data-level"], "3");
}

fn automatic(page: &str) -> bool {
    forms(page).iter().any(|form| form.automatic)
}

#[test]
fn knows_the_forms_that_a_script_submits() {
    let saml = r#"<input type="hidden" name="SAMLResponse" value="PHg+"/>"#;
    let script = "<script>document.getElementById('f').submit();</script>";
    for (page, expected) in [
        // Shibboleth, AD FS and Keycloak, more or less.
        (format!(r#"<body onload="document.forms[0].submit()"><form method="post" action="x">{saml}<noscript><input type="submit" value="Continue"/></noscript></form>"#), true),
        (format!(r#"<form method="POST" name="hiddenform" action="x">{saml}<noscript><p>Script is disabled.</p><input type="submit" value="Submit"/></noscript></form><script language="javascript">window.setTimeout('document.forms[0].submit()', 0);</script>"#), true),
        (format!(r#"<form method=post>{saml}</form>"#), true),
        (format!(r#"<form method=post>{saml}<button name=a value=1>x</button></form>{script}"#), true),
        // Somebody is asked.
        (format!(r#"<form method=post>{saml}<button name=a value=1>x</button></form>"#), false),
        (format!(r#"<form method=post>{saml}<button>x</button><button>y</button></form>"#), false),
        (format!(r#"<form method=post>{saml}<input name=user></form>{script}"#), false),
        (format!(r#"<form method=post>{saml}<select name=s></select></form>{script}"#), false),
        (format!(r#"<!-- <form method=post>{saml}</form> -->"#), false),
        (format!(r#"<script>"<form method=post>{saml}</form>"</script>"#), false),
        // OpenID Connect's form_post, and a page with a button to log out.
        ("<body onload='document.forms[0].submit()'><form method=post><input type=hidden name=code value=1></form>".to_owned(), true),
        (format!("<form method=post id=f><input type=hidden name=token value=1><button>Log ud</button></form>{script}"), false),
        ("<a href=/x>x</a><form method=post><input type=hidden name=code></form><script>document.forms[0].submit()</script>".to_owned(), false),
    ] {
        assert_eq!(automatic(&page), expected, "{page}");
    }
}

#[test]
fn comments_scripts_and_apostrophes_are_no_markup() {
    let page = r#"<!-- don't > --><p don't><script>if (a<b) { c = "</form>" }</script><a href=/x>x</a> 1 < 2 <A HREF='/y'>"#;
    assert_eq!(links(page), ["/x", "/y"]);
}

#[test]
fn reads_what_a_page_says() {
    let page = "<html><head><title> Sag &amp; journal </title><base href='/app/'><style>p{}</style>\
        <noscript><meta http-equiv=refresh content='0;url=/uden'></noscript>\
        <meta http-equiv=Refresh content=\"1; URL='/videre'\"></head><body><h1>Velkommen</h1><p>K&aelig;re\n <b>Å</b>se</p>\
        <script>var x = 'usynlig';</script></body></html>";
    let found = facts(page);
    assert_eq!(found.text.trim(), "Velkommen Kære Åse");
    assert_eq!(found.title.trim(), "Sag & journal");
    assert_eq!(found.base.as_deref(), Some("/app/"));
    assert_eq!(found.refresh, Some((1, "/videre".to_owned())));
    assert_eq!(found.refresh_unscripted, Some((0, "/uden".to_owned())));
    assert!(!found.needs_scripts);
    for (content, expected) in [
        ("0;url=/x", Some((0, "/x"))),
        ("0", None),
        ("5", None),
        ("0.5, /x", Some((0, "/x"))),
        ("99999999999; url=x", Some((u32::MAX, "x"))),
        ("", None),
    ] {
        let expected = expected.map(|(seconds, url)| (seconds, url.to_owned()));
        assert_eq!(refresh(content), expected, "{content}");
    }
}

#[test]
fn knows_a_page_that_shows_nothing_without_scripts() {
    for (page, needs) in [
        ("<div id=root></div><script src=/app.js></script>", true),
        (
            "<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div><script src=x></script>",
            true,
        ),
        ("<div id=root></div>", false),
        ("<a href=/log-ind>Log ind</a><script src=x></script>", false),
        (
            "<p>Velkommen til fagsystemet, Åse. Du er logget ind.</p><script src=x></script>",
            false,
        ),
    ] {
        assert_eq!(facts(page).needs_scripts, needs, "{page}");
    }
}

/// Twice the page must not take four times as long: what is quadratic takes minutes here.
#[test]
fn hostile_pages_are_read_in_one_go() {
    let pieces = [
        "<",
        "&",
        "<!--",
        "<a ",
        "<a b='",
        "</",
        "<script>",
        "<form><input name=a>",
        "<button>x",
        "<p>",
        "</script",
        "<a =",
        "&#x",
    ];
    for piece in pieces {
        let page = piece.repeat(1_000_000 / piece.len());
        assert!(forms(&page).len() <= page.len(), "{piece}");
        assert!(links(&page).len() <= page.len());
        assert!(facts(&page).text.len() <= 100_010, "{piece}");
    }
}

proptest::proptest! {
    #[test]
    fn no_page_makes_it_panic(
        pieces in proptest::collection::vec(proptest::prop_oneof![
            proptest::sample::select(vec!["<", ">", "</", "<form", "<input ", "type=hidden", "=", "\"", "'", "<!--", "-->", "<script>",
                "</script", "<textarea name=a>", "</textarea>", "&", ";", "æ", "<title>", "<noscript>", "</noscript>", "<meta http-equiv=refresh content="])
                .prop_map(ToOwned::to_owned),
            proptest::prelude::any::<String>(),
        ], 0..30),
    ) {
        let page = pieces.concat();
        forms(&page);
        links(&page);
        output(&page);
        proptest::prop_assert!(facts(&page).text.len() <= 100_010);
        refresh(&page);
    }
}
