use std::convert::Infallible;

use proptest::prelude::*;

use super::super::{Body, Resolution, Sanitiser, Scan, UnsafeLink, scan, to_html};
use super::*;
use crate::model::Link;
use crate::yaml::Value;

const BASE: &str = "https://example.org/";

/// A theme with the components `a`, `b` and `inline`, which tell what they are given.
struct Theme {
    sanitised: bool,
    unknown: Treatment,
}

impl Components for Theme {
    type Error = Infallible;

    fn treatment(&self, name: &str, _: Form) -> Treatment {
        match name {
            "a" | "article" | "b" | "inline" => Treatment::Call,
            _ => self.unknown,
        }
    }

    fn render(
        &self,
        nth: usize,
        name: &str,
        arguments: &[Argument],
        body: Option<&str>,
    ) -> Result<String, Infallible> {
        let given = arguments.iter().map(|argument| {
            let value = match &argument.value {
                Value::String(text) => text.clone(),
                other => format!("{other:?}"),
            };
            format!(" {}={value}", argument.name)
        });
        let given: String = given.collect();
        let body = body.unwrap_or("-").trim();
        Ok(match name {
            "inline" => format!("<i>{nth}{given}</i>"),
            _ => format!("<div {name}{nth}{given}>{body}</div>"),
        })
    }
}

const THEME: Theme = Theme {
    sanitised: false,
    unknown: Treatment::Drop,
};

fn scanned(body: &str) -> Scan {
    scan(body, 0, false, true, BASE, |name, form| {
        THEME.treatment(name, form)
    })
}

fn html_by(theme: &Theme, markdown: &str) -> String {
    let scan = scan(markdown, 0, false, true, BASE, |name, form| {
        theme.treatment(name, form)
    });
    let links = scan.links.iter().map(|link| Resolution::To {
        url: format!("/to/{}", link.destination).into(),
        label: None,
        picture: None,
    });
    let links: Vec<Resolution> = links.collect();
    let sanitiser = Sanitiser::allowing(Vec::new());
    let body = Body {
        sizes: "",
        markdown,
        headings: &scan.headings,
        links: &links,
        base_url: BASE,
        math: false,
        without_title: false,
        sanitiser: theme.sanitised.then_some(&sanitiser),
        colours: None,
    };
    let Ok(html) = to_html(body, theme);
    html
}

fn html(markdown: &str) -> String {
    html_by(&THEME, markdown)
}

/// Messages with the lines and columns that they are about.
fn faults(markdown: &str) -> Vec<(u32, u32, String)> {
    let faults = scanned(markdown).faults.into_iter();
    faults
        .map(|fault| (fault.position.line, fault.position.column, fault.message))
        .collect()
}

#[test]
fn a_call_on_a_line_of_its_own_is_a_block() {
    assert_eq!(
        html("Before\n{{<a x=\"1\" />}}\nafter\n"),
        "<p>Before</p>\n<div a0 x=1>-</div>\n<p>after</p>\n"
    );
    assert_eq!(
        html("> {{<a />}}\n>\n> * {{<a />}}\n"),
        "<blockquote>\n<div a0>-</div>\n<ul>\n<li><div a1>-</div>\n</li>\n</ul>\n</blockquote>\n"
    );
}

#[test]
fn a_call_in_a_line_divides_its_paragraph_if_it_is_a_block() {
    assert_eq!(
        html("One {{<a />}} two {{<inline />}} three {{<a />}}"),
        "<p>One </p>\n<div a0>-</div>\n<p> two <i>1</i> three </p>\n<div a2>-</div>\n"
    );
    assert_eq!(html("*{{<inline />}}*"), "<p><em><i>0</i></em></p>\n");
    assert_eq!(
        html("{{<inline />}}, {{<inline />}}"),
        "<p><i>0</i>, <i>1</i></p>\n"
    );
    assert_eq!(
        html("## With {{<inline />}}\n"),
        "<h2 id=\"with\">With <i>0</i></h2>\n"
    );
}

