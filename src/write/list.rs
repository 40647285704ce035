//! Outputs in the order of their paths: one text and two lists, since there may be a million of them.

use rayon::prelude::*;

use super::Content;

/// Paths in order, and what the file at each of them holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct List {
    /// All paths, one after the other.
    paths: String,
    /// Where each of them ends.
    ends: Vec<usize>,
    contents: Vec<Content>,
}

impl List {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    fn get(&self, at: usize) -> (&str, Content) {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        (&self.paths[start..self.ends[at]], self.contents[at])
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, Content)> {
        (0..self.len()).map(|at| self.get(at))
    }

    pub(super) fn par_iter(&self) -> impl ParallelIterator<Item = (&str, Content)> {
        (0..self.len()).into_par_iter().map(|at| self.get(at))
    }

    pub(super) fn has(&self, path: &str) -> bool {
        let (mut start, mut end) = (0, self.len());
        while start < end {
            let middle = usize::midpoint(start, end);
            match self.get(middle).0.cmp(path) {
                std::cmp::Ordering::Less => start = middle + 1,
                std::cmp::Ordering::Equal => return true,
                std::cmp::Ordering::Greater => end = middle,
            }
        }
        false
    }
}

/// Of paths that come in order, each once.
impl<'a> FromIterator<(&'a str, Content)> for List {
    fn from_iter<T: IntoIterator<Item = (&'a str, Content)>>(outputs: T) -> Self {
        let mut list = Self::default();
        for (path, content) in outputs {
            list.paths.push_str(path);
            list.ends.push(list.paths.len());
            list.contents.push(content);
        }
        list
    }
}

/// Two lists of paths as one, each in order and none with a path of the other.
pub(super) fn merged<'a, T>(
    one: impl Iterator<Item = (&'a str, T)>,
    other: impl Iterator<Item = (&'a str, T)>,
) -> impl Iterator<Item = (&'a str, T)> {
    let (mut one, mut other) = (one.peekable(), other.peekable());
    std::iter::from_fn(move || match (one.peek(), other.peek()) {
        (Some((a, _)), Some((b, _))) if b < a => other.next(),
        (None, _) => other.next(),
        _ => one.next(),
    })
}

/// Those of some paths that are not among others, both in order.
pub(super) fn without<'a, T, U>(
    some: impl Iterator<Item = (&'a str, T)>,
    others: impl Iterator<Item = (&'a str, U)>,
) -> impl Iterator<Item = (&'a str, T)> {
    let mut others = others.peekable();
    some.filter(move |(path, _)| {
        while others.next_if(|(other, _)| other < path).is_some() {}
        others.peek().is_none_or(|(other, _)| other != path)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_has_what_was_put_in_and_nothing_else(
            inside in prop::collection::btree_map("[a-c/]{0,4}", any::<u64>(), 0..20),
            asked in prop::collection::vec("[a-c/]{0,4}", 0..20),
        ) {
            let content = |hash: u64| Content { hash, size: hash / 2 };
            let pairs = || inside.iter().map(|(path, hash)| (path.as_str(), content(*hash)));
            let list: List = pairs().collect();
            prop_assert!(list.iter().eq(pairs()));
            prop_assert_eq!(list.len(), inside.len());
            for path in asked {
                prop_assert_eq!(list.has(&path), inside.contains_key(&path));
            }
        }

        #[test]
        fn lists_that_are_merged_are_in_order(paths in prop::collection::btree_map("[a-c]{0,3}", any::<bool>(), 0..20)) {
            let of = |side: bool| paths.iter().filter(move |(_, is)| **is == side);
            let pairs = |side| of(side).map(|(path, is)| (path.as_str(), *is));
            let all = paths.iter().map(|(path, is)| (path.as_str(), *is));
            prop_assert!(merged(pairs(true), pairs(false)).eq(all.clone()));
            prop_assert!(without(all, pairs(true)).eq(pairs(false)));
        }
    }
}
