use std::collections::BTreeSet;
use std::sync::Mutex;

use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::readers::Pool;
use super::split::{Piece, pieces};
use super::*;
use crate::model::{Readings, Spellings};

/// The words of a text, with a full stop for each gap.
fn split(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    pieces(text, |piece| match piece {
        Piece::Word(word) => found.push(word.to_owned()),
        Piece::Gap if found.last().is_some_and(|last| last == ".") => {}
        Piece::Gap => found.push(".".to_owned()),
    });
    found
}

fn words(text: &str) -> Vec<String> {
    let mut found = split(text);
    found.retain(|word| word != ".");
    found
}

/// The stems of the words of a body, as hashes.
fn read(language: &str, body: &str) -> Vec<u64> {
    let mut reader = Reader::default();
    let wording = reader.read(language, text(body), false);
    let places = wording.text.body();
    let words = places.filter_map(|place| wording.words.get(usize::from(place)));
    words.map(|word| reader.lexicon.stem(*word)).collect()
}

fn text(body: &str) -> Text<'_> {
    Text {
        title: "",
        headings: "",
        summary: "",
        body,
    }
}

#[test]
fn punctuation_divides_and_hyphens_do_not() {
    assert_eq!(
        split("The open-source city: “and/or” (its) plan, C# & R&D.").join(" "),
        "The open source city . and or . its . plan .",
    );
    assert_eq!(split("One\ntwo – three").join(" "), "One . two . three .");
}

#[test]
fn addresses_and_shortcodes_leave_no_words() {
    for nothing in [
        "https://example.org/news/a-story?x=1",
        "(https://example.org/news)",
        "www.example.org",
        "mailto:ada@example.org",
        "ada.kerr@example.org,",
        "example.org/news/story",
        "{{< figure src=\"harbour\" >}}",
        "{{figure harbour}}",
        "{% include harbour two lines\nhigh %}",
        "s é x ' _ – …",
    ] {
        assert_eq!(words(nothing), [""; 0], "{nothing}");
    }
    assert_eq!(
        words("and/or e.g. 3.14 U.S. {one} {{ two"),
        words("and or e.g 3.14 U.S one two")
    );
    assert_eq!(
        words("before {{ in }} after {% in %} end"),
        ["before", "after", "end"]
    );
}

#[test]
fn scripts_without_spaces_are_read_in_pairs() {
    assert_eq!(words("東京の夜"), ["東京", "京の", "の夜"]);
    assert_eq!(words("カタカナ"), ["カタ", "タカ", "カナ"]);
    assert_eq!(words("한국어 뉴스"), ["한국", "국어", "뉴스"]);
    assert_eq!(words("猫"), ["猫"]);
    assert_eq!(
        words("東京タワーPressroom2024年"),
        words("東京タワー Pressroom2024 年")
    );
    let thai = words("กรุงเทพ");
    assert!(
        thai.len() >= 4 && thai.iter().all(|pair| pair.chars().count() == 2),
        "{thai:?}"
    );
    // Punctuation divides.
    assert_eq!(split("東京。大阪、京都").join(" "), "東京 . 大阪 . 京都 .");
}

#[test]
fn forms_of_a_word_are_one_word() {
    for (language, forms) in [
        (
            "en",
            "article articles Article ARTICLES article’s article's",
        ),
        ("de-AT", "Haus Hauses Häuser häuser"),
        ("fr", "l’élection l'élection élections ÉLECTIONS"),
        ("nb", "avis avisen avisene"),
        ("nn-NO", "avis avisen avisene"),
    ] {
        let numbers = read(language, forms);
        assert!(numbers.len() >= 3, "{language}: {forms}");
        assert!(
            numbers.windows(2).all(|pair| pair[0] == pair[1]),
            "{language}: {forms}"
        );
    }
}