#[test]
fn a_body_is_markdown_with_everything_that_belongs_to_it() {
    assert_eq!(
        html("{% <a> %}\nOne *two*\n{% <b x=\"1\"> %}\n- item\n{% </b> %}\n{% </a> %}\n"),
        "<div a0><p>One <em>two</em></p>\n<div b1 x=1><ul>\n<li>item</li>\n</ul></div></div>\n"
    );
    assert_eq!(
        html("- one {% <a> %}x **y**{% </a> %}\n- two\n"),
        "<ul>\n<li>one <div a0>x <strong>y</strong></div></li>\n<li>two</li>\n</ul>\n"
    );
    // Footnotes and references are those of the article.
    let noted = html("{% <a> %}\nSee[^1] [here][r].\n{% </a> %}\n\n[^1]: Note\n\n[r]: x.md\n");
    assert!(noted.contains("<div a0><p>See<sup"), "{noted}");
    assert!(noted.contains("href=\"/to/x.md\""), "{noted}");
    assert!(noted.contains("Note"), "{noted}");
}

#[test]
fn hugos_forms_are_calls_as_well() {
    assert_eq!(html("{{< a x=\"1\" >}}\n"), "<div a0 x=1>-</div>\n");
    assert_eq!(
        html("{{% a %}}\n\n*b*\n\n{{% /a %}}\n"),
        "<div a0><p><em>b</em></p></div>\n"
    );
    assert_eq!(
        html("{{< a >}}\n{{< b >}}\ntext\n{{< /b >}}\n"),
        "<div a0>-</div>\n<div b1><p>text</p></div>\n"
    );
}

#[test]
fn what_is_in_code_or_in_a_comment_is_no_call() {
    for text in [
        "`{{<a />}}`\n",
        "```\n{{<a />}}\n{% <a> %}\n```\n",
        "    {{<a />}}\n",
        "<!-- {{<a />}} -->\n",
        "<!--\n{{<a />}}\n-->\n",
    ] {
        assert!(scanned(text).calls.is_empty(), "{text}");
        assert!(!html(text).contains("<div"), "{text}");
    }
    // Code that is code only because a component ends the paragraph before it.
    let late = "{% <a> %}\n    {{<b />}}\n{% </a> %}\n";
    assert!(
        html(late).contains("<code>{{&lt;b /&gt;}}\n</code>"),
        "{}",
        html(late)
    );
}

#[test]
fn values_are_texts_and_literals() {
    let calls = scanned(
        r#"{{<a s="say \"so\"" q='x "y"' n={3} list={[1, two]} map={{k: v}} bare=7 on=true word=plain />}}"#,
    )
    .calls;
    let given: Vec<String> = calls[0]
        .arguments
        .iter()
        .map(|it| format!("{}={}", it.name, crate::yaml::to_text(&it.value).trim_end()))
        .collect();
    assert_eq!(
        given,
        [
            "s=say \"so\"",
            "q=x \"y\"",
            "n=3",
            "list=- 1\n- two",
            "map=k: v",
            "bare=7",
            "on=true",
            "word=plain"
        ]
    );
    let position = calls[0].position;
    assert_eq!((position.line, position.column), (1, 1));
}

#[test]
fn an_article_that_is_named_is_a_link_whatever_its_name_looks_like() {
    let body = "{{<article path=\"Budget: what is new\" />}}\n\n{{<article path=\"https://example.org/news/a/\" />}}\n\n{{<a path=\"x.md\" />}}\n";
    let scan = scanned(body);
    let named = |link: &Link| (link.kind, link.destination.to_string(), link.position.line);
    let links: Vec<_> = scan.links.iter().map(named).collect();
    assert_eq!(
        links,
        [
            (LinkKind::Article, "Budget: what is new".to_owned(), 1),
            (LinkKind::Article, "/news/a/".to_owned(), 3),
        ]
    );
    let html = html(body);
    assert!(
        html.contains("<div article0 path=/to/Budget: what is new>"),
        "{html}"
    );
    assert!(html.contains("<div a2 path=x.md>"), "{html}");
}

#[test]
fn addresses_lead_where_links_lead_and_nowhere_if_they_run_code() {
    let body = "[x](x.md)\n\n{{<a src=\"p.png\" href=\"y.md\" title=\"z.md\" />}}\n\n[w](w.md)\n";
    let destinations: Vec<_> = scanned(body)
        .links
        .into_iter()
        .map(|it| it.destination)
        .collect();
    assert_eq!(
        destinations,
        ["x.md", "p.png", "y.md", "w.md"].map(Box::from)
    );
    let html = html(body);
    assert!(
        html.contains("<div a0 src=/to/p.png href=/to/y.md title=z.md>"),
        "{html}"
    );
    assert!(html.contains("<a href=\"/to/w.md\">"), "{html}");
    let unsafe_one = "{{<a href=\"javascript:x\" />}}\n";
    let UnsafeLink { destination, .. } = &scanned(unsafe_one).unsafe_links[0];
    assert_eq!(&**destination, "javascript:x");
    assert!(self::html(unsafe_one).contains("<div a0 href=>"));
}

