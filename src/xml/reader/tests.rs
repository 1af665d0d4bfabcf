//! Each rule has a case that breaks it and nothing else.

use crate::xml::{Document, Limits, XmlErrorKind as Kind};

fn kind(source: impl AsRef<[u8]>) -> Kind {
    match Document::parse(source.as_ref()) {
        Err(error) => error.kind,
        Ok(_) => panic!("accepted: {}", String::from_utf8_lossy(source.as_ref())),
    }
}

fn text(source: &str) -> String {
    Document::parse(source.as_bytes())
        .unwrap()
        .root()
        .text()
        .unwrap()
        .into_owned()
}

fn attribute(source: &str) -> String {
    Document::parse(source.as_bytes())
        .unwrap()
        .root()
        .attribute("b")
        .unwrap()
        .to_owned()
}

#[test]
fn ill_formed_sources_are_refused() {
    for source in [
        "",
        " ",
        "x",
        "<",
        "<a",
        "<a>",
        "</a>",
        "<a></b>",
        "<a></a",
        "<a></a></a>",
        "<a/><b/>",
        "<a/>x",
        "x<a/>",
        "<a/>&#32;",
        "&#32;<a/>",
        "<a/><![CDATA[]]>",
        "< a/>",
        "<a/ >",
        "<a></ a>",
        "<a></a b='c'>",
        "<a><b></a></b>",
        "<>",
        "<a></>",
        "<1/>",
        "<-a/>",
        "<a:/>",
        "<:a/>",
        "<a:b:c xmlns:a='u:a'/>",
        "<a b/>",
        "<a b=/>",
        "<a b=c/>",
        "<a b='c/>",
        "<a b='c\"/>",
        "<a b='1'c='2'/>",
        "<a 'b'/>",
        "<a =''/>",
        "<a b='<'/>",
        "<a b='&'/>",
        "<a b='&lt'/>",
        "<a b = 'c' b = 'd'/>",
        "<a b='1' b='1'/>",
        "<a 1='2'/>",
        "<a xmlns:p='u:a' xmlns:q='u:a' p:b='1' q:b='2'/>",
        "<a xmlns:p='u:a' xmlns:p='u:b'/>",
        "<a xmlns='u:a' xmlns='u:a'/>",
        "<a>]]></a>",
        "<a>&</a>",
        "<a>&lt</a>",
        "<a>& lt;</a>",
        "<a>&;</a>",
        "<a>&#;</a>",
        "<a>&#x;</a>",
        "<a>&#X41;</a>",
        "<a>&#+65;</a>",
        "<a>&#xD800;</a>",
        "<a>&#0;</a>",
        "<a>&#xFFFF;</a>",
        "<a>&#x110000;</a>",
        "<a>&#99999999999;</a>",
        "<a>\u{1}</a>",
        "<a>\u{FFFE}</a>",
        "<a b='\u{B}'/>",
        "<a><!-- -- --></a>",
        "<a><!-----></a>",
        "<a><!-- --->x</a>",
        "<a><!--></a>",
        "<a><!-- x</a>",
        "<a><![CDATA[</a>",
        "<a><![cdata[x]]></a>",
        "<a><!x></a>",
        " <?xml version='1.0'?><a/>",
        "<a><?xml version='1.0'?></a>",
        "<?xml encoding='UTF-8'?><a/>",
        "<?xml version='1.0' x='y'?><a/>",
        "<?xml version='1.0' version='1.0'?><a/>",
        "<?xml encoding='UTF-8' version='1.0'?><a/>",
        "<?xml version='1.0'",
        "<?xml version='1.0'?>",
        "<a\u{A0}b='c'/>",
        "<a b\u{D7}='c'/>",
    ] {
        let found = kind(source);
        assert!(
            matches!(found, Kind::NotWellFormed(_)),
            "{source:?}: {found:?}"
        );
    }
}

