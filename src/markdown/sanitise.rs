//! HTML of authors who are not trusted.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::composed::TOKEN;
use super::destination::is_elsewhere;
use super::math;

/// Deepest nesting that is sanitised. The sanitiser's parser takes quadratic time in it: 20,000
/// tags inside of each other took 3 s.
const DEEPEST: usize = 256;

/// Most closing tags that close others with their own, each of which may nest whatever comes after it one
/// deeper: what they close is opened again, as `<b>` is, or has closed their own before, as `<dl>` closes `<p>`.
const MOST_SLIPS: usize = 1_024;

/// Classes that the HTML of Markdown has, and nobody's own: another one could dress a text up as
/// the publication's own words.
const CLASSES: [&str; 9] = [
    "align-left",
    "align-center",
    "align-right",
    "code",
    "footnote-back",
    "footnote-reference",
    "footnotes",
    "math",
    "table",
];
/// Beginnings of others: those of code, of remarks, and of formulas.
const BEGINNINGS: [&str; 6] = [
    "c-",
    "language-",
    "markdown-alert-",
    "cell-",
    "math-",
    "menv-",
];

/// What ids of themes begin with.
const OF_THEMES: &str = "page--";

/// Takes out of HTML what could run, track or restyle, or pass for the publication itself.
#[derive(Debug)]
pub struct Sanitiser(Builder<'static>);

impl Sanitiser {
    /// `sites`: beginnings of the addresses that pictures of other sites may have.
    #[must_use]
    pub fn allowing(sites: Vec<String>) -> Self {
        let mut builder = Builder::default();
        builder
            .add_tags(["section", "input", "semantics", "annotation"])
            .add_tags(math::ELEMENTS)
            .add_generic_attributes(["id", "class", "role", "aria-label", "tabindex", "data-n"])
            .add_tag_attributes("input", ["checked"])
            // Whatever it was, it is the box of a task, which nobody can tick.
            .set_tag_attribute_value("input", "type", "checkbox")
            .set_tag_attribute_value("input", "disabled", "")
            .add_tags(["picture", "source"])
            .add_tag_attributes("source", ["type", "srcset", "sizes"])
            .add_tag_attributes("img", ["loading", "decoding"])
            .add_tag_attributes("ol", ["start"])
            .add_tag_attributes("annotation", ["encoding"])
            .link_rel(Some("noopener nofollow"))
            .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
            .attribute_filter(move |_, attribute, value| kept(&sites, attribute, value));
        for element in math::ELEMENTS {
            builder.add_tag_attributes(element, math::ATTRIBUTES);
        }
        Self(builder)
    }

    /// Cleans rendered HTML. HTML that is nested too deep to be worth cleaning is shown as text.
    pub(super) fn clean(&self, html: &str) -> String {
        if is_deep(html) {
            return ammonia::clean_text(html);
        }
        let cleaned = self.0.clean(html).to_string();
        // What the library sets comes last in a tag, in an order of chance. In a text the last sign would be
        // `&gt;`, and in an attribute the quotation marks would be `&quot;`.
        cleaned.replace(
            " type=\"checkbox\" disabled=\"\">",
            " disabled=\"\" type=\"checkbox\">",
        )
    }
}

/// What stays of the value of an attribute that is allowed.
fn kept<'v>(sites: &[String], attribute: &str, value: &'v str) -> Option<Cow<'v, str>> {
    let may_load = |url: &str| {
        !is_elsewhere(url)
            || sites
                .iter()
                .any(|site| url.trim().starts_with(site.as_str()))
    };
    let stays = match attribute {
        // The HTML of a component would end the attribute.
        _ if value.contains(TOKEN) => false,
        "class" => return classes(value),
        "id" => !value.starts_with(OF_THEMES),
        "role" => value.starts_with("doc-"),
        "tabindex" => value == "0",
        "src" => may_load(value),
        "srcset" => value.split(',').all(may_load),
        _ => true,
    };
    stays.then(|| value.into())
}

/// Those of an element's classes that anybody may use.
fn classes(value: &str) -> Option<Cow<'_, str>> {
    let is_known = |class: &&str| {
        CLASSES.contains(class) || BEGINNINGS.iter().any(|known| class.starts_with(known))
    };
    let known: Vec<&str> = value.split_ascii_whitespace().filter(is_known).collect();
    (!known.is_empty()).then(|| known.join(" ").into())
}

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

/// Cleans the rendered HTML of a comment; `None` when it is nested too deep to be worth it.
pub(super) fn comment(html: &str) -> Option<String> {
    (!is_deep(html)).then(|| COMMENTS.clean(html).to_string())
}

