//! Feeds: Atom (RFC 4287) and JSON Feed 1.1 (jsonfeed.org).

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::absolute;
use super::shared::feed_title;
use crate::config::{Config, FeedFormat};
use crate::model::{Article, Moment};
use crate::site::{ArticleId, Listing, Site, feed_url};

/// The articles of a listing's feed. Those without a date are left out: a feed is a sequence in
/// time.
pub(super) fn entries(config: &Config, site: &Site, listing: &Listing) -> Vec<ArticleId> {
    let dated = |id: &&ArticleId| site.articles[id.index()].date.is_some();
    let articles = listing.articles.iter().filter(dated);
    articles.take(config.feed_entries).copied().collect()
}

/// A listing's feed.
pub(super) fn feed(config: &Config, site: &Site, listing: &Listing, format: FeedFormat) -> Vec<u8> {
    let entries = entries(config, site, listing);
    match format {
        FeedFormat::Atom => atom(config, site, listing, &entries),
        FeedFormat::Json => json(config, site, listing, &entries),
    }
}

/// Last change of an article. `feed` leaves out those without a date.
fn changed(article: &Article) -> Option<Moment> {
    article.updated.or(article.date)
}

struct Xml(Writer<Vec<u8>>);

impl Xml {
    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let start = BytesStart::new(name).with_attributes(attributes.iter().copied());
        let _ = self.0.write_event(Event::Start(start));
    }

    fn close(&mut self, name: &str) {
        let _ = self.0.write_event(Event::End(BytesEnd::new(name)));
    }

    fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let start = BytesStart::new(name).with_attributes(attributes.iter().copied());
        let _ = self.0.write_event(Event::Empty(start));
    }

    fn text(&mut self, name: &str, text: &str) {
        self.open(name, &[]);
        let _ = self
            .0
            .write_event(Event::Text(BytesText::new(&xml_text(text))));
        self.close(name);
    }
}

/// Text without the characters that XML 1.0 cannot hold.
pub(super) fn xml_text(text: &str) -> std::borrow::Cow<'_, str> {
    let fits = |c: char| {
        !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}') || matches!(c, '\t' | '\n' | '\r')
    };
    if text.chars().all(fits) {
        text.into()
    } else {
        text.chars().filter(|c| fits(*c)).collect::<String>().into()
    }
}

fn atom(config: &Config, site: &Site, listing: &Listing, entries: &[ArticleId]) -> Vec<u8> {
    let mut xml = Xml(Writer::new_with_indent(Vec::new(), b' ', 1));
    let _ = xml
        .0
        .write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)));
    xml.open(
        "feed",
        &[
            ("xmlns", "http://www.w3.org/2005/Atom"),
            ("xml:lang", &config.language),
        ],
    );
    xml.text("title", &feed_title(config, site, listing.kind));
    if let Some(description) = &config.description {
        xml.text("subtitle", description);
    }
    let page = absolute(config, &listing.url);
    xml.text("id", &page);
    xml.empty(
        "link",
        &[("rel", "alternate"), ("type", "text/html"), ("href", &page)],
    );
    let own = absolute(config, &feed_url(&listing.url, FeedFormat::Atom));
    xml.empty(
        "link",
        &[
            ("rel", "self"),
            ("type", "application/atom+xml"),
            ("href", &own),
        ],
    );
    let newest = entries
        .iter()
        .filter_map(|id| changed(&site.articles[id.index()]))
        .max();
    // A feed must have a date; one without entries never changed.
    xml.text(
        "updated",
        &newest.map_or_else(|| "1970-01-01T00:00:00Z".to_owned(), Moment::rfc3339),
    );
    xml.open("author", &[]);
    xml.text("name", &config.title);
    xml.close("author");
    xml.text("generator", "Pressroom");
    for id in entries {
        atom_entry(&mut xml, config, site, *id);
    }
    xml.close("feed");
    let mut bytes = xml.0.into_inner();
    bytes.push(b'\n');
    bytes
}

fn atom_entry(xml: &mut Xml, config: &Config, site: &Site, id: ArticleId) {
    let at = id.index();
    let article = &site.articles[at];
    let url = absolute(config, &site.urls[at]);
    xml.open("entry", &[]);
    xml.text("title", &article.title);
    xml.text("id", &url);
    xml.empty(
        "link",
        &[("rel", "alternate"), ("type", "text/html"), ("href", &url)],
    );
    if let Some(date) = article.date {
        xml.text("published", &date.rfc3339());
    }
    if let Some(changed) = changed(article) {
        xml.text("updated", &changed.rfc3339());
    }
    for author in &site.authors.of_article[at] {
        xml.open("author", &[]);
        xml.text("name", &site.authors.all[*author as usize].label);
        xml.close("author");
    }
    for tag in &site.tags.of_article[at] {
        let label = xml_text(&site.tags.all[*tag as usize].label);
        xml.empty("category", &[("term", &label)]);
    }
    if !article.summary.is_empty() {
        xml.text("summary", &article.summary);
    }
    xml.close("entry");
}

fn json(config: &Config, site: &Site, listing: &Listing, entries: &[ArticleId]) -> Vec<u8> {
    let items: Vec<serde_json::Value> = entries
        .iter()
        .map(|id| {
            let at = id.index();
            let article = &site.articles[at];
            let url = absolute(config, &site.urls[at]);
            let tags = site.tags.of_article[at]
                .iter()
                .map(|tag| &site.tags.all[*tag as usize].label);
            let authors = site.authors.of_article[at].iter().map(|author| {
                let author = &site.authors.all[*author as usize];
                serde_json::json!({"name": author.label, "url": absolute(config, &author.url)})
            });
            let mut item = serde_json::json!({
                "id": url,
                "url": url,
                "title": article.title,
                "summary": article.summary,
                "content_text": article.summary,
                "tags": tags.collect::<Vec<_>>(),
                "authors": authors.collect::<Vec<_>>(),
            });
            if let Some(date) = article.date {
                item["date_published"] = date.rfc3339().into();
            }
            if let Some(updated) = article.updated {
                item["date_modified"] = updated.rfc3339().into();
            }
            if let Some(image) = &site.images[at] {
                item["image"] = absolute_src(config, image).into();
            }
            item
        })
        .collect();
    let mut feed = serde_json::json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed_title(config, site, listing.kind),
        "home_page_url": absolute(config, &listing.url),
        "feed_url": absolute(config, &feed_url(&listing.url, FeedFormat::Json)),
        "language": config.language,
        "items": items,
    });
    if let Some(description) = &config.description {
        feed["description"] = description.as_str().into();
    }
    let mut bytes = serde_json::to_vec_pretty(&feed).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// A picture's URL as a whole; `src` is one of this site with the base path, or elsewhere.
fn absolute_src(config: &Config, src: &str) -> String {
    if src.starts_with('/') && !src.starts_with("//") {
        format!("{}{src}", config.base_url.origin)
    } else {
        src.to_owned()
    }
}
