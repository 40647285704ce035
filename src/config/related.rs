//! `related` of pressroom.yaml: what is suggested under an article.
//!
//! In: the key as it is written, [`RawRelated`]. Out: a [`RelatedConfig`] that answers for each
//! section of the site.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::Deserialize;

use super::switch::{Settings, Switch};
use crate::diagnostics::closest;
use crate::yaml::Parsed;

/// Score below which nothing is suggested, unless pressroom.yaml has another.
pub const DEFAULT_MIN_SCORE: f32 = 0.1;

/// Articles of a block unless pressroom.yaml has another number.
const DEFAULT_COUNT: usize = 3;

/// Most articles that a block can be asked to have: more is a listing, not a suggestion.
const MOST: usize = 50;

/// What is suggested, by section.
#[derive(Debug, Clone, PartialEq)]
pub struct RelatedConfig {
    /// What holds where a section has no rules of its own.
    pub rules: RelatedRules,
    /// Rules of sections, by the names of their folders.
    pub sections: BTreeMap<String, RelatedRules>,
    /// Whether related.json is written; `None`: it depends on how many articles there are.
    pub json: Option<bool>,
    /// Whether articles are compared even if nothing is suggested, which a command may ask for.
    pub always_compare: bool,
}

/// Articles beyond which related.json is not written unless pressroom.yaml asks for it: one file
/// for a million articles would be written anew with every edit.
const JSON_ARTICLES: usize = 20_000;

impl RelatedConfig {
    /// Whether related.json is written for so many articles.
    #[must_use]
    pub fn writes_json(&self, articles: usize) -> bool {
        self.json.unwrap_or(articles <= JSON_ARTICLES)
    }

    /// Whether it is to be known how so many files spell their words: there are reasons to give.
    /// Not all of them may be published, and so this holds for more than those that
    /// [`writes_json`](Self::writes_json) is asked for.
    #[must_use]
    pub fn spells(&self, files: usize) -> bool {
        self.always_compare || self.json.unwrap_or(files <= 2 * JSON_ARTICLES)
    }

    /// Whether anybody wants to know which articles are close to each other.
    #[must_use]
    pub fn compares(&self) -> bool {
        let mut all = self.sections.values().chain([&self.rules]);
        self.always_compare || all.any(|rules| rules.count > 0)
    }

    /// What holds for the articles of a section; `""` are those at the top of content/.
    #[must_use]
    pub fn rules(&self, section: &str) -> &RelatedRules {
        self.sections.get(section).unwrap_or(&self.rules)
    }
}

/// What is suggested under an article.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RelatedRules {
    /// Articles in the block, pins included; pins are shown even if there are more of them.
    pub count: usize,
    /// Whether only articles of the same section are suggested.
    pub same_section: bool,
    /// Days that a suggestion may be older than the article; `None`: any number.
    pub max_age_days: Option<u32>,
    /// Score below which nothing is suggested, 0 to 1.
    pub min_score: f32,
}

impl Default for RelatedRules {
    fn default() -> Self {
        Self {
            count: DEFAULT_COUNT,
            same_section: false,
            max_age_days: None,
            min_score: DEFAULT_MIN_SCORE,
        }
    }
}

/// `related` as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRelated {
    count: Option<Parsed<Count>>,
    same_section: Option<bool>,
    max_age: Option<Parsed<MaxAge>>,
    min_score: Option<Parsed<MinScore>>,
    json: Option<bool>,
    sections: Option<BTreeMap<String, Option<Switch<RawRules>>>>,
}

/// The rules of one section as they are written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRules {
    count: Option<Parsed<Count>>,
    same_section: Option<bool>,
    max_age: Option<Parsed<MaxAge>>,
    min_score: Option<Parsed<MinScore>>,
}

impl RawRules {
    /// These rules, and those of `above` where these say nothing; no suggestions if they are off.
    fn over(self, above: RelatedRules, is_on: bool) -> RelatedRules {
        let count = self.count.map_or(above.count, |count| count.0.0);
        RelatedRules {
            count: if is_on { count } else { 0 },
            same_section: self.same_section.unwrap_or(above.same_section),
            max_age_days: self.max_age.map_or(above.max_age_days, |age| Some(age.0.0)),
            min_score: self.min_score.map_or(above.min_score, |score| score.0.0),
        }
    }
}

impl Settings for RawRelated {
    const EXPECTED: &str = "a mapping such as {count: 3}, or false";

    fn of_number(number: u64) -> Option<(String, String)> {
        RawRules::of_number(number)
    }
}

impl Settings for RawRules {
    const EXPECTED: &str = "a mapping such as {count: 3}, or false";

    fn of_number(number: u64) -> Option<(String, String)> {
        Some((
            format!("the number {number} does not say what it counts"),
            format!("write {{count: {number}}} for that many related articles"),
        ))
    }
}

