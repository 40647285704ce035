//! The word that was probably meant.

/// The candidate closest to a misspelt word, if one is close enough to be what was meant:
/// at most a third of its letters differ (one at least, three at most), counted as the optimal
/// string alignment distance, which takes two swapped letters for one mistake.
#[must_use]
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let letters = word.chars().count();
    let allowed = (letters / 3).clamp(1, 3);
    let own = Letters::of(&word);
    candidates
        .into_iter()
        .filter(|candidate| candidate.chars().count().abs_diff(letters) <= allowed)
        .filter(|candidate| {
            // Letters beyond ASCII are up to four bytes, all of which one edit may change.
            let each = if word.is_ascii() && candidate.is_ascii() {
                2
            } else {
                8
            };
            Letters::of(candidate).apart(&own) <= each * allowed as u32
        })
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

/// How often each letter occurs, roughly: one edit changes at most two of the counts by one. An
/// archive has many thousand candidates, and this rules out nearly all of them at a hundredth of
/// the cost of a distance.
struct Letters([u8; 32]);

impl Letters {
    fn of(text: &str) -> Self {
        let mut counts = [0_u8; 32];
        for byte in text.bytes() {
            let count = &mut counts[usize::from(byte & 31)];
            *count = count.saturating_add(1);
        }
        Self(counts)
    }

    fn apart(&self, other: &Self) -> u32 {
        self.0
            .iter()
            .zip(other.0)
            .map(|(a, b)| u32::from(a.abs_diff(b)))
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::closest;

    proptest::proptest! {
        #[test]
        fn ruling_out_by_letters_never_rules_out_a_near_word(word in "[a-zäß東-]{1,12}", other in "[a-zäß東-]{1,12}") {
            let allowed = (word.chars().count() / 3).clamp(1, 3);
            let near = strsim::osa_distance(&word, &other) <= allowed;
            proptest::prop_assert_eq!(closest(&word, [other.as_str()]).is_some(), near);
        }
    }

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
