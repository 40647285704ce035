//! An update against the engine, edit by edit.

use std::sync::LazyLock;

use proptest::strategy::ValueTree;

use super::*;
use crate::key::Key;
use crate::model::{Lexicon, Readings};

/// An article that stays the same one however it is edited.
#[derive(Debug, Clone)]
struct Piece {
    id: u32,
    /// Its links are to the numbers of others.
    story: Story,
    wish: Wish,
}

/// What is wanted of an article.
#[derive(Debug, Clone)]
struct Wish {
    count: usize,
    same_section: bool,
    max_age: Option<u32>,
    min_score: f32,
    /// Numbers of articles.
    except: Vec<u32>,
}

/// What is done to an archive.
#[derive(Debug, Clone)]
enum Edit {
    Add(Piece),
    Remove(usize),
    /// Takes a part of another story: which part, and whose.
    Change(usize, u32, Story),
    /// Says what another article says.
    Copy(usize, usize),
    Link(usize, usize),
    Wish(usize, Wish),
    /// As it was some edits ago.
    Revert(usize),
}

/// Words are numbers whose stems have hashes in the same order.
fn stem(word: u32) -> u64 {
    u64::from(word) * 5 + 3
}

/// All words that stories may have.
static WORDS: LazyLock<Lexicon> = LazyLock::new(|| lexicon(0..1 << 16));

fn lexicon(words: impl IntoIterator<Item = u32>) -> Lexicon {
    let mut lexicon = Lexicon::default();
    for stem in words.into_iter().map(stem) {
        lexicon.stems.push(stem);
        let usual = lexicon.spellings.push(&format!("w{stem}"));
        lexicon.usual.push(usual);
    }
    lexicon
}

/// What an article says, and how: one in three spells all words as usual. `number`: of a word in the
/// lexicon.
fn wording(
    piece: &Piece,
    places: &mut Places,
    lexicon: &mut Lexicon,
    number: impl Fn(Word) -> Word,
) -> Wording {
    let story = &piece.story;
    let parts = [&story.title, &story.headings, &story.summary, &story.body];
    let parts = parts.map(|part| {
        part.iter()
            .map(|word| word.map(&number))
            .collect::<Vec<_>>()
    });
    let mut wording = Wording::new(parts.each_ref().map(Vec::as_slice), places);
    let way = piece.id % 3;
    if way > 0 {
        let spelled = wording.words.iter().zip(0..).map(|(word, place)| {
            let spelling = format!("w{}-{way}", lexicon.stem(*word));
            (place, lexicon.spellings.push(&spelling))
        });
        wording.spellings = spelled.collect();
    }
    wording
}

