//! What HTML becomes, and that readers see the same.

use proptest::prelude::*;
use pulldown_cmark::{Options, Parser};

use super::{Converted, Host, Note, Purpose, convert, plain_text};

/// An archive without anything in it.
struct Nothing;

impl Host for Nothing {
    fn link(&mut self, href: &str) -> String {
        href.to_owned()
    }
    fn media(&mut self, src: &str) -> String {
        src.to_owned()
    }
    fn footnote(&mut self, id: &str) -> Option<usize> {
        (id == "known").then_some(1)
    }
}

fn article(html: &str) -> Converted {
    convert(html, Purpose::Article, &mut Nothing)
}

/// What Pressroom's Markdown is read with.
fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM
        | Options::ENABLE_SUPERSCRIPT
        | Options::ENABLE_SUBSCRIPT
        | Options::ENABLE_WIKILINKS
}

fn rendered(markdown: &str) -> String {
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, Parser::new_ext(markdown, options()));
    html
}

#[test]
fn words_and_marks() {
    for (html, markdown) in [
        (
            "<p>a <b>bold</b>, <em>so</em> <i><b>both</b></i></p>",
            "a **bold**, *so* ***both***",
        ),
        ("<p>a<b> bold </b>c</p>", "a **bold** c"),
        (
            "<p><em>x</em>y<strong>z!</strong>k</p>",
            "*x*y<strong>z!</strong>k",
        ),
        ("<p><b>one</b><b>two</b></p>", "**one**<strong>two</strong>"),
        (
            "<p>a <del>old</del> <s>b</s> H<sub>2</sub>O x<sup>2</sup></p>",
            "a ~~old~~ ~~b~~ H<sub>2</sub>O x<sup>2</sup>",
        ),
        ("<p>one<br>two<br/>\nthree<br></p>", "one\\\ntwo\\\nthree"),
        (
            "<p>call <code>f(`x`)</code> and <tt>*y*</tt></p>",
            "call ``f(`x`)`` and `*y*`",
        ),
        (
            "<p><a href='/a b' title='t'>a [b] c</a>.</p>",
            "[a \\[b\\] c](/a%20b).",
        ),
        // A bracket of what stays HTML does not end the link that it stands in.
        (
            "<p><a href=/x>y <math><mo>]</mo></math></a></p>",
            "[y <math><mo>&#93;</mo></math>](/x)",
        ),
        ("<p>a <svg><base>b</svg></p>", "a <svg><base>b</base></svg>"),
        ("<p><a href='javascript:alert(1)'>x</a></p>", "x"),
        ("<p><a id=top></a>Top</p>", "<a id=\"top\"></a>Top"),
        (
            "<p><img src=/a.png alt='A [tram]'></p>",
            "![A \\[tram\\]](/a.png)",
        ),
        (
            "<p><a href=/b><img src=/a.png></a></p>",
            "[![](/a.png)](/b)",
        ),
        ("<p>a <span style='color:red'>b</span> c</p>", "a b c"),
        ("<p>&nbsp;</p><p></p><p>a&nbsp;b</p>", "a\u{a0}b"),
        ("<p>&amp;amp; &lt;b&gt; x</p>", "\\&amp; \\<b> x"),
        (
            "<p># no</p><p>1. no</p><p>+ no</p>",
            "\\# no\n\n1\\. no\n\n\\+ no",
        ),
        ("<p>Sure!<a href=/x>x</a></p>", "Sure\\![x](/x)"),
        (
            "<p>a<sup data-fn='known' class='fn'><a href='#known'>1</a></sup>.</p>",
            "a[^1].",
        ),
        ("<p><b>Head<br></b>text</p>", "**Head**\\\ntext"),
        ("text <p>more</p> end", "text\n\nmore\n\nend"),
    ] {
        assert_eq!(article(html).markdown, markdown, "{html}");
    }
}

