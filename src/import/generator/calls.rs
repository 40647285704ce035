//! Calls of components in Pressroom's own form, and text that must not be taken for one.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::code::Code;

/// A call of a component that stands for itself: `{{<figure src="a.jpg" />}}`. Empty values are left out.
pub(in crate::import) fn alone(name: &str, arguments: &[(&str, &str)]) -> String {
    format!("{{{{<{name}{} />}}}}", given(arguments))
}

/// A call of a component around a body.
pub(in crate::import) fn around(name: &str, arguments: &[(&str, &str)], body: &str) -> String {
    let body = body.trim_end_matches([' ', '\t']);
    let line = if body.starts_with('\n') { "" } else { "\n" };
    let end = if body.ends_with('\n') { "" } else { "\n" };
    format!(
        "{{% <{name}{}> %}}{line}{body}{end}{{% </{name}> %}}",
        given(arguments)
    )
}

/// What stands in the place of a call. A component around a body is a block, which has lines for itself.
pub(in crate::import) fn placed(written: String, before: &str, after: &str) -> Option<String> {
    if written.starts_with("{% <") {
        block(&written, before, after, false)
    } else {
        Some(written)
    }
}

/// A block in the place of a call that may stand within a line: on lines of its own, with the indent of the
/// list item that it is in. The lines of `code` all get it, others may have it. `None`: what was written
/// `before` it is a heading, a table or a quotation, where it would be cut in two.
pub(in crate::import) fn block(
    block: &str,
    before: &str,
    after: &str,
    code: bool,
) -> Option<String> {
    let (line, text_at) = last_line(before);
    let text = &line[text_at..];
    if !can_stand(before) {
        return None;
    }
    let spaces = |c: char| if c == '\t' { '\t' } else { ' ' };
    let indent: String = line[..text_at].chars().map(spaces).collect();
    let mut out = String::with_capacity(block.len() + 16);
    if !text.is_empty() {
        out.extend(["\n\n", &indent]);
    }
    for (at, inner) in block.split('\n').enumerate() {
        if at > 0 {
            out.push('\n');
            if code || !inner.is_empty() && !inner.starts_with(&indent) {
                out.push_str(&indent);
            }
        }
        out.push_str(inner);
    }
    if !after.lines().next().unwrap_or_default().trim().is_empty() {
        out.extend(["\n\n", &indent]);
    }
    Some(out)
}

/// Whether a block can follow what was written: in a heading, a table or a quotation it would divide that.
pub(in crate::import) fn can_stand(before: &str) -> bool {
    let (line, text_at) = last_line(before);
    !line[text_at..].starts_with(['>', '|', '#'])
}

/// The last line, and where its text begins behind the marks of list items.
fn last_line(text: &str) -> (&str, usize) {
    let line = &text[text.rfind('\n').map_or(0, |end| end + 1)..];
    let mut markers = 0;
    while let Some(length) = marker(&line[markers..]) {
        markers += length;
    }
    let rest = line[markers..].trim_start_matches([' ', '\t']);
    (line, line.len() - rest.len())
}

/// The length of the mark of a list item at the beginning of a line, with the spaces around it.
fn marker(line: &str) -> Option<usize> {
    let left = line.trim_start_matches([' ', '\t']);
    let after = left.strip_prefix(['-', '*', '+']).or_else(|| {
        let number = left.trim_start_matches(|c: char| c.is_ascii_digit());
        let is_number = (1..=9).contains(&(left.len() - number.len()));
        number.strip_prefix(['.', ')']).filter(|_| is_number)
    })?;
    let text = after.trim_start_matches([' ', '\t']);
    (text.len() < after.len()).then(|| line.len() - text.len())
}

fn given(arguments: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in arguments.iter().filter(|(_, value)| !value.is_empty()) {
        if let Some(literal) = value.strip_prefix('\0') {
            let _ = write!(text, " {name}={{{literal}}}");
        } else {
            let _ = write!(text, " {name}=\"{}\"", quoted(value));
        }
    }
    text
}

/// A text as it stands in quotes, on one line: an empty line would end the paragraph.
fn quoted(text: &str) -> String {
    let words: Vec<&str> = text
        .split(['\n', '\r'])
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    words.join(" ").replace('\\', "\\\\").replace('"', "\\\"")
}

