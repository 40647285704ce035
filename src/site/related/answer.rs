//! What is related to each article of a site, found by the engine or by what is known from the
//! last build.

use rayon::prelude::*;

use super::finder::{Ranked, Scratch};
use super::kept::{Kept, State, can_keep};
use super::update::update;
use super::{ArticleId, ArticleKey, Engine, Facts, Found, Reason, Wanted, Weights};
use crate::key::Key;
use crate::model::{Lexicon, Readings, Wording};

/// What is asked about a site.
pub struct Asked<'a> {
    /// What is known of each article, but for what it says.
    pub facts: Facts,
    /// What it says; `None` for one that was not read.
    pub wordings: Vec<Option<Box<Wording>>>,
    /// What the numbers of these stand for.
    pub lexicon: Lexicon,
    /// For each article what it is known by: together everything that `facts` say of it, but for
    /// its tags and links.
    pub keys: Vec<ArticleKey>,
    /// For each tag, by its number, a name that it has in other builds too, as a number.
    pub tag_keys: Vec<u64>,
    /// What is wanted of each article.
    pub wanted: Vec<Wanted<'a>>,
    /// Whether reasons are wanted.
    pub with_reasons: bool,
    /// Whether something is to be kept for the next build.
    pub keep: bool,
    /// Whether whoever asks has the last answer, and nothing but texts is otherwise than it was
    /// then: only that is wanted which is another thing now.
    pub only_texts: bool,
    /// What counts how much.
    pub weights: &'a Weights,
    /// Reads some articles: one wording for each.
    pub reread: &'a (dyn Fn(&[ArticleId]) -> Readings + Sync),
}

/// What was found.
#[derive(Debug)]
pub struct Answer {
    /// For each article, newest first; or for those of which it may be another thing than it was,
    /// if no more is wanted.
    pub found: Vec<Suggested>,
    /// What has compared all articles; without any if it was not needed, or became the state.
    pub engine: Engine,
    /// What to keep for the next build.
    pub state: Option<State>,
    /// What an update took; `None` if everything was compared.
    pub effort: Option<Effort>,
    /// What may have been found otherwise than it was kept in a file; `None` if that can be all.
    pub anew: Option<Anew>,
}

/// What an update has found anew.
#[derive(Debug)]
pub struct Anew {
    /// Of which articles.
    pub articles: Vec<ArticleId>,
    /// Whether something was found for one of them for which nothing was, or the other way.
    pub moves: bool,
    /// What stands for all that was kept before.
    pub since: Key,
}

/// What was found for one article.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggested {
    /// Which.
    pub to: ArticleId,
    /// What.
    pub found: Found,
    /// Why each suggestion is made, if that was wanted.
    pub reasons: Vec<Box<[Reason]>>,
}

impl Suggested {
    pub(super) fn new(to: ArticleId, ranked: Ranked, reasons: Vec<Box<[Reason]>>) -> Self {
        Self {
            to,
            found: ranked.found(),
            reasons,
        }
    }
}

/// How much of an archive an update has looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// Articles that were weighed anew.
    pub looked: usize,
    /// Entries of lists that are not what they were.
    pub moved: usize,
    /// Articles of which everything was found anew.
    pub whole: usize,
}

/// Finds what is related to each article.
#[must_use]
pub fn answer(mut asked: Asked, kept: Option<Kept>) -> Answer {
    kept.and_then(|kept| update(&mut asked, kept))
        .unwrap_or_else(|| compare_all(asked))
}

fn compare_all(mut asked: Asked) -> Answer {
    let Readings { wordings, lexicon } = all_read(&mut asked);
    let keep = asked.keep && can_keep(asked.keys.len());
    let facts = Facts {
        wordings,
        ..std::mem::take(&mut asked.facts)
    };
    let (engine, draft) = if keep {
        let links = facts.links.clone();
        let tags = facts.tags.clone();
        let (engine, draft) = Engine::noting(facts, asked.weights.clone(), lexicon);
        (asked.facts.links, asked.facts.tags) = (links, tags);
        (engine, Some(draft))
    } else {
        let weights = asked.weights.clone();
        (Engine::of(facts, weights, lexicon, None).0, None)
    };
    let of = |scratch: &mut Scratch, (at, wanted): (usize, &Wanted)| {
        let id = ArticleId(at as u32);
        let ranked = engine.finder.find(id, wanted, scratch);
        let best = ranked.best.iter();
        let reasons: Vec<Box<[Reason]>> = if asked.with_reasons {
            best.map(|(_, other)| engine.reasons(id, ArticleId(*other)))
                .collect()
        } else {
            Vec::new()
        };
        (ranked, reasons)
    };
    let found = asked
        .wanted
        .par_iter()
        .enumerate()
        .map_init(Scratch::default, of);
    let (ranked, reasons): (Vec<Ranked>, Vec<_>) = found.unzip();
    // What is kept for the next build is made of the engine.
    let (engine, state) = match draft {
        None => (engine, None),
        Some(draft) => {
            let state = draft.finish(engine, &asked, &ranked, &reasons);
            (Engine::default(), Some(state))
        }
    };
    let found = (0..).map(ArticleId).zip(ranked).zip(reasons);
    Answer {
        found: found
            .map(|((to, ranked), reasons)| Suggested::new(to, ranked, reasons))
            .collect(),
        engine,
        state,
        effort: None,
        anew: None,
    }
}

/// What all articles say, in one numbering; those that nobody has read are read now.
fn all_read(asked: &mut Asked) -> Readings {
    let unread = (0..)
        .zip(&asked.wordings)
        .filter(|(_, wording)| wording.is_none());
    let unread: Vec<ArticleId> = unread.map(|(rank, _)| ArticleId(rank)).collect();
    let read = std::mem::take(&mut asked.wordings);
    if unread.is_empty() {
        return Readings {
            wordings: read.into_iter().flatten().map(|read| *read).collect(),
            lexicon: std::mem::take(&mut asked.lexicon),
        };
    }
    let again = (asked.reread)(&unread);
    let ours = std::mem::take(&mut asked.lexicon);
    let lexicons = [&ours, &again.lexicon];
    let (lexicon, to) = Lexicon::united(&lexicons, Lexicon::all(&lexicons));
    let mut again = again.wordings.into_iter();
    let wordings = read.into_iter().map(|wording| match wording {
        Some(wording) => wording.renumbered(&to[0]),
        None => again.next().unwrap_or_default().renumbered(&to[1]),
    });
    Readings {
        wordings: wordings.collect(),
        lexicon,
    }
}
