//! Metadata: what is read can be written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vejviser::saml::metadata;
use vejviser::xml::{Document, Limits};

fuzz_target!(|data: &[u8]| {
    let Ok(document) = Document::parse_within(data, &Limits::METADATA) else {
        return;
    };
    let Ok(entities) = metadata::read(document.root()) else {
        return;
    };
    assert!(!entities.is_empty());
    for entity in &entities {
        assert!(!entity.entity_id.is_empty());
        let written = entity.to_element().render();
        // What was read may lack what the schema wants of a writer; it must be well-formed all the same.
        Document::parse_within(written.as_bytes(), &Limits::METADATA).expect("our own words");
    }
});
