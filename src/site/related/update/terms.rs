//! How many articles have each term now, and which articles that changes.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::Asked;
use super::matching::Matched;
use super::reading::{Said, known_pairs, known_words, read};
use crate::site::related::kept::{
    Class, Head, Ids, Kept, Kind, Part, Record, Rest, SLOTS, Terms, Weighed, weighed,
};
use crate::site::related::set::Set;
use crate::site::related::vectors::most_shared;

/// Counts, and how rare each term was before they changed.
struct Counting<'a> {
    terms: &'a mut Terms,
    common: usize,
    before: FxHashMap<u32, Class>,
}

impl Counting<'_> {
    fn note(&mut self, id: u32) {
        let class = self.terms.class(id, self.common);
        self.before.entry(id).or_insert(class);
    }

    fn add(&mut self, id: u32, more: bool) {
        self.note(id);
        self.terms.add(id, more);
    }

    fn give(&mut self, id: u32, more: bool) {
        self.note(id);
        self.terms.give(id, more);
    }
}

/// An article that is weighed anew: what it says and has.
pub struct Looked {
    pub said: Said,
    pub slot: u32,
    /// The phrases of the dictionary that it has, ascending.
    pub phrases: Vec<u32>,
    /// The phrases that it puts into the dictionary, ascending.
    pub gives: Vec<u32>,
    /// What it had before; nothing for one that was not there.
    pub before: Option<Record>,
}

/// The articles that are weighed anew.
pub struct Recounted {
    /// Those that were read first, then those of which a term is as rare as it was no longer.
    pub looked: Vec<Looked>,
    /// Pairs of words that are phrases of the dictionary, by their ids: all that these articles
    /// have.
    pub phrases: FxHashMap<u64, u32>,
    /// The id of each tag of the site.
    pub tags: Vec<u32>,
}

/// Counts anew. `None` if what is kept does not go with what is read.
pub fn recount(
    asked: &Asked,
    kept: &mut Kept,
    matched: &Matched,
    said: Vec<Said>,
) -> Option<Recounted> {
    let common = most_shared(asked.keys.len(), asked.weights);
    let mut terms = std::mem::take(&mut kept.archive.terms);
    let mut counting = Counting {
        terms: &mut terms,
        common,
        before: FxHashMap::default(),
    };
    for slot in matched.was_otherwise() {
        let before = record(kept, slot as usize);
        before.terms().for_each(|id| counting.add(id, false));
        before.gives.iter().for_each(|id| counting.give(*id, false));
    }
    let tags = tag_ids(asked, kept, counting.terms)?;
    let read_first = said.into_iter().map(|said| unweighed(said, kept, matched));
    let mut looked: Vec<Looked> = read_first.collect();
    number_words(&mut looked, counting.terms);
    for article in &looked {
        article
            .said
            .ids
            .iter()
            .for_each(|id| counting.add(*id, true));
        let own_tags = asked.facts.tags[article.said.rank as usize].iter();
        own_tags.for_each(|tag| counting.add(tags[*tag as usize], true));
    }
    let mut phrases = FxHashMap::default();
    let gained = find_phrases(&mut looked, &mut counting, &mut phrases);
    if !tags_add_up(asked, &tags, counting.terms) {
        return None;
    }
    let changed = |counting: &Counting| {
        let before = counting.before.iter();
        let changed = before.filter(|(id, class)| **class != counting.terms.class(**id, common));
        Set::new(counting.terms.len(), changed.map(|(id, _)| *id))
    };
    let search = Search {
        changed: changed(&counting),
        with_none: has_left_or_joined(&counting, Class::None),
        with_common: has_left_or_joined(&counting, Class::Common),
        gained: &gained,
    };
    let dirty = search.run(kept, matched);
    let ranks: Vec<u32> = dirty
        .iter()
        .map(|slot| matched.rank_of[*slot as usize])
        .collect();
    let first = looked.len();
    for (said, slot) in read(asked, &ranks).into_iter().zip(dirty) {
        let before = record(kept, slot as usize);
        looked.push(known(said, slot, before, counting.terms)?);
    }
    let gained = find_phrases(&mut looked[first..], &mut counting, &mut phrases);
    if !gained.is_empty() {
        // A word that two articles have now may make phrases with others that both have.
        for article in &mut looked[..first] {
            let has = phrases_of(&article.said, &phrases);
            for id in not_in(&has, &article.phrases) {
                counting.add(id, true);
            }
            article.phrases = has;
        }
    }
    kept.archive.terms = terms;
    Some(Recounted {
        looked,
        phrases,
        tags,
    })
}