#[test]
fn a_language_without_a_stemmer_keeps_its_words() {
    let numbers = read("x-klingon", "article articles Article");
    assert_ne!(numbers[0], numbers[1]);
    assert_eq!(numbers[0], numbers[2]);
    assert_ne!(read("de-AT", "Häuser"), read("x-klingon", "Häuser"));
}

#[test]
fn accents_may_be_written_in_two_ways() {
    for (composed, decomposed) in [
        ("café", "cafe\u{301}"),
        ("Über Ärzte", "U\u{308}ber A\u{308}rzte"),
        ("la é seul", "la e\u{301} seul"),
        (
            "한국어",
            "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}\u{110b}\u{1165}",
        ),
        ("がく", "か\u{3099}く"),
    ] {
        for language in ["en", "fr", "ko"] {
            assert_eq!(
                read(language, composed),
                read(language, decomposed),
                "{composed}"
            );
        }
    }
    let mut reader = Reader::default();
    assert_eq!(
        reader.read("fr", text("le café noir"), false),
        reader.read("fr", text("le cafe\u{301} noir"), false),
        "also what is a phrase"
    );
}

#[test]
fn different_words_have_different_keys() {
    let word = "abcdefghijkl";
    let parts =
        (0..word.len()).flat_map(|start| (start + 1..=word.len()).map(move |end| start..end));
    let keys: BTreeSet<_> = parts.clone().map(|part| key(&word[part])).collect();
    assert_eq!(keys.len(), parts.count());
    assert_eq!(key("abcdef"), key(&word[..6]));
}

#[test]
fn what_is_too_long_for_a_word_is_none() {
    let key = "k".repeat(LONGEST + 1);
    assert_eq!(
        read("en", &format!("before {key} after")),
        read("en", "before after")
    );
    assert_eq!(read("en", &"k".repeat(LONGEST)).len(), 1);
}

/// Titles with words in several forms, some of which come first in one article and some in another.
const TITLE: &str = "((elect|Elect|ferr)(s|ed|ing|y|ies|ion)? |[a-e ]{2}){0,6}";

/// What several readers say that read titles in turns.
fn readings(titles: &[&str], readers: usize) -> Readings {
    let idle = (0..readers).map(|number| (number, Reader::default()));
    let mut readers = Readers {
        pool: Mutex::new(Pool {
            idle: idle.collect(),
            made: readers,
            ..Pool::default()
        }),
        spell: true,
    };
    let read = titles.iter().map(|title| {
        readers.pool.lock().unwrap().idle.rotate_left(1);
        readers.read("en", Text { title, ..text("") })
    });
    let read = read.collect();
    readers.finish(read)
}

/// How an article spells its words.
fn spelled(read: &Readings, article: usize) -> Vec<&str> {
    read.wordings[article].spelled(&read.lexicon).collect()
}

#[test]
fn an_article_spells_a_word_as_it_first_does_itself() {
    let mut readers = Readers::spelling(true);
    let read = [
        ("Elections and electing", "Elected", "elect", "an election"),
        ("", "", "", "Elected: 3 elections"),
    ];
    let read = read.map(|(title, headings, summary, body)| {
        let text = Text {
            title,
            headings,
            summary,
            body,
        };
        readers.read("en", text)
    });
    let read = readers.finish(read.into());
    assert_eq!(spelled(&read, 0), ["elections", "and", "an"]);
    assert_eq!(spelled(&read, 1), ["elected", "3"]);
    assert_eq!(read.wordings[0].words[0], read.wordings[1].words[0]);
    assert!(read.lexicon.stems.is_sorted());
    // Where nobody asks, nothing is held.
    let mut readers = Readers::default();
    let read = vec![readers.read("en", text("Elections"))];
    let read = readers.finish(read);
    assert!(spelled(&read, 0).is_empty());
    assert_eq!(read.lexicon.spellings, Spellings::default());
}