#[test]
fn what_is_not_closed_where_it_was_opened_is_told() {
    let at = |line, column, message: &str| vec![(line, column, message.to_owned())];
    assert_eq!(
        faults("x\n\n{% <a> %}\n"),
        at(3, 1, "`a` is opened here and not closed")
    );
    assert_eq!(
        faults("{% </a> %}\n"),
        at(1, 1, "this closes `a`, which is not open here")
    );
    assert_eq!(faults("- {% <a> %}\n\n{% </a> %}\n").len(), 2);
    assert_eq!(
        faults("{% <a> %}\n{% <b> %}\n{% </a> %}\n{% </b> %}\n").len(),
        2
    );
    assert_eq!(
        faults("See {{<a x=\"1 />}}\n"),
        at(1, 12, "a text in the call of `a` does not end")
    );
    assert_eq!(
        faults("{{<a x=1\n\nand more\n"),
        at(1, 1, "the call of `a` that begins here does not end")
    );
    assert_eq!(
        faults("![x {{<a />}}](p.png)\n"),
        at(1, 5, "the component `a` cannot stand here")
    );
    assert!(faults("{{ x }} {% if %} {{< }} {{<3 />}} {{</* a */>}} 100 %}").is_empty());
}

#[test]
fn a_name_that_nobody_knows_is_text_or_left_out() {
    let text = Theme {
        unknown: Treatment::Text,
        ..THEME
    };
    let body = "One {{< youtube abc >}} two\n\n{{< wide >}}\n*b*\n{{< /wide >}}\n";
    assert_eq!(html(body), "<p>One  two</p>\n\n<p><em>b</em></p>\n\n");
    assert!(html_by(&text, body).contains("{{&lt; youtube abc &gt;}}"));
    let unknown: Vec<_> = scanned(body)
        .unknown
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(unknown, ["youtube", "wide"].map(Box::from));
    let quiet = scan("{{< x \"y >}}", 0, false, true, BASE, |name, form| {
        text.treatment(name, form)
    });
    assert!(quiet.faults.is_empty());
}

#[test]
fn what_the_site_knows_of_a_body_has_no_calls_in_it() {
    let scan = scanned(
        "{{<a caption=\"Secret\" />}}\n\nA first {{<inline />}}sentence.\n\n{% <b> %}\nInner words\n{% </b> %}\n",
    );
    assert_eq!(scan.summary, "A first sentence.");
    assert_eq!(scan.words, 5);
    assert!(scan.prose.contains("Inner words"), "{}", scan.prose);
    assert!(!scan.prose.contains(MASKS), "{}", scan.prose);
    let more = scanned("{{<a />}}\n\nUp to {{<inline />}}here.\n\n<!--more-->\n\nRest.\n");
    assert_eq!(more.summary, "Up to here.");
}

#[test]
fn small_letters_are_read_as_they_are_shown() {
    let body = "## H~2~O\n\n{{<a />}}\n\nOf x^2^ and H~2~O.\n";
    assert!(
        html(body).contains("<h2 id=\"h2o\">H<sub>2</sub>O</h2>"),
        "{}",
        html(body)
    );
    let scan = scanned(body);
    assert_eq!(&*scan.headings[0].text, "H2O");
    assert_eq!(scan.summary, "Of x2 and H2O.");
}

#[test]
fn where_html_is_sanitised_components_are_not() {
    let theme = Theme {
        sanitised: true,
        ..THEME
    };
    let html = html_by(
        &theme,
        "{% <a x=\"1\"> %}\n<script>1</script>\n{{<b />}}\n<i onclick=x>y</i>\n{% </a> %}\n",
    );
    assert!(html.contains("<div a0 x=1>"), "{html}");
    assert!(html.contains("<div b1>-</div>"), "{html}");
    assert!(
        !html.contains("script") && !html.contains("onclick"),
        "{html}"
    );
}

