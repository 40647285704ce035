//! What pages say of themselves to search engines, to places where people share them, and to
//! browsers: read by parsers, as these do.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use serde_json::Value;

use super::support::host::Host;
use super::support::{Site, article, ends_in, pictures};

const BASE: &str = "https://gazette.example/sub/";

/// An opening tag.
type Tag = (String, BTreeMap<String, String>);

/// A page as an HTML parser reads it.
#[derive(Default)]
struct Page {
    tags: RefCell<Vec<Tag>>,
    /// The content of each script.
    scripts: RefCell<Vec<String>>,
    in_script: Cell<bool>,
}

impl TokenSink for Page {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) => {
                let name = tag.name.to_string();
                let opens = tag.kind == TagKind::StartTag;
                self.in_script.set(opens && name == "script");
                if !opens {
                    return TokenSinkResult::Continue;
                }
                let attributes = tag.attrs.iter();
                let attributes =
                    attributes.map(|a| (a.name.local.to_string(), a.value.to_string()));
                let raw = match name.as_str() {
                    "script" => Some(RawKind::ScriptData),
                    "style" => Some(RawKind::Rawtext),
                    "title" => Some(RawKind::Rcdata),
                    _ => None,
                };
                if name == "script" {
                    self.scripts.borrow_mut().push(String::new());
                }
                self.tags.borrow_mut().push((name, attributes.collect()));
                raw.map_or(TokenSinkResult::Continue, TokenSinkResult::RawData)
            }
            Token::CharacterTokens(text) if self.in_script.get() => {
                if let Some(script) = self.scripts.borrow_mut().last_mut() {
                    script.push_str(&text);
                }
                TokenSinkResult::Continue
            }
            Token::ParseError(error) => panic!("line {line}: {error}"),
            _ => TokenSinkResult::Continue,
        }
    }
}

impl Page {
    fn parse(text: &str) -> Self {
        let tokenizer = Tokenizer::new(Self::default(), TokenizerOpts::default());
        let input = BufferQueue::default();
        input.push_back(StrTendril::from(text));
        while !input.is_empty() {
            let _ = tokenizer.feed(&input);
        }
        tokenizer.end();
        tokenizer.sink
    }

    /// The values of an attribute of all tags that have another one with a given value.
    fn all(&self, name: &str, attribute: &str, value: &str, wanted: &str) -> Vec<String> {
        let tags = self.tags.borrow();
        let fitting = tags.iter().filter(|(tag, attributes)| {
            tag == name
                && attributes
                    .get(attribute)
                    .is_some_and(|found| found == value)
        });
        let wanted = fitting.filter_map(|(_, attributes)| attributes.get(wanted).cloned());
        wanted.collect()
    }

    fn meta(&self, property: &str) -> Vec<String> {
        self.all("meta", "property", property, "content")
    }

    fn link(&self, relation: &str) -> Vec<String> {
        self.all("link", "rel", relation, "href")
    }

    /// `home`, `article` and so on.
    fn kind(&self) -> String {
        let tags = self.tags.borrow();
        let body = tags
            .iter()
            .find(|(name, _)| name == "body")
            .expect("a body");
        body.1["class"].trim_start_matches("kind-").to_owned()
    }

    /// Languages and addresses of the page's versions.
    fn versions(&self) -> BTreeMap<String, String> {
        let tags = self.tags.borrow();
        let links = tags.iter().filter(|(name, _)| name == "link");
        let versions = links.filter_map(|(_, attributes)| {
            Some((
                attributes.get("hreflang")?.clone(),
                attributes["href"].clone(),
            ))
        });
        versions.collect()
    }

    /// Everything that it says in JSON-LD, each thing with a type of its own.
    fn things(&self) -> Vec<Value> {
        let mut things = Vec::new();
        for script in self.scripts.borrow().iter() {
            let mut data: Value = serde_json::from_str(script).expect("JSON-LD is JSON");
            assert_eq!(data["@context"], "https://schema.org");
            match data["@graph"].take() {
                Value::Array(graph) => things.extend(graph),
                _ => things.push(data),
            }
        }
        things
    }
}

