//! Lists of privileges: what is read can be written in either version and is the same list again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vejviser::oiosaml::PrivilegeList;
use vejviser::oiosaml::privileges::{BppVersion, budget};

fuzz_target!(|data: &[u8]| {
    let Some((&mode, rest)) = data.split_first() else {
        return;
    };
    // The document, or the value of the attribute.
    let read = match (mode % 2, std::str::from_utf8(rest)) {
        (1, Ok(value)) => PrivilegeList::read(value),
        _ => PrivilegeList::parse(rest),
    };
    let list = match read {
        Ok(list) => list,
        Err(error) => {
            assert!(!error.to_string().is_empty() && !error.fault.why().is_empty());
            return;
        }
    };
    assert!(!list.groups.is_empty() && list.groups.len() <= budget::GROUPS);
    assert!(list.groups.iter().all(|group| !group.privileges.is_empty()));
    for version in BppVersion::ALL {
        let list = PrivilegeList {
            version,
            ..list.clone()
        };
        let value = list.write().expect("it has groups");
        // Escaping may lengthen a list that was near its budget.
        if list.to_xml().len() <= budget::BYTES {
            assert_eq!(PrivilegeList::read(&value), Ok(list));
        }
    }
});
