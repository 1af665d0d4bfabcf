//! Whoever listens hears of everything, or that it cannot be told.

use super::*;

#[test]
fn changes_are_told_again_from_any_number_on() {
    let journal = Journal::new(Arc::default());
    let [a, b] = [id(), id()];
    let start = journal.last_change();
    journal.note(&a, Note::default());
    journal.note(&b, Note::default());
    journal.note(&a, Note::default());
    let told = journal.changes_since(start);
    assert_eq!(
        told,
        Some(vec![(start + 2, b.clone()), (start + 3, a.clone())])
    );
    assert_eq!(journal.changes_since(start + 2), Some(vec![(start + 3, a)]));
    assert_eq!(journal.changes_since(start + 3), Some(Vec::new()));
    for unknown in [0, start - 1, start + 4] {
        assert_eq!(journal.changes_since(unknown), None);
    }
    for _ in 0..1024 {
        journal.note(&b, Note::default());
    }
    assert_eq!(journal.changes_since(start + 2), None, "too long ago");
    assert_eq!(journal.changes_since(start + 3).unwrap().len(), 1);
    journal.clear();
    assert_eq!(journal.changes_since(start + 1027), None);
    assert_eq!(
        journal.changes_since(journal.last_change()),
        Some(Vec::new())
    );
}

#[tokio::test]
async fn listeners_are_counted_and_let_go() {
    let journal = Journal::new(Arc::default());
    let mut all: Vec<Listener> = (0..LISTENERS).map(|_| journal.listen().unwrap()).collect();
    assert!(journal.listen().is_none());
    all.pop();
    let mut last = journal.listen().unwrap();
    let now = journal.last_change();
    journal.note(&id(), Note::default());
    assert!(last.heard(now).await);
    journal.close();
    journal.note(&id(), Note::default());
    assert!(!last.heard(journal.last_change()).await);
    drop(all);
    assert!(journal.listen().is_none(), "closed");
}