/// What is asked about an archive. `read`: whether an article has been read.
fn ask<T>(
    pieces: &[Piece],
    weights: &Weights,
    with_reasons: bool,
    read: impl Fn(&Piece) -> bool,
    then: impl FnOnce(Asked) -> T,
) -> T {
    let mut pieces: Vec<Piece> = pieces.to_vec();
    pieces.sort_by_key(|piece| (std::cmp::Reverse(piece.story.day), piece.id));
    let rank = |id: u32| pieces.iter().position(|piece| piece.id == id);
    let mut places = Places::default();
    let mut facts = Facts::default();
    let mut known = WORDS.clone();
    let (mut wordings, mut keys) = (Vec::new(), Vec::new());
    let (mut all_tags, mut all_links) = (Vec::new(), Vec::new());
    for piece in &pieces {
        let story = &piece.story;
        all_tags.push(story.tags.iter().copied().collect());
        facts.days.push(story.day);
        facts.languages.push(story.language);
        facts.sections.push(story.section);
        let links: BTreeSet<usize> = story
            .links
            .iter()
            .filter_map(|id| rank(*id as u32))
            .collect();
        all_links.push(
            links
                .into_iter()
                .map(|rank| ArticleId(rank as u32))
                .collect(),
        );
        let unlinked = Story {
            links: BTreeSet::new(),
            ..story.clone()
        };
        let place = (piece.id, story.day, story.language, story.section);
        keys.push(ArticleKey {
            place: Key::of_bytes(format!("{place:?}").as_bytes()),
            text: Key::of_bytes(format!("{unlinked:?}").as_bytes()),
        });
        wordings.push(read(piece).then(|| wording(piece, &mut places, &mut known, |word| word)));
    }
    facts.tags = all_tags.into();
    facts.links = Arc::new(Links::new(all_links));
    let except: Vec<Vec<ArticleId>> = pieces
        .iter()
        .map(|piece| {
            let ranks = piece.wish.except.iter().filter_map(|id| rank(*id));
            let ranks: BTreeSet<usize> = ranks.collect();
            ranks
                .into_iter()
                .map(|rank| ArticleId(rank as u32))
                .collect()
        })
        .collect();
    let wanted = pieces.iter().zip(&except).map(|(piece, except)| Wanted {
        count: piece.wish.count,
        same_section: piece.wish.same_section,
        max_age: piece.wish.max_age,
        min_score: piece.wish.min_score,
        except,
    });
    let reread = |ids: &[ArticleId]| {
        // In another numbering than the others.
        let all: BTreeSet<u32> = ids
            .iter()
            .flat_map(|id| pieces[id.index()].story.words())
            .map(|word| word.0)
            .collect();
        let numbers: BTreeMap<u32, Word> = all.iter().copied().zip((0..).map(Word)).collect();
        let mut lexicon = lexicon(all);
        let mut places = Places::default();
        let wordings = ids.iter().map(|id| {
            let piece = &pieces[id.index()];
            wording(piece, &mut places, &mut lexicon, |word| numbers[&word.0])
        });
        Readings {
            wordings: wordings.collect(),
            lexicon,
        }
    };
    let asked = Asked {
        facts,
        wordings: wordings
            .into_iter()
            .map(|said| said.map(Box::new))
            .collect(),
        lexicon: known,
        keys,
        tag_keys: (0..8).map(|tag| tag * 1_000_003 % 17).collect(),
        wanted: wanted.collect(),
        with_reasons,
        keep: true,
        only_texts: false,
        weights,
        reread: &reread,
    };
    then(asked)
}

/// Everything of articles but what they say, in that order.
fn without_texts(pieces: &[Piece]) -> Vec<String> {
    let mut pieces = pieces.to_vec();
    pieces.sort_by_key(|piece| (std::cmp::Reverse(piece.story.day), piece.id));
    for Piece { story, .. } in &mut pieces {
        for text in [
            &mut story.title,
            &mut story.headings,
            &mut story.summary,
            &mut story.body,
        ] {
            text.clear();
        }
    }
    pieces.iter().map(|piece| format!("{piece:?}")).collect()
}

fn apply(pieces: &mut Vec<Piece>, edit: Edit, before: &[Piece]) {
    let count = pieces.len();
    match edit {
        Edit::Add(piece) if pieces.iter().all(|other| other.id != piece.id) => pieces.push(piece),
        Edit::Remove(at) if count > 4 => {
            pieces.remove(at % count);
        }
        Edit::Add(_) | Edit::Remove(_) => {}
        Edit::Change(at, part, story) => {
            let own = &mut pieces[at % count].story;
            match part {
                0 => own.body = story.body,
                1 => own.title = story.title,
                2 => own.headings = story.headings,
                3 => own.tags = story.tags,
                4 => own.day = story.day,
                5 => own.language = story.language,
                6 => own.section = story.section,
                7 => own.summary = story.summary,
                // A sentence.
                8 => own.body.extend(story.title),
                9 => {
                    own.body.pop();
                }
                10 => {
                    own.title.pop();
                }
                _ => {
                    let links = std::mem::take(&mut own.links);
                    *own = Story { links, ..story };
                }
            }
        }
        Edit::Copy(from, to) => {
            let body = pieces[from % count].story.body.clone();
            pieces[to % count].story.body = body;
        }
        Edit::Link(from, to) => {
            let to = pieces[to % count].id as usize;
            let links = &mut pieces[from % count].story.links;
            if !links.remove(&to) {
                links.insert(to);
            }
            let id = pieces[from % count].id as usize;
            pieces[from % count].story.links.remove(&id);
        }
        Edit::Wish(at, wish) => pieces[at % count].wish = wish,
        Edit::Revert(at) => {
            let own = &mut pieces[at % count];
            if let Some(was) = before.iter().find(|piece| piece.id == own.id) {
                *own = was.clone();
            }
        }
    }
}

