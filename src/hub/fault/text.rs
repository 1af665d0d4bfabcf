//! Surgery on what our own writer wrote. It is canonical, so its tags stand in one spelling only.

/// `text` with one thing replaced.
pub(super) fn swap(text: &str, from: &str, to: &str) -> String {
    text.replacen(from, to, 1)
}

/// What stands between two marks, marks included; nothing where one is missing.
pub(super) fn cut<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let found = text.find(from).and_then(|start| {
        let end = text.get(start..)?.find(to)?;
        text.get(start..start + end + to.len())
    });
    found.unwrap_or_default()
}

/// The first signature.
pub(super) fn signature(text: &str) -> &str {
    cut(text, "<ds:Signature ", "</ds:Signature>")
}

/// Something before the last end tag of this name.
pub(super) fn before_end(text: &str, end: &str, content: &str) -> String {
    let at = text.rfind(end).unwrap_or(text.len());
    let (head, tail) = text.split_at(at);
    [head, content, tail].concat()
}

/// The elements of the assertion with another prefix.
pub(super) fn other_prefix(text: &str) -> String {
    let text = text.replace("<saml:", "<a2:");
    let text = text.replace("</saml:", "</a2:");
    text.replace(" xmlns:saml=", " xmlns:a2=")
}

/// Every element on a line of its own.
pub(super) fn indented(text: &str) -> String {
    text.replace("><", ">\n  <")
}

/// Times with seven decimals, as the hub's samples: `…:02.5901234Z`.
pub(super) fn with_fractions(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some(at) = rest.find("Z\"") {
        let (head, tail) = rest.split_at(at);
        out.push_str(head);
        if is_instant(head) {
            out.push_str("4567");
        }
        out.push_str("Z\"");
        rest = tail.get(2..).unwrap_or_default();
    }
    out + rest
}

/// Whether it ends on a time with three decimals.
fn is_instant(text: &str) -> bool {
    const FORM: &[u8] = b"00:00:00.000";
    let start = text.len().checked_sub(FORM.len());
    let tail = start.and_then(|start| text.as_bytes().get(start..));
    tail.is_some_and(|tail| {
        let mut pairs = tail.iter().zip(FORM);
        pairs.all(|(found, form)| match form {
            b'0' => found.is_ascii_digit(),
            mark => found == mark,
        })
    })
}
