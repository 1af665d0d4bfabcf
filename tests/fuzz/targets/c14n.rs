//! Canonical form: read again it is the same tree, and canonical already.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vejviser::xml::{Document, Limits, Node, canonical};

const WIDE: Limits = Limits {
    bytes: usize::MAX,
    attributes: 128,
    namespaces: 128,
    ..Limits::METADATA
};

fn same(a: Node<'_>, b: Node<'_>) {
    assert_eq!((a.namespace(), a.local()), (b.namespace(), b.local()));
    let attributes = |node: Node<'_>| {
        let mut all: Vec<(String, String, String)> = node
            .attributes()
            .map(|a| {
                (
                    a.namespace.to_owned(),
                    a.local.to_owned(),
                    a.value.to_owned(),
                )
            })
            .collect();
        all.sort_unstable();
        all
    };
    assert_eq!(attributes(a), attributes(b));
    assert_eq!(a.text(), b.text());
    let (of_a, of_b): (Vec<_>, Vec<_>) = (a.elements().collect(), b.elements().collect());
    assert_eq!(of_a.len(), of_b.len());
    for (a, b) in of_a.into_iter().zip(of_b) {
        same(a, b);
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((&choice, source)) = data.split_first() else {
        return;
    };
    let Ok(document) = Document::parse(source) else {
        return;
    };
    let root = document.root();
    let nodes: Vec<_> = std::iter::once(root).chain(root.descendants()).collect();
    let apex = nodes[usize::from(choice >> 3) % nodes.len()];
    let lists: [&[&str]; 4] = [
        &[],
        &["#default"],
        &["a", "p", "saml"],
        &["#default", "xs", "xsi", "ds"],
    ];
    let inclusive = lists[usize::from(choice & 3)];
    let text = canonical(apex, None, inclusive);
    // Of a few kilobytes of input canonical form can make megabytes; the hub's own budget is elsewhere.
    if text.len() > 4 * source.len() + 64 * 1024 {
        return;
    }
    let again = Document::parse_text(&text, &WIDE).expect("canonical form can be read");
    same(apex, again.root());
    assert_eq!(canonical(again.root(), None, inclusive), text);
    if let Some(omit) = apex.elements().next() {
        let without = canonical(apex, Some(omit), inclusive);
        Document::parse_text(&without, &WIDE).expect("without an element too");
    }
});
