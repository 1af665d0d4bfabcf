//! The verdict on metadata.

use super::{Question, Told, Verdict, conclude};
use crate::hub::Check;
use crate::hub::judge::metadata::{ExpectedMetadata, metadata};

pub(super) fn verdict(xml: &[u8], question: &Question<'_>) -> Verdict {
    let expected = ExpectedMetadata {
        entity: question.peer,
        keys: question.keys,
        signatures: question.signatures,
        now: question.now,
    };
    let judged = metadata(xml, &expected);
    conclude(judged.report, judged.entities, Check::of_metadata(), |_| {
        Told::default()
    })
}
