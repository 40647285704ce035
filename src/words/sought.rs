//! Words as readers seek them: without case, accents and the `s` of a plural.
//!
//! The search page's script does the same to what a reader types (`themes/broadsheet/static/search.js`),
//! and a test holds both to each other. So this is as small as it can be: what a browser cannot
//! do the same way, such as stems, has no place here.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::split::is_unspaced_letter;

/// Most characters of a word; longer ones are keys, hashes and the like.
const LONGEST: usize = 32;

/// The words of a text in order, each in the form in which it is sought. `folded` is memory for
/// them.
pub(super) fn sought(text: &str, folded: &mut String, mut each: impl FnMut(&str)) {
    for piece in text
        .split(|c| !is_letter(c))
        .filter(|piece| !piece.is_empty())
    {
        folded.clear();
        if piece.is_ascii() {
            folded.push_str(piece);
            folded.make_ascii_lowercase();
            word(folded, &mut each);
        } else {
            fold(piece, folded);
            // A character may stand for several words, such as ﷺ.
            for part in folded.split(|c| !is_letter(c)) {
                runs(part, &mut each);
            }
        }
    }
}

/// Letters, digits and the marks on them.
fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || (!c.is_ascii() && (c.is_alphanumeric() || is_combining_mark(c)))
}

/// Small letters, in Unicode's form KC, without accents.
fn fold(piece: &str, folded: &mut String) {
    let bare: String = piece.nfkd().filter(|c| !is_accent(*c)).collect();
    for c in bare.to_lowercase().nfc() {
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            'ς' => folded.push('σ'),
            other => folded.push(other),
        }
    }
}

/// Accents of Latin, Greek and Cyrillic letters, and the vowel signs of Hebrew and Arabic, which
/// readers leave out.
fn is_accent(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}'
        | '\u{5c5}' | '\u{5c7}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}')
}

/// Words, and pairs of characters where spaces do not tell words.
fn runs(part: &str, each: &mut impl FnMut(&str)) {
    let mut rest = part;
    while let Some(first) = rest.chars().next() {
        let is_unspaced = is_unspaced_letter(first);
        let end = rest.find(|c| is_unspaced_letter(c) != is_unspaced);
        let (run, after) = rest.split_at(end.unwrap_or(rest.len()));
        if is_unspaced {
            pairs(run, each);
        } else {
            word(run, each);
        }
        rest = after;
    }
}

fn pairs(run: &str, each: &mut impl FnMut(&str)) {
    let ends: Vec<usize> = run
        .char_indices()
        .map(|(at, c)| at + c.len_utf8())
        .collect();
    if ends.len() == 1 {
        each(run);
    }
    let starts = std::iter::once(0).chain(ends.iter().copied());
    for (start, end) in starts.zip(ends.iter().skip(1)) {
        each(&run[start..*end]);
    }
}

/// A word, unless it is a single letter or too long.
fn word(text: &str, each: &mut impl FnMut(&str)) {
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (None, _) => {}
        (Some(only), None) if !only.is_numeric() => {}
        _ if text.len() > LONGEST && text.chars().count() > LONGEST => {}
        _ => each(&singular(text)),
    }
}

/// A word without the `s` of a plural, as English, French, Spanish and Portuguese have it: the "S
/// stemmer" of Harman (1991), "How effective is suffixing?", without its exceptions.
fn singular(word: &str) -> Cow<'_, str> {
    if let Some(stem) = word
        .strip_suffix("ies")
        .filter(|stem| stem.chars().nth(1).is_some())
    {
        return format!("{stem}y").into();
    }
    let plural = word
        .strip_suffix('s')
        .filter(|_| word.chars().nth(3).is_some() && word != "news");
    let stem = plural.filter(|stem| !stem.ends_with(['s', 'u', 'i']));
    stem.unwrap_or(word).into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str) -> Vec<String> {
        let (mut folded, mut found) = (String::new(), Vec::new());
        sought(text, &mut folded, |word| found.push(word.to_owned()));
        found
    }

    #[test]
    fn words_are_sought_without_case_accents_and_plural() {
        for (text, expected) in [
            ("The Élection's results", "the election result"),
            (
                "news, bus & class: 3 cars, two ferries",
                "news bus class 3 car two ferry",
            ),
            (
                "Straße ΣΊΣΥΦΟΣ İstanbul Łódź",
                "strasse σισυφοσ istanbul lodz",
            ),
            ("東京の夜 iPhone発売", "東京 京の の夜 iphone 発売"),
            ("ｶﾞｽ ﬁne ½", "ガス fine 1 2"),
            ("مُحَمَّد שָׁלוֹם", "محمد שלום"),
            ("a I 7", "7"),
        ] {
            assert_eq!(words(text).join(" "), expected, "{text}");
        }
    }

    #[test]
    fn the_script_of_the_page_tells_the_same_words() {
        // A test of the script reads this file as well.
        let golden = include_str!("../../tests/browser/search-words.json");
        let golden: Vec<(String, Vec<String>)> = serde_json::from_str(golden).expect("it is JSON");
        assert!(golden.len() > 50);
        for (text, expected) in golden {
            assert_eq!(words(&text), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_sought_is_found_by_its_own_form(text in "\\PC{0,40}") {
            for word in words(&text) {
                prop_assert!(!word.is_empty() && word.len() <= 255);
                prop_assert!(!word.contains(char::is_whitespace));
            }
        }
    }
}