/// A site below a folder of its host, with a page of every kind.
fn site() -> Site {
    let bridge = article(
        "'\"The bridge\" & <b>the tram</b>'",
        "date: 2024-07-04 06:30\nupdated: 2024-07-05\ntags: [bridges]\nauthors: [Ada Kerr, desk]\n\
         image: {src: /tram.png, alt: A tram}\nlang: en-GB\ntranslation: bridge\n",
        "The first tram crossed at dawn.\n",
    );
    let version = |language: &str, front: &str| {
        let front = format!("date: 2024-07-04\nlang: {language}\ntranslation: bridge\n{front}");
        article(
            "Die Brücke",
            &front,
            "Die erste Bahn fuhr im Morgengrauen.\n",
        )
    };
    let site = Site::new([
        (
            "pressroom.yaml",
            "title: The \"Gazette\" & Sons\nbase_url: https://gazette.example/sub/\n\
             description: News from the <harbour>\nlanguage: en-GB\nlisting: {page_size: 2}\n",
        ),
        ("content/news/bridge.md", &bridge),
        ("content/news/brücke.md", &version("de", "")),
        ("content/news/ponte.md", &version("pt-BR", "")),
        ("content/news/pont.md", &version("fr", "draft: true\n")),
        (
            "content/about.md",
            "# About\n\nWithout a date, in no section.\n",
        ),
        ("data/authors.yaml", "desk: {name: The city desk}\n"),
    ]);
    site.write("static/tram.png", pictures::png(64, 48));
    for n in 1..=3 {
        let front = format!("date: 2024-06-0{n}\naliases: /old/{n}.html\ntags: [bridges]\n");
        site.write(
            &format!("content/news/{n}.md"),
            article(&format!("Repairs {n}"), &front, "The bridge is closed.\n"),
        );
    }
    site
}

/// The pages of a site by their paths, but for those that only lead on.
fn pages(site: &Site) -> BTreeMap<String, Page> {
    let outputs = site.outputs().into_iter();
    let texts = outputs
        .filter(|(path, _)| ends_in(path, "html"))
        .map(|(path, bytes)| (path, Page::parse(&String::from_utf8(bytes).expect("UTF-8"))));
    let leads_on = |page: &Page| {
        !page
            .all("meta", "http-equiv", "refresh", "content")
            .is_empty()
    };
    texts.filter(|(_, page)| !leads_on(page)).collect()
}

/// Insists on a URL of the site as a whole, of something that is there.
#[track_caller]
fn is_there(site: &Site, url: &Value) {
    let url = url.as_str().expect("a URL");
    let path = url.strip_prefix(BASE).unwrap_or_else(|| panic!("{url}"));
    let path = percent_encoding::percent_decode_str(path)
        .decode_utf8()
        .expect("UTF-8");
    let file = match &*path {
        folder if folder.is_empty() || folder.ends_with('/') => format!("{folder}index.html"),
        file => file.to_owned(),
    };
    assert!(site.has_output(&file), "{url}");
}

/// What a thing has of a kind, if it has any.
fn each<'a>(thing: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    let list = thing.get(name).map(|list| list.as_array().expect("a list"));
    list.into_iter().flatten()
}

#[track_caller]
fn is_text(text: &Value) {
    assert!(text.as_str().is_some_and(|text| !text.is_empty()), "{text}");
}

