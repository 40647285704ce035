//! The word that was probably meant.

/// The candidate closest to a misspelt word, if one is close enough to be what was meant:
/// at most a third of its letters differ (one at least, three at most), counted as the optimal
/// string alignment distance, which takes two swapped letters for one mistake.
#[must_use]
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let allowed = (word.chars().count() / 3).clamp(1, 3);
    candidates
        .into_iter()
        .map(|candidate| {
            (
                strsim::osa_distance(&word, &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        let keys = ["title", "tags", "summary", "date"];
        assert_eq!(closest("tag", keys), Some("tags"));
        assert_eq!(closest("sumary", keys), Some("summary"));
        assert_eq!(closest("Titel", keys), Some("title"));
        assert_eq!(closest("venue", keys), None);
        assert_eq!(closest("kicker", keys), None);
    }
}
