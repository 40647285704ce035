//! What the files of a site hold, once they are read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;

use super::{Article, Identity, IndexEntries, Lexicon, Redirect, Wording};
use crate::key::Key;
use crate::yaml::{self, Value};

/// A file of the site.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceFile {
    /// Path from the site's root, with `/` between its parts: `content/news/a.md`.
    pub path: String,
    /// The site's root.
    pub root: Arc<Path>,
    /// What tells whether it is as it was; `None` where only its bytes tell.
    pub identity: Option<Identity>,
}

impl SourceFile {
    /// A file of which only its path is known.
    #[must_use]
    pub fn new(root: &Arc<Path>, path: String) -> Self {
        Self {
            path,
            root: Arc::clone(root),
            identity: None,
        }
    }

    /// Where it is.
    #[must_use]
    pub fn absolute(&self) -> PathBuf {
        self.root.join(&self.path)
    }

    /// The file's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

/// A file of an article that is not told to be what an earlier build read.
#[derive(Debug)]
pub struct Edited {
    /// Its path from the site's root.
    pub path: String,
    /// What told the file then, and what tells it now; `None` if it could not be told by that.
    pub identities: Option<(Identity, Identity)>,
    /// What it held then, if that is another thing now.
    pub was: Option<Arc<Article>>,
}

/// What content/ holds.
#[derive(Debug, Default)]
pub struct Content {
    /// Articles and section fronts, in the order of their paths.
    pub articles: Vec<Arc<Article>>,
    /// What each of them says; `None` for one that was not read again.
    pub wordings: Vec<Option<Box<Wording>>>,
    /// What the numbers of these stand for.
    pub lexicon: Lexicon,
    /// What each of them is found by, where there is a search; else nothing at all.
    pub index: IndexEntries,
    /// Their files that are not told to be what an earlier build kept. New ones are not among them.
    pub edited: Vec<Edited>,
    /// Other files, which are published as they are.
    pub resources: Vec<SourceFile>,
}

/// What data/authors.yaml says of an author.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorInfo {
    /// Name as readers see it; without it, the id.
    pub name: Option<String>,
    /// A sentence or two.
    pub bio: Option<String>,
    /// Path or URL of a picture.
    pub picture: Option<String>,
    /// Pages elsewhere.
    #[serde(default)]
    pub links: Vec<AuthorLink>,
}

/// A page of an author's elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorLink {
    /// What it is.
    #[serde(deserialize_with = "yaml::needed_text")]
    pub title: String,
    /// Where it is.
    #[serde(deserialize_with = "yaml::needed_text")]
    pub url: String,
}

/// What data/tags.yaml says of a tag.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TagInfo {
    /// Spelling that readers see.
    pub label: Option<String>,
    /// What it is about.
    pub description: Option<String>,
}

/// What is said of authors or tags, by the slug of each: in general, and for readers of a language
/// in data/authors.de.yaml or data/tags.de.yaml.
#[derive(Debug, Clone)]
pub struct Said<T> {
    /// In general.
    pub all: BTreeMap<String, T>,
    /// By language, in lower case.
    pub by_language: BTreeMap<String, BTreeMap<String, T>>,
}

impl<T> Default for Said<T> {
    fn default() -> Self {
        Self {
            all: BTreeMap::new(),
            by_language: BTreeMap::new(),
        }
    }
}

impl<T> Said<T> {
    /// Adds what is said in general, or for a language.
    pub fn add(&mut self, language: Option<String>, said: BTreeMap<String, T>) {
        match language {
            None => self.all = said,
            Some(language) => drop(self.by_language.insert(language, said)),
        }
    }

    /// Completes what is said for each language with what is said in general.
    pub fn complete(&mut self, complete: impl Fn(&mut T, &T)) {
        for (slug, said) in self.by_language.values_mut().flatten() {
            if let Some(general) = self.all.get(slug) {
                complete(said, general);
            }
        }
    }

    /// What readers of a language are told.
    #[must_use]
    pub fn of(&self, language: &str, slug: &str) -> Option<&T> {
        let own = || {
            self.by_language
                .get(&language.to_ascii_lowercase())?
                .get(slug)
        };
        let own = if self.by_language.is_empty() {
            None
        } else {
            own()
        };
        own.or_else(|| self.all.get(slug))
    }
}

/// What data/ holds.
#[derive(Debug, Clone, Default)]
pub struct Data {
    /// What data/authors.yaml says.
    pub authors: Said<AuthorInfo>,
    /// What data/tags.yaml says.
    pub tags: Said<TagInfo>,
    /// What data/redirects.yaml says, in the order of the old paths.
    pub redirects: Vec<Redirect>,
    /// Every file, by its path below data/.
    pub files: BTreeMap<String, Value>,
    /// The bytes of each of them.
    pub keys: BTreeMap<String, Key>,
}