/// Insists on what schema.org and Google's documentation of structured data ask of a thing.
#[track_caller]
fn is_complete(site: &Site, thing: &Value) {
    match thing["@type"].as_str().expect("a type") {
        "NewsArticle" => {
            is_text(&thing["headline"]);
            is_text(&thing["description"]);
            is_text(&thing["inLanguage"]);
            assert!(thing["wordCount"].is_u64());
            is_there(site, &thing["mainEntityOfPage"]);
            for date in ["datePublished", "dateModified"] {
                if let Some(date) = thing.get(date) {
                    let date = date.as_str().expect("a date");
                    assert!(date.parse::<jiff::Timestamp>().is_ok(), "{date}");
                }
            }
            for image in each(thing, "image") {
                is_there(site, image);
            }
            for author in each(thing, "author") {
                assert_eq!(author["@type"], "Person");
                is_text(&author["name"]);
                is_there(site, &author["url"]);
            }
            is_complete(site, &thing["publisher"]);
        }
        "Organization" => {
            is_text(&thing["name"]);
            is_there(site, &thing["url"]);
            is_there(site, &thing["logo"]);
        }
        "WebSite" => {
            is_text(&thing["name"]);
            is_there(site, &thing["url"]);
        }
        "CollectionPage" => {
            is_text(&thing["name"]);
            is_text(&thing["inLanguage"]);
            is_there(site, &thing["url"]);
            is_complete(site, &thing["isPartOf"]);
        }
        "BreadcrumbList" => {
            let steps = thing["itemListElement"].as_array().expect("a list");
            assert!(steps.len() >= 2, "one step is no trail: {thing}");
            for (at, step) in steps.iter().enumerate() {
                assert_eq!(step["@type"], "ListItem");
                assert_eq!(step["position"], at + 1);
                is_text(&step["name"]);
                is_there(site, &step["item"]);
            }
        }
        other => panic!("nobody asked for a {other}"),
    }
}

#[test]
fn search_engines_learn_what_every_page_is() {
    let site = site();
    site.build(&[]).silent();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for (path, page) in pages(&site) {
        let things = page.things();
        for thing in &things {
            is_complete(&site, thing);
        }
        let types: Vec<&str> = things
            .iter()
            .filter_map(|thing| thing["@type"].as_str())
            .collect();
        let kind = page.kind();
        let expected: &[&str] = match kind.as_str() {
            "404" => &[],
            "article" => &["NewsArticle", "BreadcrumbList"],
            "home" if path == "index.html" => &["WebSite", "Organization"],
            "home" => &["CollectionPage"],
            _ => &["CollectionPage", "BreadcrumbList"],
        };
        assert_eq!(types, expected, "{path}");
        if let Some(trail) = things
            .iter()
            .find(|thing| thing["@type"] == "BreadcrumbList")
        {
            let last = trail["itemListElement"]
                .as_array()
                .and_then(|steps| steps.last());
            let last = last.expect("a step")["item"].as_str().expect("a URL");
            assert_eq!(
                page.link("canonical"),
                [last],
                "{path}: the last step is the page"
            );
        }
        *kinds.entry(kind).or_default() += 1;
    }
    let kinds: Vec<&str> = kinds.keys().map(String::as_str).collect();
    assert_eq!(
        kinds,
        [
            "404", "archive", "article", "author", "authors", "home", "month", "related",
            "section", "tag", "tags", "year"
        ]
    );
}

#[test]
fn an_article_names_its_authors_and_its_place_to_search_engines() {
    let site = site();
    site.build(&[]).silent();
    let things = pages(&site)["news/bridge/index.html"].things();
    let (news, trail) = (&things[0], &things[1]["itemListElement"]);
    assert_eq!(news["headline"], "\"The bridge\" & <b>the tram</b>");
    assert_eq!(news["image"][0], format!("{BASE}tram.png"));
    assert_eq!(news["author"][1]["name"], "The city desk");
    assert_eq!(news["author"][1]["url"], format!("{BASE}authors/desk/"));
    assert_eq!(news["publisher"]["name"], "The \"Gazette\" & Sons");
    assert_eq!(news["inLanguage"], "en-GB");
    let names: Vec<&Value> = (0..3).map(|at| &trail[at]["name"]).collect();
    assert_eq!(
        names,
        [
            &news["publisher"]["name"],
            &Value::from("News"),
            &news["headline"]
        ]
    );
}

