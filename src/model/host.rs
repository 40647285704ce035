//! Names and ports of servers, as URLs have them (RFC 3986, 3.2).

use std::net::Ipv6Addr;

/// Longest part of a name between dots, and longest name (RFC 1035, 2.3.4).
const LONGEST_PART: usize = 63;
const LONGEST_NAME: usize = 253;

/// Whether a text is what stands between `//` and the path of a URL: a host, and perhaps a port.
/// Letters beyond ASCII are taken, as browsers do. A user's name is not: it has no place in a page.
#[must_use]
pub fn is_authority(text: &str) -> bool {
    if let Some((address, port)) = text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        let is_port = |port: &str| port.strip_prefix(':').is_some_and(is_port);
        return address.parse::<Ipv6Addr>().is_ok() && (port.is_empty() || is_port(port));
    }
    match text.split_once(':') {
        Some((host, port)) => is_host(host) && is_port(port),
        None => is_host(text),
    }
}

/// Whether a text is the name of a host, or an IPv4 address.
#[must_use]
pub fn is_host(text: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let is_part =
        |part: &str| !part.is_empty() && part.len() <= LONGEST_PART && part.chars().all(fits);
    let name = text.strip_suffix('.').unwrap_or(text);
    name.len() <= LONGEST_NAME && name.split('.').all(is_part)
}

/// Whether a text is the number of a port.
#[must_use]
pub fn is_port(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit()) && text.parse::<u16>().is_ok_and(|port| port > 0)
}

#[cfg(test)]
mod tests {
    use super::is_authority;

    #[test]
    fn hosts_and_ports_are_those_that_there_can_be() {
        for text in [
            "example.org",
            "example.org.",
            "localhost:8080",
            "zürich.example",
            "127.0.0.1",
            "[::1]:80",
            "my_site.example",
        ] {
            assert!(is_authority(text), "{text}");
        }
        for text in [
            "", ".", "a..b", ".a", ":80", "a:", "a:0", "a:99999", "a:+1", "a:b", "a b", "a;b",
            "a$b", "user@a", "[::1", "[a]", "[::1]80", "a\n",
        ] {
            assert!(!is_authority(text), "{text:?}");
        }
    }
}