#[test]
fn encodings_other_than_utf8_are_refused() {
    for source in [
        &b"<a>\xFF</a>"[..],
        b"<a>\xC0\x80</a>",
        b"<a>\xED\xA0\x80</a>",
        b"\xEF\xBB\xBF<a/>",
        b"\xFF\xFE<\0a\0/\0>\0",
        b"<?xml version='1.1'?><a/>",
        b"<?xml version='1.0' encoding='ISO-8859-1'?><a/>",
        b"<?xml version='1.0' encoding='UTF-16'?><a/>",
        b"<?xml version='1.0' standalone='maybe'?><a/>",
    ] {
        let found = kind(source);
        assert!(matches!(found, Kind::Encoding(_)), "{source:?}: {found:?}");
    }
    // In either order of bytes it is told what it is.
    for source in [&b"\xFF\xFE<\0"[..], b"\xFE\xFF\0<"] {
        let told = Kind::Encoding("UTF-16; only UTF-8 is read".into());
        assert_eq!(kind(source), told);
    }
}

#[test]
fn a_dtd_is_refused_on_sight() {
    for source in [
        "<!DOCTYPE a><a/>",
        "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
        "<!doctype html><a/>",
        "<!DOCTYPE",
        "<a><!DOCTYPE a></a>",
        "<a/><!DOCTYPE a>",
        "<!-- x --><!DOCTYPE a SYSTEM 'http://localhost/'><a/>",
    ] {
        assert_eq!(kind(source), Kind::Doctype, "{source}");
    }
}

#[test]
fn processing_instructions_are_refused() {
    for source in [
        "<?x?><a/>",
        "<a><?x y?></a>",
        "<a/><?x?>",
        "<?xml-stylesheet href='x'?><a/>",
        "<??><a/>",
        "<?xml?><a/>",
    ] {
        assert_eq!(kind(source), Kind::ProcessingInstruction, "{source}");
    }
}

#[test]
fn only_the_five_entities_exist() {
    assert_eq!(
        text("<a>&lt;&gt;&amp;&quot;&apos;&#65;&#x42;</a>"),
        "<>&\"'AB"
    );
    for source in ["<a>&nbsp;</a>", "<a b='&nbsp;'/>", "<a>&LT;</a>"] {
        assert!(matches!(kind(source), Kind::Entity(_)), "{source}");
    }
}

#[test]
fn a_refused_entity_is_named_by_its_beginning() {
    assert_eq!(kind("<a>&nbsp;</a>"), Kind::Entity("nbsp".into()));
    let long = format!("<a>&{};</a>", "n".repeat(1000));
    assert_eq!(kind(long), Kind::Entity("n".repeat(120) + "…"));
}

#[test]
fn a_refusal_points_at_what_is_wrong() {
    for (source, line, column) in [
        ("<a>\n <b x='1'\n  x='2'/></a>", 3, 3),
        ("<a>\n <b p:x='1'/></a>", 2, 5),
        ("<a ID='x'>\n <b ID='x'/></a>", 2, 5),
        ("<a\n b='12&nbsp;'/>", 2, 7),
        ("<a\n b='1\t&nbsp;'/>", 2, 7),
        ("<a\n b='&lt;&nbsp;'/>", 2, 9),
        ("<a\n b='12&lt;3&x'/>", 2, 12),
        ("<a>\n&nbsp;</a>", 2, 1),
        ("<a>\n <b xmlns='relative'/></a>", 2, 5),
    ] {
        let error = Document::parse(source.as_bytes()).unwrap_err();
        let found = (error.position.line, error.position.column);
        assert_eq!(found, (line, column), "{source}: {error}");
    }
}

#[test]
fn illegal_characters_are_refused_however_many() {
    for illegal in ["\u{1}", "\u{1F}", "\u{FFFE}", "\u{FFFF}"] {
        for count in 1..4 {
            let text = format!("<a>{}</a>", illegal.repeat(count));
            assert!(matches!(kind(&text), Kind::NotWellFormed(_)), "{text:?}");
            let apart = format!("<a>{}</a>", format!("{illegal}x").repeat(count));
            assert!(matches!(kind(&apart), Kind::NotWellFormed(_)), "{apart:?}");
        }
    }
    // Their neighbours are legal.
    assert_eq!(
        text("<a>\t\n \u{EFFF}\u{FFFD}</a>"),
        "\t\n \u{EFFF}\u{FFFD}"
    );
}