#[test]
fn every_page_can_be_shared() {
    let site = site();
    site.build(&[]).silent();
    for (path, page) in pages(&site) {
        let one = |property: &str| {
            let found = page.meta(property);
            assert_eq!(found.len(), 1, "{path}: {property}: {found:?}");
            found[0].clone()
        };
        // The four that ogp.me asks for.
        assert!(!one("og:title").is_empty(), "{path}");
        let is_article = page.kind() == "article";
        assert_eq!(
            one("og:type"),
            if is_article { "article" } else { "website" },
            "{path}"
        );
        is_there(&site, &one("og:url").into());
        if page.kind() != "404" {
            assert_eq!(page.link("canonical"), [one("og:url")], "{path}");
        }
        let card = page.all("meta", "name", "twitter:card", "content");
        let has_picture = path == "news/bridge/index.html";
        assert_eq!(
            page.meta("og:image").len(),
            usize::from(has_picture),
            "{path}"
        );
        let expected = if has_picture {
            "summary_large_image"
        } else {
            "summary"
        };
        assert_eq!(card, [expected], "{path}");
    }
    let pages = pages(&site);
    let bridge = &pages["news/bridge/index.html"];
    assert_eq!(bridge.meta("og:image"), [format!("{BASE}tram.png")]);
    assert_eq!(bridge.meta("og:image:alt"), ["A tram"]);
    assert_eq!(bridge.meta("og:locale"), ["en_GB"]);
    assert_eq!(
        bridge.meta("article:author"),
        [
            format!("{BASE}authors/ada-kerr/"),
            format!("{BASE}authors/desk/")
        ]
    );
    assert_eq!(pages["news/ponte/index.html"].meta("og:locale"), ["pt_BR"]);
    let german = pages["news/brücke/index.html"].meta("og:locale");
    assert_eq!(
        german, [""; 0],
        "a locale has a territory, and `de` has none"
    );
}

#[test]
fn the_versions_of_an_article_know_one_another() {
    let site = site();
    site.build(&[]).silent();
    let pages = pages(&site);
    let versions: BTreeMap<String, String> = [
        ("de", "news/br%C3%BCcke/"),
        ("en-GB", "news/bridge/"),
        ("pt-BR", "news/ponte/"),
    ]
    .map(|(language, path)| (language.to_owned(), format!("{BASE}{path}")))
    .into();
    for path in ["news/bridge", "news/brücke", "news/ponte"] {
        let page = &pages[&format!("{path}/index.html")];
        assert_eq!(
            page.versions(),
            versions,
            "{path}: itself as well, and no draft"
        );
    }
    for path in ["index.html", "about/index.html", "news/1/index.html"] {
        assert_eq!(pages[path].versions(), BTreeMap::new(), "{path}");
    }
    let bridge = site.output("news/bridge/index.html");
    assert!(
        bridge.contains(
            "Also in: <a rel=\"alternate\" hreflang=\"de\" lang=\"de\" href=\"/sub/news/br%C3%BCcke/\">Deutsch</a>, "
        ),
        "{bridge}"
    );

    // One that is published joins them; one that goes leaves no trace.
    let draft = site.read("content/news/pont.md");
    site.write("content/news/pont.md", draft.replace("draft: true\n", ""));
    site.remove("content/news/ponte.md");
    site.build(&[]).silent();
    let page = Page::parse(&site.output("news/bridge/index.html"));
    let languages: Vec<String> = page.versions().into_keys().collect();
    assert_eq!(languages, ["de", "en-GB", "fr"]);
    site.remove("content/news/pont.md");
    site.remove("content/news/brücke.md");
    site.build(&[]).silent();
    let page = Page::parse(&site.output("news/bridge/index.html"));
    assert_eq!(
        page.versions(),
        BTreeMap::new(),
        "alone it is no translation"
    );
}

fn manifest(site: &Site) -> Value {
    serde_json::from_str(&site.output("manifest.webmanifest")).expect("JSON")
}

