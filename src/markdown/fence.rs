//! Front matter and body, told apart.

/// A file that was split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fenced<'a> {
    /// The YAML between the fences; empty when there is none.
    pub yaml: &'a str,
    /// The line of the file that the YAML begins on, from 1.
    pub yaml_line: u32,
    /// The byte of the file that the body begins at.
    pub body_start: usize,
}

/// What is wrong with the fences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FenceFault {
    /// Opened, here, and never closed.
    NotClosed(usize),
    /// TOML between `+++`, here.
    Toml(usize),
    /// Lines end in CR alone, from here on.
    LoneCr(usize),
}

/// Finds the front matter: YAML between two lines of `---`. A byte order mark and blank lines may
/// come first, spaces may follow a fence, and `...` closes as well. Lines may end in CRLF.
pub fn split(text: &str) -> Result<Fenced<'_>, FenceFault> {
    let mut at = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut line = 1;
    let none = Fenced {
        yaml: "",
        yaml_line: 1,
        body_start: at,
    };
    if text[at..].trim_start().starts_with("---\r") && !text.contains('\n') {
        return Err(FenceFault::LoneCr(at));
    }
    loop {
        let (content, next) = next_line(text, at);
        if content.trim_end() == "---" {
            at = next;
            line += 1;
            break;
        }
        if content.trim_end() == "+++" {
            return Err(FenceFault::Toml(at));
        }
        if !content.trim().is_empty() || next >= text.len() {
            return Ok(none);
        }
        at = next;
        line += 1;
    }
    let (yaml_start, yaml_line, open) = (at, line, at);
    while at < text.len() {
        let (content, next) = next_line(text, at);
        if matches!(content.trim_end(), "---" | "...") {
            return Ok(Fenced {
                yaml: &text[yaml_start..at],
                yaml_line,
                body_start: next,
            });
        }
        at = next;
    }
    Err(FenceFault::NotClosed(text[..open].trim_end().len() - 3))
}

/// A line without its end, and where the next one begins.
fn next_line(text: &str, at: usize) -> (&str, usize) {
    let rest = &text[at..];
    match memchr::memchr(b'\n', rest.as_bytes()) {
        Some(end) => (&rest[..end], at + end + 1),
        None => (rest, text.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (String, u32, String) {
        let fenced = split(text).unwrap();
        (
            fenced.yaml.to_owned(),
            fenced.yaml_line,
            text[fenced.body_start..].to_owned(),
        )
    }

    #[test]
    fn fences_are_found_as_people_write_them() {
        let expected = ("a: 1\n".to_owned(), 2, "body".to_owned());
        for text in [
            "---\na: 1\n---\nbody",
            "\u{feff}---\na: 1\n---\nbody",
            "---  \na: 1\n---\t\nbody",
            "---\na: 1\n...\nbody",
        ] {
            assert_eq!(parts(text), expected, "{text:?}");
        }
        assert_eq!(
            parts("\n\n---\na: 1\n---\nbody"),
            ("a: 1\n".into(), 4, "body".into())
        );
        assert_eq!(
            parts("---\r\na: 1\r\n---\r\nbody"),
            ("a: 1\r\n".into(), 2, "body".into())
        );
        assert_eq!(parts("---\n---\n"), (String::new(), 2, String::new()));
    }

    #[test]
    fn a_file_without_front_matter_is_all_body() {
        for text in ["", "body", "# Title\n\n---\n\nrule", "\n\nbody", "----\n"] {
            assert_eq!(parts(text).2, text);
        }
    }

    #[test]
    fn a_fence_that_is_not_closed_is_told_with_its_place() {
        assert_eq!(split("---\na: 1\nbody"), Err(FenceFault::NotClosed(0)));
        assert_eq!(split("\n---\r\na: 1"), Err(FenceFault::NotClosed(1)));
        assert_eq!(split("---"), Err(FenceFault::NotClosed(0)));
        assert_eq!(split("+++\na = 1\n+++\n"), Err(FenceFault::Toml(0)));
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost(text in "[-.a: \r\n\u{feff}]{0,40}") {
            if let Ok(fenced) = split(&text) {
                proptest::prop_assert!(text[..fenced.body_start].contains(fenced.yaml));
            }
        }
    }
}
