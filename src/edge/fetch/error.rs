//! Why something could not be fetched.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

/// What was not fetched, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchError {
    /// The address that it failed at: the given one, or one that it redirects to.
    pub url: String,
    /// Why.
    pub cause: Cause,
}

/// Why something was not fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// Not an address of http(s).
    NoAddress(String),
    /// http to another machine.
    NotHttps,
    /// Nobody knows the host name.
    NameNotFound(String),
    /// The address is one that nothing is ever fetched from.
    Forbidden {
        /// Where the name leads to.
        address: SocketAddr,
        /// What is there.
        guarded: Guarded,
    },
    /// Nothing listens there.
    Refused,
    /// There is no way there: the system's words.
    Unreachable(String),
    /// It took longer than this.
    Timeout(Duration),
    /// Whoever answers cannot show a certificate that is trusted.
    Certificate {
        /// The certificate's subject.
        subject: String,
        /// Who issued it.
        issuer: String,
        /// What is wrong with it.
        fault: CertificateFault,
    },
    /// This machine trusts nobody: it has no root certificates.
    NoRoots,
    /// No TLS for another reason: the library's words.
    Tls(String),
    /// Another status than 200.
    Status(u16),
    /// A redirect that leads nowhere, or where there may be none.
    BadRedirect,
    /// More redirects than are followed.
    TooManyRedirects(usize),
    /// A redirect from https to http.
    Downgrade(String),
    /// More bytes than this.
    TooLarge(usize),
    /// Compressed though that was not asked for: the encoding.
    Encoded(String),
    /// The connection ended early, or what came is not HTTP.
    Broken(String),
    /// A web page in the place of metadata.
    Html,
}

/// Addresses that nothing is fetched from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guarded {
    /// The hub's own management listener.
    Management,
    /// 169.254.0.0/16 and fe80::/10: this machine's own network, and the cloud's credentials.
    LinkLocal,
    /// 0.0.0.0/8 and `::`.
    Unspecified,
    /// Multicast and broadcast.
    Multicast,
    /// A cloud provider's service for its own machines.
    Cloud,
}

/// What is wrong with a server's certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateFault {
    /// By an issuer that is not trusted.
    Untrusted,
    /// It has run out.
    Expired,
    /// It is not valid yet.
    NotYet,
    /// It is for another name.
    WrongName,
    /// Another fault: the library's words.
    Other(String),
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en())
    }
}

impl std::error::Error for FetchError {}
