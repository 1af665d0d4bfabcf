//! A story in words, Danish and English.

use crate::dsig::{Holder, KeyStory, Origin, SignatureStory, Story};
use time::{Duration, OffsetDateTime};

/// The type of a certificate: what its serialNumber names, and whether an OCES CA stands as issuer.
pub fn kind(story: &Story) -> (&'static str, &'static str) {
    if story.is_ca {
        return (
            "CA: udsteder andre certifikater",
            "CA: issues other certificates",
        );
    }
    let real = matches!(story.origin(), Origin::Oces3 | Origin::Oces3Test);
    match story.holder() {
        Holder::Organisation if real => (
            "OCES3-systemcertifikat eller -organisationscertifikat",
            "OCES3 certificate of a system or an organisation",
        ),
        Holder::Organisation if story.has_oces3_policy() => (
            "ligner et OCES3-systemcertifikat, men er ikke udstedt som OCES",
            "shaped like an OCES3 system certificate, and not issued as one",
        ),
        Holder::Organisation => (
            "har navn som et OCES3-systemcertifikat, men ikke OCES3's certifikatpolitik",
            "named like an OCES3 system certificate, without the policy of OCES3",
        ),
        Holder::Employee => (
            "OCES3-medarbejdercertifikat: ikke til systemer",
            "OCES3 certificate of an employee: not for systems",
        ),
        Holder::Oces2Organisation => (
            "OCES2 (virksomhed eller funktion), som ikke bruges mere",
            "OCES2 (organisation or function), which is out of use",
        ),
        Holder::Oces2Employee => (
            "OCES2-medarbejdercertifikat, som ikke bruges mere",
            "OCES2 certificate of an employee, which is out of use",
        ),
        Holder::Other => ("ikke OCES", "not OCES"),
    }
}

/// The type for scripts.
pub fn kind_word(story: &Story) -> &'static str {
    match story.holder() {
        _ if story.is_ca => "ca",
        Holder::Organisation => "oces3-organisation-or-system",
        Holder::Employee => "oces3-employee",
        Holder::Oces2Organisation => "oces2-organisation-or-system",
        Holder::Oces2Employee => "oces2-employee",
        Holder::Other => "other",
    }
}

/// The issuer for scripts.
pub fn origin_word(story: &Story) -> &'static str {
    match story.origin() {
        Origin::Oces3 => "oces3",
        Origin::Oces3Test => "oces3-test",
        Origin::SelfSigned => "self-signed",
        Origin::Other => "other",
    }
}

/// How long it is good for, from now.
pub fn left(story: &Story, now: OffsetDateTime) -> (String, String) {
    let (start, end) = (story.not_before, story.not_after);
    if end <= now {
        let (da, en) = days(now - end);
        (format!("udløb for {da} siden"), format!("expired {en} ago"))
    } else if now < start {
        let (da, en) = days(start - now);
        (
            format!("gælder først om {da}"),
            format!("not valid for another {en}"),
        )
    } else {
        let (da, en) = days(end - now);
        (format!("udløber om {da}"), format!("expires in {en}"))
    }
}

fn days(span: Duration) -> (String, String) {
    match (span.whole_days(), span.whole_hours()) {
        (0, 1) => ("1 time".to_owned(), "1 hour".to_owned()),
        (0, 0) => ("under en time".to_owned(), "less than an hour".to_owned()),
        (0, hours) => (format!("{hours} timer"), format!("{hours} hours")),
        (1, _) => ("1 dag".to_owned(), "1 day".to_owned()),
        (days, _) => (format!("{days} dage"), format!("{days} days")),
    }
}

/// `RSA-3072`.
pub fn key(key: &KeyStory) -> String {
    match key {
        KeyStory::Rsa(bits) => format!("RSA-{bits}"),
        KeyStory::Ec(curve) => format!("ECDSA {curve}"),
        KeyStory::Other(name) => name.clone(),
    }
}

/// How the certificate is signed.
pub fn signature(signature: &SignatureStory) -> String {
    match signature {
        SignatureStory::RsaPss { digest, mgf, salt } => {
            format!("RSASSA-PSS, {digest}, MGF1 {mgf}, salt {salt}")
        }
        SignatureStory::Other(name) => name.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::pki;
    use crate::dsig::Certificate;
    use time::macros::datetime;

    #[test]
    fn days_are_told_as_people_say_them() {
        let certificate = Certificate::parse(pki::certificate("hub").unwrap().as_bytes());
        let story = certificate.unwrap().story();
        for (now, da, en) in [
            (
                datetime!(2026-10-02 00:00 UTC),
                "gælder først om 30 dage",
                "not valid for another 30 days",
            ),
            (
                datetime!(2026-11-01 00:00 UTC),
                "udløber om 1096 dage",
                "expires in 1096 days",
            ),
            (
                datetime!(2029-10-30 12:00 UTC),
                "udløber om 1 dag",
                "expires in 1 day",
            ),
            (
                datetime!(2029-10-31 12:00 UTC),
                "udløber om 12 timer",
                "expires in 12 hours",
            ),
            (
                datetime!(2029-10-31 23:30 UTC),
                "udløber om under en time",
                "expires in less than an hour",
            ),
            (
                datetime!(2029-11-01 00:00 UTC),
                "udløb for under en time siden",
                "expired less than an hour ago",
            ),
            (
                datetime!(2029-11-04 00:00 UTC),
                "udløb for 3 dage siden",
                "expired 3 days ago",
            ),
        ] {
            assert_eq!(left(&story, now), (da.to_owned(), en.to_owned()));
        }
    }
}
