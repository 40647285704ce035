//! Feeds: Atom (RFC 4287) and JSON Feed 1.1 (jsonfeed.org).

use quick_xml::escape::escape;
use serde::Serialize;

use super::absolute;
use super::shared::feed_title;
use crate::bits;
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

/// XML with each element on a line of its own, set in by a space for each one around it.
struct Xml {
    out: String,
    depth: usize,
}

impl Xml {
    fn new() -> Self {
        Self {
            out: "<?xml version=\"1.0\" encoding=\"utf-8\"?>".to_owned(),
            depth: 0,
        }
    }

    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.begin(name, attributes);
        self.out.push('>');
        self.depth += 1;
    }

    fn close(&mut self, name: &str) {
        self.depth -= 1;
        self.line();
        self.end(name);
    }

    fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.begin(name, attributes);
        self.out.push_str("/>");
    }

    fn text(&mut self, name: &str, text: &str) {
        self.begin(name, &[]);
        self.out.push('>');
        self.out.push_str(&escape(&*xml_text(text)));
        self.end(name);
    }

    fn begin(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.line();
        self.out.push('<');
        self.out.push_str(name);
        for (name, value) in attributes {
            for part in [" ", name, "=\"", &*escape(*value), "\""] {
                self.out.push_str(part);
            }
        }
    }

    fn end(&mut self, name: &str) {
        for part in ["</", name, ">"] {
            self.out.push_str(part);
        }
    }

    fn line(&mut self) {
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(' ', self.depth));
    }
}

/// Text without the characters that XML 1.0 cannot hold.
pub(super) fn xml_text(text: &str) -> std::borrow::Cow<'_, str> {
    let fits = |c: char| {
        !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}') || matches!(c, '\t' | '\n' | '\r')
    };
    // Nearly every text is of plain letters.
    if bits::all(text.as_bytes(), |b| matches!(b, b' '..=b'~')) || text.chars().all(fits) {
        text.into()
    } else {
        text.chars().filter(|c| fits(*c)).collect::<String>().into()
    }
}

fn atom(config: &Config, site: &Site, listing: &Listing, entries: &[ArticleId]) -> Vec<u8> {
    let own = &config.editions[listing.edition.index()];
    let mut xml = Xml::new();
    xml.open(
        "feed",
        &[
            ("xmlns", "http://www.w3.org/2005/Atom"),
            ("xml:lang", &own.language),
        ],
    );
    xml.text("title", &feed_title(config, site, listing));
    if let Some(description) = &own.description {
        xml.text("subtitle", description);
    }
    let page = absolute(config, &listing.url);
    xml.text("id", &page);
    xml.empty(
        "link",
        &[("rel", "alternate"), ("type", "text/html"), ("href", &page)],
    );
    let here = absolute(config, &feed_url(&listing.url, FeedFormat::Atom));
    xml.empty(
        "link",
        &[
            ("rel", "self"),
            ("type", "application/atom+xml"),
            ("href", &here),
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
    xml.text("name", &own.title);
    xml.close("author");
    xml.text("generator", "Pressroom");
    for id in entries {
        atom_entry(&mut xml, config, site, *id);
    }
    xml.close("feed");
    xml.out.push('\n');
    xml.out.into_bytes()
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

/// JSON Feed 1.1, with its keys in the order of the alphabet.
#[derive(Serialize)]
struct JsonFeed<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    feed_url: String,
    home_page_url: String,
    items: Vec<JsonItem<'a>>,
    language: &'a str,
    title: String,
    version: &'a str,
}

#[derive(Serialize)]
struct JsonItem<'a> {
    authors: Vec<JsonAuthor<'a>>,
    content_text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<String>,
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<String>,
    summary: &'a str,
    tags: Vec<&'a str>,
    title: &'a str,
    url: &'a str,
}

#[derive(Serialize)]
struct JsonAuthor<'a> {
    name: &'a str,
    url: String,
}

fn json(config: &Config, site: &Site, listing: &Listing, entries: &[ArticleId]) -> Vec<u8> {
    let own = &config.editions[listing.edition.index()];
    let urls = entries.iter().map(|id| &site.urls[id.index()]);
    let urls: Vec<String> = urls.map(|url| absolute(config, url)).collect();
    let items = entries.iter().zip(&urls);
    let items = items.map(|(id, url)| json_item(config, site, *id, url));
    let feed = JsonFeed {
        description: own.description.as_deref(),
        feed_url: absolute(config, &feed_url(&listing.url, FeedFormat::Json)),
        home_page_url: absolute(config, &listing.url),
        items: items.collect(),
        language: &own.language,
        title: feed_title(config, site, listing),
        version: "https://jsonfeed.org/version/1.1",
    };
    let mut bytes = serde_json::to_vec_pretty(&feed).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

fn json_item<'a>(config: &Config, site: &'a Site, id: ArticleId, url: &'a str) -> JsonItem<'a> {
    let at = id.index();
    let article = &site.articles[at];
    let tags = site.tags.of_article[at].iter();
    let authors = site.authors.of_article[at].iter().map(|author| {
        let author = &site.authors.all[*author as usize];
        JsonAuthor {
            name: &author.label,
            url: absolute(config, &author.url),
        }
    });
    JsonItem {
        authors: authors.collect(),
        content_text: &article.summary,
        date_modified: article.updated.map(Moment::rfc3339),
        date_published: article.date.map(Moment::rfc3339),
        id: url,
        image: site.images[at]
            .as_ref()
            .map(|lead| absolute_src(config, &lead.url)),
        summary: &article.summary,
        tags: tags
            .map(|tag| &*site.tags.all[*tag as usize].label)
            .collect(),
        title: &article.title,
        url,
    }
}

/// A picture's URL as a whole; `src` is one of this site with the base path, or elsewhere.
fn absolute_src(config: &Config, src: &str) -> String {
    if src.starts_with('/') && !src.starts_with("//") {
        format!("{}{src}", config.base_url.origin)
    } else {
        src.to_owned()
    }
}
