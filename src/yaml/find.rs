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
    let key = find_key(text, names)?;
    Some(value_after(text, key.start, value).unwrap_or(key))
}

/// The same for a value below the key `inner` of that key's own mapping: `exclude` of `related`.
#[must_use]
pub fn find_value_within<'a>(
    text: &str,
    names: impl IntoIterator<Item = &'a str>,
    inner: &str,
    value: &str,
) -> Option<Range<usize>> {
    let key = find_key(text, names)?;
    let rest = &text[key.end..];
    let is_key = |at: &usize| {
        let before = rest[..*at].trim_end_matches(['"', '\'']);
        let after = rest[at + inner.len()..].trim_start_matches(['"', '\'']);
        before.ends_with(|c: char| c.is_whitespace() || matches!(c, '{' | ','))
            && after.starts_with(':')
    };
    let mut places = rest.match_indices(inner).map(|(at, _)| at);
    let Some(at) = places.find(is_key) else {
        return Some(value_after(text, key.start, value).unwrap_or(key));
    };
    let inner = key.end + at..key.end + at + inner.len();
    Some(value_after(text, inner.end, value).unwrap_or(inner))
}

/// The first key at the beginning of a line that has one of these names.
fn find_key<'a>(text: &str, names: impl IntoIterator<Item = &'a str>) -> Option<Range<usize>> {
    let names: Vec<&str> = names.into_iter().collect();
    let mut from = 0;
    text.split_inclusive('\n').find_map(|line| {
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
    })
}

/// The first time that a value comes from `from` on, whole if it ever does.
fn value_after(text: &str, from: usize, value: &str) -> Option<Range<usize>> {
    let rest = &text[from..];
    let is_whole = |at: &usize| {
        let after = rest[at + value.len()..].trim_start_matches('/');
        !after.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    let mut places = rest
        .match_indices(value)
        .map(|(at, _)| at)
        .filter(|_| !value.is_empty());
    let at = places.clone().find(is_whole).or_else(|| places.next())?;
    Some(from + at..from + at + value.len())
}
