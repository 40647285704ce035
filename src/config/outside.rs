//! `outside` of pressroom.yaml: what articles may have besides where their authors are not trusted.

use serde::Deserialize;

use crate::diagnostics::closest;
use crate::yaml::Parsed;

/// Front matter keys that reach beyond an article: other addresses, templates, and values that
/// templates may print as they are.
pub const RESERVED: [&str; 4] = ["url", "aliases", "template", "extra"];

/// Endings of files that browsers show or keep, and never run.
const HARMLESS: [&str; 29] = [
    "apng", "avif", "gif", "jpeg", "jpg", "png", "svg", "webp", "aac", "flac", "m4a", "mp3", "oga",
    "ogg", "opus", "wav", "m4v", "mov", "mp4", "ogv", "webm", "srt", "vtt", "csv", "geojson",
    "json", "pdf", "tsv", "txt",
];

/// What articles may have besides where their authors are not trusted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outside {
    keys: Vec<&'static str>,
    files: Vec<String>,
    sites: Vec<String>,
}

impl Outside {
    /// The front matter keys, by our names, that articles may not have.
    pub fn reserved(&self) -> impl Iterator<Item = &'static str> {
        let is_allowed = |key: &&str| self.keys.contains(key);
        RESERVED.into_iter().filter(move |key| !is_allowed(key))
    }

    /// Whether articles may have keys that Pressroom does not know.
    #[must_use]
    pub fn takes_extra(&self) -> bool {
        self.keys.contains(&"extra")
    }

    /// Whether a file may lie beside articles, by its ending in small letters.
    #[must_use]
    pub fn takes_file(&self, ending: &str) -> bool {
        HARMLESS.contains(&ending) || self.files.iter().any(|allowed| allowed == ending)
    }

    /// Beginnings of the addresses that pictures of other sites may have.
    #[must_use]
    pub fn sites(&self) -> &[String] {
        &self.sites
    }
}

/// `outside` as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawOutside {
    keys: Vec<Parsed<Key>>,
    files: Vec<Parsed<Ending>>,
    sites: Vec<Parsed<Beginning>>,
}

#[derive(Debug)]
struct Key(&'static str);

impl std::str::FromStr for Key {
    type Err = (String, String);
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(key) = RESERVED.iter().find(|key| **key == text) {
            return Ok(Self(key));
        }
        let hint = match closest(text, RESERVED) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the keys that need it are {}", RESERVED.join(", ")),
        };
        Err((format!("`{text}` is no key that needs to be allowed"), hint))
    }
}

#[derive(Debug)]
struct Ending(String);

impl std::str::FromStr for Ending {
    type Err = (String, String);
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let ending = text.strip_prefix('.').unwrap_or(text).to_ascii_lowercase();
        if !ending.is_empty() && ending.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Ok(Self(ending));
        }
        Err((
            format!("`{text}` is no ending of a file's name"),
            "write letters and digits alone, such as zip".to_owned(),
        ))
    }
}

/// The beginning of an address, which ends in a slash: or else another host could go on with it.
#[derive(Debug)]
struct Beginning(String);

impl std::str::FromStr for Beginning {
    type Err = (String, String);
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let rest = ["https://", "http://"]
            .iter()
            .find_map(|scheme| text.strip_prefix(scheme));
        match rest {
            Some(rest) if rest.starts_with(|c: char| c.is_alphanumeric()) => {
                let end = if text.ends_with('/') { "" } else { "/" };
                Ok(Self(format!("{text}{end}")))
            }
            _ => Err((
                format!("`{text}` is no address of a site"),
                "write one such as https://pictures.example/".to_owned(),
            )),
        }
    }
}

/// Answers what the key leaves open.
pub(super) fn resolve(raw: RawOutside) -> Outside {
    Outside {
        keys: raw.keys.into_iter().map(|Parsed(key)| key.0).collect(),
        files: raw.files.into_iter().map(|Parsed(file)| file.0).collect(),
        sites: raw.sites.into_iter().map(|Parsed(site)| site.0).collect(),
    }
}