/// Answers every question that `related` leaves open.
pub(super) fn resolve(raw: Option<Switch<RawRelated>>) -> RelatedConfig {
    let (raw, is_on) = Switch::parts(raw);
    let rules = RawRules {
        count: raw.count,
        same_section: raw.same_section,
        max_age: raw.max_age,
        min_score: raw.min_score,
    };
    let rules = rules.over(RelatedRules::default(), is_on);
    let sections = raw.sections.unwrap_or_default().into_iter();
    let sections = sections.map(|(section, own)| {
        let (own, is_on) = Switch::parts(own);
        (section, own.over(rules, is_on))
    });
    RelatedConfig {
        sections: sections.collect(),
        json: raw.json,
        always_compare: false,
        rules,
    }
}

/// Articles in a block.
#[derive(Debug)]
struct Count(usize);

impl FromStr for Count {
    type Err = (String, String);
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(count) if count <= MOST => Ok(Self(count)),
            _ => Err((
                format!("`{text}` cannot be the number of related articles"),
                format!("write a whole number from 0 to {MOST}; pins are all shown, however many"),
            )),
        }
    }
}

/// A score.
#[derive(Debug)]
struct MinScore(f32);

impl FromStr for MinScore {
    type Err = (String, String);
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(score) if (0.0..=1.0).contains(&score) => Ok(Self(score)),
            _ => Err((
                format!("`{text}` cannot be a score"),
                "write a number from 0 to 1, such as 0.1".to_owned(),
            )),
        }
    }
}

/// A span of time in days.
#[derive(Debug)]
struct MaxAge(u32);

/// Hundredths of a day in each unit. A month is the twelfth part of a year.
const UNITS: &[(&str, &str, u64)] = &[
    ("day", "days", 100),
    ("week", "weeks", 700),
    ("month", "months", 3_044),
    ("year", "years", 36_525),
];

impl FromStr for MaxAge {
    type Err = (String, String);
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let usual = "write a whole number of days, weeks, months or years, \
                     such as 18 months";
        let wrong = |message: String, hint: &str| Err((message, hint.to_owned()));
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = (&text[..digits], text[digits..].trim());
        let lower = unit.to_lowercase();
        let is_unit = |(one, many, _): &&(&str, &str, u64)| {
            lower.is_empty() || lower == *one || lower == *many
        };
        let Some((.., hundredths)) = UNITS.iter().find(is_unit).filter(|_| digits > 0) else {
            let many = UNITS.iter().map(|(_, many, _)| *many);
            let message = format!("`{text}` is no length of time");
            return match closest(&lower, many).filter(|_| digits > 0) {
                Some(near) => wrong(message, &format!("did you mean `{number} {near}`?")),
                None => wrong(message, usual),
            };
        };
        let days = number
            .parse::<u64>()
            .ok()
            .and_then(|number| number.checked_mul(*hundredths))
            .and_then(|sum| u32::try_from((sum + 50) / 100).ok());
        match days {
            Some(0) => wrong(
                format!("`{text}` is less than a day"),
                "write 1 day or more; `count: 0` or `false` turns suggestions off",
            ),
            Some(days) => Ok(Self(days)),
            None => wrong(
                format!("`{text}` is longer than can be counted"),
                "leave `max_age` out to suggest articles of any age",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::MaxAge;

    #[test]
    fn an_age_is_understood_in_days_weeks_months_and_years() {
        for (text, days) in [
            ("1", 1),
            ("90", 90),
            ("1 day", 1),
            ("3weeks", 21),
            ("1 month", 30),
            ("12 months", 365),
            ("1 Year", 365),
            ("2 years", 731),
        ] {
            let read = text.parse().map(|MaxAge(days)| days);
            assert_eq!(read, Ok(days), "{text}");
        }
    }

    #[test]
    fn what_is_no_age_is_told_with_what_to_write() {
        let told: Vec<String> = [
            "0 weeks",
            "-3 days",
            "2.5 years",
            "2 yeers",
            "3 fortnights",
            "years",
            "soon",
            "99999999999999999999",
            "20000000 years",
        ]
        .map(|text| match text.parse::<MaxAge>() {
            Ok(age) => panic!("{text} is {age:?}"),
            Err((message, hint)) => format!("{message}: {hint}"),
        })
        .to_vec();
        insta::assert_snapshot!(told.join("\n"), @r#"
        `0 weeks` is less than a day: write 1 day or more; `count: 0` or `false` turns suggestions off
        `-3 days` is no length of time: write a whole number of days, weeks, months or years, such as 18 months
        `2.5 years` is no length of time: write a whole number of days, weeks, months or years, such as 18 months
        `2 yeers` is no length of time: did you mean `2 years`?
        `3 fortnights` is no length of time: write a whole number of days, weeks, months or years, such as 18 months
        `years` is no length of time: write a whole number of days, weeks, months or years, such as 18 months
        `soon` is no length of time: write a whole number of days, weeks, months or years, such as 18 months
        `99999999999999999999` is longer than can be counted: leave `max_age` out to suggest articles of any age
        `20000000 years` is longer than can be counted: leave `max_age` out to suggest articles of any age
        "#);
    }
}
