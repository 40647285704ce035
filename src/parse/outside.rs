//! What reaches beyond an article, and is for authors alone who are trusted.
//!
//! In: what an article says, and the files beside it, of a site whose authors are not. Out: what they
//! may not have.

use super::front_matter::FrontMatter;
use crate::config::{Config, FIELDS, Outside};
use crate::diagnostics::{Code, Diagnostic, Place, closest};
use crate::markdown::is_picture_elsewhere;
use crate::model::{Position, SourceFile};
use crate::yaml::{self, Source};

/// Keys of an article that give it other addresses, another template, or values for templates.
pub(super) fn keys(
    source: Source,
    front: &FrontMatter,
    config: &Config,
    outside: &Outside,
) -> Vec<Diagnostic> {
    let written = yaml::keys(source.text);
    let mut found = Vec::new();
    for key in outside.reserved() {
        let mut names: Vec<&str> = config.fields.names_of(key).collect();
        if key == "extra" {
            names.extend(front.unknown.iter().map(String::as_str));
        }
        for name in names
            .iter()
            .filter(|name| written.iter().any(|here| here == *name))
        {
            let allow = format!("`outside: {{keys: [{key}]}}` in pressroom.yaml allows it");
            let near = closest(name, FIELDS.iter().copied()).filter(|near| near != name);
            let hint = match near {
                Some(near) => format!("did you mean `{near}`? If not, remove it; {allow}"),
                None => format!("remove it; {allow}"),
            };
            let message = format!("`{name}` is for authors who are trusted");
            found.push(
                Diagnostic::new(Code::NotTrusted, message)
                    .at(yaml::place_of_key(source, name))
                    .hint(hint),
            );
        }
    }
    found
}

/// A picture of another site, which would learn of each reader.
pub(super) fn picture(
    path: &str,
    url: &str,
    position: Position,
    config: &Config,
    outside: &Outside,
) -> Option<Diagnostic> {
    let mut sites = outside.sites().iter();
    if !is_picture_elsewhere(url, &config.base_url.whole())
        || sites.any(|site| url.starts_with(site.as_str()))
    {
        return None;
    }
    let (message, hint) = if url.starts_with("data:") {
        (
            "a picture that is written out is for authors who are trusted".to_owned(),
            "put a file beside the article",
        )
    } else {
        let shown: String = url.chars().take(60).collect();
        (
            format!("`{shown}` is loaded from another site, which is for authors who are trusted"),
            "put a file beside the article; `outside: {sites: […]}` in pressroom.yaml allows a site",
        )
    };
    Some(
        Diagnostic::new(Code::NotTrusted, message)
            .at(position.in_file(path))
            .hint(hint),
    )
}

/// A file beside articles that browsers or servers might run.
pub(super) fn file(file: &SourceFile, config: &Config) -> Option<Diagnostic> {
    let ending = match file.name().rsplit_once('.') {
        Some((_, ending)) => ending.to_ascii_lowercase(),
        None => String::new(),
    };
    if config.outside()?.takes_file(&ending) {
        return None;
    }
    let (message, hint) = if ending.is_empty() {
        (
            "a file without an ending is for authors who are trusted".to_owned(),
            "remove it, or move it to static/".to_owned(),
        )
    } else {
        (
            format!("a .{ending} file is for authors who are trusted"),
            format!(
                "remove it, or move it to static/; `outside: {{files: [{ending}]}}` in pressroom.yaml allows it"
            ),
        )
    };
    Some(
        Diagnostic::new(Code::NotTrusted, message)
            .at(Place::file(&file.path))
            .hint(hint),
    )
}