#[test]
fn a_browser_can_put_the_site_on_a_home_screen() {
    let site = site();
    site.build(&[]).silent();
    let found = manifest(&site);
    let icon = found["icons"][0]["src"].as_str().expect("an icon");
    assert!(
        icon.starts_with("/sub/assets/favicon.") && ends_in(icon, "svg"),
        "{icon}"
    );
    let expected = serde_json::json!({
        "name": "The \"Gazette\" & Sons",
        "short_name": "The \"Gazette\" & Sons",
        "description": "News from the <harbour>",
        "lang": "en-GB",
        "dir": "ltr",
        "start_url": "/sub/",
        "scope": "/sub/",
        "display": "minimal-ui",
        "theme_color": "#fffdf9",
        "background_color": "#fffdf9",
        "icons": [{"src": icon, "type": "image/svg+xml", "sizes": "any"}],
    });
    assert_eq!(found, expected);
    for (path, page) in pages(&site) {
        assert_eq!(
            page.link("manifest"),
            ["/sub/manifest.webmanifest"],
            "{path}"
        );
        assert_eq!(page.link("icon"), [icon], "{path}");
        assert_eq!(page.link("apple-touch-icon"), [""; 0], "{path}");
    }
    let host = Host::serve(&site.path("public"), BASE);
    assert_eq!(host.follow_every_link().1, [""; 0]);
}

#[test]
fn a_site_has_icons_of_its_own() {
    let site = site();
    site.write("static/favicon.ico", "an icon");
    site.write("static/apple-touch-icon.png", "a larger one");
    site.build(&[]).silent();
    let icons: Vec<Value> = manifest(&site)["icons"].as_array().expect("a list").clone();
    let sources: Vec<&Value> = icons.iter().map(|icon| &icon["src"]).collect();
    assert_eq!(sources, ["/sub/favicon.ico", "/sub/apple-touch-icon.png"]);
    let touch_icon = format!("{BASE}apple-touch-icon.png");
    let page = Page::parse(&site.output("index.html"));
    assert_eq!(page.link("icon"), ["/sub/favicon.ico"]);
    assert_eq!(page.link("apple-touch-icon"), ["/sub/apple-touch-icon.png"]);
    assert_eq!(page.meta("og:image"), [touch_icon.as_str()]);
    assert_eq!(page.things()[1]["logo"], touch_icon);

    site.write("static/manifest.webmanifest", "{\"name\": \"Ours\"}");
    site.build(&[]).silent();
    assert_eq!(manifest(&site), serde_json::json!({"name": "Ours"}));
}

#[test]
fn an_article_without_a_picture_is_shared_with_a_card() {
    let site = site();
    site.append("pressroom.yaml", "social_cards: true\n");
    site.build(&[]).silent();
    let pages = pages(&site);
    let page = &pages["news/brücke/index.html"];
    let [image] = &page.meta("og:image")[..] else {
        panic!("{:?}", page.meta("og:image"));
    };
    assert!(
        image.starts_with(BASE) && image.ends_with("/social-card.png"),
        "{image}"
    );
    is_there(&site, &image.clone().into());
    assert_eq!(page.meta("og:image:type"), ["image/png"]);
    assert_eq!(page.meta("og:image:width"), ["1200"]);
    assert_eq!(page.meta("og:image:height"), ["630"]);
    assert_eq!(page.meta("og:image:alt"), page.meta("og:title"));
    let card = page.all("meta", "name", "twitter:card", "content");
    assert_eq!(card, ["summary_large_image"]);
    let things = page.things();
    let article = things.iter().find(|thing| thing["@type"] == "NewsArticle");
    assert_eq!(article.expect("an article")["image"][0], image.as_str());

    let bridge = &pages["news/bridge/index.html"];
    assert_eq!(bridge.meta("og:image"), [format!("{BASE}tram.png")]);
    assert_eq!(pages["index.html"].meta("og:image"), [""; 0]);
}
