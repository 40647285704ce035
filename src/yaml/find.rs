//! Where a value stands that parsed well, which the parser does not tell.

use std::ops::Range;

/// Where a value stands in the text of a mapping: the first time it comes, whole, after the line
/// of its key, which has one of `names`. `/old` is not what stands in `/older/`. A value that is
/// written in another way than it is read has its key's place; `None` when the key is not there
/// either.
#[must_use]
pub fn find_value<'a>(
    text: &str,
    names: impl IntoIterator<Item = &'a str>,
    value: &str,
) -> Option<Range<usize>> {
    Some(Values::of(text, names)?.find(value))
}

/// The same for a value below the key `inner` of that key's own mapping: `exclude` of `related`.
#[must_use]
pub fn find_value_within<'a>(
    text: &str,
    names: impl IntoIterator<Item = &'a str>,
    inner: &str,
    value: &str,
) -> Option<Range<usize>> {
    Some(Values::within(text, names, inner)?.find(value))
}

/// Values that are looked for behind each other, and in vain, before the rest of a list is told by its
/// key: there may be thousands, each of which would be looked for in all of the text.
const MOST_UNFOUND: usize = 20;

/// The values of a key, in the order in which they are written: each is looked for behind the last.
pub struct Values<'a> {
    text: &'a str,
    key: Range<usize>,
    /// Where the search goes on.
    from: usize,
    unfound: usize,
}

impl<'a> Values<'a> {
    /// Those of the first key at the beginning of a line that has one of these names.
    pub fn of<'n>(text: &'a str, names: impl IntoIterator<Item = &'n str>) -> Option<Self> {
        let key = find_key(text, names)?;
        Some(Self {
            text,
            from: key.start,
            key,
            unfound: 0,
        })
    }

    /// Those below the key `inner` of its own mapping, or its own if there is none.
    pub fn within<'n>(
        text: &'a str,
        names: impl IntoIterator<Item = &'n str>,
        inner: &str,
    ) -> Option<Self> {
        let outer = Self::of(text, names)?;
        let rest = &text[outer.key.end..];
        let is_key = |at: &usize| {
            let before = rest[..*at].trim_end_matches(['"', '\'']);
            let after = rest[at + inner.len()..].trim_start_matches(['"', '\'']);
            before.ends_with(|c: char| c.is_whitespace() || matches!(c, '{' | ','))
                && after.starts_with(':')
        };
        let mut places = rest.match_indices(inner).map(|(at, _)| at);
        let Some(at) = places.find(is_key) else {
            return Some(outer);
        };
        let key = outer.key.end + at..outer.key.end + at + inner.len();
        Some(Self {
            from: key.end,
            key,
            ..outer
        })
    }

    /// Where the next one stands, or its key if it is written in another way than it is read.
    pub fn find(&mut self, value: &str) -> Range<usize> {
        if self.unfound >= MOST_UNFOUND {
            return self.key.clone();
        }
        let found = value_after(self.text, self.from, value).or_else(|| {
            self.unfound += 1;
            value_after(self.text, self.key.start, value)
        });
        if let Some(found) = &found {
            self.from = found.end;
        }
        found.unwrap_or_else(|| self.key.clone())
    }
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