fn wish() -> impl Strategy<Value = Wish> {
    (
        prop_oneof![1 => Just(0_usize), 12 => 1..4_usize],
        proptest::bool::weighted(0.1),
        proptest::option::weighted(0.1, 0..2_000_u32),
        prop_oneof![Just(0.0_f32), 0.0..0.3_f32],
        vec(0..30_u32, 0..2),
    )
        .prop_map(|(count, same_section, max_age, min_score, except)| Wish {
            count,
            same_section,
            max_age,
            min_score,
            except,
        })
}

fn any_story(vocabulary: u32) -> impl Strategy<Value = Story> {
    prop_oneof![6 => story(vocabulary), 1 => long_story()]
}

fn piece(vocabulary: u32) -> impl Strategy<Value = Piece> {
    (0..60_u32, any_story(vocabulary), wish()).prop_map(|(id, story, wish)| Piece {
        id,
        story,
        wish,
    })
}

fn edit(vocabulary: u32) -> impl Strategy<Value = Edit> {
    let at = || 0..1_000_usize;
    prop_oneof![
        2 => piece(vocabulary).prop_map(Edit::Add),
        2 => at().prop_map(Edit::Remove),
        14 => (at(), 0..12_u32, any_story(vocabulary))
            .prop_map(|(at, part, story)| Edit::Change(at, part, story)),
        1 => (at(), at()).prop_map(|(from, to)| Edit::Copy(from, to)),
        3 => (at(), at()).prop_map(|(from, to)| Edit::Link(from, to)),
        1 => (at(), wish()).prop_map(|(at, wish)| Edit::Wish(at, wish)),
        2 => at().prop_map(Edit::Revert),
    ]
}

fn begin(vocabulary: u32) -> impl Strategy<Value = Vec<Piece>> {
    (
        vec(piece(vocabulary), 8..40),
        vec((0..1_000_usize, 0..1_000_usize), 0..25),
    )
        .prop_map(|(mut pieces, links)| {
            for (at, piece) in (0..).zip(&mut pieces) {
                piece.id = at;
            }
            for (from, to) in links {
                let before = pieces.clone();
                apply(&mut pieces, Edit::Link(from, to), &before);
            }
            pieces
        })
}

/// Archives, and edits of them, some of them in one build.
fn history() -> impl Strategy<Value = (Vec<Piece>, Vec<Vec<Edit>>)> {
    (4..120_u32).prop_flat_map(|vocabulary| {
        let at_once = prop_oneof![6 => 1..2_usize, 1 => 2..4_usize];
        let edits = at_once.prop_flat_map(move |count| vec(edit(vocabulary), count));
        (begin(vocabulary), vec(edits, 1..12))
    })
}

