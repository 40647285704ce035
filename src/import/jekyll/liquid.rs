//! How tags and values are written in Liquid.
//!
//! In: a text. Out: the places of `{% … %}` and `{{ … }}`, in order; of blocks whose inside is no Liquid,
//! the whole.

use std::ops::Range;

/// Something that Liquid works out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// `{% raw %} … {% endraw %}`: what is shown as it is.
    Raw(Range<usize>),
    /// `{% comment %} … {% endcomment %}`, which nobody sees.
    Comment,
    /// `{% highlight language … %} … {% endhighlight %}`: what it is given, and the code.
    Highlight(String, Range<usize>),
    /// A tag of one of kramdown's extensions, by its name.
    Extension(String),
    /// Another tag: its name, and what it is given.
    Tag(String, String),
    /// A value: what is between the braces.
    Value(String),
}

/// A place of Liquid in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub kind: Kind,
    pub range: Range<usize>,
}

/// Finds Liquid in a text.
pub(super) fn find(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let ends = Ends::of(text);
    let mut at = 0;
    while let Some(next) = text[at..].find('{') {
        let start = at + next;
        let next = read(text, start, &ends);
        at = next.as_ref().map_or(start + 1, |next| next.range.end);
        found.extend(next);
    }
    found
}

/// Where the last of each end is. Behind it nothing is looked for, or a text of beginnings alone would be
/// read to its end once for each of them.
struct Ends {
    value: usize,
    tag: usize,
    blocks: [(&'static str, usize); 3],
}

impl Ends {
    fn of(text: &str) -> Self {
        let last = |end: &str| text.rfind(end).unwrap_or(0);
        Self {
            value: last("}}"),
            tag: last("%}"),
            blocks: ["endraw", "endcomment", "endhighlight"].map(|end| (end, last(end))),
        }
    }

    fn has(&self, closing: &str, from: usize) -> bool {
        self.blocks
            .iter()
            .any(|(end, last)| *end == closing && *last >= from)
    }
}

fn read(text: &str, start: usize, ends: &Ends) -> Option<Found> {
    let rest = &text[start..];
    if let Some(inner) = rest.strip_prefix("{{") {
        if ends.value < start {
            return None;
        }
        let length = inner.find("}}")?;
        let range = start..start + 2 + length + 2;
        let written = inner[..length].trim_matches('-').trim().to_owned();
        return Some(Found {
            kind: Kind::Value(written),
            range,
        });
    }
    if ends.tag < start {
        return None;
    }
    let (name, given, end) = tag(text, start)?;
    let inside = |closing: &str| {
        ends.has(closing, end).then_some(())?;
        let (inner, after) = closing_tag(text, end, closing)?;
        Some((end..inner, after))
    };
    let (kind, end) = match name {
        "raw" => inside("endraw").map(|(inner, after)| (Kind::Raw(inner), after))?,
        "comment" => inside("endcomment").map(|(_, after)| (Kind::Comment, after))?,
        "highlight" => inside("endhighlight")
            .map(|(inner, after)| (Kind::Highlight(given.to_owned(), inner), after))?,
        name => (Kind::Tag(name.to_owned(), given.to_owned()), end),
    };
    Some(Found {
        kind,
        range: start..end,
    })
}

/// A tag that begins at a place: its name, what it is given, and where it ends.
fn tag(text: &str, start: usize) -> Option<(&str, &str, usize)> {
    let inner = text[start..].strip_prefix("{%")?;
    let length = inner.find("%}")?;
    let written = inner[..length].trim_matches('-').trim();
    let end = written
        .find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-'))
        .unwrap_or(written.len());
    // `{% <note> %}` is none of Liquid's.
    (end > 0).then(|| {
        (
            &written[..end],
            written[end..].trim(),
            start + 2 + length + 2,
        )
    })
}

/// Where a closing tag begins and ends.
fn closing_tag(text: &str, from: usize, name: &str) -> Option<(usize, usize)> {
    let mut places = text[from..].match_indices("{%");
    places.find_map(|(at, _)| {
        let (found, _, end) = tag(text, from + at)?;
        (found == name).then_some((from + at, end))
    })
}

/// Whether a text is worked out rather than written: it has loops, or takes what the site has.
pub(super) fn is_template(text: &str) -> bool {
    find(text).iter().any(|found| match &found.kind {
        Kind::Tag(name, _) => matches!(
            name.as_str(),
            "for" | "if" | "unless" | "case" | "assign" | "capture" | "tablerow"
        ),
        Kind::Value(written) => written.starts_with("paginator") || written.starts_with("content"),
        _ => false,
    })
}

/// What a tag is given: a word or text, or a name with one. A value that is no text in quotes has a
/// variable's name, and is `None`.
pub(super) fn arguments(given: &str) -> Vec<(String, Option<String>)> {
    let mut found = Vec::new();
    let mut rest = given.trim_start();
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '=' | '"' | '\''))
            .unwrap_or(rest.len());
        let name = &rest[..end];
        let after = rest[end..].trim_start();
        if let Some(value) = after.strip_prefix('=').filter(|_| end > 0) {
            let (value, left) = value_of(value.trim_start());
            found.push((name.to_owned(), value));
            rest = left.trim_start_matches(',').trim_start();
        } else if end == 0 {
            let (value, left) = value_of(rest);
            found.push((String::new(), value));
            rest = if left.len() == rest.len() {
                &rest[rest.chars().next().map_or(0, char::len_utf8)..]
            } else {
                left
            };
            rest = rest.trim_start_matches(',').trim_start();
        } else {
            found.push((String::new(), Some(name.to_owned())));
            rest = after.trim_start_matches(',').trim_start();
        }
    }
    found
}

