use super::*;

/// The rows as text: number, `s` where signed, the line; `{` begins a fold, `-{` one that is folded, `}` ends one.
fn drawn(xml: &str, query: Option<&str>) -> String {
    let view = View::of(xml, query, &[]).unwrap();
    let line = |line: &Line| {
        let text: String = line.spans.iter().map(|span| span.text.as_str()).collect();
        let signed = if line.signed { "s" } else { " " };
        format!("{}{signed} {text}", line.number)
    };
    let rows = view.rows().iter().map(|row| match row {
        Row::Line(found) => line(found),
        Row::Open {
            line: found,
            unfolded: true,
        } => format!("{{ {}", line(found)),
        Row::Open { line: found, .. } => format!("-{{ {}", line(found)),
        Row::Long {
            line: found,
            characters,
            ..
        } => format!("{} ({characters})", line(found)),
        Row::Close => "}".to_owned(),
    });
    rows.collect::<Vec<_>>().join("\n")
}

const SIGNED: &str = "<p:Response xmlns:p='urn:p'><Issuer>i</Issuer><A ID='_a'><Issuer>i</Issuer>\
    <ds:Signature xmlns:ds='http://www.w3.org/2000/09/xmldsig#'><ds:SignedInfo><ds:SignatureMethod \
    Algorithm='http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'/><ds:Reference URI='#_a'/></ds:SignedInfo>\
    </ds:Signature><B/></A></p:Response>";

#[test]
fn what_a_signature_covers_is_tinted_and_the_signature_is_folded() {
    let expected = "\
{ 1  <p:Response xmlns:p='urn:p'>
2    <Issuer>i</Issuer>
{ 3s   <A ID='_a'>
4s     <Issuer>i</Issuer>
-{ 5      <ds:Signature xmlns:ds='http://www.w3.org/2000/09/xmldsig#'>
{ 6        <ds:SignedInfo>
7          <ds:SignatureMethod Algorithm='http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'/>
8          <ds:Reference URI='#_a'/>
9        </ds:SignedInfo>
}
10      </ds:Signature>
}
11s     <B/>
12s   </A>
}
13  </p:Response>
}";
    assert_eq!(drawn(SIGNED, None), expected);
    let view = View::of(SIGNED, None, &[]).unwrap();
    let [claim] = view.claims() else {
        panic!("one signature")
    };
    assert_eq!(view.lines_of(&claim.what), Some((3, 12)));
}

#[test]
fn the_signature_of_a_query_covers_everything() {
    let drawn = drawn("<a><b/></a>", Some("rsa-sha256"));
    assert_eq!(drawn, "1s <a>\n2s   <b/>\n3s </a>");
}

#[test]
fn what_the_strict_reader_refuses_is_shown_and_never_tinted() {
    for (xml, expected) in [
        ("", ""),
        ("<a b='", "1  <a b='"),
        ("<a></b></c>", "1  <a></b>\n2  </c>"),
        (
            "<!DOCTYPE x [<!ENTITY y 'z'>]><x>&y;</x>",
            "1  <!DOCTYPE x [<!ENTITY y 'z'>\n2  ]>\n3  <x>&y;</x>",
        ),
        (
            "<a><!-- </a><script>x</script> --><![CDATA[</a><b>]]></a>",
            "1  <a>\n2    <!-- </a><script>x</script> -->\n3    <![CDATA[</a><b>]]>\n4  </a>",
        ),
    ] {
        let shown = drawn(xml, None);
        let bare = |text: &str| text.replace([' ', '\n', '{', '}'], "");
        let numbers = |text: &str| text.replace(|c: char| c.is_ascii_digit(), "");
        assert_eq!(numbers(&bare(&shown)), numbers(&bare(expected)), "{xml}");
        assert!(!shown.contains("s <"), "{xml}");
    }
}

#[test]
fn long_texts_are_folded_and_kept_whole() {
    let long = "QUJD\n".repeat(100);
    let xml = format!("<a><c>{long}</c></a>");
    let view = View::of(&xml, None, &[]).unwrap();
    let rows = view.rows();
    let Row::Long {
        text, characters, ..
    } = &rows[1]
    else {
        panic!("{rows:?}")
    };
    assert_eq!((text, *characters), (&long, long.len()));
    assert!(drawn(&xml, None).contains("2    <c>QUJDQUJD"));
}

#[test]
fn lines_are_counted_as_they_are_shown() {
    let view = View::of("<a b='1'\n  c='2'>x\r\ny<d/></a>", None, &[]).unwrap();
    let numbers = view.rows().iter().map(|row| match row {
        Row::Line(line) | Row::Open { line, .. } | Row::Long { line, .. } => line.number,
        Row::Close => 0,
    });
    assert_eq!(numbers.collect::<Vec<_>>(), [1, 2, 3, 4]);
}

#[test]
fn a_message_with_too_much_in_it_has_no_lines() {
    let wide = format!("<a {}/>", "b='' ".repeat(50_000));
    let deep = "<a>".repeat(5_000);
    let many = format!("<a>{}</a>", "<b/>".repeat(MAX_LINES));
    let breaks = format!("<a>{}<b/></a>", "x\n".repeat(3 * MAX_LINES));
    for xml in [wide, deep, many] {
        assert!(View::of(&xml, None, &[]).is_none());
    }
    assert!(View::of(&breaks, None, &[]).is_none_or(|view| view.rows().len() < 10));
}

#[test]
fn folds_never_cross() {
    for xml in [
        "<a><b><c><d></a></b></c></d><e><f><g><h/></g></f></e>",
        "<a>t<b>u<c>v</c><c/><c/></b><c/><c/></a>",
        "<a><!--x--><b><!--y--></a><c/><d/><e/></b>",
        "</a><b><c/><c/><c/></b></b><b>",
    ] {
        let mut open = 0_i32;
        for row in View::of(xml, None, &[]).unwrap().rows() {
            match row {
                Row::Open { .. } => open += 1,
                Row::Close => open -= 1,
                _ => {}
            }
            assert!(open >= 0, "{xml}");
        }
        assert_eq!(open, 0, "{xml}");
    }
}

#[test]
fn marks_stand_once_at_their_line() {
    let mut view = View::of("<a><b/></a>", None, &[]).unwrap();
    view.mark(2, "X-1", Some(true));
    view.mark(2, "X-1", Some(true));
    view.mark(2, "X-2", None);
    let Row::Line(line) = &view.rows()[1] else {
        panic!("a line")
    };
    assert_eq!(
        (line.target, line.marks.as_slice()),
        (true, &[("X-1", true)][..])
    );
}
