//! Everything that can be said of a certificate beside its story: one list. What `check` finds too has its id
//! and title from there.

use crate::config;
use serde::Serialize;

/// All kinds, below the help.
pub fn help() -> String {
    let mut text = "What can be found:\n".to_owned();
    for kind in KINDS {
        let severity = kind.severity.word();
        text.push_str(&format!(
            "  {severity:<8} {:<25} {}\n",
            kind.id,
            kind.title().1
        ));
    }
    text
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A strict party refuses it.
    Error,
    /// It will be refused, or should be.
    Warning,
    /// Worth knowing.
    Remark,
}

impl Severity {
    /// As scripts get it.
    fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Remark => "remark",
        }
    }
}

/// A kind of finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// Stable id.
    pub id: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Title in Danish.
    da: &'static str,
    /// Title in English.
    en: &'static str,
    /// What was expected, or what to do.
    pub expected: &'static str,
}

impl Kind {
    /// Title in Danish and English.
    pub fn title(&self) -> (&'static str, &'static str) {
        config::Kind::by_id(self.id).map_or((self.da, self.en), |kind| (kind.da, kind.en))
    }
}

macro_rules! kinds {
    ($($name:ident $severity:ident $id:literal $da:literal $en:literal $expected:literal;)*) => {
        $(pub const $name: &Kind = &Kind {
            id: $id, severity: Severity::$severity, da: $da, en: $en, expected: $expected,
        };)*
        const KINDS: &[&Kind] = &[$($name,)*];
    };
}

// A title that is left empty is the one that `check` has.
kinds! {
    MISSING_FILE Error "config::missing-file" "" "" "the name of a file that can be read";
    UNREADABLE Error "certificate::unreadable" "Certifikatet kan ikke læses" "The certificate cannot be read"
        "a certificate in PEM or DER, or SAML metadata";
    METADATA Error "metadata::unreadable" "" "" "SAML 2.0 metadata that holds to the schema";
    EXPIRED Error "key::expired" "" "" "the real hub does not accept it; it must be changed";
    NOT_YET_VALID Error "key::not-yet-valid" "" "" "strict parties refuse it until then";
    EXPIRES_SOON Warning "key::expires-soon" "" "" "plan the change now: somebody has to order a certificate, and two parties have to put it in place";
    WRONG_USAGE Error "key::wrong-usage" "" "" "digitalSignature to sign, keyEncipherment to be encrypted for";
    TOO_SMALL Error "key::too-small" "Nøglen er for kort" "The key is too short" "RSA with at least 2048 bits; OCES3 has 3072";
    UNSUPPORTED Error "key::unsupported" "Nøglens type kan ikke bruges" "The key is of a kind that cannot be used"
        "RSA, or ECDSA on P-256 or P-384";
    MISMATCH Error "key::mismatch" "" "" "the key that the certificate was made for";
    KEY_UNREADABLE Error "key::unreadable" "" "" "a private key in PEM without a password";
    CANNOT_DECRYPT Error "key::cannot-decrypt" "Nøglen er til kryptering, og ingen kan kryptere til den"
        "The key is for encryption, and nobody can encrypt for it"
        "an RSA key: one on a curve signs only";
    REUSED Error "key::reused" "To certifikater eller to parter har samme nøgle" "Two certificates or two parties have the same key"
        "a new key for each certificate, and never one key with two parties";
    TEST_PKI Warning "key::test-pki" "" "" "a key of one's own; vejviser certs new makes one";
    PSS Remark "certificate::rsassa-pss"
        "Certifikatet selv er underskrevet med RSASSA-PSS, som OCES3 er. Nogle programmer kan ikke læse sådan et, selv om SAML-underskrifter med nøglen er almindelig rsa-sha256"
        "The certificate itself is signed with RSASSA-PSS, as OCES3 is. Some software cannot read such a certificate, though SAML signatures with its key are plain rsa-sha256"
        "software that reads it; lightsaml (issue #71) and samlify (pull request #625) refused it";
    SELF_SIGNED Remark "certificate::self-signed"
        "Udstedt af sig selv: duer som registreret nøgle, men ikke hos en part, der kræver en CA"
        "Issued by itself: good as a registered key, but not with a party that wants a CA"
        "a certificate by a CA that the other party trusts";
    OTHER_CA Remark "certificate::other-ca"
        "Udstederen er ikke en OCES-CA: duer som registreret nøgle, men ikke hos en part, der kræver OCES3"
        "The issuer is no CA of OCES: good as a registered key, but not with a party that wants OCES3"
        "an OCES3 certificate, where OCES3 is asked for";
    OCES3 Remark "certificate::oces3"
        "Udstederen har samme navn som den rigtige OCES3-CA. Navnet beviser intet: kæden efterprøves ikke her"
        "The issuer has the name of the real CA of OCES3. The name proves nothing: the chain is not checked here"
        "a chain that the receiver checks";
    OCES3_TEST Remark "certificate::oces3-test"
        "Udstederen har samme navn som CA'en i OCES3's testmiljø: til testmiljøer, ikke til produktion"
        "The issuer has the name of the CA of OCES3's test environment: for test environments, not for production"
        "a certificate of the production CA, in production";
    SIGNS_ONLY Remark "key::signs-only"
        "Ingen kan kryptere til denne nøgle: den kan kun skrive under"
        "Nobody can encrypt for this key: it signs only"
        "an RSA key, where assertions are to be encrypted";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_kind_has_an_id_of_its_own_and_a_title() {
        let ids: BTreeSet<&str> = KINDS.iter().map(|kind| kind.id).collect();
        assert_eq!(ids.len(), KINDS.len());
        for kind in KINDS {
            let (da, en) = kind.title();
            assert!(
                !da.is_empty() && !en.is_empty() && !kind.expected.is_empty(),
                "{}",
                kind.id
            );
            // Either here or in `check`, so that the two cannot differ.
            let there = config::Kind::by_id(kind.id).is_some();
            assert_eq!(there, kind.da.is_empty(), "{}", kind.id);
        }
    }
}
