//! What was told of code, kept from one build to the next in `.pressroom/code` of the site's folder.
//!
//! An article that has not changed is not rendered, and nobody asks for its blocks. So the file is
//! read when the first block is asked for, and written only where one was that it did not have.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};

use super::language::Language;
use super::paint::paint;
use super::shelf::{self, Shelf};
use crate::diagnostics::Diagnostic;
use crate::key::Key;
use crate::sealed::{self, Unusable};

/// Where it is kept, from the site's folder.
pub const FILE: &str = ".pressroom/code";

/// What is in the file. The number changes with its format.
const KIND: &str = "code 1";

/// Bytes of the file from which on nothing is added. A block takes some hundred.
const LARGEST: usize = 256 << 20;

/// Blocks that are remembered besides those of the file. A site that is served meets more of them with
/// each edit.
const MOST_NEW: usize = 1 << 18;

/// What is known of the colours of code.
#[derive(Debug, Default)]
pub struct Colours {
    /// `None` where nothing is kept.
    path: Option<PathBuf>,
    /// The file, which is read when it is wanted first.
    file: OnceLock<File>,
    /// What was told since, by the keys of blocks.
    since: Mutex<FxHashMap<Key, Arc<[u8]>>>,
}

/// The file as it was found: its bytes, empty if they are of no use, and what to say of them.
#[derive(Debug, Default)]
struct File {
    bytes: Vec<u8>,
    is_unusable: bool,
}

impl File {
    fn read(path: &Path) -> Self {
        match sealed::read(path) {
            Ok(None) => Self::default(),
            Ok(Some(bytes)) if sealed::open(KIND, &bytes).and_then(Shelf::of).is_some() => Self {
                bytes,
                is_unusable: false,
            },
            Ok(Some(_)) | Err(Unusable) => Self {
                bytes: Vec::new(),
                is_unusable: true,
            },
        }
    }

    /// What is in it. That it is whole was seen when it was read.
    fn shelf(&self) -> Option<Shelf<'_>> {
        let (_, value) = sealed::parts(KIND, &self.bytes)?;
        Shelf::of(value)
    }
}

impl Colours {
    /// What is known in a site. Nothing is read yet.
    #[must_use]
    pub fn of(root: &Path) -> Self {
        Self {
            path: Some(root.join(FILE)),
            ..Self::default()
        }
    }

    /// The runs of a block.
    pub(super) fn told(&self, key: Key, language: Language, code: &str) -> Arc<[u8]> {
        if let Some(kept) = self.file().shelf().and_then(|shelf| shelf.get(key)) {
            return kept.into();
        }
        if let Some(told) = self.since().get(&key) {
            return Arc::clone(told);
        }
        let told: Arc<[u8]> = paint(language, code).into();
        let mut new = self.since();
        if new.len() >= MOST_NEW {
            new.clear();
        }
        new.insert(key, Arc::clone(&told));
        told
    }

    /// What is wrong with the file, if it was read and cannot be used.
    #[must_use]
    pub fn warning(&self) -> Option<Diagnostic> {
        let file = self.file.get()?;
        file.is_unusable.then(|| Diagnostic::cache_unusable(FILE))
    }

    /// Keeps what is known of the blocks that the site has, if that is more than is kept already. If it
    /// cannot be written, the next build only takes longer.
    pub fn save(&self, blocks: impl Iterator<Item = Key>) {
        let (Some(path), new) = (&self.path, self.since()) else {
            return;
        };
        if new.is_empty() {
            return;
        }
        let blocks: FxHashSet<Key> = blocks.collect();
        let kept = self.file().shelf();
        let kept = kept.into_iter().flat_map(Shelf::iter);
        let new = new.iter().map(|(key, runs)| (*key, &**runs));
        let mut all: Vec<(Key, &[u8])> = kept.chain(new).collect();
        all.retain(|(key, _)| blocks.contains(key));
        all.sort_unstable();
        all.dedup_by_key(|(key, _)| *key);
        let mut size = 0;
        let fits = |(_, runs): &&(Key, &[u8])| {
            size += runs.len();
            size <= LARGEST
        };
        let fitting = all.iter().take_while(fits).count();
        all.truncate(fitting);
        let bytes = sealed::seal_bytes(KIND, size + all.len() * 20, |out| shelf::write(out, &all));
        let _ = sealed::put(path, &bytes);
    }

    fn file(&self) -> &File {
        self.file.get_or_init(|| {
            let path = self.path.as_deref();
            path.map_or_else(File::default, File::read)
        })
    }

    fn since(&self) -> MutexGuard<'_, FxHashMap<Key, Arc<[u8]>>> {
        self.since.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
