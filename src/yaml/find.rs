//! Where a value stands that parsed well, which the parser does not tell.

use std::ops::Range;

/// Where a value stands in the text of a mapping: the first time it comes, whole, after the line
/// of its key, which has one of `names`. `/old` is not what stands in `/older/`. A value that is
/// written in another way than it is read has its key's place; `None` when the key is not there
/// either. Right unless the text is also part of an earlier value of the same list.
#[must_use]
pub fn find_value<'a>(
    text: &str,
    names: impl IntoIterator<Item = &'a str>,
    value: &str,
) -> Option<Range<usize>> {
    let names: Vec<&str> = names.into_iter().collect();
    let mut from = 0;
    let key = text.split_inclusive('\n').find_map(|line| {
        let is_key = |name: &&&str| {
            line.strip_prefix(**name)
                .is_some_and(|rest| rest.starts_with(':'))
        };
        let key = names
            .iter()
            .find(is_key)
            .map(|name| from..from + name.len());
        from += line.len();
        key
    })?;
    let rest = &text[key.start..];
    let is_whole = |at: &usize| {
        let after = rest[at + value.len()..].trim_start_matches('/');
        !after.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    let mut places = rest
        .match_indices(value)
        .map(|(at, _)| at)
        .filter(|_| !value.is_empty());
    let at = places.clone().find(is_whole).or_else(|| places.next());
    Some(at.map_or(key.clone(), |at| {
        key.start + at..key.start + at + value.len()
    }))
}
