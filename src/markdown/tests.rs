use super::*;
use crate::code::Colours;
use crate::model::{Argument, Form, LinkKind, Position, Treatment};

const BASE: &str = "https://example.org/sub/";

/// A theme without components.
struct NoComponents;

impl Components for NoComponents {
    type Error = std::convert::Infallible;

    fn treatment(&self, _: &str, _: Form) -> Treatment {
        Treatment::Text
    }

    fn render(
        &self,
        _: usize,
        _: &str,
        _: &[Argument],
        _: Option<&str>,
    ) -> Result<String, Self::Error> {
        Ok(String::new())
    }
}

fn scanned(body: &str) -> Scan {
    scan(body, 0, false, true, BASE, |name, form| {
        NoComponents.treatment(name, form)
    })
}

fn html(body: &str, links: &[Resolution]) -> String {
    let scan = scanned(body);
    to_html(
        Body {
            sizes: "",
            markdown: body,
            headings: &scan.headings,
            links,
            base_url: BASE,
            math: false,
            without_title: false,
            sanitiser: None,
            colours: None,
        },
        &NoComponents,
    )
    .unwrap()
}

#[test]
fn heading_ids_are_unique_stable_and_in_every_script() {
    let scan = scanned(
        "# Über uns\n\n## Notes\n\n## Notes\n\n## 東京\n\n## Fixed {#own .lead onclick=x}\n\n## `code` & more",
    );
    let ids: Vec<_> = scan.headings.iter().map(|h| h.id.as_ref()).collect();
    assert_eq!(
        ids,
        ["über-uns", "notes", "notes-1", "東京", "own", "code-more"]
    );
    let html = html("## Fixed {#own .lead onclick=x}", &[]);
    assert_eq!(html, "<h2 id=\"own\" class=\"lead\">Fixed</h2>\n");
}

#[test]
fn internal_links_are_found_where_they_are() {
    let body = "One [two](two.md) three\n\n![pic](a.png) and [out](https://elsewhere.org/) [[Wiki]]\n\
                [home](https://example.org/sub/news/) <a href='/raw/'>x</a>\n";
    let scan = scanned(body);
    let links: Vec<_> = scan
        .links
        .iter()
        .map(|l| {
            (
                l.kind,
                l.destination.as_ref(),
                l.position.line,
                l.position.column,
            )
        })
        .collect();
    assert_eq!(
        links,
        [
            (LinkKind::Link, "two.md", 1, 11),
            (LinkKind::Image, "a.png", 3, 8),
            (LinkKind::Wiki, "Wiki", 3, 51),
            (LinkKind::Link, "/news/", 4, 8),
            (LinkKind::Html, "/raw/", 4, 48),
        ]
    );
}

#[test]
fn each_link_gets_its_own_answer() {
    let to = |url: &str, label: Option<&str>| Resolution::To {
        url: url.into(),
        label: label.map(Into::into),
        picture: None,
    };
    let body = "[a](a.md) [[b]] [[b|own]] <a href=\"c\">c</a> [d](https://d.org/)";
    let links = [
        to("/a/", None),
        to("/b/", Some("B & B")),
        to("/b/", Some("B & B")),
        to("/c/", None),
    ];
    assert_eq!(
        html(body, &links),
        "<p><a href=\"/a/\">a</a> <a href=\"/b/\">B &amp; B</a> <a href=\"/b/\">own</a> \
         <a href=\"/c/\">c</a> <a href=\"https://d.org/\">d</a></p>\n"
    );
}