/// What is kept of the terms of a slot.
pub fn record(kept: &Kept, slot: usize) -> Record {
    let get = |part| kept.get(part, slot);
    let mut rest = Rest::new(get(Part::Rest));
    let [aside, own, common, gives] = [(); 4].map(|()| rest.list().collect());
    Record {
        head: Head::decode(get(Part::Head)),
        vector: Weighed::of(get(Part::Vector)),
        title: Weighed::of(get(Part::Title)),
        light: Ids::new(get(Part::Light)).collect(),
        own,
        common,
        aside,
        gives,
    }
}

/// An article of which nothing is counted yet, nor what it was any more.
fn unweighed(said: Said, kept: &Kept, matched: &Matched) -> Looked {
    let slot = matched.slot(said.rank);
    let was_there = matched.known(slot).is_some();
    Looked {
        slot,
        said,
        phrases: Vec::new(),
        gives: Vec::new(),
        before: was_there.then(|| record(kept, slot as usize)),
    }
}

/// An article that was read again. All its words are known: `None` if not, since then it is not
/// what was read before.
fn known(mut said: Said, slot: u32, before: Record, terms: &Terms) -> Option<Looked> {
    let (words, others): (Vec<u32>, Vec<u32>) =
        before.terms().partition(|id| terms.kind(*id) == Kind::Word);
    let words: FxHashMap<u64, u32> = words.iter().map(|id| (terms.meaning(*id), *id)).collect();
    said.ids = said
        .hashes
        .iter()
        .map(|hash| words.get(hash).copied())
        .collect::<Option<_>>()?;
    if words.len() != said.ids.len() {
        return None;
    }
    let mut phrases: Vec<u32> = others
        .into_iter()
        .filter(|id| terms.kind(*id) == Kind::Phrase)
        .collect();
    phrases.sort_unstable();
    Some(Looked {
        said,
        slot,
        phrases,
        gives: before.gives.clone(),
        before: Some(before),
    })
}

/// Gives ids to the words of articles that were read first.
fn number_words(looked: &mut [Looked], terms: &mut Terms) {
    let hashes = || {
        looked
            .iter()
            .flat_map(|article| article.said.hashes.iter().copied())
    };
    let mut words = known_words(terms, hashes());
    let mut new: Vec<u64> = hashes().filter(|hash| !words.contains_key(hash)).collect();
    new.sort_unstable();
    new.dedup();
    for hash in new {
        words.insert(hash, terms.push(Kind::Word, hash, 0, 0));
    }
    for article in looked {
        article.said.ids = article.said.hashes.iter().map(|hash| words[hash]).collect();
    }
}

/// The phrases that articles have and give, counted; what the dictionary did not have gets an id.
/// Returns the pairs of words that are new there.
fn find_phrases(
    looked: &mut [Looked],
    counting: &mut Counting,
    phrases: &mut FxHashMap<u64, u32>,
) -> Vec<(u32, u32)> {
    if looked.is_empty() {
        return Vec::new();
    }
    let given: Vec<Vec<u64>> = looked
        .par_iter()
        .map(|article| article.said.given_pairs(counting.terms))
        .collect();
    let all = looked.iter().flat_map(|article| article.said.all_pairs());
    phrases.extend(known_pairs(
        counting.terms,
        all.chain(given.iter().flatten().copied()),
    ));
    let mut gained: Vec<u64> = given.iter().flatten().copied().collect();
    gained.retain(|pair| !phrases.contains_key(pair));
    gained.sort_unstable();
    gained.dedup();
    for pair in &gained {
        phrases.insert(*pair, counting.terms.push(Kind::Phrase, *pair, 0, 0));
    }
    let phrases = &*phrases;
    let has: Vec<Vec<u32>> = looked
        .par_iter()
        .map(|article| phrases_of(&article.said, phrases))
        .collect();
    for ((article, has), given) in looked.iter_mut().zip(has).zip(given) {
        let mut ids: Vec<u32> = given.iter().map(|pair| phrases[pair]).collect();
        ids.sort_unstable();
        for id in not_in(&article.phrases, &has) {
            counting.add(id, false);
        }
        for id in not_in(&has, &article.phrases) {
            counting.add(id, true);
        }
        for id in not_in(&article.gives, &ids) {
            counting.give(id, false);
        }
        for id in not_in(&ids, &article.gives) {
            counting.give(id, true);
        }
        (article.phrases, article.gives) = (has, ids);
    }
    gained
        .iter()
        .map(|pair| ((pair >> 32) as u32, *pair as u32))
        .collect()
}

/// What one list has and another has not; both are ascending.
fn not_in<'a>(ids: &'a [u32], others: &'a [u32]) -> impl Iterator<Item = u32> + 'a {
    let ids = ids.iter().copied();
    ids.filter(|id| others.binary_search(id).is_err())
}