/// Runs through a history; returns how many builds were updates.
fn assert_updates(
    (mut pieces, edits): (Vec<Piece>, Vec<Vec<Edit>>),
    weights: &Weights,
    with_reasons: bool,
    read: bool,
) -> (usize, usize) {
    let first = ask(
        &pieces,
        weights,
        with_reasons,
        |_| true,
        |asked| answer(asked, None),
    );
    let mut on_disk = OnDisk::default();
    on_disk.put(first.state.as_ref().unwrap());
    let mut in_memory = first.state.unwrap().into_kept();
    let mut last = first.found;
    let mut histories: Vec<Vec<Piece>> = vec![pieces.clone()];
    let (mut updates, mut builds) = (0, 0);
    for at_once in edits {
        let before = pieces.clone();
        for edit in at_once {
            let earlier = histories.len().saturating_sub(3);
            apply(&mut pieces, edit, &histories[earlier]);
        }
        let is_known = |piece: &Piece| {
            let was = before.iter().find(|was| was.id == piece.id);
            was.is_some_and(|was| format!("{:?}", was.story) == format!("{:?}", piece.story))
        };
        let is_read = |piece: &Piece| read && !is_known(piece);
        let expected = ask(
            &pieces,
            weights,
            with_reasons,
            |_| true,
            |asked| answer(asked, None),
        );
        let kept = on_disk.open().expect("what was written is whole");
        let found = ask(&pieces, weights, with_reasons, is_read, |asked| {
            answer(asked, Some(kept.clone()))
        });
        builds += 1;
        updates += usize::from(found.effort.is_some());
        let mut written = on_disk.clone();
        on_disk.put(&found.state.unwrap());
        let mut first = OnDisk::default();
        first.put(&expected.state.unwrap());
        assert_same(&meaning(&on_disk), &meaning(&first));
        // The same by what was never written, with postings; not always with new ones.
        if builds % 3 == 1 {
            in_memory.index();
        }
        let again = ask(&pieces, weights, with_reasons, is_read, |asked| {
            answer(asked, Some(in_memory))
        });
        assert_eq!(again.found, found.found);
        let mut first = OnDisk::default();
        first.put(again.state.as_ref().unwrap());
        assert_same(&meaning(&first), &meaning(&on_disk));
        in_memory = again.state.unwrap().into_kept();
        assert_eq!(found.found.len(), expected.found.len());
        for (found_for, expected) in found.found.iter().zip(&expected.found) {
            assert_eq!(
                found_for,
                expected,
                "of {}, {:?}",
                pieces.len(),
                found.effort
            );
        }
        // Whoever has the last answer needs to be told of what is another thing, and of no more.
        if without_texts(&before) == without_texts(&pieces) {
            let changes = ask(&pieces, weights, with_reasons, is_read, |mut asked| {
                asked.only_texts = true;
                answer(asked, Some(kept))
            });
            written.put(&changes.state.unwrap());
            assert_same(&meaning(&written), &meaning(&on_disk));
            for change in changes.found {
                let at = change.to.index();
                last[at] = change;
            }
            assert_eq!(last, expected.found, "{:?}", found.effort);
        }
        last = expected.found;
        histories.push(pieces.clone());
    }
    (updates, builds)
}

fn assert_same(is: &[String], expected: &[String]) {
    let lacks = expected.iter().filter(|line| !is.contains(line));
    let lacks: Vec<_> = lacks.collect();
    let more: Vec<_> = is.iter().filter(|line| !expected.contains(line)).collect();
    assert_eq!(
        (lacks, more),
        (Vec::new(), Vec::new()),
        "kept: what lacks, and what is there"
    );
}

/// What is kept, by names that do not depend on what was kept before.
fn meaning(on_disk: &OnDisk) -> Vec<String> {
    use super::kept::{Class, Head, Part, Weighed};
    let kept = on_disk.open().unwrap();
    let archive = &kept.archive;
    let terms = &archive.terms;
    let ranks: BTreeMap<u32, usize> = archive.order.iter().copied().zip(0..).collect();
    let mut lines = vec![format!("{} {}", archive.length, archive.order.len())];
    for slot in archive.order.iter().map(|slot| *slot as usize) {
        let named = |part| -> BTreeMap<_, _> {
            let weighed = Weighed::of(kept.get(part, slot));
            weighed
                .iter()
                .map(|(id, code)| (terms.rank(id), code))
                .collect()
        };
        let head = Head::decode(kept.get(Part::Head, slot));
        let (text, title) = (named(Part::Vector), named(Part::Title));
        lines.push(format!("{head:?} {text:?} {title:?}"));
    }
    let mut others: Vec<String> = Vec::new();
    for id in 0..terms.len() as u32 {
        if terms.class(id, usize::MAX) != Class::None {
            others.push(format!("{:?} {}", terms.rank(id), terms.count(id)));
        }
    }
    for bar in &archive.bars {
        let (term, rank) = (terms.rank(bar.id), ranks.get(&bar.slot));
        others.push(format!("{term:?} {:?} {:?} {rank:?}", bar.side, bar.code));
    }
    others.sort();
    lines.extend(others);
    lines
}

