//! A language's dates and texts.
//!
//! In: a BCP 47 tag, and the texts of the theme. Out: what templates print in that language. Names
//! of months, the order of a date's parts and the rules of plurals are those of Unicode's CLDR.

use std::borrow::Cow;
use std::collections::BTreeMap;

use icu_calendar::{Date, Gregorian};
use icu_datetime::FixedCalendarDateTimeFormatter as Formatter;
use icu_datetime::fieldsets::{M, YM, YMD};
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_decimal::options::DecimalFormatterOptions;
use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralRules};
use tera::Value;

use super::chart::Marks;
use super::texts::{Text, Texts};
use crate::model::Moment;

/// What is printed in one language.
pub(super) struct Language {
    /// The tag, as pages say it.
    pub tag: Box<str>,
    /// The same as Open Graph writes it: `de_AT`.
    pub locale: Option<Box<str>>,
    /// `ltr` or `rtl`.
    pub direction: &'static str,
    /// What its speakers call it; the tag, if the theme does not speak it.
    pub name: Box<str>,
    /// The texts of the theme by their keys: `text` of templates.
    pub text: Value,
    day: Formatter<Gregorian, YMD>,
    month_of_year: Formatter<Gregorian, YM>,
    /// The names of the months, which stand in every date.
    months: Vec<String>,
    numbers: DecimalFormatter,
    /// What stands between the digits of its numbers.
    pub marks: Marks,
}

/// Beside the forms of a plural: the language whose rules choose among them.
const RULES: &str = "language";

impl Language {
    pub fn new(tag: &str, texts: &Texts) -> Self {
        let known = "every language has its dates, if only those of no language";
        let months = |locale: &Locale| Formatter::try_new(locale.into(), M::long()).expect(known);
        let mut locale = formats(tag);
        let july = date(2000, 7, 1);
        // What is written for no language, `M07`, is nothing that people read.
        if months(&locale).format(&july).to_string()
            == months(&Locale::UNKNOWN).format(&july).to_string()
        {
            locale = formats("en");
        }
        let own: tera::Map = texts
            .of(tag)
            .into_iter()
            .map(|(key, text)| (key.to_owned().into(), value(text, tag)))
            .collect();
        let numbers =
            DecimalFormatter::try_new((&locale).into(), DecimalFormatterOptions::default())
                .expect(known);
        let name = match texts.of(tag).get("language_name") {
            Some(Text::Plain(name)) if texts.know(tag) => name,
            _ => tag,
        };
        Self {
            tag: tag.into(),
            locale: open_graph_locale(tag).map(Into::into),
            name: name.into(),
            direction: direction(tag),
            text: Value::from(own),
            day: Formatter::try_new((&locale).into(), YMD::long()).expect(known),
            month_of_year: Formatter::try_new((&locale).into(), YM::long()).expect(known),
            months: {
                let names = months(&locale);
                let name = |month| names.format(&date(2000, month, 1)).to_string();
                (1..=12).map(name).collect()
            },
            marks: marks(&numbers),
            numbers,
        }
    }

    /// A number with so many digits after its point: `12,345.6`.
    pub fn number(&self, value: f64, decimals: usize) -> String {
        let digits = format!("{value:.decimals$}");
        let is_zero = digits.bytes().all(|b| matches!(b, b'-' | b'0' | b'.'));
        let digits = if is_zero {
            digits.trim_start_matches('-')
        } else {
            &digits
        };
        match digits.parse::<Decimal>() {
            Ok(number) => self.numbers.format(&number).to_string().replace('-', "−"),
            Err(_) => digits.to_owned(),
        }
    }

    /// A day: `4 July 2024`.
    pub fn day(&self, moment: Moment) -> String {
        self.day_of(moment.year(), moment.month(), moment.day())
    }

    /// The same of a year, a month and a day.
    pub fn day_of(&self, year: i16, month: u8, day: u8) -> String {
        self.day.format(&date(year, month, day)).to_string()
    }

    /// A month, 1 to 12, and its year: `July 2024`.
    pub fn month_of_year(&self, year: i16, month: u8) -> String {
        self.month_of_year.format(&date(year, month, 1)).to_string()
    }

    /// The name of a month, 1 to 12.
    pub fn month(&self, month: u8) -> &str {
        &self.months[usize::from(month) - 1]
    }

    /// A text of the theme that has nothing to fill in; its key if there is none.
    pub fn text<'a>(&'a self, key: &'a str) -> &'a str {
        let text = self.text.get_from_path(key);
        text.and_then(Value::as_str).unwrap_or(key)
    }
}

