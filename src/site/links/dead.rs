//! What is said of links and cards that lead to no page, or to no place on one.

use super::Resolver;
use crate::diagnostics::{Code, Diagnostic};
use crate::model::{Article, Link, LinkKind};
use crate::site::lookup::Found;

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
        let Some(fragment) = fragment.filter(|fragment| !fragment.is_empty() && *fragment != "top")
        else {
            return;
        };
        let wanted = percent_encoding::percent_decode_str(fragment).decode_utf8_lossy();
        let headings = || target.headings.iter().map(|heading| &*heading.id);
        let is_footnote = wanted.starts_with("fn-") || wanted.starts_with("fnref-");
        // Text fragments (`#:~:text=…`) are for the browser alone.
        let known = headings().any(|id| id == wanted)
            || target.anchors.iter().any(|anchor| **anchor == *wanted)
            || is_footnote
            || wanted.starts_with(":~:");
        if known {
            return;
        }
        let here = if std::ptr::eq(article, target) {
            "this article".to_owned()
        } else {
            target.source.to_string()
        };
        let near = crate::diagnostics::closest(&wanted, headings());
        let hint = match near {
            Some(near) => format!("did you mean `#{near}`?"),
            None if target.headings.is_empty() => "the page has no headings".to_owned(),
            None => format!(
                "its headings are {}",
                headings()
                    .take(8)
                    .map(|id| format!("#{id}"))
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
        };
        diagnostics.extend(
            self.report(
                Diagnostic::new(Code::DeadLink, format!("there is no `#{wanted}` in {here}"))
                    .at(link.position.in_file(&article.source))
                    .hint(hint),
            ),
        );
    }

    /// What is said of a link that leads to no page.
    pub(super) fn dead(&self, link: &Link, article: &Article, found: Found) -> Option<Diagnostic> {
        self.config.links.severity()?;
        if link.kind == LinkKind::Article {
            return self.dead_card(link, article, found);
        }
        let shown: String = link.destination.chars().take(120).collect();
        let what = if link.kind == LinkKind::Image {
            "image"
        } else {
            "link"
        };
        let (code, message, hint) = match found {
            Found::Withheld(source, reason) => (
                Code::DeadLink,
                format!("this {what} leads to {source}, which is {reason}"),
                "publish it, or take the link out".to_owned(),
            ),
            Found::Several(several) => (
                Code::AmbiguousLink,
                format!("`{shown}` fits {} articles: {}", several.len(), self.lookup.sources(&several)),
                "write the path of the one that is meant".to_owned(),
            ),
            Found::Nothing(missing) => (
                Code::DeadLink,
                format!("the {what} `{shown}` leads nowhere in this site"),
                self.lookup.near(&missing).map_or_else(
                    || "write a path that exists: relative to this file, or from the site's root with a slash in front".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                ),
            ),
            Found::Article(_) | Found::Route(_) => return None,
        };
        self.report(
            Diagnostic::new(code, message)
                .at(link.position.in_file(&article.source))
                .hint(hint),
        )
    }

    /// The same of an article whose card is to be shown.
    fn dead_card(&self, link: &Link, article: &Article, found: Found) -> Option<Diagnostic> {
        let shown: String = link.destination.chars().take(120).collect();
        let (code, message, hint) = match found {
            Found::Withheld(source, reason) => (
                Code::DeadLink,
                format!("{source}, whose card is shown here, is {reason}"),
                "publish it, or take the card out".to_owned(),
            ),
            Found::Several(several) => (
                Code::AmbiguousLink,
                format!(
                    "`{shown}` fits {} articles: {}",
                    several.len(),
                    self.lookup.sources(&several)
                ),
                "write the path of the one that is meant".to_owned(),
            ),
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
        };
        let diagnostic = Diagnostic::new(code, message)
            .at(link.position.in_file(&article.source))
            .hint(hint);
        if code == Code::Component {
            return Some(diagnostic);
        }
        self.report(diagnostic)
    }
}
