//! Pages without what browsers do not need: spaces that are not shown, and comments.
//!
//! Quotation marks, closing tags and all that is preformatted, drawn or data stay as they are.

use std::panic::{AssertUnwindSafe, catch_unwind};

use html_minifier::HTMLMinifier;

/// The page as it is to be published. One that does not end where it should stays as it is.
pub(super) fn minified(page: Vec<u8>) -> Vec<u8> {
    // The library should not panic. A page must never end a build if it does.
    let small = catch_unwind(AssertUnwindSafe(|| {
        let mut minifier = HTMLMinifier::new();
        minifier.set_minify_code(false);
        // Scripts and style sheets within pages are the theme's, and what is large of them is in files.
        minifier.set_minify_js(false);
        minifier.set_minify_css(false);
        minifier.digest(&page).ok()?;
        minifier.into_html().ok()
    }));
    small.ok().flatten().unwrap_or(page)
}

#[cfg(test)]
mod tests {
    use super::minified;

    fn small(page: &str) -> String {
        String::from_utf8(minified(page.as_bytes().to_vec())).unwrap()
    }

    #[test]
    fn spaces_that_are_not_shown_and_comments_go() {
        assert_eq!(
            small("<!-- a --><p class=\"b\">\n    one  <b>two</b>\n    three\n</p>\n\n\n<hr>"),
            "<p class=\"b\">\none <b>two</b>\nthree\n</p>\n<hr>"
        );
    }

    #[test]
    fn what_is_preformatted_drawn_or_data_stays() {
        for kept in [
            "<pre><code>a\n\n    b  c</code></pre>",
            "<textarea>a\n  b</textarea>",
            "<script type=\"application/ld+json\">{ \"a\":  \"<!-- b -->\" }</script>",
            "<script>a  =  1; // b\n</script>",
            "<style>a  {  b: c }</style>",
            "<svg viewBox=\"0 0 1 1\"><text>a  b</text></svg>",
            "<code>a  b</code>",
            "<a href=\"/x?a=1&amp;b=2\" title=\"a  b\">c</a>",
        ] {
            assert_eq!(small(kept), kept);
        }
    }

    #[test]
    fn a_page_that_does_not_end_stays_as_it_is() {
        assert_eq!(small("<p>  a</p>  <script>  b"), "<p>  a</p>  <script>  b");
    }
}