/// A day of the calendar that all the world uses, whatever else a country does.
fn date(year: i16, month: u8, day: u8) -> Date<Gregorian> {
    Date::try_new_gregorian(i32::from(year), month, day).expect("a day of the calendar")
}

/// The locale of a tag. English of no country is that of the world, `4 July 2024`, and figures are
/// those that numbers of pages are written in.
fn formats(tag: &str) -> Locale {
    let tag = if tag.eq_ignore_ascii_case("en") {
        "en-001"
    } else {
        tag
    };
    let locale = format!("{tag}-u-nu-latn").parse();
    locale.or_else(|_| tag.parse()).unwrap_or(Locale::UNKNOWN)
}

/// What a language puts between the digits of a number, as it writes one.
fn marks(numbers: &DecimalFormatter) -> Marks {
    let sample = Decimal::from(1_234_567_i64);
    let group = numbers.format(&sample).to_string();
    let half = "0.5"
        .parse::<Decimal>()
        .map(|half| numbers.format(&half).to_string());
    let mark = |written: &str| written.chars().find(|c| !c.is_ascii_digit());
    let or = Marks::OF_PROGRAMS;
    Marks {
        group: mark(&group)
            .filter(|c| !c.is_whitespace())
            .unwrap_or(or.group),
        decimal: half.ok().as_deref().and_then(mark).unwrap_or(or.decimal),
    }
}

fn value(text: &Text, tag: &str) -> Value {
    match text {
        Text::Plain(text) => Value::from(text.as_str()),
        Text::Plural(forms) => {
            let mut map: tera::Map = forms
                .iter()
                .map(|(form, text)| (form.clone().into(), Value::from(text.as_str())))
                .collect();
            map.insert(RULES.into(), Value::from(tag));
            Value::from(map)
        }
    }
}

/// A text with its places filled, as `fill` of templates does it: `{name}` becomes the value of
/// that name, and of a plural that form is taken which `count` asks for.
pub(super) fn fill(
    text: &Value,
    values: &[(&str, Cow<str>)],
    plurals: &Plurals,
) -> Result<String, String> {
    let form = if let Some(text) = text.as_str() {
        text
    } else {
        let count = values.iter().find(|(name, _)| *name == "count");
        let count: u64 = count
            .and_then(|(_, count)| count.parse().ok())
            .ok_or("a plural needs a whole number: `fill(count=…)`")?;
        let form = plurals.form(text, count);
        form.ok_or("`fill` takes a text, or the forms of a plural")?
    };
    let mut filled = form.to_owned();
    for (name, value) in values {
        let mut from = 0;
        while let Some((start, end)) = place(&filled[from..], name) {
            filled.replace_range(from + start..from + end, value);
            from += start + value.len();
        }
    }
    Ok(filled)
}

/// Where `{name}` begins and ends in a text.
fn place(text: &str, name: &str) -> Option<(usize, usize)> {
    let openings = memchr::memchr_iter(b'{', text.as_bytes());
    let mut ends = openings.filter_map(|start| {
        let rest = text[start + 1..].strip_prefix(name)?.strip_prefix('}')?;
        Some((start, text.len() - rest.len()))
    });
    ends.next()
}

/// The rules of plurals of the site's languages, which take longer to load than to follow.
#[derive(Default)]
pub(super) struct Plurals(BTreeMap<Box<str>, PluralRules>);

impl Plurals {
    pub fn of<'t>(tags: impl IntoIterator<Item = &'t str>) -> Self {
        let rules = |tag: &str| PluralRules::try_new_cardinal((&formats(tag)).into()).ok();
        let tags = tags.into_iter();
        Self(
            tags.filter_map(|tag| Some((tag.into(), rules(tag)?)))
                .collect(),
        )
    }

    fn form<'f>(&self, forms: &'f Value, count: u64) -> Option<&'f str> {
        let language = forms.get_from_path(RULES)?.as_str()?;
        let name = match self.0.get(language)?.category_for(count) {
            PluralCategory::Zero => "zero",
            PluralCategory::One => "one",
            PluralCategory::Two => "two",
            PluralCategory::Few => "few",
            PluralCategory::Many => "many",
            PluralCategory::Other => "other",
        };
        let form = forms
            .get_from_path(name)
            .or_else(|| forms.get_from_path("other"))?;
        form.as_str()
    }
}

