//! A site in memory, after files of it were written: where these are articles of which only the
//! text has changed, no other file is looked at.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::Request;
use crate::diagnostics::Diagnostics;
use crate::model::{Article, Moment};
use crate::parse::{self, Readers};
use crate::render::Renderer;
use crate::site::related::{Kept, State};
use crate::site::{self, ArticleId, Basis, Told};

/// Articles that are told anew one by one; more are a reason to look at all files.
const MOST: usize = 16;

/// A site as it was loaded last.
pub(super) struct Standing {
    pub renderer: Arc<Renderer>,
    pub basis: Basis,
    /// Everything that was found.
    pub found: Diagnostics,
    /// What reads texts, and knows the words that it met in earlier edits.
    pub readers: Readers,
    /// When other articles are published, if nothing else changes.
    pub until: Option<Moment>,
}

/// What became of a site.
pub(super) enum After {
    /// It is as it was.
    Same,
    /// It is another one, of which this is to be kept.
    Otherwise(Option<Box<State>>),
    /// All files have to be looked at.
    Unknown,
}

impl Standing {
    /// What becomes of the site now that files were written, by their paths from its folder. `kept`
    /// is taken where something became of it.
    pub fn after(
        &mut self,
        request: &Request,
        written: &[String],
        kept: &mut Option<Box<Kept>>,
    ) -> After {
        if written.len() > MOST || self.until.is_some_and(|until| until <= request.now) {
            return After::Unknown;
        }
        let Some(ids) = self.articles(&request.root, written) else {
            return After::Unknown;
        };
        let site = self.renderer.site();
        let were = ids.iter().map(|id| &*site.articles[id.index()]);
        let were: Vec<&Article> = were.collect();
        let config = self.renderer.config();
        let (are, says, entries) = parse::again(&request.root, &were, config, &mut self.readers);
        let mut articles = Vec::new();
        for ((id, was), (is, found)) in ids.iter().zip(&were).zip(are) {
            let Some(is) = is.filter(|_| found.is_empty()) else {
                return After::Unknown;
            };
            // They lie in a file of their own.
            let archived_comments = was.archived_comments.clone();
            let is = Article {
                archived_comments,
                ..is
            };
            if !site::are_told_otherwise(was, &is) {
                return After::Unknown;
            }
            articles.push((*id, Arc::new(is)));
        }
        if articles
            .iter()
            .zip(&were)
            .all(|((_, is), was)| is.bytes == was.bytes)
        {
            return After::Same;
        }
        let Some(known) = kept.take() else {
            return After::Unknown;
        };
        let root = &request.root;
        let readers = Mutex::new(&mut self.readers);
        let reread = |articles: &[&Article]| {
            let mut readers = readers.lock().unwrap_or_else(PoisonError::into_inner);
            parse::reread(root, articles, config, &mut readers)
        };
        let told = Told {
            articles,
            says,
            entries,
        };
        let reindex = |articles: &[&Article]| parse::reindex(root, articles, config);
        let (site, state) = site::retell(
            site,
            &mut self.basis,
            told,
            config,
            *known,
            &reread,
            &reindex,
        );
        if let Some(site) = site {
            self.renderer = Arc::new(self.renderer.retold(Arc::new(site)));
            return After::Otherwise(state.map(Box::new));
        }
        *kept = state.map(|state| Box::new(state.into_kept()));
        After::Unknown
    }

    /// The articles that files hold; `None` if one of them holds something else, is not there, has
    /// several names, or was told to be wrong.
    fn articles(&self, root: &Path, written: &[String]) -> Option<Vec<ArticleId>> {
        let site = self.renderer.site();
        let is_wrong = |path: &str| {
            let mut found = self.found.iter();
            found.any(|found| found.places().any(|place| place.file == path))
        };
        let find = |path: &String| {
            let id = site.in_file(path)?;
            let is_one = is_file_of_one_name(&root.join(path)) && !is_wrong(path);
            is_one.then_some(id)
        };
        written.iter().map(find).collect()
    }
}

#[cfg(unix)]
fn is_file_of_one_name(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let found = path.symlink_metadata();
    found.is_ok_and(|found| found.is_file() && found.nlink() == 1)
}

#[cfg(not(unix))]
fn is_file_of_one_name(path: &Path) -> bool {
    let found = path.symlink_metadata();
    found.is_ok_and(|found| found.is_file())
}
