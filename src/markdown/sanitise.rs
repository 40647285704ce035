//! HTML of authors who are not trusted.

use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::Builder;

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

/// Cleans rendered HTML of what could run, track or restyle. HTML that is nested too deep to be
/// worth cleaning is shown as text.
pub(super) fn sanitise(html: &str) -> String {
    if depth(html) > DEEPEST {
        return ammonia::clean_text(html);
    }
    CLEANER.clean(html).to_string()
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
