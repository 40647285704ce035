//! Addresses of the old site.
//!
//! In: an address as links and pictures of an export have it. Out: what it names: a path of the site, a
//! number of the database, or another site.

use percent_encoding::percent_decode_str;

use crate::model::UrlPath;

/// Where the old site was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Base {
    /// With its scheme and without a slash at its end.
    url: String,
    /// In small letters, without `www.`.
    host: String,
    /// The folder of the host that the site was in, without a slash at its end.
    pub folder: String,
}

/// What an address names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    /// A path of the site, and what follows it from `#` on.
    Path(UrlPath, String),
    /// The number of an item in the site's database.
    Number(u64),
    /// The number of a category there.
    Category(u64),
    /// What only the old site's server could answer, such as a search.
    Question,
    /// A place in the page that it stands in, or a path that is relative to it.
    Here,
    /// Another site, or what cannot be a page.
    Elsewhere,
}

impl Base {
    /// The base that an export names.
    pub fn new(url: &str) -> Self {
        let url = url.trim().trim_end_matches('/').to_owned();
        let (host, folder) = split(&url).unwrap_or_default();
        let folder = folder.split(['?', '#']).next().unwrap_or_default();
        Self {
            host: host_of(host),
            folder: folder.trim_end_matches('/').to_owned(),
            url,
        }
    }

    /// The address of the site, with a slash at its end; empty if the export has none.
    pub fn url(&self) -> String {
        let is_odd = |c: char| c.is_whitespace() || "?#".contains(c);
        if self.host.is_empty() || !self.url.starts_with("http") || self.url.contains(is_odd) {
            return String::new();
        }
        format!("{}/", self.url)
    }

    /// The address as the export has it.
    pub fn written(&self) -> &str {
        &self.url
    }

    /// What is below the site in an address: a path with its slash, and what follows.
    pub fn below<'u>(&self, url: &'u str) -> Option<&'u str> {
        let path = if url.starts_with('/') && !url.starts_with("//") {
            url
        } else {
            let (host, path) = split(url)?;
            if host_of(host) != self.host || self.host.is_empty() {
                return None;
            }
            path
        };
        let rest = path.strip_prefix(self.folder.as_str())?;
        (rest.is_empty() || rest.starts_with(['/', '?', '#'])).then_some(rest)
    }

    /// What an address names.
    pub fn named(&self, url: &str) -> Named {
        let url = url.trim();
        if url.starts_with('?') {
            return asked(url).unwrap_or(Named::Here);
        }
        let is_whole = url.starts_with('/') || url.contains("://");
        if url.is_empty() || !is_whole {
            return if url
                .split(['/', '?', '#'])
                .next()
                .is_some_and(|first| first.contains(':'))
            {
                Named::Elsewhere
            } else {
                Named::Here
            };
        }
        let Some(rest) = self.below(url) else {
            return Named::Elsewhere;
        };
        let end = rest.find(['?', '#']).unwrap_or(rest.len());
        let (path, after) = rest.split_at(end);
        let is_home = path.trim_matches('/').is_empty() || path == "/index.php";
        if let Some(named) = asked(after).filter(|_| is_home) {
            return named;
        }
        let path = if path.is_empty() { "/" } else { path };
        let fragment = after.find('#').map_or("", |at| &after[at..]);
        match path.parse() {
            Ok(path) => Named::Path(path, fragment.to_owned()),
            Err(_) => Named::Elsewhere,
        }
    }

    /// The path of an item's own address, whatever its host; `None` for one without a path.
    pub fn path_of(&self, link: &str) -> Option<UrlPath> {
        match self.named(link) {
            Named::Path(path, _) => Some(path),
            Named::Number(_) | Named::Category(_) | Named::Question | Named::Here => None,
            Named::Elsewhere => {
                let (_, path) = split(link.trim())?;
                let has_query = path.contains('?');
                if has_query || path.is_empty() {
                    None
                } else {
                    path.parse().ok()
                }
            }
        }
    }

    /// Where a file of the library lies below `uploads`, by its address.
    pub fn upload(&self, url: &str) -> Option<String> {
        let url = url.trim();
        let end = url.find(['?', '#']).unwrap_or(url.len());
        let mut url = &url[..end];
        // Services that make pictures smaller have the address in their own.
        let mut is_own = self.below(url).is_some();
        if let Some((host, path)) = split(url)
            && (host.starts_with('i') && host.ends_with(".wp.com"))
        {
            url = path.trim_start_matches('/');
            is_own = url
                .split('/')
                .next()
                .is_some_and(|host| host_of(host) == self.host);
        }
        let encoded = match url.find("/wp-content/uploads/") {
            Some(at) if is_own => &url[at + 20..],
            _ => {
                let (host, path) = split(url)?;
                host.strip_suffix(".files.wordpress.com")?;
                path.strip_prefix('/')?
            }
        };
        let path = percent_decode_str(encoded).decode_utf8().ok()?;
        (!path.is_empty()).then(|| path.into_owned())
    }
}