#[test]
fn blocks() {
    for (html, markdown) in [
        (
            "<h2 id='x'>A <em>b</em></h2><h3>C {d}</h3>",
            "## A *b* {#x}\n\n### C {d\\}",
        ),
        (
            "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>",
            "- a\n- b\n  - c",
        ),
        (
            "<ol start=3><li>a</li><li><p>b</p><p>c</p></li></ol>",
            "3. a\n\n4. b\n\n   c",
        ),
        ("<ul><li>[x] a</li></ul>", "- \\[x] a"),
        // Only a list that begins with 1 and something may end a paragraph.
        ("<ul><li>a<ol><li>b</ol></ul>", "- a\n  1. b"),
        ("<ul><li>a<ol start=3><li>b</ol></ul>", "- a\n\n  3. b"),
        ("<ul><li>a<ol><li></ol></ul>", "- a\n\n  1."),
        ("<ul><li>a<ul><li></ul></ul>", "- a\n\n  -"),
        ("<ul><li>a<p>5 b</p></ul>", "- a\n\n  5 b"),
        ("<p>5 a</p><ol><li>b</ol>", "5 a\n\n1. b"),
        ("<p>. a</p><ol><li>b</ol>", ". a\n\n1. b"),
        ("<ul><li>a</ul><ul><li>b</ul>", "- a\n\n<!-- -->\n\n- b"),
        (
            "<blockquote><p>a</p><ul><li>b</li></ul><cite>c</cite></blockquote>",
            "> a\n>\n> - b\n>\n> <cite>c</cite>",
        ),
        (
            "<pre><code class='language-rust'>a\n```\n\nb</code></pre>",
            "````rust\na\n```\n\nb\n````",
        ),
        (
            "<pre class='brush: php; gutter: true'>x &lt; y</pre>",
            "```php\nx < y\n```",
        ),
        (
            "<pre class='wp-block-verse'>one\ntwo\n\nthree</pre>",
            "one\\\ntwo\n\nthree",
        ),
        ("<hr>", "***"),
        (
            "<table><thead><tr><th>a<th>b</tr></thead><tr><td>x|y<td style='text-align:right'><code>c|d</code></tr></table>",
            "| a | b |\n| --- | --- |\n| x\\|y | `c\\|d` |",
        ),
        (
            "<table><tr><td colspan=2>a</table>",
            "<table><tbody><tr><td colspan=\"2\">a</td></tr></tbody></table>",
        ),
        (
            "<dl><dt>a<dd>b<dd>c<dt>d<dd>e</dl>",
            "a\n: b\n: c\n\nd\n: e",
        ),
        (
            "<details><summary>Why?</summary><p>So.</p></details>",
            "{% <details summary=\"Why?\"> %}\nSo.\n{% </details> %}",
        ),
        ("<p>a</p><!--more--><p>b</p>", "a\n\n<!--more-->\n\nb"),
        ("<p>a<!--more-->b</p>", "a\n\n<!--more-->\n\nb"),
        (
            "<iframe src='https://maps.example/x' width=1></iframe>",
            "<iframe src=\"https://maps.example/x\" width=\"1\"></iframe>",
        ),
        (
            "<audio controls src='/a.mp3'></audio>",
            "<div>\n<audio controls src=\"/a.mp3\"></audio>\n</div>",
        ),
        (
            "<form><p>a\n\n\nb</p><pre>c\n\nd</pre></form>",
            "<form><p>a\nb</p><pre>c&#10;&#10;d</pre></form>",
        ),
        (
            "<pre>a <b>b</b>\n\nc</pre>",
            "<pre>a <b>b</b>&#10;&#10;c</pre>",
        ),
    ] {
        assert_eq!(article(html).markdown, markdown, "{html}");
    }
}

#[test]
fn pictures_and_films() {
    for (html, markdown) in [
        (
            "<figure><img src=/a.png alt=A><figcaption>It's \"so\"</figcaption></figure>",
            r#"{{<figure src="/a.png" alt="A" caption="It's \"so\"" />}}"#,
        ),
        (
            "<figure><a href=/b><img src=/a.png></a></figure>",
            "[![](/a.png)](/b)",
        ),
        (
            "<figure><img src=/a.png><figcaption>See <a href=/x>x</a></figcaption></figure>",
            "{% <figure src=\"/a.png\"> %}\nSee [x](/x)\n{% </figure> %}",
        ),
        (
            "<figure class=wp-block-gallery><figure><img src=/a.png></figure><figure><img src=/b.png><figcaption>B</figcaption></figure></figure>",
            "{% <gallery> %}\n![](/a.png)\n\n{{<figure src=\"/b.png\" caption=\"B\" />}}\n{% </gallery> %}",
        ),
        (
            "<figure><iframe src='https://www.youtube.com/embed/abcdefghijk?rel=0' title='A tram'></iframe></figure>",
            r#"{{<video title="A tram" youtube="abcdefghijk" />}}"#,
        ),
        (
            "<iframe src='//player.vimeo.com/video/1234567'></iframe>",
            r#"{{<video title="Video" vimeo="1234567" />}}"#,
        ),
        (
            "<figure><video src=/a.mp4 poster=/p.png></video><figcaption>Harbour</figcaption></figure>",
            r#"{{<video title="Harbour" src="/a.mp4" poster="/p.png" caption="Harbour" />}}"#,
        ),
        (
            "<figure class=wp-block-table><table><tr><th>a</tr><tr><td>b</tr></table><figcaption>c</figcaption></figure>",
            "| a |\n| --- |\n| b |\n\nc",
        ),
        // Captions that belong to no picture stay.
        (
            "<figure><img alt=A><x><img><figcaption>Said</figcaption></x></figure>",
            "Said",
        ),
        (
            "<figure><img src=/a.png><figcaption>Said</figcaption><figcaption>Twice</figcaption></figure>",
            "![](/a.png)\n\nSaid\n\nTwice",
        ),
        (
            "<img src='data:image/gif;base64,AA' data-src='/late.png'>",
            "![](/late.png)",
        ),
    ] {
        assert_eq!(article(html).markdown, markdown, "{html}");
    }
}

