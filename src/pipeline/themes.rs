//! What is done with a site's themes when nothing is built.

use std::path::Path;

use super::load::configuration;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place};
pub use crate::render::{ThemeFile, ThemeSummary};
use crate::{render, source};

/// All themes at hand. `None` if pressroom.yaml has errors.
pub fn list(root: &Path, diagnostics: &mut Diagnostics) -> Option<Vec<ThemeSummary>> {
    let config = configuration(root, diagnostics)?;
    let (themes, found) = render::list_themes(root, &config);
    diagnostics.extend(found);
    Some(themes)
}

/// Looks for mistakes in a theme, or in the one that the site uses. The theme's name; `None` if
/// pressroom.yaml has errors.
pub fn check(root: &Path, name: Option<&str>, diagnostics: &mut Diagnostics) -> Option<String> {
    let config = configuration(root, diagnostics)?;
    diagnostics.extend(render::check_theme(root, &config, name));
    diagnostics.sort();
    Some(name.unwrap_or(&config.theme).to_owned())
}

/// Copies a file of the theme in use to the site, and says which; `None` if that cannot be.
pub fn eject(root: &Path, name: &str, diagnostics: &mut Diagnostics) -> Option<ThemeFile> {
    let config = configuration(root, diagnostics)?;
    match render::theme_file(root, &config, name) {
        Ok(file) => match write_new(root, &file) {
            Ok(()) => return Some(file),
            Err(diagnostic) => diagnostics.push(diagnostic),
        },
        Err(found) => diagnostics.extend(found),
    }
    None
}

/// Writes a file of which the site has none yet.
fn write_new(root: &Path, file: &ThemeFile) -> Result<(), Diagnostic> {
    let path = &file.path;
    let failed = |error: &std::io::Error| {
        let message = format!("cannot write {path}: {}", source::reason(error));
        Diagnostic::new(Code::Argument, message).hint(source::remedy(error))
    };
    let target = root.join(path);
    stays_inside(root, path)?;
    match source::write_new(&target, &file.bytes) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let message = format!("{path} is there already, and nothing was changed");
            let hint = format!("rename or remove it to have a fresh copy of {}", file.from);
            Err(Diagnostic::new(Code::Argument, message)
                .at(Place::file(path))
                .hint(hint))
        }
        Err(error) => Err(failed(&error)),
    }
}

/// That none of the folders of a path is a symbolic link that leads out of the site.
fn stays_inside(root: &Path, path: &str) -> Result<(), Diagnostic> {
    let canonical_root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
    for folder in folders {
        let leads_to = root.join(folder).canonicalize();
        if leads_to.is_ok_and(|target| !target.starts_with(&canonical_root)) {
            let message = format!("the symbolic link {folder} leads out of the site");
            return Err(Diagnostic::new(Code::LinkOutside, message)
                .at(Place::file(folder))
                .hint("make it a folder of the site; nothing was written"));
        }
    }
    Ok(())
}
