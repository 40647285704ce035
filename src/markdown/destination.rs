//! Where a link leads, as far as it can be told without knowing the site.

/// Schemes that a link may have. Everything else could run code or open a local program.
const SCHEMES: &[&str] = &[
    "http", "https", "mailto", "tel", "sms", "ftp", "ftps", "sftp", "xmpp", "irc", "ircs", "geo",
    "magnet", "webcal", "news", "nntp", "matrix", "bitcoin",
];

/// What kind of destination a link has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination<'a> {
    /// Another site.
    Elsewhere,
    /// A scheme that is not allowed.
    Unsafe,
    /// This site: the destination without its origin, if it was written with one.
    Here(&'a str),
    /// A shortcode of another generator, which is not ours to understand.
    Foreign,
}

/// Tells what kind of destination a link has. `base_url` is the site's, with a slash at its end.
#[must_use]
pub fn classify<'a>(destination: &'a str, is_image: bool, base_url: &str) -> Destination<'a> {
    let text = destination.trim();
    if text.chars().any(char::is_control) {
        // Browsers drop these, so that `java\nscript:` would run.
        return Destination::Unsafe;
    }
    let is_known = |scheme: &str| {
        let mut known = SCHEMES.iter();
        known.any(|known| scheme.eq_ignore_ascii_case(known))
    };
    let scheme = scheme(text);
    // Whatever stands behind a scheme, what runs stays what runs.
    if (text.contains("{{") || text.contains("{%")) && scheme.is_none_or(is_known) {
        return Destination::Foreign;
    }
    if text.starts_with(base_url) {
        // With the slash that is the end of the base URL.
        return Destination::Here(&text[base_url.len() - 1..]);
    }
    if base_url.strip_suffix('/') == Some(text) {
        return Destination::Here("/");
    }
    if text.starts_with("//") {
        return Destination::Elsewhere;
    }
    match scheme {
        None => Destination::Here(text),
        Some(scheme) if is_known(scheme) => Destination::Elsewhere,
        Some(_) if is_image && is_picture_data(text) => Destination::Elsewhere,
        Some(_) => Destination::Unsafe,
    }
}

/// The scheme of a URL (RFC 3986, 3.1), if it has one.
#[must_use]
pub fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once(':')?;
    let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
    let begins = scheme
        .as_bytes()
        .first()
        .is_some_and(u8::is_ascii_alphabetic);
    (begins && scheme.bytes().all(fits)).then_some(scheme)
}

/// Whether a browser would take a URL for one of another site, or of no site at all. It leaves tabs and
/// line ends out, and takes a backslash for a slash (URL Standard, 4.4).
pub(super) fn is_elsewhere(url: &str) -> bool {
    let url: String = url.chars().filter(|c| !c.is_control()).collect();
    let url = url.trim();
    let is_slash = |b: &u8| matches!(b, b'/' | b'\\');
    let names_host = url.len() > 1 && url.as_bytes()[..2].iter().all(is_slash);
    names_host || scheme(url).is_some()
}

/// Whether a page with a picture asks another site for it, or has it written out.
#[must_use]
pub fn is_picture_elsewhere(url: &str, base_url: &str) -> bool {
    match classify(url, true, base_url) {
        Destination::Elsewhere => true,
        Destination::Here(here) => is_elsewhere(here),
        Destination::Unsafe | Destination::Foreign => false,
    }
}

/// Pictures that are written out in the URL and cannot run code; SVG can.
fn is_picture_data(text: &str) -> bool {
    let text = text.get(..24).unwrap_or(text).to_ascii_lowercase();
    ["png", "gif", "jpeg", "webp", "avif"]
        .iter()
        .any(|kind| text.starts_with(&format!("data:image/{kind};")))
}

/// A destination's path with its query, and its fragment without the `#`.
#[must_use]
pub fn split_fragment(destination: &str) -> (&str, Option<&str>) {
    match destination.split_once('#') {
        Some((path, fragment)) => (path, Some(fragment)),
        None => (destination, None),
    }
}