/// A path as front matter, Markdown and redirects have it: they decode it once.
pub(super) fn literal(path: &str) -> String {
    path.replace('%', "%25")
}

/// Host and path of a whole address.
fn split(url: &str) -> Option<(&str, &str)> {
    let rest = ["https://", "http://", "//"]
        .iter()
        .find_map(|scheme| url.strip_prefix(scheme))?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    Some(rest.split_at(end))
}

fn host_of(host: &str) -> String {
    let host = host.to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    host.trim_end_matches(":80")
        .trim_end_matches(":443")
        .to_owned()
}

/// What a query such as `?p=12` asks the home page for.
fn asked(query: &str) -> Option<Named> {
    let query = query.strip_prefix('?')?;
    let query = query.split('#').next().unwrap_or_default();
    let parts = query.split('&').filter_map(|part| part.split_once('='));
    let mut asked = parts.filter_map(|(key, value)| match key {
        "p" | "page_id" | "attachment_id" => value.parse().ok().map(Named::Number),
        "cat" => value.parse().ok().map(Named::Category),
        "s" | "m" | "tag" | "author" | "author_name" | "feed" => Some(Named::Question),
        _ => None,
    });
    asked.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_what_they_name() {
        let base = Base::new("https://www.gazette.example/blog/");
        let path = |path: &str, rest: &str| Named::Path(path.parse().unwrap(), rest.into());
        for (url, named) in [
            (
                "https://gazette.example/blog/2019/05/a/#x",
                path("/2019/05/a/", "#x"),
            ),
            (
                "http://WWW.gazette.example/blog/caf%C3%A9",
                path("/café/", ""),
            ),
            ("/blog/a.html?x=1", path("/a.html", "")),
            ("https://gazette.example/blog", path("/", "")),
            ("https://gazette.example/blog/?p=12", Named::Number(12)),
            ("?page_id=7&x=1", Named::Number(7)),
            ("/blog/?cat=3", Named::Category(3)),
            ("/blog/?s=ferry", Named::Question),
            ("/blog/?utm_source=x", path("/", "")),
            ("https://gazette.example/blogger/", Named::Elsewhere),
            ("https://elsewhere.example/blog/", Named::Elsewhere),
            ("/other/", Named::Elsewhere),
            ("mailto:a@b.example", Named::Elsewhere),
            ("#top", Named::Here),
            ("page/", Named::Here),
            ("https://gazette.example/blog/../../etc", Named::Elsewhere),
        ] {
            assert_eq!(base.named(url), named, "{url}");
        }
    }

    #[test]
    fn files_of_the_library_are_known_by_their_address() {
        let base = Base::new("https://gazette.example");
        for (url, upload) in [
            (
                "https://gazette.example/wp-content/uploads/2019/05/a%20b.jpg?w=3",
                Some("2019/05/a b.jpg"),
            ),
            ("/wp-content/uploads/a.jpg", Some("a.jpg")),
            (
                "https://i0.wp.com/gazette.example/wp-content/uploads/a.jpg?resize=1",
                Some("a.jpg"),
            ),
            (
                "http://gazette.files.wordpress.com/2025/01/a.jpg",
                Some("2025/01/a.jpg"),
            ),
            ("https://elsewhere.example/wp-content/uploads/a.jpg", None),
            (
                "/wp-content/uploads/../../../etc/passwd",
                Some("../../../etc/passwd"),
            ),
        ] {
            assert_eq!(base.upload(url).as_deref(), upload, "{url}");
        }
    }
}