#[test]
fn a_headline_that_is_left_out_keeps_the_answers_of_the_others_in_order() {
    let body = "# One [a](a.md) <a href=\"b\">b</a>\n\n[c](c.md)\n";
    let scan = scanned(body);
    let to = |url: &str| Resolution::To {
        url: url.into(),
        label: None,
        picture: None,
    };
    let html = to_html(
        Body {
            sizes: "",
            markdown: body,
            headings: &scan.headings,
            links: &[to("/a/"), to("/b/"), to("/c/")],
            base_url: BASE,
            math: false,
            without_title: true,
            sanitiser: None,
            colours: None,
        },
        &NoComponents,
    )
    .unwrap();
    assert_eq!(html, "<p><a href=\"/c/\">c</a></p>\n");
}

#[test]
fn a_scheme_that_runs_code_is_not_published() {
    for link in [
        "[x](javascript:alert(1))",
        "[x](JaVaScript:alert(1))",
        "[x](<java&#10;script:alert(1)>)",
        "[x](data:text/html,x)",
        "[x](vbscript:x)",
        "[x](javascript:alert(1)//{{)",
        "[x](<javascript:x {% y %}>)",
        "<javascript:alert(1)>",
        "![x](data:image/svg+xml;base64,x)",
    ] {
        assert_eq!(scanned(link).unsafe_links.len(), 1, "{link}");
        let html = html(link, &[]);
        assert!(html.contains("=\"\""), "{link}: {html}");
    }
    for link in [
        "[x](mailto:a@b.c)",
        "[x](//host/x)",
        "[x](tel:1)",
        "![x](data:image/png;base64,x)",
    ] {
        assert!(scanned(link).unsafe_links.is_empty(), "{link}");
    }
}

#[test]
fn the_summary_is_the_first_paragraph_that_says_something() {
    assert_eq!(
        scanned("# T\n\n![x](y.png)\n\n> no\n\nFirst *one*.\n\nSecond.").summary,
        "First one."
    );
    assert_eq!(
        scanned("{{< figure >}}\n\nThe *first* one’s `code`.\n\nSecond.").summary,
        "The first one’s code."
    );
    assert_eq!(
        scanned("One.\n\nTwo.\n\n<!-- more -->\n\nThree.").summary,
        "One. Two."
    );
    let long =
        "A first sentence that goes on for quite a while so that it counts as enough of one. "
            .repeat(5);
    assert_eq!(scanned(&long).summary.matches("enough").count(), 2);
    let no_end = "word ".repeat(100);
    let summary = scanned(&no_end).summary;
    assert!(summary.ends_with("word…") && summary.chars().count() <= 201);
}

