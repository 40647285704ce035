//! A site as a static host serves it, and a reader who follows every link.

use std::path::Path;

use percent_encoding::percent_decode_str;

use super::{Tree, html, published};

/// A site at its base URL.
pub struct Host {
    files: Tree,
    /// Scheme and host.
    origin: String,
    /// With a slash at both ends.
    base: String,
}

impl Host {
    /// Serves a folder at `base_url`, which ends with a slash.
    pub fn serve(folder: &Path, base_url: &str) -> Self {
        let after_scheme = base_url.find("://").expect("a scheme") + 3;
        let path = after_scheme + base_url[after_scheme..].find('/').expect("a slash");
        Self {
            files: published(folder),
            origin: base_url[..path].to_owned(),
            base: base_url[path..].to_owned(),
        }
    }

    /// The file that answers a path of the host, as hosts do: a folder with its index, with or
    /// without the slash.
    fn answer(&self, path: &str) -> Option<&str> {
        let path = percent_decode_str(path).decode_utf8().ok()?;
        let inside = path.strip_prefix(self.base.as_str())?;
        let index = match inside {
            "" => "index.html".to_owned(),
            folder => format!("{}/index.html", folder.trim_end_matches('/')),
        };
        let file = |path: &str| {
            self.files
                .get_key_value(path)
                .map(|(path, _)| path.as_str())
        };
        if inside.is_empty() || inside.ends_with('/') {
            file(&index)
        } else {
            file(inside).or_else(|| file(&index))
        }
    }

    /// How many files hold links, and each link that leads nowhere, with the file that it is in.
    pub fn follow_every_link(&self) -> (usize, Vec<String>) {
        let mut dead = Vec::new();
        let mut followed = 0;
        for (path, bytes) in &self.files {
            let text = String::from_utf8_lossy(bytes);
            for reference in references(path, &text) {
                followed += 1;
                if let Err(why) = self.follow(path, &reference) {
                    dead.push(format!("{path}: {reference} ({why})"));
                }
            }
        }
        (followed, dead)
    }

    fn follow(&self, from: &str, reference: &str) -> Result<(), &'static str> {
        let reference = reference.trim();
        let reference = match reference.strip_prefix(self.origin.as_str()) {
            Some("") => "/",
            Some(path) => path,
            None if is_elsewhere(reference) => return Ok(()),
            None => reference,
        };
        let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let path = path.split('?').next().unwrap_or("");
        let page = format!("{}{}", self.base, from.trim_end_matches("index.html"));
        let path = if path.is_empty() {
            page
        } else {
            join(&page, path).ok_or("leads out of the host")?
        };
        if !path.starts_with(&self.base) {
            return Err("leads out of the site");
        }
        let file = self.answer(&path).ok_or("nothing is there")?;
        if fragment.is_empty() || fragment == "top" || fragment.starts_with(":~:") {
            return Ok(());
        }
        let page = String::from_utf8_lossy(&self.files[file]);
        let wanted = percent_decode_str(fragment).decode_utf8_lossy();
        let found = html::anchors(&page).iter().any(|anchor| *anchor == wanted);
        found.then_some(()).ok_or("no such anchor")
    }
}

/// Another host, or no web address at all.
fn is_elsewhere(reference: &str) -> bool {
    let scheme = reference.split(['/', '?', '#']).next().unwrap_or("");
    reference.starts_with("//") || scheme.contains(':')
}

/// A path as a browser resolves it on a page.
fn join(page: &str, path: &str) -> Option<String> {
    if path.starts_with('/') {
        return Some(path.to_owned());
    }
    let folder = &page[..page.rfind('/')?];
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    // `.` and `..` at the end mean a folder.
    if path.ends_with("..") || path.ends_with("/.") || path == "." {
        parts.push("");
    }
    Some(parts.join("/"))
}

/// Everything that a file refers to.
fn references(path: &str, text: &str) -> Vec<String> {
    let between = |open: &str, close: char| {
        let parts = text.split(open).skip(1);
        parts
            .filter_map(move |rest| rest.split(close).next())
            .map(html::text)
            .collect::<Vec<_>>()
    };
    match path.rsplit('.').next().unwrap_or("") {
        "html" => html::references(text),
        "xml" if path.ends_with("atom.xml") => html::references(text),
        "xml" => between("<loc>", '<'),
        "css" => between("url(", ')')
            .iter()
            .map(|url| url.trim_matches(['"', '\'']).to_owned())
            .collect(),
        "json" => urls_of(&serde_json::from_str(text).unwrap_or_default()),
        "txt" if path == "robots.txt" => between("Sitemap: ", '\n'),
        _ if path == "_redirects" => {
            let target = |line: &str| line.split_whitespace().nth(1).map(str::to_owned);
            text.lines().filter_map(target).collect()
        }
        _ => Vec::new(),
    }
}

/// Keys and texts of JSON that are web addresses.
fn urls_of(value: &serde_json::Value) -> Vec<String> {
    use serde_json::Value;
    let is_url = |text: &&String| text.starts_with("http://") || text.starts_with("https://");
    match value {
        Value::String(text) => Some(text).filter(is_url).cloned().into_iter().collect(),
        Value::Array(list) => list.iter().flat_map(urls_of).collect(),
        Value::Object(map) => {
            let keys = map.keys().filter(is_url).cloned();
            keys.chain(map.values().flat_map(urls_of)).collect()
        }
        _ => Vec::new(),
    }
}