/// How a language is written: scripts of Unicode's right-to-left languages, by their tags.
pub(super) fn direction(language: &str) -> &'static str {
    let mut parts = language.split('-');
    let first = parts.next().unwrap_or("").to_ascii_lowercase();
    let rtl_script = parts.any(|part| {
        matches!(
            part.to_ascii_lowercase().as_str(),
            "arab" | "hebr" | "thaa" | "syrc" | "nkoo"
        )
    });
    if rtl_script
        || matches!(
            first.as_str(),
            "ar" | "he" | "fa" | "ur" | "yi" | "ps" | "dv" | "sd" | "ug" | "ckb"
        )
    {
        "rtl"
    } else {
        "ltr"
    }
}

/// A language and its territory as Open Graph writes them, `de_AT`; none when the tag names no
/// territory, since ogp.me has no locale without one. Scripts are left out: `zh-Hant-TW` is
/// `zh_TW`.
fn open_graph_locale(tag: &str) -> Option<String> {
    let mut parts = tag.split('-');
    let language = parts.next()?.to_ascii_lowercase();
    // What follows a single letter is an extension, and no territory (BCP 47, 2.2.6).
    let territory = parts
        .take_while(|part| part.len() > 1)
        .find(|part| part.len() == 2 && part.bytes().all(|b| b.is_ascii_alphabetic()))?;
    Some(format!("{language}_{}", territory.to_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(tag: &str) -> Language {
        let mut texts = Texts::default();
        texts.add_file(
            "en.yaml",
            "articles: {one: '{count} article', other: '{count} articles'}\n",
        );
        texts.add_file("ar.yaml",
            "articles: {zero: none, one: one, two: two, few: '{count} few', many: '{count} many', other: '{count} other'}\n",
        );
        Language::new(tag, &texts)
    }

    #[test]
    fn dates_are_written_as_each_language_does() {
        let moment: crate::model::WrittenDate = "2024-07-04".parse().unwrap();
        let moment = moment.resolve(&jiff::tz::TimeZone::UTC);
        let days = [
            "en",
            "en-US",
            "de",
            "fr",
            "es",
            "ja",
            "ar",
            "tlh",
            "not a tag",
        ]
        .map(|tag| format!("{tag}: {}", language(tag).day(moment)));
        insta::assert_snapshot!(days.join("\n"), @r"
        en: 4 July 2024
        en-US: July 4, 2024
        de: 4. Juli 2024
        fr: 4 juillet 2024
        es: 4 de julio de 2024
        ja: 2024年7月4日
        ar: 4 يوليو 2024
        tlh: 4 July 2024
        not a tag: 4 July 2024
        ");
        let months = ["en", "de", "pl", "ja", "ar"].map(|tag| {
            let language = language(tag);
            format!(
                "{tag}: {}, {}",
                language.month(7),
                language.month_of_year(2024, 7)
            )
        });
        insta::assert_snapshot!(months.join("\n"), @r"
        en: July, July 2024
        de: Juli, Juli 2024
        pl: lipiec, lipiec 2024
        ja: 7月, 2024年7月
        ar: يوليو, يوليو 2024
        ");
    }

    #[test]
    fn a_number_chooses_the_form_of_its_language() {
        let of = |tag: &str, count: u32| {
            let text = language(tag);
            let text = text.text.get_from_path("articles").unwrap();
            let count = [("count", count.to_string().into())];
            fill(text, &count, &Plurals::of([tag])).unwrap()
        };
        assert_eq!(
            [of("en", 1), of("en", 2), of("sv", 0)],
            ["1 article", "2 articles", "0 articles"]
        );
        let arabic = [0, 1, 2, 3, 11, 100].map(|count| of("ar", count));
        assert_eq!(
            arabic,
            ["none", "one", "two", "3 few", "11 many", "100 other"]
        );
    }

    #[test]
    fn each_place_is_filled_and_what_is_none_stays() {
        let fill = |text: &str, values: &[(&str, Cow<str>)]| {
            fill(&Value::from(text), values, &Plurals::default()).unwrap()
        };
        let values = [("name", "{".into()), ("number", "12".into())];
        assert_eq!(
            fill("{name}, {number} of {number}; {n} {", &values),
            "{, 12 of 12; {n} {"
        );
        assert_eq!(fill("{name", &values), "{name");
    }

    #[test]
    fn a_locale_has_a_language_and_a_territory() {
        for (tag, expected) in [
            ("de-AT", Some("de_AT")),
            ("pt-br", Some("pt_BR")),
            ("zh-Hant-TW", Some("zh_TW")),
            ("en", None),
            ("sr-Latn", None),
            ("es-419", None),
            ("en-u-hc-h12", None),
        ] {
            assert_eq!(open_graph_locale(tag).as_deref(), expected, "{tag}");
        }
    }
}