/// Whether a parser may nest tags too deep. A closing tag that closes nothing is ignored, as parsers do.
fn is_deep(html: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    let mut slips = 0;
    let bytes = html.as_bytes();
    for at in memchr::memchr_iter(b'<', bytes) {
        match bytes.get(at + 1) {
            Some(b'/') => {
                let name = name(&html[at + 2..]);
                let is_it = |other: &&str| other.eq_ignore_ascii_case(name);
                if let Some(opened) = open.iter().rposition(is_it) {
                    let closed = &open[opened + 1..];
                    let is_clean = closed.is_empty()
                        || is_in(&CONTAINERS, name)
                            && closed.iter().all(|name| may_stay_open(name));
                    slips += usize::from(!is_clean);
                    open.truncate(opened);
                }
            }
            Some(next) if next.is_ascii_alphabetic() => {
                let name = name(&html[at + 1..]);
                if open.last().is_some_and(|last| is_ended_by(last, name)) {
                    open.pop();
                }
                if !is_void(name) {
                    open.push(name);
                }
            }
            _ => {}
        }
        if open.len() > DEEPEST || slips > MOST_SLIPS {
            return true;
        }
    }
    false
}

/// Elements that need not be closed: another one of the same list ends them, and so does what they are in.
const UNCLOSED: [&[&str]; 7] = [
    &["p"],
    &["li"],
    &["dt", "dd"],
    &["td", "th"],
    &["tr"],
    &["tbody", "thead", "tfoot"],
    &["rt", "rp"],
];

/// Elements whose end is that of all that need not be closed within; others it may have ended, as `<dt>` does
/// a `<p>`, or their end is none where such a one is open, as that of a `<span>`.
const CONTAINERS: [&str; 19] = [
    "article",
    "aside",
    "blockquote",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figure",
    "footer",
    "header",
    "li",
    "main",
    "menu",
    "ol",
    "ruby",
    "section",
    "table",
    "ul",
];

fn is_in(list: &[&str], name: &str) -> bool {
    list.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Whether an element that need not be closed ends where another begins.
fn is_ended_by(open: &str, next: &str) -> bool {
    UNCLOSED
        .iter()
        .any(|list| is_in(list, open) && is_in(list, next))
}

/// Whether an element need not be closed.
fn may_stay_open(name: &str) -> bool {
    UNCLOSED.iter().any(|list| is_in(list, name))
}

/// The name that a tag begins with.
fn name(tag: &str) -> &str {
    let end = tag.find(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    &tag[..end.unwrap_or(tag.len())]
}

/// Elements that are never closed, and so do not nest.
fn is_void(name: &str) -> bool {
    let void = [
        "br", "hr", "img", "input", "wbr", "col", "source", "track", "meta", "link", "area",
        "base", "embed",
    ];
    is_in(&void, name)
}

#[cfg(test)]
mod tests {
    use super::Sanitiser;

    fn sanitise(html: &str) -> String {
        Sanitiser::allowing(vec!["https://cdn.example/".to_owned()]).clean(html)
    }

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
    fn a_box_is_the_same_in_every_run() {
        for _ in 0..20 {
            let cleaned = Sanitiser::allowing(Vec::new()).clean("<input checked id=\">\">");
            assert_eq!(
                cleaned,
                "<input checked=\"\" id=\"&gt;\" disabled=\"\" type=\"checkbox\">"
            );
        }
    }

    #[test]
    fn nothing_passes_for_a_part_of_the_page() {
        for (html, cleaned) in [
            (
                "<div class=\"masthead align-left c-k newsletter\" id=\"page--comments\">a</div>",
                "<div class=\"align-left c-k\">a</div>",
            ),
            (
                "<p class=\"masthead\" role=\"alert\" tabindex=\"9\">a</p>",
                "<p>a</p>",
            ),
            (
                "<form action=\"https://x.example/\"><input type=\"password\" name=\"p\"><button>a</button></form>",
                "<input disabled=\"\" type=\"checkbox\">a",
            ),
            ("<b title=\"\u{fdd1}0\u{fdd1}\">a</b>", "<b>a</b>"),
        ] {
            assert_eq!(sanitise(html), cleaned);
        }
    }

    #[test]
    fn pictures_of_other_sites_are_not_loaded() {
        for url in [
            "https://x.example/a.png",
            "//x.example/a.png",
            "/\\x.example/a.png",
            "\t/\n/x.example/a.png",
            "https://cdn.example.x.example/a.png",
            "data:image/png;base64,AAAA",
            "x:a.png",
        ] {
            let html = sanitise(&format!("<img src=\"{url}\">"));
            assert_eq!(html, "<img>", "{url}");
        }
        for url in ["a.png", "/a.png", "https://cdn.example/a.png"] {
            assert!(sanitise(&format!("<img src=\"{url}\">")).contains(url));
        }
        let set = "<source srcset=\"/a.webp 1x, https://x.example/b.webp 2x\">";
        assert_eq!(sanitise(set), "<source>");
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
        for html in [
            "<div>",
            "<div></x>",
            "<p>one <b></p>\n",
            "<p>one <dl><dt></p>\n",
            "<span><div></span></div>",
            "<span><li></span><span><dt></span>",
            "<p><li></p><p><dt></p>",
            "<td><li></td><td><dt></td>",
        ] {
            let repeated = html.repeat(20_000);
            assert!(sanitise(&repeated).starts_with("&lt;"), "{html}");
        }
        for html in [
            "<p>one<br></p>",
            "<p>one",
            "<ul><li>a<li>b</ul>",
            "<p><b>one</b> <i>two</i></p>",
        ] {
            let repeated = html.repeat(20_000);
            assert!(sanitise(&repeated).starts_with(&html[..3]), "{html}");
        }
    }
}