/// How calls begin in Pressroom, and what shows the same and is none. HTML has these names for the
/// signs in Markdown and in raw HTML alike, which a backslash would not do. A pressroom.yaml with
/// `components: text` would show what is unknown as well, but it would let slips of the pen through in
/// every other article, and would have to go wherever the article goes.
const BEGINNINGS: [(&str, &str); 2] = [("{{<", "{{&lt;"), ("{{%", "{{&#37;")];

/// A text in which nothing is a call, and that readers see as it was.
pub(in crate::import) fn escape(text: &str) -> Cow<'_, str> {
    escape_where(text, |_| true)
}

/// The same for a text that has code, in which nothing is a call anyway. `at` is where the text is in
/// what `code` is of.
pub(in crate::import) fn escape_outside<'t>(text: &'t str, at: usize, code: &Code) -> Cow<'t, str> {
    escape_where(text, |place| !code.has(at + place))
}

fn escape_where(text: &str, is_read: impl Fn(usize) -> bool) -> Cow<'_, str> {
    if !text.contains("{{<") && !text.contains("{{%") && !text.contains("{%") {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    let mut at = 0;
    while let Some(length) = text[at..].find('{') {
        escaped.push_str(&text[at..at + length]);
        at += length;
        let rest = &text[at..];
        let known = BEGINNINGS
            .iter()
            .find(|(begins, _)| rest.starts_with(begins));
        let is_own = || {
            rest.strip_prefix("{%")
                .is_some_and(|after| after.trim_start().starts_with('<'))
        };
        let (begins, shown) = match known {
            _ if !is_read(at) => ("{", "{"),
            Some(known) => *known,
            None if is_own() => ("{%", "{&#37;"),
            None => ("{", "{"),
        };
        escaped.push_str(shown);
        at += begins.len();
    }
    escaped.push_str(&text[at..]);
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_gives_texts_in_quotes() {
        let figure = alone(
            "figure",
            &[("src", "a.jpg"), ("alt", ""), ("caption", "A \"b\"\n\nc")],
        );
        assert_eq!(
            figure,
            "{{<figure src=\"a.jpg\" caption=\"A \\\"b\\\" c\" />}}"
        );
        let details = around(
            "details",
            &[("summary", "More"), ("open", "\0true")],
            "Text",
        );
        assert_eq!(
            details,
            "{% <details summary=\"More\" open={true}> %}\nText\n{% </details> %}"
        );
    }

    #[test]
    fn a_block_has_lines_for_itself() {
        let details = around("details", &[], "Text");
        let put = |before: &str, after: &str| {
            let placed = placed(details.clone(), before, after)?;
            Some(format!("{before}{placed}{after}"))
        };
        for (before, after, text) in [
            ("a\n", "\n", "a\n{% <details> %}\nText\n{% </details> %}\n"),
            (
                "a ",
                " b",
                "a \n\n{% <details> %}\nText\n{% </details> %}\n\n b",
            ),
            ("- ", "", "- {% <details> %}\n  Text\n  {% </details> %}"),
            (
                "x\n 1. - a ",
                "",
                "x\n 1. - a \n\n      {% <details> %}\n      Text\n      {% </details> %}",
            ),
        ] {
            assert_eq!(put(before, after).as_deref(), Some(text));
        }
        assert_eq!(put("> ", ""), None);
        assert_eq!(put("| a ", " |"), None);
    }

    #[test]
    fn nothing_is_taken_for_a_call_that_was_none() {
        assert_eq!(
            escape("a {{<figure />}} {{% b %}} {% <note> %}"),
            "a {{&lt;figure />}} {{&#37; b %}} {&#37; <note> %}"
        );
        assert_eq!(escape("{% include a %} {{ b }}"), "{% include a %} {{ b }}");
        let text = "`{{< a >}}` {{< b >}}";
        assert_eq!(
            escape_outside(text, 0, &Code::of(text)),
            "`{{< a >}}` {{&lt; b >}}"
        );
    }

    proptest::proptest! {
        #[test]
        fn text_without_braces_stays(text in "[^{]{0,40}") {
            proptest::prop_assert_eq!(&*escape(&text), &text);
        }

        #[test]
        fn no_call_is_left(text in "(\\{|\\}|%|<|>| |a|`|é|\n){0,30}") {
            let escaped = escape(&text);
            let begins = escaped.contains("{{<") || escaped.contains("{{%");
            proptest::prop_assert!(!begins, "{}", escaped);
            let _ = escape_outside(&text, 0, &Code::of(&text));
        }
    }
}
