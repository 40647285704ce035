//! Forms of a file that take less to send.

use crate::diagnostics::Fault;

/// A form in which a file lies beside itself, for clients that understand it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Compression {
    /// gzip (RFC 1952).
    Gzip,
    /// Brotli (RFC 7932).
    Brotli,
}

impl Compression {
    /// What the name of the file has at its end.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Gzip => ".gz",
            Self::Brotli => ".br",
        }
    }

    /// Its name in the header `Content-Encoding` (RFC 9110, 8.4.1).
    #[must_use]
    pub fn coding(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Brotli => "br",
        }
    }
}

impl std::str::FromStr for Compression {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        match text {
            "gzip" => Ok(Self::Gzip),
            "brotli" => Ok(Self::Brotli),
            _ => Err(Fault {
                code: None,
                message: format!("`{text}` is not one of gzip, brotli"),
                hint: "write gzip or brotli".to_owned(),
            }),
        }
    }
}
