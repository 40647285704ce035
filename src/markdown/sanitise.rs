//! HTML of authors who are not trusted.

use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::math;

/// Deepest nesting that is sanitised. The sanitiser's parser takes quadratic time in it: 20,000
/// tags inside of each other took 3 s.
const DEEPEST: usize = 256;

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder
        .add_tags(["section", "input", "semantics", "annotation"])
        .add_tags(math::ELEMENTS)
        .add_generic_attributes(["id", "class", "role", "aria-label", "tabindex", "data-n"])
        .add_tag_attributes("input", ["type", "checked", "disabled"])
        .add_tag_attribute_values("input", "type", ["checkbox"])
        .add_tags(["picture", "source"])
        .add_tag_attributes("source", ["type", "srcset", "sizes"])
        .add_tag_attributes("img", ["loading", "decoding"])
        .add_tag_attributes("ol", ["start"])
        .add_tag_attributes("annotation", ["encoding"])
        .link_rel(Some("noopener nofollow"))
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]));
    for element in math::ELEMENTS {
        builder.add_tag_attributes(element, math::ATTRIBUTES);
    }
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

/// An upper bound of how deep tags are nested, which stops counting when it is too deep. A closing
/// tag that closes nothing is ignored, as parsers do.
fn depth(html: &str) -> usize {
    let mut open: Vec<&str> = Vec::new();
    let mut deepest = 0;
    let bytes = html.as_bytes();
    for at in memchr::memchr_iter(b'<', bytes) {
        match bytes.get(at + 1) {
            Some(b'/') => {
                let name = name(&html[at + 2..]);
                let is_it = |other: &&str| other.eq_ignore_ascii_case(name);
                if let Some(opened) = open.iter().rposition(is_it) {
                    open.truncate(opened);
                }
            }
            Some(next) if next.is_ascii_alphabetic() => {
                let name = name(&html[at + 1..]);
                if !is_void(name) {
                    open.push(name);
                    deepest = deepest.max(open.len());
                }
            }
            _ => {}
        }
        if deepest > DEEPEST {
            break;
        }
    }
    deepest
}

/// The name that a tag begins with.
fn name(tag: &str) -> &str {
    let end = tag.find(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    &tag[..end.unwrap_or(tag.len())]
}

/// Elements that are never closed, and so do not nest.
fn is_void(name: &str) -> bool {
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
    fn what_dresses_up_as_mathml_is_gone_and_the_formula_is_kept() {
        let html = sanitise(
            "<math display=\"block\" onclick=\"x()\"><mi mathcolor=\"#ff0000\" style=\"x\" \
             href=\"javascript:x\">a</mi><maction actiontype=\"statusline\"><mn>1</mn></maction>\
             <annotation-xml encoding=\"text/html\"><script>x()</script></annotation-xml>\
             <mtext><img src=x onerror=y></mtext></math>",
        );
        for gone in [
            "onclick",
            "style",
            "javascript",
            "maction",
            "annotation-xml",
            "script",
            "onerror",
        ] {
            assert!(!html.contains(gone), "{gone}: {html}");
        }
        assert!(html.contains("<mi mathcolor=\"#ff0000\">a</mi>"), "{html}");
    }

    #[test]
    fn deep_nesting_costs_nothing() {
        for html in ["<div>", "<div></x>"] {
            let html = html.repeat(20_000);
            assert!(sanitise(&html).starts_with("&lt;"), "{}", &html[..9]);
        }
        let flat = "<p>one<br></p>".repeat(20_000);
        assert!(sanitise(&flat).starts_with("<p>one"));
    }
}
