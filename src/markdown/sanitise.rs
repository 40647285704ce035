//! HTML of authors who are not trusted.

use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

/// Deepest nesting that is sanitised. The sanitiser's parser takes quadratic time in it: 20,000
/// tags inside of each other took 3 s.
const DEEPEST: usize = 256;

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder
        .add_tags(["section", "input"])
        .add_generic_attributes(["id", "class", "role", "aria-label", "tabindex"])
        .add_tag_attributes("input", ["type", "checked", "disabled"])
        .add_tag_attribute_values("input", "type", ["checkbox"])
        .add_tag_attributes("ol", ["start"])
        .link_rel(Some("noopener nofollow"))
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]));
    builder
});

/// What a comment may bring: text that is emphasised, quoted, listed and linked. A class or an id
/// could dress it up as the publication's own words.
static COMMENTS: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let tags = [
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "cite",
        "code",
        "del",
        "em",
        "hr",
        "i",
        "ins",
        "kbd",
        "li",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "small",
        "strong",
        "sub",
        "sup",
        "u",
        "ul",
    ];
    let mut builder = Builder::default();
    builder
        .tags(HashSet::from(tags))
        .tag_attributes([("a", HashSet::from(["href"]))].into())
        .generic_attributes(HashSet::new())
        .link_rel(Some("nofollow ugc"))
        .url_relative(UrlRelative::Deny)
        .url_schemes(HashSet::from(["http", "https", "mailto"]));
    builder
});

/// Cleans rendered HTML of what could run, track or restyle. HTML that is nested too deep to be
/// worth cleaning is shown as text.
pub(super) fn sanitise(html: &str) -> String {
    if depth(html) > DEEPEST {
        return ammonia::clean_text(html);
    }
    CLEANER.clean(html).to_string()
}

/// Cleans the rendered HTML of a comment; `None` when it is nested too deep to be worth it.
pub(super) fn comment(html: &str) -> Option<String> {
    (depth(html) <= DEEPEST).then(|| COMMENTS.clean(html).to_string())
}

/// An upper bound of how deep tags are nested.
fn depth(html: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let bytes = html.as_bytes();
    for at in memchr::memchr_iter(b'<', bytes) {
        match bytes.get(at + 1) {
            Some(b'/') => depth = depth.saturating_sub(1),
            Some(next) if next.is_ascii_alphabetic() && !is_void(&html[at + 1..]) => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            _ => {}
        }
    }
    deepest
}

/// Elements that are never closed, and so do not nest.
fn is_void(tag: &str) -> bool {
    let name = tag
        .split(|c: char| !c.is_ascii_alphanumeric())
        .next()
        .unwrap_or("");
    [
        "br", "hr", "img", "input", "wbr", "col", "source", "track", "meta", "link", "area",
        "base", "embed",
    ]
    .iter()
    .any(|void| name.eq_ignore_ascii_case(void))
}

#[cfg(test)]
mod tests {
    use super::sanitise;

    #[test]
    fn what_could_run_is_gone_and_what_reads_is_kept() {
        let html = sanitise(
            "<p id=\"a\" onclick=\"x()\">one <script>alert(1)</script><a href=\"javascript:x\">two</a><img src=x onerror=y></p>",
        );
        assert_eq!(
            html,
            "<p id=\"a\">one <a rel=\"noopener nofollow\">two</a><img src=\"x\"></p>"
        );
        let task = "<input disabled=\"\" type=\"checkbox\" checked=\"\">";
        assert!(sanitise(task).contains("checkbox"));
    }

    #[test]
    fn deep_nesting_costs_nothing() {
        let html = "<div>".repeat(20_000);
        assert!(sanitise(&html).starts_with("&lt;div"));
    }
}
