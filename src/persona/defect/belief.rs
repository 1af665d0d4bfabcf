//! What careless software believes to have got, where the signature is about something else, or is not what it should be.
//!
//! Each of them is careless in one way: what it does not overlook it demands, as a system that does right.

use super::seal::Pieces;
use super::wire::{Part, Seal, Wire, bare};
use crate::config::Defect;
use crate::dsig::{
    self, Certificate, Digest, Policy, PublicKey, SignatureAlgorithm, SignatureError,
};
use crate::hub::judge::Expected;
use crate::persona::system::System;
use crate::saml::names::status;
use crate::xml::{DS, Node, SAML, SAMLP, canonical};

/// The message that the software believes to have got: in clear, with the one assertion that it reads.
pub fn believed(
    defect: Defect,
    wire: &Wire,
    system: &System,
    expected: &Expected<'_>,
) -> Option<String> {
    let reader = Reader {
        wire,
        system,
        expected,
    };
    let assertion = match wire.seal {
        Seal::None => reader.of_unsigned(defect)?,
        Seal::Good if defect == Defect::AcceptsResponseSignature => reader.unsigned_inside()?,
        Seal::Bad if defect == Defect::IgnoresResponseSignature => reader.good()?,
        Seal::Good | Seal::Bad => return None,
    };
    Some(wire.around(&assertion, defect == Defect::IgnoresStatus))
}

struct Reader<'a> {
    wire: &'a Wire,
    system: &'a System,
    expected: &'a Expected<'a>,
}

impl<'a> Reader<'a> {
    /// The assertion that is read of a Response without a signature of its own.
    fn of_unsigned(&self, defect: Defect) -> Option<String> {
        match defect {
            Defect::AcceptsUnsigned => self.unsigned_inside(),
            Defect::AcceptsUnsignedPlain => self.unsigned_plain(),
            Defect::IgnoresStatus => self.good().filter(|_| self.is_refusal()),
            Defect::AcceptsSha1 => self.with_sha1(),
            Defect::AcceptsHmac => self.with_hmac(),
            Defect::IgnoresDigest => {
                let element = self.wire.only_encrypted()?;
                (self.verdict(element) == Some(SignatureError::Digest)).then(|| bare(element))
            }
            Defect::IgnoresSignedInfo
            | Defect::AcceptsEmptySignature
            | Defect::AcceptsUnknownKey
            | Defect::TrustsKeyInfo
            | Defect::ComparesCertificateOnly
            | Defect::TrustsCa
            | Defect::TrustsNextKeyEarly => self.by_another(defect),
            Defect::ReadsFirstAssertion
            | Defect::ReadsLastAssertion
            | Defect::ConfusesSameId
            | Defect::PrefersPlain => self.of_two(defect),
            Defect::ReadsOuterAssertion => self.around_the_signed(),
            Defect::FindsSignedInObject => self.with_the_signature_of_another(|element| {
                element.child(DS, "Signature")?.child(DS, "Object")
            }),
            Defect::FindsSignedInStatusDetail => self.with_the_signature_of_another(|_| {
                let status = self.wire.root().child(SAMLP, "Status")?;
                status.child(SAMLP, "StatusDetail")
            }),
            Defect::ReadsExtensions => self.in_extensions(),
            _ => None,
        }
    }

    /// Why the element's own signature is not good; none where it is.
    fn verdict(&self, element: Node<'_>) -> Option<SignatureError> {
        let expected = self.expected;
        dsig::verify(element, expected.keys, expected.signatures).err()
    }

    /// The one assertion, encrypted and signed as it should be.
    fn good(&self) -> Option<String> {
        let element = self.wire.only_encrypted()?;
        self.verdict(element).is_none().then(|| bare(element))
    }

    /// Whether the status is another than Success.
    fn is_refusal(&self) -> bool {
        let status = self.wire.root().child(SAMLP, "Status");
        let code = status.and_then(|status| status.child(SAMLP, "StatusCode"));
        code.and_then(|code| code.attribute("Value")) != Some(status::SUCCESS)
    }

    /// Where nothing is signed there is nothing to verify.
    fn unsigned_inside(&self) -> Option<String> {
        let element = self.wire.only_encrypted()?;
        (!is_signed_anywhere(element)).then(|| bare(element))
    }

    /// What is in clear is from a test, the developer thought.
    fn unsigned_plain(&self) -> Option<String> {
        let [part] = self.wire.parts.as_slice() else {
            return None;
        };
        let element = self.wire.node(part).filter(|_| part.transport.is_none())?;
        (self.wire.only_encrypted().is_none() && !is_signed_anywhere(element))
            .then(|| bare(element))
    }

    fn with_sha1(&self) -> Option<String> {
        let element = self.wire.only_encrypted()?;
        let keys = self.expected.keys;
        let signed = dsig::verify(element, keys, Policy::LegacyForOfflineVerdicts).ok()?;
        let sha1 = SignatureAlgorithm::RsaPkcs1(Digest::Sha1);
        (signed.algorithm() == sha1).then(|| bare(element))
    }

    fn with_hmac(&self) -> Option<String> {
        let element = self.wire.only_encrypted()?;
        let pieces = Pieces::of(element)?;
        (pieces.fits_its_own(element) && pieces.is_hmac_with(self.expected.keys))
            .then(|| bare(element))
    }

