use super::*;

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
