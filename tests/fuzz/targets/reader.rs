//! The document reader: whatever it accepts can be walked, and keeps its promises.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vejviser::xml::{Document, Limits, Node};

fn walk(node: Node<'_>, depth: usize) {
    assert!(depth <= Limits::MESSAGE.depth);
    assert!(!node.local().is_empty() && !node.local().contains(':'));
    assert!(node.attributes().count() <= Limits::MESSAGE.attributes);
    let _ = (node.text(), node.has_stray_text());
    for child in node.elements() {
        assert!(child.parent().is_some_and(|parent| parent.same(node)));
        walk(child, depth + 1);
    }
}

fuzz_target!(|data: &[u8]| {
    match Document::parse(data) {
        Ok(document) => {
            assert_eq!(document.source().as_bytes(), data);
            assert!(
                !document.source().contains("<!DOCTYPE"),
                "only in text could it stand"
            );
            let root = document.root();
            walk(root, 1);
            assert!(root.descendants().count() < Limits::MESSAGE.nodes);
            let mut ids: Vec<_> = std::iter::once(root)
                .chain(root.descendants())
                .filter_map(|node| node.attribute("ID"))
                .collect();
            let all = ids.len();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), all);
            let scope = root.namespaces_in_scope();
            let again = Document::parse_in_scope(data, &scope, &Limits::MESSAGE);
            // A larger scope only costs of its budget.
            assert!(again.is_ok() || scope.len() > 16);
        }
        Err(error) => {
            assert!(error.position.line >= 1 && error.position.column >= 1);
            let _ = error.to_string();
        }
    }
});
