//! What can be wrong with a certificate: one list.

/// A fault, in the order in which they are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// Ended thirty days before the recipe's first day.
    Expired,
    /// Ends fourteen days after it.
    ExpiresSoon,
    /// Begins thirty days after it.
    NotYetValid,
    /// `keyUsage` has nonRepudiation only: for documents, not for logins.
    WrongUsage,
    /// Made on the key of another certificate.
    Reused,
    /// RSA with 1024 bits.
    Rsa1024,
    /// Issued by another invented CA than the good one.
    OtherCa,
    /// Its own issuer.
    SelfSigned,
    /// The private key beside it is not its own.
    WrongKey,
}

/// What one says of a fault.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// Its name on the command line and in the names of files.
    pub name: &'static str,
    /// What it is, in Danish and English.
    pub what: (&'static str, &'static str),
    /// What a strict party does about it, in Danish and English.
    pub strict: (&'static str, &'static str),
}

macro_rules! faults {
    ($($fault:ident $name:literal $what_da:literal $what_en:literal $strict_da:literal $strict_en:literal;)*) => {
        impl Fault {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$fault,)*];

            /// What one says of it.
            pub fn about(self) -> About {
                match self {
                    $(Self::$fault => About {
                        name: $name,
                        what: ($what_da, $what_en),
                        strict: ($strict_da, $strict_en),
                    },)*
                }
            }
        }
    };
}

faults! {
    Expired "expired" "udløbet for 30 dage siden" "expired 30 days ago"
        "afviser certifikatet og det, der er underskrevet med det" "refuses the certificate, and what is signed with it";
    ExpiresSoon "expires-soon" "udløber om 14 dage" "expires in 14 days"
        "godtager det og minder om at skifte i tide" "accepts it, and says that it is time to change";
    NotYetValid "not-yet-valid" "gælder først om 30 dage" "valid in 30 days, not before"
        "afviser det indtil da" "refuses it until then";
    WrongUsage "wrong-usage" "kun til dokumenter (nonRepudiation)" "for documents only (nonRepudiation)"
        "afviser det både til underskrift og til kryptering" "refuses it for signing and for encryption";
    Reused "reused" "lavet på et andet certifikats nøgle" "made on the key of another certificate"
        "afviser det: en ny nøgle ved hvert skifte, og aldrig to parter om én" "refuses it: a new key at each change, and never two parties with one";
    Rsa1024 "rsa-1024" "RSA-nøgle på kun 1024 bit" "an RSA key of 1024 bits only"
        "afviser nøglen som for kort" "refuses the key as too short";
    OtherCa "other-ca" "udstedt af en anden CA" "issued by another CA"
        "afviser det, til den stoler på den CA; den, der kun kender nøglen, godtager det" "refuses it until it trusts that CA; who knows the key only accepts it";
    SelfSigned "self-signed" "udstedt af sig selv" "issued by itself"
        "afviser det: ingen CA står inde for det" "refuses it: no CA vouches for it";
    WrongKey "wrong-key" "den private nøgle hører ikke til certifikatet" "the private key does not belong to the certificate"
        "starter ikke med sådan et par" "does not start with such a pair";
}

impl Fault {
    /// The fault with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|fault| fault.about().name == name)
    }
}
