//! Numbers as people and programs write them, and units.

/// The largest number that is drawn: beyond, neighbours are no longer told apart.
pub(super) const LARGEST: f64 = 1e15;

/// Most digits after the point that are shown.
const MOST_DECIMALS: usize = 6;

/// What stands between the digits of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::render) struct Marks {
    /// Before the part of one.
    pub decimal: char,
    /// Between thousands; spaces always may.
    pub group: char,
}

impl Marks {
    /// As programs write numbers.
    pub const OF_PROGRAMS: Self = Self {
        decimal: '.',
        group: ' ',
    };
}

/// A number, and the digits after its point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Number {
    pub value: f64,
    pub decimals: usize,
}

/// What a text says.
#[derive(Debug, PartialEq)]
pub(super) enum Written {
    /// That there is no number.
    Missing,
    Number(Number),
    /// One of two numbers; both as they can be written without doubt.
    Ambiguous([String; 2]),
    NoNumber,
}

/// Reads a number as it is written in a language, or as programs write it. A percent sign may follow.
pub(super) fn read(text: &str, marks: Marks) -> Written {
    let is_space = |c: char| c.is_whitespace();
    let text: String = text.chars().filter(|c| !is_space(*c)).collect();
    if matches!(&*text, "" | "-" | "–" | "—" | "…" | "n/a") {
        return Written::Missing;
    }
    let text = text.strip_suffix('%').unwrap_or(&text);
    let (sign, digits) = match text.strip_prefix(['-', '−', '–']) {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let grouped = grouped(digits, marks).map(|plain| format!("{sign}{plain}"));
    let plain = is_plain(digits).then(|| format!("{sign}{digits}"));
    match (grouped, plain) {
        (Some(one), Some(other)) if parsed(&one) != parsed(&other) => {
            // Of these only the second is also written with a mark of the language.
            let other = other.replace('.', &marks.decimal.to_string());
            Written::Ambiguous([one, other])
        }
        (Some(number), _) | (None, Some(number)) => {
            parsed(&number).map_or(Written::NoNumber, Written::Number)
        }
        (None, None) => Written::NoNumber,
    }
}

/// Whether these are digits, and perhaps a point with more of them.
fn is_plain(digits: &str) -> bool {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    match digits.split_once('.') {
        Some((whole, part)) => is_digits(whole) && is_digits(part),
        None => is_digits(digits),
    }
}

/// The digits of a number that has the marks of a language, as programs write it.
fn grouped(digits: &str, marks: Marks) -> Option<String> {
    let (whole, part) = match digits.split_once(marks.decimal) {
        Some((whole, part)) => (whole, Some(part)),
        None => (digits, None),
    };
    let mut groups = whole.split(marks.group);
    let first = groups.next()?;
    let has_groups = first.len() < whole.len();
    let is_group = |group: &str| group.len() == 3 && is_plain(group);
    let fits = !has_groups || first.len() <= 3 && groups.all(is_group);
    let plain = match part {
        Some(part) => format!("{}.{part}", whole.replace(marks.group, "")),
        None => whole.replace(marks.group, ""),
    };
    (fits && is_plain(&plain)).then_some(plain)
}

fn parsed(plain: &str) -> Option<Number> {
    let decimals = plain.split_once('.').map_or(0, |(_, part)| part.len());
    let value: f64 = plain.parse().ok()?;
    value.is_finite().then_some(Number {
        value,
        decimals: decimals.min(MOST_DECIMALS),
    })
}

/// A number of a file that has numbers.
pub(super) fn of_f64(value: f64) -> Number {
    let plain = plain(value);
    let decimals = plain.split_once('.').map_or(0, |(_, part)| part.len());
    Number {
        value,
        decimals: decimals.min(MOST_DECIMALS),
    }
}

/// A number as programs write it, with as many digits as it has.
pub(super) fn plain(value: f64) -> String {
    format!("{value}")
}

/// What numbers are numbers of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit<'a> {
    None,
    /// Too long to stand with each number.
    Title(&'a str),
    Before(&'a str),
    After(&'a str),
    AfterSpace(&'a str),
}

/// Languages that put a space before a percent sign (CLDR).
const SPACED_PERCENT: [&str; 16] = [
    "bg", "ca", "cs", "da", "de", "es", "fi", "fr", "nb", "nn", "no", "ro", "ru", "sk", "sl", "sv",
];

/// Longest unit that stands with each number, in characters.
const SHORT: usize = 4;

impl<'a> Unit<'a> {
    pub fn of(unit: &'a str, language: &str) -> Self {
        let language = language.split('-').next().unwrap_or(language);
        match unit.trim() {
            "" => Self::None,
            long if long.chars().count() > SHORT => Self::Title(long),
            unit @ "%" if SPACED_PERCENT.contains(&language) => Self::AfterSpace(unit),
            unit @ ("%" | "‰" | "°") => Self::After(unit),
            unit @ ("$" | "£" | "€" | "¥") if matches!(language, "en" | "ja" | "zh") => {
                Self::Before(unit)
            }
            unit => Self::AfterSpace(unit),
        }
    }

    /// A number with its unit, if that is short.
    pub fn with(self, number: &str) -> String {
        match self {
            Self::None | Self::Title(_) => number.to_owned(),
            Self::Before(unit) => match number.strip_prefix(['-', '−']) {
                Some(digits) => format!("−{unit}{digits}"),
                None => format!("{unit}{number}"),
            },
            Self::After(unit) => format!("{number}{unit}"),
            Self::AfterSpace(unit) => format!("{number}\u{a0}{unit}"),
        }
    }

    /// The unit where it stands beside the title.
    pub fn beside_title(self) -> Option<&'a str> {
        match self {
            Self::Title(unit) => Some(unit),
            _ => None,
        }
    }
}
