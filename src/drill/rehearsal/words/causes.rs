//! A cause in a sentence, and where the user meets it.

use super::Pair;
use crate::drill::rehearsal::Role;
use crate::hub::rollover::{Cause, Half, Subject};

/// A cause with its words.
pub struct Named {
    /// Which.
    pub cause: Cause,
    /// Short, for lists and legends.
    pub title: Pair,
    /// `{holder}` and `{changer}` are filled in.
    pub what: Pair,
}

/// All of them.
pub const CAUSES: [Named; 9] = [
    Named {
        cause: Cause::HoldsOld,
        title: (
            "Har kun det gamle certifikat",
            "Holds only the old certificate",
        ),
        what: (
            "{holder} har kun {held_old}, men {changer} signerer nu med {signed}.",
            "{holder} holds only {held_old}, but {changer} now signs with {signed}.",
        ),
    },
    Named {
        cause: Cause::HoldsNewTooEarly,
        title: (
            "Har kun det nye certifikat, for tidligt",
            "Holds only the new certificate, too early",
        ),
        what: (
            "{holder} har kun {held_new}, men {changer} signerer med {signed}.",
            "{holder} holds only {held_new}, but {changer} signs with {signed}.",
        ),
    },
    Named {
        cause: Cause::ComparesCertificate,
        title: (
            "Sammenligner certifikatet, ikke nøglen",
            "Compares the certificate, not the key",
        ),
        what: (
            "Nøglen er den samme, men {holder} sammenligner selve certifikatet og har et andet end det, {changer} bruger.",
            "The key is the same, but {holder} compares the certificate itself and has another one than {changer} uses.",
        ),
    },
    Named {
        cause: Cause::CertificateExpired,
        title: ("Certifikatet er udløbet", "The certificate has expired"),
        what: (
            "Certifikatet, som {changer} signerer med, er udløbet, og {holder} kontrollerer datoen.",
            "The certificate that {changer} signs with has expired, and {holder} checks the date.",
        ),
    },
    Named {
        cause: Cause::CertificateNotYetValid,
        title: (
            "Certifikatet er ikke gyldigt endnu",
            "The certificate is not valid yet",
        ),
        what: (
            "Certifikatet, som {changer} signerer med, er ikke gyldigt endnu, og {holder} kontrollerer datoen.",
            "The certificate that {changer} signs with is not valid yet, and {holder} checks the date.",
        ),
    },
    Named {
        cause: Cause::MissingUse,
        title: (
            "Forstår ikke metadata uden «use»",
            "Does not understand metadata without “use”",
        ),
        what: (
            "Metadata fra {changer} siger ikke, hvad certifikaterne er til («use» mangler). Det forstår {holder} ikke og står uden certifikat.",
            "The metadata of {changer} does not say what the certificates are for (“use” is missing). {holder} does not understand that and is left without a certificate.",
        ),
    },
    Named {
        cause: Cause::EncryptsToOld,
        title: ("Krypterer til den gamle nøgle", "Encrypts to the old key"),
        what: (
            "{holder} krypterer stadig til {old_key}, som {changer} ikke længere kan dekryptere med.",
            "{holder} still encrypts to {old_key}, with which {changer} can no longer decrypt.",
        ),
    },
    Named {
        cause: Cause::EncryptsToNewTooEarly,
        title: (
            "Krypterer til den nye nøgle, for tidligt",
            "Encrypts to the new key, too early",
        ),
        what: (
            "{holder} krypterer allerede til {new_key}, som {changer} endnu ikke kan dekryptere med.",
            "{holder} already encrypts to {new_key}, with which {changer} cannot decrypt yet.",
        ),
    },
    Named {
        cause: Cause::NothingToEncryptTo,
        title: (
            "Har intet certifikat at kryptere til",
            "Has no certificate to encrypt to",
        ),
        what: (
            "Metadata fra {changer} viser intet certifikat til kryptering, så {holder} har intet at kryptere til.",
            "The metadata of {changer} shows no certificate for encryption, so {holder} has nothing to encrypt to.",
        ),
    },
];

/// Where the user meets it: by the half of the login that fails, whoever takes the change over, and whose it is.
pub fn seen(half: Half, role: Role, subject: &Subject) -> Pair {
    match (half, role, subject) {
        (Half::Signature, Role::IdentityProvider, _) => (
            "Kommunens IdP afviser forespørgslen: brugerne får en fejl, før de kan logge ind.",
            "The municipality's IdP refuses the request: users get an error before they can log in.",
        ),
        (Half::Signature, Role::System, _) => (
            "Systemet afviser svaret: brugerne logger ind hos kommunen og får så en fejl i systemet.",
            "The system refuses the answer: users log in at the municipality and then get an error in the system.",
        ),
        (Half::Signature, Role::Hub, Subject::System(_)) => (
            "Hubben afviser systemets forespørgsel: brugerne får en fejl, før de kan vælge kommune.",
            "The hub refuses the system's request: users get an error before they can choose a municipality.",
        ),
        (Half::Encryption, Role::Hub, _) => (
            "Systemet kan ikke åbne svaret: brugerne logger ind hos kommunen og får så en fejl i systemet.",
            "The system cannot open the answer: users log in at the municipality and then get an error in the system.",
        ),
        // What is left ends at the hub, after the login at the municipality.
        (Half::Signature, Role::Hub, _) | (Half::Encryption, _, _) => (
            "Hubben kan ikke bruge IdP'ens svar: brugerne logger ind hos kommunen og får så en fejl hos hubben.",
            "The hub cannot use the IdP's answer: users log in at the municipality and then get an error at the hub.",
        ),
    }
}