#[test]
fn a_namespace_name_has_only_characters_of_a_uri() {
    for bad in [
        "&quot;", "&lt;", "&gt;", "\\", "^", "`", "{", "|", "}", "\u{7F}",
    ] {
        let source = format!("<a xmlns:p='u:a{bad}b'/>");
        assert!(matches!(kind(&source), Kind::Namespace(_)), "{source}");
    }
    for bad in ["%", "%4", "a%4", "a%4z", "a%z4", "ab%4%41"] {
        let source = format!("<a xmlns:p='u:{bad}'/>");
        assert!(matches!(kind(&source), Kind::Namespace(_)), "{source}");
    }
    for good in [
        "%41",
        "a%41",
        "ab%4a%FFc",
        "a?b#c[d]@!$'()*+,;=~".replace('\'', "").as_str(),
    ] {
        let source = format!("<a xmlns:p='u:{good}'/>");
        assert!(Document::parse(source.as_bytes()).is_ok(), "{source}");
    }
}

#[test]
fn namespaces_are_held_to_their_rules() {
    for source in [
        "<p:a/>",
        "<a p:b='1'/>",
        "<a><b xmlns:p='u:p'/><p:c/></a>",
        "<a xmlns:p=''/>",
        "<a xmlns='relative'/>",
        "<a xmlns:p='../p'/>",
        "<a xmlns:p='//p'/>",
        "<a xmlns:p='1:p'/>",
        "<a xmlns:p='u:'/>",
        "<a xmlns:p='u:a b'/>",
        "<a xmlns:p='u:%zz'/>",
        "<a xmlns:p='http://a/?b=1&amp;c=2'/>",
        "<a xmlns:p='u:ø'/>",
        "<a xmlns:xmlns='u:x'/>",
        "<a xmlns:xml='u:x'/>",
        "<xmlns:a/>",
        "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>",
        "<a xmlns='http://www.w3.org/XML/1998/namespace'/>",
        "<a xmlns='http://www.w3.org/2000/xmlns/'/>",
    ] {
        let found = kind(source);
        assert!(matches!(found, Kind::Namespace(_)), "{source}: {found:?}");
    }
    let fine = "<a xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:lang='da' xmlns=''/>";
    let document = Document::parse(fine.as_bytes()).unwrap();
    let lang = document.root().attributes().next().unwrap();
    assert_eq!(
        (lang.namespace, lang.local),
        ("http://www.w3.org/XML/1998/namespace", "lang")
    );
}

#[test]
fn ids_are_unique_however_they_are_spelt() {
    let wsu = super::namespaces::WSU;
    for source in [
        "<a ID='x'><b ID='x'/></a>",
        "<a ID='x'><b Id='x'/></a>",
        "<a id='x'><b><c iD='x'/></b></a>",
        "<a ID='x' xml:id='x'/>",
        "<a ID='&#120;' Id='x'/>",
        &format!("<a ID='x' w:Id='x' xmlns:w='{wsu}'/>"),
    ] {
        assert_eq!(kind(source), Kind::DuplicateId("x".into()), "{source}");
    }
    Document::parse(b"<a ID='x' xmlns:p='u:p' p:ID='x'><b ID='X'/></a>").unwrap();
}

#[test]
fn text_is_whole() {
    assert_eq!(text("<a>user@x<!-- -->.evil</a>"), "user@x.evil");
    assert_eq!(
        text("<a>1<![CDATA[<2>&amp;]]>3&#52;<!---->5<![CDATA[]]></a>"),
        "1<2>&amp;345"
    );
    assert_eq!(text("<a><!-- --></a>"), "");
    assert_eq!(
        text("<a>\r\n1\r2\n&#13;<![CDATA[\r\n]]></a>"),
        "\n1\n2\n\r\n"
    );
    assert_eq!(text("<a>]]&gt;]]<!-- -->&gt;</a>"), "]]>]]>");
    let document = Document::parse(b"<a>1<b/>2</a>").unwrap();
    assert!(document.root().text().is_none() && document.root().has_stray_text());
    let document = Document::parse(b"<a> \n<b/>\t&#32;</a>").unwrap();
    assert!(!document.root().has_stray_text());
}