    /// Signatures over the right thing whose value no held key made.
    fn by_another(&self, defect: Defect) -> Option<String> {
        let element = self.wire.only_encrypted()?;
        if self.verdict(element) != Some(SignatureError::Value) {
            return None;
        }
        let pieces = Pieces::of(element)?;
        if !pieces.fits_its_own(element) {
            return None;
        }
        let keys = self.expected.keys;
        let shown = pieces.shown.as_ref();
        let believes = match defect {
            // An empty value decodes to nothing, and nothing is compared with nothing.
            Defect::AcceptsEmptySignature => pieces.value.is_empty(),
            _ if pieces.value.is_empty() => false,
            // The padding is right, and what it holds is not compared.
            Defect::IgnoresSignedInfo => pieces.opens_with(keys),
            _ if pieces.opens_with(keys) => false,
            // Whose key it would be is not said, so there is nothing to verify with.
            Defect::AcceptsUnknownKey => shown.is_none(),
            Defect::ComparesCertificateOnly => shown.is_some_and(|shown| self.holds(shown)),
            // Whoever poses as the hub, or as one that the hub's CA vouches for, is looked up; others speak for themselves.
            Defect::TrustsKeyInfo => self.signed_by_shown(element, shown, |shown| {
                !self.has_hubs_name(shown) && !self.has_hubs_issuer(shown)
            }),
            // Of the hub's own name there is one, it thinks, and that is registered.
            Defect::TrustsCa => self.signed_by_shown(element, shown, |shown| {
                !self.has_hubs_name(shown) && self.has_hubs_issuer(shown)
            }),
            // A certificate in the hub's name that it has not had before must be the new one.
            Defect::TrustsNextKeyEarly => self.signed_by_shown(element, shown, |shown| {
                self.has_hubs_name(shown)
                    && key_of(shown).is_some_and(|key| !self.system.trusted.knew(&key))
            }),
            _ => false,
        };
        believes.then(|| bare(element))
    }

    fn signed_by_shown(
        &self,
        element: Node<'_>,
        shown: Option<&Certificate>,
        trusts: impl Fn(&Certificate) -> bool,
    ) -> bool {
        let key = shown.filter(|shown| trusts(shown)).and_then(key_of);
        key.is_some_and(|key| dsig::verify(element, &[key], Policy::Modern).is_ok())
    }

    fn held(&self) -> impl Iterator<Item = &'a Certificate> {
        self.expected.keys.iter().filter_map(PublicKey::certificate)
    }

    fn holds(&self, certificate: &Certificate) -> bool {
        let fingerprint = certificate.fingerprint();
        self.held().any(|own| own.fingerprint() == fingerprint)
    }

    fn has_hubs_name(&self, certificate: &Certificate) -> bool {
        let story = certificate.story();
        let same = |own: &Certificate| {
            own.subject() == certificate.subject()
                || story.cvr().is_some() && own.story().cvr() == story.cvr()
        };
        self.held().any(same)
    }

    fn has_hubs_issuer(&self, certificate: &Certificate) -> bool {
        let issuer = certificate.story().issuer_line();
        self.held().any(|own| own.story().issuer_line() == issuer)
    }

    /// Two assertions, one of them signed: the signature is verified on the one, and the other is read.
    fn of_two(&self, defect: Defect) -> Option<String> {
        let [first, last] = self.wire.parts.as_slice() else {
            return None;
        };
        let (verified, read) = match defect {
            Defect::ReadsFirstAssertion | Defect::PrefersPlain => (last, first),
            _ => (first, last),
        };
        let (verified_node, read_node) = (self.wire.node(verified)?, self.wire.node(read)?);
        let same_id = verified_node.attribute("ID") == read_node.attribute("ID");
        let encrypted = |part: &Part| part.transport.is_some();
        let as_this_one_has_it = match defect {
            Defect::PrefersPlain => encrypted(verified) && !encrypted(read) && !same_id,
            Defect::ConfusesSameId => encrypted(verified) && encrypted(read) && same_id,
            _ => encrypted(verified) && encrypted(read) && !same_id,
        };
        let holds = as_this_one_has_it
            && self.verdict(verified_node).is_none()
            && !dsig::has_signature(read_node);
        holds.then(|| bare(read_node))
    }

    /// The signed assertion is found wherever it is, and the outermost is read.
    fn around_the_signed(&self) -> Option<String> {
        let element = self.wire.only_encrypted()?;
        if dsig::has_signature(element) {
            return None;
        }
        let mut inside = element.descendants();
        let signed =
            inside.find(|node| node.is(SAML, "Assertion") && self.verdict(*node).is_none())?;
        Some(canonical(element, Some(signed), &[]))
    }

    /// What the signature refers to is looked for by its ID in a place that anybody can fill, and the element that carries the
    /// signature is read.
    fn with_the_signature_of_another<'n>(
        &'n self,
        place: impl FnOnce(Node<'n>) -> Option<Node<'n>>,
    ) -> Option<String> {
        let element = self.wire.only_encrypted()?;
        let pieces = Pieces::of(element)?;
        let id = pieces.refers_to()?;
        let mut found = place(element)?.descendants();
        let target = found.find(|node| node.attribute("ID") == Some(id))?;
        let holds = pieces.fits(target, target.child(DS, "Signature"))
            && pieces.made_by(self.expected.keys);
        holds.then(|| bare(element))
    }

    /// The signature of the assertion in its place is verified, and the first in the document is read.
    fn in_extensions(&self) -> Option<String> {
        self.good()?;
        let extensions = self.wire.root().child(SAMLP, "Extensions")?;
        let mut below = extensions.descendants();
        below.find(|node| node.is(SAML, "Assertion")).map(bare)
    }
}

fn is_signed_anywhere(element: Node<'_>) -> bool {
    element.descendants().any(|node| node.is(DS, "Signature"))
}

fn key_of(certificate: &Certificate) -> Option<PublicKey> {
    PublicKey::from_certificate(certificate.clone(), Policy::Modern).ok()
}