proptest! {
    #[test]
    fn plain_text_splits_as_unicode_says(text in "[a-zA-Z0-9 ,;:!?()\"\n.-]{0,80}") {
        // One-letter words are no words, and dots make addresses only together with a slash.
        let expected: Vec<&str> = text
            .unicode_words()
            .filter(|word| word.len() > 1 || word.as_bytes()[0].is_ascii_digit())
            .collect();
        prop_assert_eq!(words(&text), expected);
    }

    #[test]
    fn texts_of_all_scripts_split_as_unicode_says(text in "[a-zàéßø×÷ĀǃɏɐΑ-ωа-яא-ת٠-٩ ,;!?]{0,80}") {
        let expected: Vec<&str> = text
            .unicode_words()
            .filter(|word| word.chars().count() > 1 || word.chars().all(char::is_numeric))
            .collect();
        prop_assert_eq!(words(&text), expected);
    }

    #[test]
    fn no_text_makes_it_panic(
        text in "(\\PC|\\{\\{|\\}\\}|\\{%|%\\}|\\{|[\u{300}-\u{36f}\u{e01}-\u{e4e}\u{3041}-\u{30ff}\u{1100}-\u{11ff}'’_./@ \n\u{0}\u{200d}\u{fe0f}]){0,60}",
        language in "[a-zA-Z-]{0,6}",
    ) {
        let title = Text { title: &text, headings: &text, summary: &text, body: &text };
        let mut readers = Readers::spelling(true);
        // The same when it is known already.
        let read = vec![readers.read(&language, title), readers.read(&language, title)];
        let read = readers.finish(read);
        let wordings = &read.wordings;
        prop_assert_eq!(&wordings[0], &wordings[1]);
        prop_assert_eq!(spelled(&read, 0).len(), wordings[0].words.len());
        for word in words(&text) {
            prop_assert!(!word.is_empty() && text.contains(&word));
            prop_assert!(!word.contains(char::is_whitespace));
        }
    }

    #[test]
    fn numbers_do_not_depend_on_who_reads_what(titles in prop::collection::vec(TITLE, 1..8)) {
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        let one = readings(&titles, 1);
        for readers in [2, 3] {
            let read = readings(&titles, readers);
            prop_assert_eq!(&read.lexicon.stems, &one.lexicon.stems);
            for (at, (ours, theirs)) in read.wordings.iter().zip(&one.wordings).enumerate() {
                prop_assert_eq!((&ours.words, &ours.text), (&theirs.words, &theirs.text));
                prop_assert_eq!(spelled(&read, at), spelled(&one, at));
            }
        }
    }

    #[test]
    fn what_was_read_earlier_makes_no_difference(
        earlier in prop::collection::vec(TITLE, 0..8),
        titles in prop::collection::vec(TITLE, 1..4),
    ) {
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        let mut readers = Readers::spelling(true);
        let mut read = |titles: &[&str]| {
            let read = titles.iter().map(|title| readers.read("en", Text { title, ..text("") }));
            let read = read.collect();
            readers.finish(read)
        };
        let earlier: Vec<&str> = earlier.iter().map(String::as_str).collect();
        read(&earlier);
        let (read, fresh) = (read(&titles), readings(&titles, 1));
        prop_assert_eq!(&read.lexicon.stems, &fresh.lexicon.stems);
        for at in 0..titles.len() {
            let (ours, theirs) = (&read.wordings[at], &fresh.wordings[at]);
            prop_assert_eq!((&ours.words, &ours.text), (&theirs.words, &theirs.text));
            prop_assert_eq!(spelled(&read, at), spelled(&fresh, at));
        }
    }

    #[test]
    fn case_and_apostrophes_make_no_difference(text in "[a-zäöüé'.\\- ]{0,60}") {
        let curly = text.replace('\'', "’");
        prop_assert_eq!(read("en", &text), read("en", &curly));
        let upper = read("x", &text.to_uppercase());
        prop_assert_eq!(read("x", &text), upper);
    }
}