#[test]
fn attribute_values_are_normalised() {
    assert_eq!(attribute("<a b='1\t2\n3\r\n4\r5 '/>"), "1 2 3 4 5 ");
    assert_eq!(
        attribute("<a b='&#9;&#10;&#13;&lt;&apos;&quot;>'/>"),
        "\t\n\r<'\">"
    );
    assert_eq!(attribute("<a\n\tb\r=\n\"'\"\n/>"), "'");
}

#[test]
fn declarations_and_surroundings_that_are_fine() {
    for source in [
        "<?xml version=\"1.0\"?><a/>",
        "<?xml version='1.0' encoding='utf-8' standalone='no' ?>\r\n<!-- x --><a/>\n<!-- y -->\n",
        "<ø xmlns:å='u:å'.../>"
            .replace("'u:å'...", "'u:x' å:æ='1'")
            .as_str(),
        "<a-b.c_1/>",
    ] {
        Document::parse(source.as_bytes()).unwrap();
    }
}

#[test]
fn every_budget_is_held() {
    let small = Limits {
        bytes: 200,
        depth: 3,
        nodes: 6,
        attributes: 3,
        namespaces: 3,
    };
    let parse = |source: &str| Document::parse_within(source.as_bytes(), &small).map(|_| ());
    for (fits, breaks, what) in [
        (
            format!("<a>{}</a>", "x".repeat(193)),
            format!("<a>{}</a>", "x".repeat(194)),
            "bytes",
        ),
        (
            "<a><a><a/></a></a>".into(),
            "<a><a><a><a/></a></a></a>".into(),
            "depth",
        ),
        (
            "<a>1<b/>2<b/>3</a>".into(),
            "<a>1<b/>2<b/>3<b/></a>".into(),
            "elements",
        ),
        (
            "<a a='' b='' c=''/>".into(),
            "<a a='' b='' c='' d=''/>".into(),
            "attributes",
        ),
        (
            "<a xmlns:p='u:p' xmlns:q='u:q'><a xmlns='u:a'/><a xmlns='u:a'/></a>".into(),
            "<a xmlns:p='u:p' xmlns:q='u:q'><a xmlns='u:a' xmlns:r='u:r'/></a>".into(),
            "namespaces in scope",
        ),
    ] {
        parse(&fits).unwrap();
        match parse(&breaks).unwrap_err().kind {
            Kind::Limit(found) => assert!(found.contains(what), "{found}"),
            other => panic!("{other:?}"),
        }
    }
    let many: String = (0..300).map(|i| format!("<b xmlns='u:{i}'/>")).collect();
    assert_eq!(
        kind(format!("<a>{many}</a>")),
        Kind::Limit("distinct namespaces")
    );
    let long = |length: usize| format!("<a xmlns='u:{}'/>", "x".repeat(length - 2));
    assert!(Document::parse(long(512).as_bytes()).is_ok());
    assert_eq!(kind(long(513)), Kind::Limit("length of a namespace name"));
    assert_eq!(kind("<a>".repeat(100_000)), Kind::Limit("depth"));
}

proptest::proptest! {
    #[test]
    fn nothing_panics(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..64)) {
        let _ = Document::parse(&bytes);
    }

    #[test]
    fn nothing_like_xml_panics(source in "[<>/!?&;:='\"\\[\\]\\-ab x#æ\n\r]{0,40}") {
        if let Ok(document) = Document::parse(source.as_bytes()) {
            crate::xml::canonical(document.root(), None, &[]);
        }
    }
}

#[test]
fn a_message_has_half_a_mebibyte_and_metadata_sixteen() {
    assert_eq!(Limits::MESSAGE.bytes, 524_288);
    assert_eq!(Limits::METADATA.bytes, 16_777_216);
    let whole = |length: usize| format!("<a>{}</a>", "x".repeat(length - "<a></a>".len()));
    assert!(crate::xml::Document::parse(whole(524_288).as_bytes()).is_ok());
    assert!(crate::xml::Document::parse(whole(524_289).as_bytes()).is_err());
}