#[test]
fn a_component_never_stands_in_an_attribute_of_sanitised_html() {
    let theme = Theme {
        sanitised: true,
        ..THEME
    };
    // What takes the place of a component until it is cleaned, as somebody who knows it would write it.
    let sign = "\u{fdd1}0\u{fdd1}";
    for markdown in [
        "<p title=\"{{<inline x=\" onclick=y \" />}}\">text</p>\n".to_owned(),
        format!("{{{{<inline x=\" onclick=y \" />}}}} <b title=\"{sign}\">text</b>\n"),
        "{{<inline x=\" onclick=y \" />}} ![&#xFDD1;0&#xFDD1;](a.png \"&#xFDD1;0&#xFDD1;\")\n"
            .to_owned(),
    ] {
        let html = html_by(&theme, &markdown);
        assert!(!html.contains("title") && !html.contains("alt"), "{html}");
    }
    let within = format!("{{{{<inline x=\" onclick=y \" />}}}} {{{{<inline y=\"{sign}\" />}}}}\n");
    assert_eq!(html_by(&theme, &within).matches("onclick").count(), 1);
}

#[test]
fn addresses_within_lists_and_mappings_are_links_as_well() {
    let call = "{{<inline events={[{title: a, href: b.md}, {href: \"javascript:x\", image: c.png}]} />}}\n";
    let scan = scanned(call);
    let links: Vec<_> = scan
        .links
        .iter()
        .map(|link| (link.kind, &*link.destination))
        .collect();
    assert_eq!(
        links,
        [(LinkKind::Html, "b.md"), (LinkKind::Image, "c.png")]
    );
    assert_eq!(scan.unsafe_links.len(), 1);
    let html = html(call);
    assert!(
        html.contains("/to/b.md") && html.contains("/to/c.png"),
        "{html}"
    );
    assert!(!html.contains("javascript"), "{html}");
}

#[test]
fn where_html_is_sanitised_a_component_ends_no_attribute() {
    let theme = Theme {
        sanitised: true,
        ..THEME
    };
    let shown = html_by(&theme, "<b title=\"{{<inline x=' onclick=y ' />}}\">z</b>");
    assert_eq!(shown, "<p><b>z</b></p>\n");
    let shown = html_by(
        &theme,
        "<b title=\"\u{fdd1}0\u{fdd1}\">z</b> {{<b />}} \u{fdd1}",
    );
    assert_eq!(shown, "<p><b>z</b> </p>\n<div b0>-</div>\n<p> </p>\n");
    let within = html_by(
        &theme,
        "{% <a x=\"\u{fdd1}0\u{fdd1}\"> %}\n\n{{<b />}}\n\n{% </a> %}\n",
    );
    assert!(
        within.contains("x=\u{fdd1}0\u{fdd1}><div b1>-</div>"),
        "{within}"
    );
}

fn anything() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("{{<a />}}"),
        Just("{{<a src=\"p\" />}}"),
        Just("{% <a> %}"),
        Just("{% </a> %}"),
        Just("{% <b x={1}> %}"),
        Just("{% </b> %}"),
        Just("{{< a >}}"),
        Just("{{< /a >}}"),
        Just("{{<inline />}}"),
        Just("{{<"),
        Just("/>}}"),
        Just("{%"),
        Just("\""),
        Just("`"),
        Just("```\n"),
        Just("\n"),
        Just("\n\n"),
        Just("    "),
        Just("> "),
        Just("- "),
        Just("1. "),
        Just("# "),
        Just("[p](y)"),
        Just("!["),
        Just("]("),
        Just(")"),
        Just("[^1]"),
        Just("\n[^1]: "),
        Just("<!--"),
        Just("-->"),
        Just("<div>"),
        Just("</div>"),
        Just("*"),
        Just("~"),
        Just("é"),
        Just("word "),
        Just("| a |\n|---|\n"),
    ];
    proptest::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn nothing_shows_that_there_were_masks(body in anything()) {
        let html = html(&body);
        let scan = scanned(&body);
        for text in [&html, &scan.prose, &scan.summary] {
            prop_assert!(!text.contains(MASKS), "{text}");
            prop_assert!(!text.contains("xxx"), "{text}");
        }
        if scan.faults.is_empty() {
            let made = html.matches("<div a").count() + html.matches("<div b").count() + html.matches("<i>").count();
            prop_assert!(made >= scan.calls.len().saturating_sub(body.matches("[^1]: ").count() * 24), "{html}");
        }
    }

    #[test]
    fn offsets_are_those_of_the_file(body in anything()) {
        if let (Some(masked), _) = mask(&body, false, |name, form| THEME.treatment(name, form)) {
            prop_assert_eq!(masked.text.len(), body.len());
            for call in &masked.calls {
                let written = &body[call.range.clone()];
                prop_assert!(written.starts_with('{') && written.ends_with('}'), "{}", written);
            }
        }
    }
}
