//! `xs:dateTime` as SAML uses it: UTC, written with `Z` (SAML core §1.3.3).

use time::OffsetDateTime;

/// Reads an `xs:dateTime` strictly: `YYYY-MM-DDThh:mm:ss[.f…](Z|±hh:mm)`. A value without zone is refused
/// (SAML core §1.3.3 demands UTC); an offset is converted; fractions beyond nanoseconds are cut; 24:00:00 and leap seconds
/// are refused.
pub fn parse(text: &str) -> Option<OffsetDateTime> {
    let _ = text;
    todo!()
}

/// Writes UTC with milliseconds, as the real hub's assertions have: `2023-09-13T07:10:02.590Z`.
pub fn format(instant: OffsetDateTime) -> String {
    let _ = instant;
    todo!()
}