/// A value that repeats itself: an archive, and edits of it, that are the same in each run.
fn sample<T>(strategy: impl Strategy<Value = T>) -> T {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    strategy.new_tree(&mut runner).unwrap().current()
}

/// What a build keeps of an archive.
fn kept_of(pieces: &[Piece], weights: &Weights) -> OnDisk {
    let first = ask(pieces, weights, true, |_| true, |asked| answer(asked, None));
    let mut on_disk = OnDisk::default();
    on_disk.put(&first.state.unwrap());
    on_disk
}

/// The files in which something is kept.
#[derive(Debug, Clone, Default)]
struct OnDisk {
    head: Vec<u8>,
    bulk: Vec<u8>,
    /// How often the head alone was written.
    heads: usize,
}

fn open(head: &[u8], bulk: &[u8]) -> Option<Kept> {
    Kept::open(head, |_| Ok(Some(bulk.to_vec()))).ok().flatten()
}

impl OnDisk {
    fn put(&mut self, state: &State) {
        let Files { head, bulk } = state.files().unwrap();
        self.head = head;
        self.heads += usize::from(bulk.is_none());
        if let Some((_, bulk)) = bulk {
            self.bulk = bulk.concat();
        }
    }

    fn open(&self) -> Option<Kept> {
        open(&self.head, &self.bulk)
    }
}

#[test]
fn most_edits_need_no_comparison_of_everything() {
    let weights = Weights::default();
    let edits = || vec(edit(80).prop_map(|edit| vec![edit]), 30);
    let history = vec(piece(80), 40).prop_flat_map(move |pieces| (Just(pieces), edits()));
    let (mut pieces, edits) = sample(history);
    for (id, piece) in (0..).zip(&mut pieces) {
        piece.id = id;
    }
    let (updates, builds) = assert_updates((pieces, edits), &weights, true, true);
    assert_eq!(builds, 30);
    assert!(updates > 20, "{updates}");
}

#[test]
fn a_copy_that_grows_is_none_even_if_no_weight_moves() {
    let words = |range: std::ops::Range<u32>| range.map(|word| Some(Word(word))).collect();
    let piece = |id, body| Piece {
        id,
        story: Story {
            body,
            ..Story::default()
        },
        wish: Wish {
            count: 3,
            same_section: false,
            max_age: None,
            min_score: 0.0,
            except: Vec::new(),
        },
    };
    // What says nothing, since many have it, and two articles that are the same.
    let others = (2..8).map(|id| piece(id, words(0..28)));
    let copies = (0..2).map(|id| piece(id, words(100..160)));
    let pieces: Vec<Piece> = copies.chain(others).collect();
    let weights = Weights {
        common_floor: 2,
        ..Weights::default()
    };
    let grown = Story {
        title: words(0..16),
        ..Story::default()
    };
    let mut after = pieces.clone();
    apply(&mut after, Edit::Change(0, 8, grown.clone()), &pieces);
    let copies = |pieces: &[Piece]| {
        let read = |_: &Piece| true;
        ask(pieces, &weights, false, read, |asked| {
            answer(asked, None).found[1].found.duplicates.len()
        })
    };
    assert_eq!((copies(&pieces), copies(&after)), (1, 0));
    let history = (pieces, vec![vec![Edit::Change(0, 8, grown)]]);
    assert_eq!(assert_updates(history, &weights, false, true), (1, 1));
}

