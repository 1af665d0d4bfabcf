//! The namespaces the hub writes, each with the one prefix it writes them with.

/// A namespace and the prefix that we write it with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ns {
    /// The prefix, empty for [`NONE`] alone.
    pub prefix: &'static str,
    /// The namespace name.
    pub uri: &'static str,
}

/// No namespace. Nothing of ours declares a default one, so an element without prefix has none.
pub const NONE: Ns = Ns {
    prefix: "",
    uri: "",
};
/// SAML 2.0 protocol.
pub const SAMLP: Ns = Ns {
    prefix: "samlp",
    uri: "urn:oasis:names:tc:SAML:2.0:protocol",
};
/// SAML 2.0 assertion.
pub const SAML: Ns = Ns {
    prefix: "saml",
    uri: "urn:oasis:names:tc:SAML:2.0:assertion",
};
/// SAML 2.0 metadata.
pub const MD: Ns = Ns {
    prefix: "md",
    uri: "urn:oasis:names:tc:SAML:2.0:metadata",
};
/// Metadata extension for entity attributes.
pub const MDATTR: Ns = Ns {
    prefix: "mdattr",
    uri: "urn:oasis:names:tc:SAML:metadata:attribute",
};
/// Metadata extension for names that people see.
pub const MDUI: Ns = Ns {
    prefix: "mdui",
    uri: "urn:oasis:names:tc:SAML:metadata:ui",
};
/// XML Signature.
pub const DS: Ns = Ns {
    prefix: "ds",
    uri: "http://www.w3.org/2000/09/xmldsig#",
};
/// XML Encryption 1.0.
pub const XENC: Ns = Ns {
    prefix: "xenc",
    uri: "http://www.w3.org/2001/04/xmlenc#",
};
/// XML Encryption 1.1.
pub const XENC11: Ns = Ns {
    prefix: "xenc11",
    uri: "http://www.w3.org/2009/xmlenc11#",
};