/// The phrases of the dictionary that an article has, ascending.
fn phrases_of(said: &Said, phrases: &FxHashMap<u64, u32>) -> Vec<u32> {
    let found = said
        .all_pairs()
        .filter_map(|pair| phrases.get(&pair).copied());
    let mut found: Vec<u32> = found.collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The id of each tag of the site. `None` if known ones are in another order now: sums of floating
/// point numbers are in that order.
fn tag_ids(asked: &Asked, kept: &Kept, terms: &mut Terms) -> Option<Vec<u32>> {
    let known = kept.archive.tags.iter();
    let known: FxHashMap<u64, u32> = known.map(|id| (terms.meaning(*id), *id)).collect();
    let ids = asked.tag_keys.iter().map(|key| match known.get(key) {
        Some(id) => *id,
        None => terms.push(Kind::Tag, *key, 0, 0),
    });
    let ids: Vec<u32> = ids.collect();
    let places: FxHashMap<u32, usize> = ids.iter().copied().zip(0..).collect();
    let old = kept.archive.tags.iter().filter_map(|id| places.get(id));
    old.is_sorted().then_some(ids)
}

/// Whether the site's tags are had by as many articles as was counted. A tag may get another key
/// though none of its articles changed, since two tags with one slug are told apart.
fn tags_add_up(asked: &Asked, tags: &[u32], terms: &Terms) -> bool {
    let mut counts = vec![0_u32; tags.len()];
    for tag in asked.facts.tags.iter().flat_map(|tags| tags.iter()) {
        counts[*tag as usize] += 1;
    }
    tags.iter()
        .zip(counts)
        .all(|(id, count)| terms.count(*id) == count)
}

/// Whether a term is of a class now and was not, or the other way.
fn has_left_or_joined(counting: &Counting, class: Class) -> bool {
    counting.before.iter().any(|(id, before)| {
        let now = counting.terms.class(*id, counting.common);
        (*before == class) != (now == class)
    })
}

/// Which known articles are to be read again.
struct Search<'a> {
    /// Terms that are not as rare as they were.
    changed: Set,
    /// Whether one of these is a term now and was none, or the other way.
    with_none: bool,
    /// Whether one of these is common now and was not, or the other way.
    with_common: bool,
    /// Pairs of words that are new in the dictionary: who has both may have them as neighbours.
    gained: &'a [(u32, u32)],
}

impl Search<'_> {
    /// The slots of these articles.
    fn run(&self, kept: &Kept, matched: &Matched) -> Vec<u32> {
        if self.changed.is_empty() && self.gained.is_empty() {
            return Vec::new();
        }
        let mut is_hit = vec![false; kept.slots];
        let mut parts = vec![Part::Vector, Part::Light];
        if self.with_none || self.with_common {
            // What is in headings alone makes phrases where it is a word that others have, too.
            parts.push(Part::Rest);
        }
        for part in parts {
            for had in kept.all_having(part, &self.changed) {
                is_hit[had.slot as usize] = true;
            }
        }
        self.mark_pairs(kept, &mut is_hit);
        let slots = (0..).zip(is_hit).filter(|(_, is_hit)| *is_hit);
        let slots = slots.map(|(slot, _)| slot);
        let same = slots.filter(|slot| matched.is_same(*slot as usize));
        same.collect()
    }

    /// Marks those who have both words of a pair that is new in the dictionary.
    fn mark_pairs(&self, kept: &Kept, is_hit: &mut [bool]) {
        if self.gained.is_empty() {
            return;
        }
        let all = || {
            self.gained
                .iter()
                .flat_map(|(first, second)| [*first, *second])
        };
        let words = Set::new(all().max().map_or(0, |most| most as usize + 1), all());
        let place = |word: u32| words.place(word);
        let pairs = self.gained.iter();
        let pairs = pairs.filter_map(|(first, second)| Some((place(*first)?, place(*second)?)));
        let pairs: Vec<(u32, u32)> = pairs.collect();
        is_hit
            .par_iter_mut()
            .with_min_len(SLOTS)
            .enumerate()
            .for_each_init(
                || vec![false; words.len()],
                |has, (slot, is_hit)| {
                    *is_hit = *is_hit || Self::has_pair(kept, slot, &words, &pairs, has);
                },
            );
    }

    fn has_pair(
        kept: &Kept,
        slot: usize,
        words: &Set,
        pairs: &[(u32, u32)],
        has: &mut [bool],
    ) -> bool {
        has.fill(false);
        let mut note = |id: u32| {
            if let Some(place) = words.place(id) {
                has[place as usize] = true;
            }
        };
        weighed(kept.get(Part::Vector, slot)).for_each(|(id, _)| note(id));
        Ids::new(kept.get(Part::Light, slot)).for_each(&mut note);
        let mut rest = Rest::new(kept.get(Part::Rest, slot));
        for _ in 0..3 {
            rest.list().for_each(&mut note);
        }
        pairs
            .iter()
            .any(|(first, second)| has[*first as usize] && has[*second as usize])
    }
}