fn value_of(text: &str) -> (Option<String>, &str) {
    if let Some(quote @ ('"' | '\'')) = text.chars().next()
        && let Some(length) = text[1..].find(quote)
    {
        return (Some(text[1..=length].to_owned()), &text[length + 2..]);
    }
    let end = text
        .find(|c: char| c.is_whitespace() || c == ',')
        .unwrap_or(text.len());
    let is_number = end > 0
        && text[..end]
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
    (is_number.then(|| text[..end].to_owned()), &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn liquid_is_found_in_all_its_forms() {
        let text = "{% raw %}{{ a }}{% endraw %}{%- comment -%}x{% endcomment %}{% highlight ruby linenos %}\nb\n\
                    {% endhighlight %}{{- site.url | append: 'x' -}}{% include a.html b=\"c d\" %}{% raw %}{% <note> %}";
        let kinds: Vec<_> = find(text).into_iter().map(|found| found.kind).collect();
        let [
            Kind::Raw(raw),
            Kind::Comment,
            Kind::Highlight(given, code),
            Kind::Value(value),
            Kind::Tag(name, include),
        ] = &kinds[..]
        else {
            panic!("{kinds:?}");
        };
        assert_eq!(
            (&text[raw.clone()], given.as_str(), &text[code.clone()]),
            ("{{ a }}", "ruby linenos", "\nb\n")
        );
        assert_eq!(
            (value.as_str(), name.as_str(), include.as_str()),
            ("site.url | append: 'x'", "include", "a.html b=\"c d\"")
        );
        assert!(
            is_template("{% for post in site.posts %}{% endfor %}")
                && !is_template("{{ site.title }}")
        );
    }

    #[test]
    fn what_a_tag_is_given_has_names_or_places() {
        let given = arguments("figure.html src=\"a b.jpg\" alt='c' n=3, width=page.width \"d\"");
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            given,
            [
                (String::new(), text("figure.html")),
                ("src".to_owned(), text("a b.jpg")),
                ("alt".to_owned(), text("c")),
                ("n".to_owned(), text("3")),
                ("width".to_owned(), None),
                (String::new(), text("d"))
            ]
        );
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(\\{\\{|\\{%|\\}\\}|%\\}|raw|endraw|highlight|comment|-|a|=|\"| |é){0,40}") {
            for found in find(&text) {
                let _ = &text[found.range];
            }
            let _ = arguments(&text);
        }
    }
}
