//! Patterns of paths, with which settings say what is no part of a site.
//!
//! In: a pattern as somebody wrote it. Out: whether a path is one that it means.

use regex::Regex;

/// A pattern of paths.
#[derive(Debug, Clone)]
pub(in crate::import) struct Pattern(Regex);

impl Pattern {
    /// A regular expression, which may fit anywhere in a path. `None`: it is none.
    pub fn expression(text: &str) -> Option<Self> {
        Regex::new(text).ok().map(Self)
    }

    /// A pattern with `*`, `?`, `[…]` and `{…,…}` for a whole path. `deep`: a star also stands for slashes.
    pub fn glob(text: &str, deep: bool) -> Option<Self> {
        let any = if deep { "." } else { "[^/]" };
        let mut out = String::from("(?s)^");
        let mut rest = text;
        let mut open = 0;
        while let Some(letter) = rest.chars().next() {
            rest = &rest[letter.len_utf8()..];
            match letter {
                '*' if rest.starts_with("*/") => {
                    rest = &rest[2..];
                    out.push_str("(?:.*/)?");
                }
                '*' if rest.starts_with('*') => {
                    rest = rest.trim_start_matches('*');
                    out.push_str(".*");
                }
                '*' => out.extend([any, "*"]),
                '?' => out.push_str(any),
                '{' => {
                    open += 1;
                    out.push_str("(?:");
                }
                '}' if open > 0 => {
                    open -= 1;
                    out.push(')');
                }
                ',' if open > 0 => out.push('|'),
                '[' => {
                    let end = rest.find(']').filter(|end| *end > 0)?;
                    let (inner, after) = rest.split_at(end);
                    let not = if inner.starts_with(['!', '^']) {
                        "^"
                    } else {
                        ""
                    };
                    let inner = inner.trim_start_matches(['!', '^']);
                    let inner = inner.replace('\\', r"\\").replace('[', r"\[");
                    out.extend(["[", not, &inner, "]"]);
                    rest = &after[1..];
                }
                '\\' => {
                    let literal = rest.chars().next()?;
                    rest = &rest[literal.len_utf8()..];
                    out.push_str(&regex::escape(&literal.to_string()));
                }
                letter => out.push_str(&regex::escape(&letter.to_string())),
            }
        }
        out.push('$');
        Self::expression(&out)
    }

    /// Whether a path is one that the pattern means.
    pub fn matches(&self, path: &str) -> bool {
        self.0.is_match(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_means_whole_paths() {
        for (pattern, deep, path, is_meant) in [
            ("*.bak", true, "a/b.bak", true),
            ("*.bak", false, "a/b.bak", false),
            ("a/**/c.md", false, "a/c.md", true),
            ("a/**/c.md", false, "a/b/b/c.md", true),
            ("{/posts,/posts/**}", false, "/posts/a/b", true),
            ("{/posts,/posts/**}", false, "/post", false),
            ("*.{js,[pj]?g}", true, "x.gif", false),
            ("*.{js,[pj]?g}", true, "x.png", true),
            ("[!a].md", true, "a.md", false),
            ("a.md", true, "aamd", false),
            (r"\*.md", true, "*.md", true),
        ] {
            let read = Pattern::glob(pattern, deep).unwrap();
            assert_eq!(read.matches(path), is_meant, "{pattern} {path}");
        }
        assert!(Pattern::glob("[", true).is_none() && Pattern::expression("(").is_none());
    }

    proptest::proptest! {
        #[test]
        fn no_pattern_makes_it_panic(text in "(\\*|\\?|\\[|\\]|\\{|\\}|,|\\\\|/|a|é|!|\\^|-){0,20}") {
            let read = Pattern::glob(&text, true);
            let _ = read.map(|pattern| pattern.matches("a/é"));
        }
    }
}
