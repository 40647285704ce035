//! Why something is related, for people: tables that fit a terminal of 80 columns.

use std::fmt::Write as _;

use super::{Entry, nothing, score, title, url, why_not};
use crate::pipeline::Loaded;
use crate::site::related::{Explanation, Parts, Shared, term_text};
use crate::site::{ArticleId, Unshown, unshown};

/// Columns of the narrowest terminal that people use.
const COLUMNS: usize = 80;

/// Shared terms that are named.
pub(super) const SHARED: usize = 8;

/// Articles that are named though they are not shown.
pub(super) const UNSHOWN: usize = 5;

/// The parts of a score in editors' words, in the order of [`parts`].
const LABELS: [&str; 6] = [
    "shared words",
    "shared phrases",
    "its title mentioned here",
    "shared tags",
    "links",
    "same time",
];

/// The parts of a score.
pub(super) fn parts(parts: &Parts) -> [f32; 6] {
    [
        parts.words,
        parts.phrases,
        parts.title,
        parts.tags,
        parts.links,
        parts.time,
    ]
}

/// The terms that add most, and show at three decimals.
pub(super) fn strongest(explanation: &Explanation) -> impl Iterator<Item = &Shared> {
    let shared = explanation.shared.iter().take(SHARED);
    shared.filter(|shared| shared.score >= 0.0005)
}

/// Everything about an article's related block.
pub(super) fn text(loaded: &Loaded, id: ArticleId, entries: &[Entry]) -> String {
    let Loaded {
        site,
        config,
        engine,
        ..
    } = loaded;
    let mut text = String::new();
    if entries.is_empty() {
        let _ = writeln!(text, "{}", nothing(loaded, id));
    }
    for (rank, entry) in entries.iter().enumerate() {
        if rank > 0 {
            text.push('\n');
        }
        let number = format!("{}. ", rank + 1);
        let _ = writeln!(text, "{number}{}", cut(entry.title, COLUMNS - number.len()));
        let _ = writeln!(text, "   {}  {}", score(entry), entry.url);
        match entry.article {
            Some(other) if !entry.is_pinned => table(&mut text, loaded, id, other),
            _ => text.push_str("\n   The author chose it.\n"),
        }
    }
    let others = unshown(site, config, engine, id, UNSHOWN);
    if !others.is_empty() {
        text.push_str("\nClose, but not shown:\n");
    }
    for other in &others {
        unshown_entry(&mut text, loaded, other);
    }
    text
}

/// What a score is made of, beside the terms that add most.
fn table(text: &mut String, loaded: &Loaded, id: ArticleId, other: ArticleId) {
    let Loaded { site, engine, .. } = loaded;
    let explanation = engine.explain(id, other);
    let parts = parts(&explanation.parts);
    let left = LABELS.iter().zip(parts);
    let mut left = left.map(|(label, part)| format!("{part:.3}  {label}"));
    let mut right = strongest(&explanation).map(|shared| {
        let term = term_text(&engine.spelled(id, shared.id), site);
        format!("{:.3}  {term}", shared.score)
    });
    let _ = writeln!(text, "\n   {:<36}Most of it from", "Its parts");
    loop {
        let (part, term) = (left.next(), right.next());
        if part.is_none() && term.is_none() {
            break;
        }
        let line = format!(
            "   {:<36}{}",
            part.unwrap_or_default(),
            term.unwrap_or_default()
        );
        let _ = writeln!(text, "{}", cut(line.trim_end(), COLUMNS));
    }
    let sum: f32 = parts.iter().sum();
    if sum > 1.0005 {
        let _ = writeln!(text, "   {sum:.3}  in all; 1 is the highest score");
    }
}

fn unshown_entry(text: &mut String, loaded: &Loaded, other: &Unshown) {
    let site = &loaded.site;
    let title = cut(title(site, other.article), COLUMNS - 3);
    let _ = writeln!(text, "\n   {title}");
    let _ = writeln!(text, "   {:.3}  {}", other.score, url(site, other.article));
    let _ = writeln!(text, "   It {}.", why_not(other.why, other.score));
}

/// A line that fits in so many columns.
fn cut(line: &str, columns: usize) -> String {
    if line.chars().count() <= columns {
        return line.to_owned();
    }
    let start: String = line.chars().take(columns - 1).collect();
    format!("{}…", start.trim_end())
}
