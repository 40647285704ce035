//! What is said of links and cards that lead to no page, or to no place on one.

use super::Resolver;
use crate::diagnostics::{Code, Diagnostic};
use crate::model::{Article, Link, LinkKind};
use crate::site::ArticleId;
use crate::site::lookup::Found;

/// What is wrong, and what to write instead.
type Said = (Code, String, String);

/// A place on a page, decoded, that is not there, and what to do about it.
pub(in crate::site) fn missing_anchor(
    target: &Article,
    fragment: &str,
) -> Option<(String, String)> {
    let wanted = percent_encoding::percent_decode_str(fragment).decode_utf8_lossy();
    let headings = || target.headings.iter().map(|heading| &*heading.id);
    let is_footnote = wanted.starts_with("fn-") || wanted.starts_with("fnref-");
    // Text fragments (`#:~:text=…`) are for the browser alone.
    let known = matches!(&*wanted, "" | "top")
        || headings().any(|id| id == wanted)
        || target.anchors.iter().any(|anchor| **anchor == *wanted)
        || is_footnote
        || wanted.starts_with(":~:");
    if known {
        return None;
    }
    let hint = match crate::diagnostics::closest(&wanted, headings()) {
        Some(near) => format!("did you mean `#{near}`?"),
        None if target.headings.is_empty() => "the page has no headings".to_owned(),
        None => {
            let headings: Vec<String> = headings().take(8).map(|id| format!("#{id}")).collect();
            format!("its headings are {}", headings.join(", "))
        }
    };
    Some((wanted.into_owned(), hint))
}

impl Resolver<'_> {
    /// Looks for the place on a page that a link leads to.
    pub(super) fn check_anchor(
        &self,
        link: &Link,
        article: &Article,
        target: &Article,
        fragment: Option<&str>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let missing = fragment.and_then(|fragment| missing_anchor(target, fragment));
        let Some((wanted, hint)) = missing else {
            return;
        };
        let here = if std::ptr::eq(article, target) {
            "this article".to_owned()
        } else {
            target.source.to_string()
        };
        diagnostics.extend(
            self.report(
                Diagnostic::new(Code::DeadLink, format!("there is no `#{wanted}` in {here}"))
                    .at(link.position.in_file(&article.source))
                    .hint(hint),
            ),
        );
    }

    /// What is said of a link that leads to no page, or of a card of no article.
    pub(super) fn dead(&self, link: &Link, article: &Article, found: Found) -> Option<Diagnostic> {
        self.config.links.severity()?;
        let shown: String = link.destination.chars().take(120).collect();
        let (code, message, hint) = match link.kind {
            LinkKind::Article => self.dead_card(&shown, found),
            LinkKind::Image => self.dead_link("image", &shown, found)?,
            _ => self.dead_link("link", &shown, found)?,
        };
        let diagnostic = Diagnostic::new(code, message)
            .at(link.position.in_file(&article.source))
            .hint(hint);
        if code == Code::Component {
            // It leads somewhere, so that what dead links are does not matter to it.
            return Some(diagnostic);
        }
        self.report(diagnostic)
    }

    fn dead_link(&self, what: &str, shown: &str, found: Found) -> Option<Said> {
        Some(match found {
            Found::Withheld(source, reason) => (
                Code::DeadLink,
                format!("this {what} leads to {source}, which is {reason}"),
                "publish it, or take the link out".to_owned(),
            ),
            Found::Several(several) => self.ambiguous(shown, &several),
            Found::Nothing(missing) => (
                Code::DeadLink,
                format!("the {what} `{shown}` leads nowhere in this site"),
                self.lookup.near(&missing).map_or_else(
                    || "write a path that exists: relative to this file, or from the site's root with a slash in front".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                ),
            ),
            Found::Article(_) | Found::Route(_) => return None,
        })
    }

    fn dead_card(&self, shown: &str, found: Found) -> Said {
        match found {
            Found::Withheld(source, reason) => (
                Code::DeadLink,
                format!("{source}, whose card is shown here, is {reason}"),
                "publish it, or take the card out".to_owned(),
            ),
            Found::Several(several) => self.ambiguous(shown, &several),
            Found::Route(route) => (
                Code::DeadLink,
                format!("`{route}` is a page of this site, but not an article"),
                "only articles have cards; write an article's path, slug or URL".to_owned(),
            ),
            Found::Nothing(_) if shown.contains("://") => (
                Code::DeadLink,
                format!("`{shown}` is a page of another site, and not an article of this one"),
                "write {{<embed href=\"…\" title=\"…\" />}} for a card of it".to_owned(),
            ),
            Found::Nothing(missing) => (
                Code::DeadLink,
                format!("there is no article `{shown}` whose card could be shown"),
                self.lookup.near(&missing).map_or_else(
                    || "write an article's path, slug or URL".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                ),
            ),
            Found::Article(_) => (
                Code::Component,
                "this article shows a card of itself".to_owned(),
                "take it out, or name another article".to_owned(),
            ),
        }
    }

    fn ambiguous(&self, shown: &str, several: &[ArticleId]) -> Said {
        let sources = self.lookup.sources(several);
        (
            Code::AmbiguousLink,
            format!("`{shown}` fits {} articles: {sources}", several.len()),
            "write the path of the one that is meant".to_owned(),
        )
    }
}
