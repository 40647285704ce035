//! What was seen of pictures, kept from one build to the next.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;

use super::look::look;
use super::{Fault, Looks, Seen, is_picture};
use crate::diagnostics::Diagnostic;
use crate::key::Key;
use crate::model::{Identity, SourceFile};
use crate::sealed::{self, Unusable};
use crate::source;

/// Where it is kept, from the site's root.
const FILE: &str = ".pressroom/pictures";
/// What is in the file. The number changes with its format.
const KIND: &str = "pictures 2";

type Kept = BTreeMap<String, (Identity, Seen)>;

/// Looks at those of some files that are pictures, unless they are as they were.
///
/// `keep`: whether what is seen is kept in `root`, the site's folder. Then files are read to their
/// ends, so that it is known later what of them is kept.
pub fn look_at_all<'a>(
    files: impl Iterator<Item = &'a SourceFile>,
    root: &Path,
    keep: bool,
) -> (Looks, Option<Diagnostic>) {
    let pictures: Vec<&SourceFile> = files.filter(|file| is_picture(&file.path)).collect();
    if pictures.is_empty() {
        return (Looks::new(), None);
    }
    let path = root.join(FILE);
    let (kept, unusable) = match read(&path) {
        Ok(kept) => (kept, None),
        Err(Unusable) => (Kept::new(), Some(Diagnostic::cache_unusable(FILE))),
    };
    let known = |file: &SourceFile| {
        let (identity, seen) = kept.get(&file.path)?;
        (file.identity == Some(*identity)).then_some(*seen)
    };
    let look_at = |file: &SourceFile| {
        let seen = look(&file.absolute())?;
        let hash = || source::bytes(file).ok().map(|bytes| Key::of_bytes(&bytes));
        let hash = keep.then(hash).flatten();
        Ok(Seen { hash, ..seen })
    };
    let looks = pictures.par_iter();
    let looks = looks.map(|file| known(file).map_or_else(|| look_at(file), Ok));
    let looks: Vec<Result<Seen, Fault>> = looks.collect();
    if keep {
        let now = pictures.iter().zip(&looks).filter_map(|(file, look)| {
            let seen = *look.as_ref().ok()?;
            Some((file.path.clone(), (file.identity?, seen)))
        });
        let now: Kept = now.collect();
        if now != kept {
            // Without it the next build only takes longer.
            let _ = sealed::put(&path, &sealed::seal(KIND, &now));
        }
    }
    let paths = pictures.iter().map(|file| file.path.clone());
    (paths.zip(looks).collect(), unusable)
}

fn read(path: &Path) -> Result<Kept, Unusable> {
    let Some(bytes) = sealed::read(path)? else {
        return Ok(Kept::new());
    };
    let value = sealed::open(KIND, &bytes).ok_or(Unusable)?;
    postcard::from_bytes(value).map_err(|_| Unusable)
}