#[test]
fn related_articles_are_taken_out_and_told() {
    let found =
        article("<p>a</p><div class='yarpp-related'><a href=/x/>X</a><a href=/y/>Y</a></div>");
    assert_eq!(found.markdown, "a");
    assert_eq!(
        found.notes,
        [Note::Related(vec!["/x/".into(), "/y/".into()])]
    );
}

#[test]
fn comments_call_nothing_and_hold_no_html_of_their_own() {
    let html = "<p>a <script>x</script><img src=x alt=y> {{&lt;figure />}}</p><iframe src=x></iframe><table><tr><td>b</table>";
    let found = convert(html, Purpose::Comment, &mut Nothing);
    assert_eq!(found.markdown, "a\n\ny {\\{\\<figure />}}\n\nb");
}

#[test]
fn what_lies_too_deep_is_shown_as_text_and_takes_no_time() {
    for open in [
        "<div>",
        "<b>",
        "<ul><li>",
        "<blockquote>",
        "<table><tr><td>",
        "<div></x>",
        "<a><b>",
        "<svg><g>",
    ] {
        let html = open.repeat(10_000) + "x";
        let found = article(&html);
        assert_eq!(found.notes, [Note::ShownAsText], "{open}");
        assert!(found.markdown.contains('x'));
    }
    // Each paragraph would repeat all that is open before it.
    let html = (0..20_000).fold(String::new(), |html, n| html + &format!("<p><b id={n}>"));
    assert!(article(&html).notes.contains(&Note::ShownAsText));
}

#[test]
fn the_text_of_html_is_one_line() {
    assert_eq!(plain_text("A &amp; B <em>c</em>\n d"), "A & B c d");
}

/// HTML as people and machines write it.
fn html() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        "[a-z]{1,6}",
        Just(" ".to_owned()),
        Just("\n".to_owned()),
        Just("\n\n".to_owned()),
        "[*_`~^\\[\\](){}<>!#+=|:;.&%$\\\\-]{1,3}",
        Just("1. ".to_owned()),
        Just("é—“”".to_owned()),
        Just("{{<x />}}".to_owned()),
        Just("&amp;".to_owned()),
        Just("<br>".to_owned()),
    ];
    let text = prop::collection::vec(word, 1..8).prop_map(|words| words.concat());
    text.prop_recursive(4, 40, 5, |inner| {
        let tags = prop::sample::select(vec![
            "p",
            "b",
            "em",
            "strong",
            "i",
            "del",
            "a href='/x'",
            "ul",
            "li",
            "ol",
            "blockquote",
            "h2",
            "div",
            "code",
            "pre",
            "table",
            "tr",
            "td",
            "th",
            "sup",
            "span",
            "figure",
            "figcaption",
            "dl",
            "dt",
            "dd",
            "details",
            "summary",
            "form",
            "section",
        ]);
        (tags, prop::collection::vec(inner, 1..4), any::<bool>()).prop_map(
            |(tag, inner, closed)| {
                let name = tag.split(' ').next().unwrap();
                let end = if closed {
                    format!("</{name}>")
                } else {
                    String::new()
                };
                format!("<{tag}>{}{end}", inner.concat())
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_and_all_of_the_text_is_there(html in html()) {
        let markdown = article(&html).markdown;
        let _ = convert(&html, Purpose::Comment, &mut Nothing);
        // Components are no part of CommonMark; what they say is compared in tests of their own.
        if !["{% <", "{{<"].iter().any(|call| markdown.contains(call)) {
            let letters = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
            let seen = plain_text(&rendered(&markdown));
            prop_assert_eq!(letters(&seen), letters(&plain_text(&html)), "{}", markdown);
        }
    }

    #[test]
    fn a_paragraph_shows_every_character(text in "[a-z *_`~^\\[\\](){}<>!#+=|:;.&%$\\\\\"0-9-]{1,30}", bold in any::<bool>()) {
        let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
        let html = if bold { format!("<p>x<b>{escaped}</b>y</p>") } else { format!("<p>{escaped}</p>") };
        let markdown = article(&html).markdown;
        let seen = plain_text(&rendered(&markdown));
        let expected = plain_text(&html);
        prop_assert_eq!(seen, expected, "{}", markdown);
        let calls = ["{{<", "{%"].iter().any(|call| markdown.contains(call));
        prop_assert!(!calls, "{}", markdown);
    }

    #[test]
    fn nothing_panics_on_any_characters(html in "\\PC{0,200}") {
        let _ = article(&html);
    }
}
