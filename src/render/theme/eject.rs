//! One file of a theme, to be copied to the site.

use std::borrow::Cow;
use std::path::Path;

use super::chain::Chain;
use crate::config::Config;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, closest};
use crate::render::assets::is_sass;

/// The folders of a theme that a site has as well, in the order in which they are looked through.
const FOLDERS: [&str; 2] = ["templates/", "static/"];

/// A file of a theme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThemeFile {
    /// Where a site has its own: below templates/ or static/.
    pub path: String,
    /// Where the theme has it, as diagnostics show it.
    pub from: String,
    /// Its content.
    pub bytes: Cow<'static, [u8]>,
}

/// The file of a name in the theme in use: the theme's own, or that of the nearest parent. A name
/// may begin with `templates/` or `static/`; without, templates come first.
pub fn theme_file(root: &Path, config: &Config, name: &str) -> Result<ThemeFile, Diagnostics> {
    let mut diagnostics = Diagnostics::new();
    let chain = Chain::of_site(root, config, &mut diagnostics);
    if diagnostics.has_errors() {
        return Err(diagnostics);
    }
    // Only what the theme has is found, so that `..` in a name leads nowhere.
    for path in
        std::iter::once(name.to_owned()).chain(FOLDERS.map(|folder| format!("{folder}{name}")))
    {
        if !FOLDERS.iter().any(|folder| path.starts_with(folder)) {
            continue;
        }
        for (layer, _) in &chain.layers {
            if layer.bytes(&path).is_some() && is_sass(&path) {
                return Err(no_sass(config, &path).into());
            }
            if let Some((_, bytes)) = layer.files.iter().find(|(known, _)| *known == path) {
                return Ok(ThemeFile {
                    from: layer.path(&path),
                    path,
                    bytes: bytes.clone(),
                });
            }
        }
    }
    Err(no_file(&chain, config, name).into())
}

/// Sass that a site cannot have: its static/ is copied as it is.
fn no_sass(config: &Config, path: &str) -> Diagnostic {
    let message = format!("{path} is Sass, which only a theme can have");
    let hint = format!(
        "make a theme with `parent: {}` in its theme.yaml, and a file of this name in its folder",
        config.theme
    );
    Diagnostic::new(Code::Argument, message).hint(hint)
}

fn no_file(chain: &Chain, config: &Config, name: &str) -> Diagnostic {
    let files = chain
        .layers
        .iter()
        .flat_map(|(layer, _)| layer.files.iter())
        .map(|(path, _)| path.as_str());
    let known: Vec<&str> = files
        .filter(|path| FOLDERS.iter().any(|folder| path.starts_with(folder)))
        .collect();
    let hint = match near(&known, name) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "name a template, such as article.html, or a static file, such as style.css, as it is called in the theme".to_owned(),
    };
    let message = format!("the theme {} has no file `{name}`", config.theme);
    Diagnostic::new(Code::Argument, message).hint(hint)
}

/// The file that was probably meant: the one of that name in another folder, since `card.html` is
/// easily written for `components/card.html`, or else one that is spelt much the same.
fn near<'a>(known: &[&'a str], name: &str) -> Option<&'a str> {
    let short = |path: &'a str| path.split_once('/').map_or(path, |(_, rest)| rest);
    let in_folder = format!("/{name}");
    let elsewhere = known.iter().find(|path| path.ends_with(&in_folder));
    elsewhere
        .map(|path| short(path))
        .or_else(|| closest(name, known.iter().map(|path| short(path))))
        .or_else(|| closest(name, known.iter().copied()))
}
