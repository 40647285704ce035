//! What is related, for programs: one object a line.

use serde_json::{Value, json};

use super::explain::{UNSHOWN, parts, strongest};
use super::{Entry, title, url};
use crate::cli::output::Printer;
use crate::pipeline::Loaded;
use crate::site::related::{Shared, Term, term_text};
use crate::site::{ArticleId, Unshown, Why, unshown};

/// The parts of a score, in the order of [`parts`].
const PARTS: [&str; 6] = ["words", "phrases", "title", "tags", "links", "time"];

/// Prints what is shown and, if reasons are wanted, what came close.
pub(super) fn print(
    loaded: &Loaded,
    id: ArticleId,
    entries: &[Entry],
    explain: bool,
    printer: &Printer,
) {
    let Loaded {
        site,
        config,
        engine,
        ..
    } = loaded;
    for entry in entries {
        let file = entry
            .article
            .map(|other| &*site.articles[other.index()].source);
        let mut object = json!({
            "shown": true,
            "pinned": entry.is_pinned,
            "score": rounded(entry.score),
            "title": entry.title,
            "url": entry.url,
            "file": file,
        });
        if let (true, false, Some(other)) = (explain, entry.is_pinned, entry.article) {
            let explanation = engine.explain(id, other);
            let parts = parts(&explanation.parts).map(rounded);
            object["parts"] = PARTS.into_iter().zip(parts).collect();
            object["shared"] = strongest(&explanation)
                .map(|it| shared(loaded, id, it))
                .collect();
        }
        printer.json(&object);
    }
    if explain {
        for other in unshown(site, config, engine, id, UNSHOWN) {
            printer.json(&not_shown(loaded, &other));
        }
    }
}

fn shared(loaded: &Loaded, id: ArticleId, shared: &Shared) -> Value {
    json!({
        "term": term_text(&loaded.engine.spelled(id, shared.id), &loaded.site),
        "kind": match shared.term {
            Term::Word(_) => "word",
            Term::Phrase(..) => "phrase",
            Term::Tag(_) => "tag",
        },
        "score": rounded(shared.score),
    })
}

fn not_shown(loaded: &Loaded, other: &Unshown) -> Value {
    let site = &loaded.site;
    json!({
        "shown": false,
        "score": rounded(other.score),
        "title": title(site, other.article),
        "url": url(site, other.article),
        "file": site.articles[other.article.index()].source,
        "why": match other.why {
            Why::Duplicate(_) => "near-duplicate",
            Why::NoSuggestions => "no-suggestions",
            Why::Excluded => "excluded",
            Why::OtherSection => "other-section",
            Why::TooOld(_) => "max-age",
            Why::TooWeak(_) => "min-score",
            Why::NoRoom(_) => "count",
        },
    })
}

/// A score with four decimals: the fifth is noise of how weights are kept.
fn rounded(score: f32) -> f64 {
    (f64::from(score) * 10_000.0).round() / 10_000.0
}
