//! A look at everything that a build makes, and at more than a build has to know.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::publish::for_each_route;
use super::{Loaded, Progress, Request, fine, load_compared, readable};
use crate::check::{Answered, External, Kept, Pages, Sources, answered, list_text, texts};
use crate::config::{self, Config};
use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::model::{Article, Data, has_ending};
use crate::render::{Rendered, Renderer};
use crate::site::{self, REDIRECTS, Site};
use crate::source;

/// What is looked for besides mistakes of the site's own.
#[derive(Debug, Clone, Default)]
pub struct Wishes {
    /// Files with old URLs that somebody has to answer.
    pub urls: Vec<PathBuf>,
    /// Whether pages of other sites are asked for.
    pub external: bool,
}

/// What a look has seen.
#[derive(Debug)]
pub struct Checked {
    /// The site.
    pub site: Arc<Site>,
    /// How the old URLs of each list are answered.
    pub urls: Vec<(PathBuf, Answered)>,
    /// The text of each list by the name that diagnostics give it, for excerpts.
    pub lists: BTreeMap<String, String>,
    /// How many pages of other sites were asked for, and how many were not since they were there
    /// lately or may be left out; `None` where nobody wished for it.
    pub external: Option<(usize, usize)>,
}

/// Everything that a build does but for writing, and a look at texts and pages. `None` when there are
/// errors that come before the site; all that was found is in `diagnostics`.
pub fn check(
    request: &Request,
    wishes: &Wishes,
    progress: &dyn Progress,
    diagnostics: &mut Diagnostics,
) -> Option<Checked> {
    let loaded = load_compared(request, progress, diagnostics)?;
    let Loaded {
        config,
        data,
        theme,
        site,
        engine,
        ..
    } = loaded;
    diagnostics.extend(site::near_duplicates(&site, &config, &engine));
    diagnostics.extend(site::untranslated(&site));
    diagnostics.extend(site::chains(&site));
    drop(engine);
    let text_of = |article: &Article| source::text_at(&request.root, &article.source).ok();
    diagnostics.extend(texts(&site, &config, &text_of));
    let rules = own_redirects(&site);
    let (mut urls, mut lists) = (Vec::new(), BTreeMap::new());
    for file in &wishes.urls {
        match read(file) {
            Ok(text) => {
                let name = file.display().to_string();
                let (answered, found) = answered(&name, &text, &site, &config, &rules);
                diagnostics.extend(found);
                urls.push((file.clone(), answered));
                lists.insert(name, text);
            }
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    let settings = || settings(request, &config, &data);
    let renderer = Renderer::new(
        &request.root,
        Arc::clone(&config),
        Arc::clone(&data),
        Arc::clone(&site),
        theme,
        false,
        None,
    );
    let mut external = None;
    if let Some(renderer) = fine(renderer, diagnostics) {
        progress.stage("Rendering", site.routes.len());
        let sources = Sources {
            article: &text_of,
            settings: &settings,
            with_others: wishes.external,
        };
        let pages = Pages::new(&site, &config, sources);
        let failures = for_each_route(&site, progress, &|_| true, &|route| match renderer
            .render(route)?
            .0
        {
            Rendered::Bytes(bytes) => {
                let template = renderer.template_of(route);
                let file = template
                    .as_ref()
                    .and_then(|name| renderer.template_file(name));
                if let Some(file) = file.filter(|_| has_ending(&route.url.output(), &["html"])) {
                    pages.see(route, file, &bytes);
                }
                Ok(())
            }
            Rendered::File(file) => readable(&request.root, &file),
        });
        diagnostics.extend(failures);
        diagnostics.extend(renderer.warnings());
        diagnostics.extend(renderer.beyond_hosts());
        let (found, links) = pages.finish(diagnostics);
        diagnostics.extend(found);
        if wishes.external {
            let all = links.len();
            progress.stage("Asking others", all);
            let asked = External {
                links,
                allowed: &config.check_allows,
                kept: Kept::load(&request.root),
                now: request.now.unix_seconds(),
            };
            let (kept, asked, found) = asked.ask(&|| progress.step());
            kept.save(&request.root);
            diagnostics.extend(found);
            external = Some((asked, all - asked));
        }
    }
    Some(Checked {
        site,
        urls,
        lists,
        external,
    })
}

/// pressroom.yaml and the files of data/, each with its text.
fn settings(request: &Request, config: &Config, data: &Data) -> Vec<(String, String)> {
    let of_data = data.files.keys().filter_map(|name| {
        let name = format!("data/{name}");
        let text = source::text_at(&request.root, &name).ok()?;
        Some((name, text))
    });
    let config = (config::FILE.to_owned(), config.text.clone());
    std::iter::once(config).chain(of_data).collect()
}

/// The owner's own redirects, if there are any that can be read.
fn own_redirects(site: &Site) -> String {
    let own = site.statics.iter().find(|file| file.path == REDIRECTS);
    own.and_then(|file| source::text(file).ok())
        .unwrap_or_default()
}

/// A list of the user's, which may lie anywhere.
fn read(file: &Path) -> Result<String, Diagnostic> {
    let name = file.display();
    let failed = |why: String| {
        Diagnostic::new(Code::Argument, format!("cannot read {name}: {why}"))
            .hint("name a sitemap, a feed, or a file with one URL a line")
    };
    let bytes = std::fs::read(file).map_err(|error| failed(source::reason(&error)))?;
    list_text(bytes).map_err(failed)
}