#[test]
fn what_cannot_be_used_is_not() {
    let pieces = sample(begin(80));
    let weights = Weights::default();
    let on_disk = kept_of(&pieces, &weights);
    let OnDisk { head, bulk, .. } = &on_disk;
    for part in [0, 1, 50, 99] {
        let cut = |file: &Vec<u8>| file[..file.len() * part / 100].to_vec();
        assert!(open(&cut(head), bulk).is_none(), "{part} %");
        assert!(open(head, &cut(bulk)).is_none(), "{part} %");
    }
    let damaged = |file: &Vec<u8>| {
        let mut damaged = file.clone();
        damaged[file.len() / 2] ^= 1;
        damaged
    };
    assert!(open(&damaged(head), bulk).is_none());
    assert!(open(head, &damaged(bulk)).is_none());
    // Whole files that do not belong together.
    let fewer = kept_of(&pieces[1..], &weights);
    assert!(open(head, &fewer.bulk).is_none());
    // Another build has removed it.
    assert!(Kept::open(head, |_| Ok(None)).is_ok_and(|kept| kept.is_none()));
    let is_update = |weights: &Weights, with_reasons| {
        let kept = on_disk.open();
        assert!(kept.is_some());
        let read = |_: &Piece| true;
        let answer = ask(&pieces, weights, with_reasons, read, |asked| {
            answer(asked, kept)
        });
        answer.effort.is_some()
    };
    assert!(is_update(&weights, true));
    assert!(!is_update(&weights, false), "there are reasons");
    let others = Weights {
        link: 0.2,
        ..weights
    };
    assert!(!is_update(&others, true), "other weights");
    // Another archive.
    let others: Vec<Piece> = pieces
        .iter()
        .cloned()
        .map(|piece| Piece {
            id: piece.id + 90,
            ..piece
        })
        .collect();
    let kept = on_disk.open();
    let answer = ask(
        &others,
        &Weights::default(),
        true,
        |_| true,
        |asked| answer(asked, kept),
    );
    assert!(answer.effort.is_none());
}

proptest! {
    #![proptest_config(cases(
        std::env::var("CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(40),
    ))]

    #[test]
    fn after_each_edit_an_update_finds_what_the_engine_finds(
        history in history(),
        weights in tight_weights(),
        with_reasons: bool,
        read in proptest::bool::weighted(0.8),
    ) {
        assert_updates(history, &weights, with_reasons, read);
    }

    #[test]
    fn damage_that_no_hash_tells_ends_no_build(
        pieces in begin(60),
        edits in vec(edit(60), 1..3),
        damage in vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        damage_bulk: bool,
        with_postings: bool,
        weights in tight_weights(),
    ) {
        let mut on_disk = kept_of(&pieces, &weights);
        let mut pieces = pieces;
        let before = pieces.clone();
        // The head has something of its own, too.
        apply(&mut pieces, Edit::Remove(0), &before);
        let kept = on_disk.open();
        let found = ask(&pieces, &weights, true, |_| true, |asked| answer(asked, kept));
        on_disk.put(&found.state.unwrap());
        let damaged = |kind, file: &[u8], from: usize| {
            let mut value = crate::sealed::open(kind, file).unwrap().to_vec();
            for (at, byte) in &damage {
                let at = from + at.index(value.len() - from);
                value[at] = *byte;
            }
            crate::sealed::seal_bytes(kind, 0, |out| out.extend(value))
        };
        let bulk = if damage_bulk { damaged(kept::BULK, &on_disk.bulk, 0) } else { on_disk.bulk };
        let (hash, _) = crate::sealed::parts(kept::BULK, &bulk).unwrap();
        let head = damaged(kept::KIND, &on_disk.head, 16);
        let head = crate::sealed::seal_bytes(kept::KIND, 0, |out| {
            out.extend(hash.bytes());
            out.extend(&crate::sealed::open(kept::KIND, &head).unwrap()[16..]);
        });
        for edit in edits {
            let before = pieces.clone();
            apply(&mut pieces, edit, &before);
        }
        let mut kept = open(&head, &bulk);
        if let Some(kept) = kept.as_mut().filter(|_| with_postings) {
            kept.index();
        }
        let answer = ask(&pieces, &weights, true, |_| true, |asked| answer(asked, kept));
        prop_assert_eq!(answer.found.len(), pieces.len());
        // What comes of it can be kept and used as well.
        let mut on_disk = OnDisk::default();
        on_disk.put(&answer.state.unwrap());
        let kept = on_disk.open();
        ask(&pieces, &weights, true, |_| true, |asked| super::answer(asked, kept));
    }
}