#[test]
fn footnotes_stand_at_the_end_in_the_order_of_their_references() {
    let html = html(
        "B[^b] A[^a] B again[^b]\n\n[^a]: About A\n\n[^b]: About B",
        &[],
    );
    insta::assert_snapshot!(html, @r##"
    <p>B<sup class="footnote-reference"><a href="#fn-1" id="fnref-1" role="doc-noteref">1</a></sup> A<sup class="footnote-reference"><a href="#fn-2" id="fnref-2" role="doc-noteref">2</a></sup> B again<sup class="footnote-reference"><a href="#fn-1" id="fnref-1-2" role="doc-noteref">1</a></sup></p>
    <section class="footnotes" role="doc-endnotes">
    <ol>
    <li id="fn-1">
    <p>About B <a href="#fnref-1" class="footnote-back" role="doc-backlink" aria-label="Back to reference 1">↩</a> <a href="#fnref-1-2" class="footnote-back" role="doc-backlink" aria-label="Back to reference 1-2">↩</a></p>
    </li>
    <li id="fn-2">
    <p>About A <a href="#fnref-2" class="footnote-back" role="doc-backlink" aria-label="Back to reference 2">↩</a></p>
    </li>
    </ol>
    </section>
    "##);
}

#[test]
fn raw_html_that_spans_lines_is_seen_whole() {
    let body = "<div\n  id=\"here\">\n<a\n href=\"/x/\">x</a></div>\n\n<script>var a = '<a href=\"/no/\">';</script>\n";
    let scan = scanned(body);
    assert_eq!(scan.anchors, ["here".into()]);
    assert_eq!(scan.links.len(), 1);
    let to = Resolution::To {
        url: "/sub/x/".into(),
        label: None,
        picture: None,
    };
    assert!(html(body, &[to]).contains("href=\"/sub/x/\""));
}

#[test]
fn words_are_counted_in_every_script() {
    assert_eq!(scanned("One two — three.\n\n    code is not\n").words, 3);
    assert_eq!(scanned("東京の夜 and day").words, 6);
    assert_eq!(scanned("").minutes, 1);
    assert_eq!(scanned(&"word ".repeat(500)).minutes, 3);
}

#[test]
fn a_comment_keeps_what_reads_and_loses_what_runs() {
    insta::assert_snapshot!(
        comment_html(
            "<p class=\"ad\" id=x>Old <b onclick=x>bold</b> words<br>and <a href=\"/here\">a path</a>,\n\
             <a href=\"https://z.org\" target=_blank>a link</a></p><script>alert(1)</script>\n\n\
             # Big *and*\n\n[x](javascript:a) <img src=y.png onerror=z>[y](https://y.org)[^1]\n\n[^1]: A note."
        ),
        @r#"
    <p>Old <b>bold</b> words<br>and <a rel="nofollow ugc">a path</a>,
    <a href="https://z.org" rel="nofollow ugc">a link</a></p>
    <p>Big <em>and</em></p>
    <p>x <a href="https://y.org" rel="nofollow ugc">y</a>[^1]</p>
    <p>[^1]: A note.</p>
    "#
    );
    insta::assert_snapshot!(
        comment_html("One [link](https://y.org), 2 > 1"),
        @r#"<p>One <a rel="nofollow ugc" href="https://y.org">link</a>, 2 &gt; 1</p>"#
    );
}

#[test]
fn a_comment_has_no_classes_and_few_schemes_with_or_without_html() {
    let text = "```x&#10;hidden\tvisually-hidden\ncode\n```\n\n[a](tel:1) [b](//evil.example/) [c](bitcoin:x) [d](HTTPS://y.org \"title\")";
    for text in [text.to_owned(), format!("{text} <b>bold</b>")] {
        let html = comment_html(&text);
        let links = html.matches(" href=").count();
        assert!(
            links == 1 && !html.contains("class") && !html.contains("title"),
            "{html}"
        );
    }
}

#[test]
fn a_comment_that_is_all_nesting_is_shown_as_text() {
    for nested in ["- ", "> ", "1. "] {
        let html = comment_html(&(nested.repeat(20_000) + "x & y"));
        assert!(html.starts_with("<p>") && html.ends_with("x &amp; y</p>\n"));
        assert!(html.matches('<').count() == 2);
    }
}

#[test]
fn a_comment_that_is_too_long_or_too_deep_is_shown_as_text() {
    for text in [
        "<i>".repeat(300),
        format!("<i>{}</i>", "long ".repeat(14_000)),
    ] {
        let html = comment_html(&text);
        assert!(html.starts_with("<p>&lt;i&gt;") && !html.contains("<i>"));
    }
}

#[test]
fn every_extension_works() {
    let body = "|a|\n|-|\n|b|\n\n~~s~~ H~2~O x^2^ \"q\" -- ...\n\n- [x] done\n\nterm\n: meaning\n\n> [!NOTE]\n> alert\n";
    insta::assert_snapshot!(html(body, &[]), @r#"
    <div class="table" tabindex="0">
    <table><thead><tr><th>a</th></tr></thead><tbody>
    <tr><td>b</td></tr>
    </tbody></table>
    </div>
    <p><del>s</del> H<sub>2</sub>O x<sup>2</sup> “q” – …</p>
    <ul>
    <li><input type="checkbox" disabled checked aria-label="Done"> done</li>
    </ul>
    <dl>
    <dt>term</dt>
    <dd>meaning</dd>
    </dl>
    <blockquote class="markdown-alert-note">
    <p>alert</p>
    </blockquote>
    "#);
}

/// The prose of a body, block by block.
fn prose(body: &str) -> Vec<String> {
    let prose = scanned(body).prose;
    prose
        .lines()
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect()
}

#[test]
fn prose_is_what_readers_read() {
    for (body, expected) in [
        (
            "One *two* [three](four.md \"five\") `six`.",
            "One two three six.",
        ),
        (
            "[[page|seven]] <https://example.org/>",
            "seven https://example.org/",
        ),
        ("Eight[^n].\n\n[^n]: Nine.", "Eight.|Nine."),
        (
            "| ten | eleven |\n| --- | --- |\n| twelve | thirteen |",
            "ten|eleven|twelve|thirteen",
        ),
        ("term\n: meaning", "term|meaning"),
        ("- one\n- two\n  - three", "one|two|three"),
        ("> [!NOTE]\n> Mind this", "Mind this"),
        (
            "# Title\n\nText\nthat goes on  \nand on\n\n---\n\nEnd",
            "Title|Text that goes on and on|End",
        ),
        ("H~2~O and ~~gone~~", "H2O and gone"),
    ] {
        assert_eq!(prose(body).join("|"), expected, "{body}");
    }
}

#[test]
fn code_pictures_and_destinations_are_no_prose() {
    for body in [
        "```rust\nlet hidden = 1;\n```",
        "    hidden();",
        "![hidden](hidden.png \"hidden\")",
        "[![hidden](hidden.png)](hidden.md)",
        "[x]\n\n[x]: https://hidden.example 'hidden'",
        "<!-- hidden -->",
        "<!--\nhidden\n\nhidden -->",
        "<img src=\"hidden.png\" alt=\"hidden\">",
        "<div class=\"hidden\" data-x='hidden > hidden'></div>",
        "<div\n  class=\"hidden\"\n></div>",
        "<script>\nhidden();\n\nhidden('<b>');\n</script>",
        "<STYLE>\n.hidden {}\n</STYLE>",
        "<div><script>hidden()</script ></div>",
        "<div><!-- hidden > hidden --></div>",
        "<template>\n<p>hidden</p>\n</template>",
        "<textarea hidden></textarea>",
        "a <b class=\"hidden\">c</b> <!-- hidden --> d",
    ] {
        let prose = scanned(body).prose;
        assert!(!prose.contains("hidden"), "{body}: {prose:?}");
    }
}

#[test]
fn text_between_raw_tags_is_prose_that_they_divide() {
    for (body, expected) in [
        (
            "<div>\n<p>One</p><p>two &amp; three</p>\n</div>\n\nFour",
            "One|two|three|Four",
        ),
        (
            "<figure><img src=x><figcaption>Harbour</figcaption></figure>",
            "Harbour",
        ),
        ("<p>5 < 6 and a<b</p>", "5|6 and a"),
        ("<style>p{}</style><p>After</p>", "After"),
        ("A <em>raw</em> word", "A raw word"),
        ("<div>never closed", "never closed"),
        ("<div title=\"1 > 0\" data-x = 'a>b'>text</div>", "text"),
        ("<div it's>text</div> that's all", "text|that's all"),
        ("<div title=\"open>text</div>", "text"),
        (
            "<div>\n<styled-box>boxed</styled-box>\n<style media=x>p{}</style>\n</div>",
            "boxed",
        ),
    ] {
        assert_eq!(prose(body).join("|"), expected, "{body}");
    }
}

/// The elements that a comment may have.
#[rustfmt::skip]
const HARMLESS: &[&str] = &[
    "a", "abbr", "b", "blockquote", "br", "cite", "code", "del", "em", "hr", "i", "ins", "kbd",
    "li", "ol", "p", "pre", "q", "s", "samp", "small", "strong", "sub", "sup", "u", "ul",
];

proptest::proptest! {
    #[test]
    fn both_readings_see_the_same_links(body in "([a-z \n]|\\[[a-z]{0,3}\\]\\([a-z./#]{0,5}\\)|<a href=\"[a-z/]{0,4}\">|\\[\\[[a-z|]{1,4}\\]\\]|#|>|`|\\*|!|-|\\[\\^[ab]\\]:? ){0,40}") {
        let scan = scanned(&body);
        let links: Vec<_> = (0..scan.links.len())
            .map(|n| Resolution::To { url: format!("/n{n}/").into(), label: None, picture: None })
            .collect();
        let html = html(&body, &links);
        // A footnote that nothing refers to is not shown, and takes its links along.
        if !body.contains("[^") {
            for n in 0..links.len() {
                let shown = html.contains(&format!("/n{n}/"));
                proptest::prop_assert!(shown, "link {} of {:?} is not in {}", n, body, html);
            }
        }
    }

    #[test]
    fn prose_of_raw_html_never_panics_nor_grows(body in "(<(div|p|SCRIPT|style|!--|!|\\?|/p|/script)|\"|'|>|-->|\\PC|\n|&|&amp;|<){0,40}") {
        let prose = scanned(&format!("<div>{body}")).prose;
        // Each tag becomes a line feed at most.
        proptest::prop_assert!(prose.chars().count() <= body.chars().count() + 6, "{:?}", prose);
    }

    #[test]
    fn no_text_makes_it_panic(body in "\\PC{0,200}") {
        let _ = html(&body, &[]);
        let _ = comment_html(&body);
    }

    #[test]
    fn no_comment_brings_anything_that_runs(body in "(</?(a|b|p|script|style|svg|iframe|img)( (href|src|onload|style)=\"?(javascript:|//|data:)x\"?)?/?>|[a-z<>&\\[\\]() \n`*_-]){0,30}") {
        let html = comment_html(&body);
        // What is text has its `<` escaped.
        for tag in html.split('<').skip(1).map(|rest| rest.split('>').next().unwrap_or("")) {
            let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or("");
            proptest::prop_assert!(
                HARMLESS.contains(&name) && !tag.contains(" on") && !tag.contains(" style"),
                "{}", html
            );
            proptest::prop_assert!(!tag.contains("javascript:"), "{}", html);
        }
    }
}

fn with_formulas(body: &str, sanitised: bool) -> (Scan, String) {
    let cleaner = Sanitiser::allowing(Vec::new());
    let scan = scan(body, 0, true, true, BASE, |name, form| {
        NoComponents.treatment(name, form)
    });
    let html = to_html(
        Body {
            sizes: "",
            markdown: body,
            headings: &scan.headings,
            links: &[],
            base_url: BASE,
            math: true,
            without_title: false,
            sanitiser: sanitised.then_some(&cleaner),
            colours: None,
        },
        &NoComponents,
    )
    .unwrap();
    (scan, html)
}

#[test]
fn formulas_are_mathml_in_the_page_and_text_elsewhere() {
    let body = "## The area $\\pi r^2$\n\nIt is $\\pi r^2$, as\n$$ \\int_0^r 2\\pi x\\,dx $$\nsays.\n\n![$r^2$](r.png)\n";
    let (scan, html) = with_formulas(body, false);
    assert_eq!(&*scan.headings[0].text, "The area πr²");
    assert_eq!(scan.summary, "It is πr², as … says.");
    assert!(
        !scan.prose.contains("int") && scan.prose.contains("It is"),
        "{}",
        scan.prose
    );
    assert!(
        html.starts_with("<h2 id=\"the-area-πr²\">The area <math><semantics>"),
        "{html}"
    );
    assert!(
        html.contains("<span class=\"math\" tabindex=\"0\"><math display=\"block\">"),
        "{html}"
    );
    assert!(html.contains("alt=\"r²\""), "{html}");
    let (_, sanitised) = with_formulas(body, true);
    for kept in [
        "<msup><mi>r</mi><mn>2</mn></msup>",
        "<annotation encoding=\"application/x-tex\">\\pi r^2<",
        "<math display=\"block\">",
        "tabindex=\"0\"",
    ] {
        assert!(sanitised.contains(kept), "{kept}: {sanitised}");
    }
}

#[test]
fn a_summary_that_an_author_marks_has_formulas_as_text() {
    let (scan, _) = with_formulas("A disc of $\\pi r^2$.\n\n<!--more-->\n\nMore.", false);
    assert_eq!(scan.summary, "A disc of πr².");
}

#[test]
fn a_wrong_formula_is_found_where_it_is_and_stays_code() {
    let (scan, html) = with_formulas(
        "One $x$ and ß $a \\frc b$.\n\n> $$ 1 +\n> \\frc $$\n",
        false,
    );
    let places: Vec<_> = scan
        .formula_faults
        .iter()
        .map(|fault| {
            (
                fault.position.line,
                fault.position.column,
                fault.position.length,
            )
        })
        .collect();
    assert_eq!(places, [(1, 18, 4), (4, 3, 4)]);
    assert!(html.contains("<code>a \\frc b</code>"), "{html}");
}

fn with_colours(body: &str, sanitised: bool) -> (Scan, String) {
    let cleaner = Sanitiser::allowing(Vec::new());
    let colours = Colours::default();
    let scan = scanned(body);
    let body = Body {
        sizes: "",
        markdown: body,
        headings: &scan.headings,
        links: &[],
        base_url: BASE,
        math: false,
        without_title: false,
        sanitiser: sanitised.then_some(&cleaner),
        colours: Some(&colours),
    };
    let html = to_html(body, &NoComponents).unwrap();
    (scan, html)
}

#[test]
fn code_has_the_same_colours_wherever_it_stands_and_also_when_sanitised() {
    let code = "<code class=\"language-rust\"><mark class=\"c-l\" data-n=\"3\"><span class=\"c-k\">let</span> a;</mark>\n</code></pre>";
    let fence = "rust {linenos=true hl_lines=[1] linenostart=3}";
    for body in [
        format!("```{fence}\nlet a;\n```\n"),
        format!("> ~~~{fence}\n> let a;\n> ~~~\n"),
        format!("- item\n\n  ```{fence}\n  let a;\n  ```\n"),
        format!("H~2~O\n\n```{fence}\nlet a;\n```\n"),
        format!("Text.[^1]\n\n[^1]:\n    ```{fence}\n    let a;\n    ```\n"),
    ] {
        for sanitised in [false, true] {
            let (scan, html) = with_colours(&body, sanitised);
            assert!(html.contains(code), "{html}");
            assert_eq!(scan.code.len(), 1, "{body}");
            assert_eq!(scan.code_faults, []);
        }
    }
}

#[test]
fn what_is_wrong_with_code_has_a_place_in_the_file() {
    let body = "Text.\n\n> ```rsut {lino=1}\n> x\n> ```\n\n~~~ go {hl_lines=[1,7]}\nx\n~~~\n";
    let (scan, _) = with_colours(body, false);
    let places = scan.code_faults.iter().map(|(code, fault)| {
        let Position {
            line,
            column,
            length,
        } = fault.position;
        (code.as_str(), line, column, length)
    });
    assert_eq!(
        places.collect::<Vec<_>>(),
        [
            ("code-language", 3, 6, 4),
            ("code-attribute", 3, 12, 4),
            ("code-attribute", 7, 21, 1)
        ]
    );
    let plain = scan_without_colours(body);
    assert_eq!((plain.code_faults, plain.code), (Vec::new(), Vec::new()));
}

fn scan_without_colours(body: &str) -> Scan {
    scan(body, 0, false, false, BASE, |name, form| {
        NoComponents.treatment(name, form)
    })
}
