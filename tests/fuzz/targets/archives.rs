//! Archives of other programs: what becomes of them can be read, shows every word, and lies in the site.

use std::fs;
use std::path::Path;

use pressroom::config::Config;
use pressroom::diagnostics::{Diagnostic, Severity};
use pressroom::import::html::{Host, Note, Purpose, convert, plain_text};
use pressroom::import::{Destination, Generator, Report, generator, wordpress as wxr};
use pressroom::markdown::{comment_html, scan, trusted_html};
use pressroom::model::{SourceFile, Treatment, has_ending};
use pressroom::parse;

use super::files::{folder, write};
use super::vouched::{Author, is_harmless};
use super::{choice, text};

/// An archive that knows no more than its HTML says.
pub struct Nobody;

impl Host for Nobody {
    fn link(&mut self, href: &str) -> String {
        href.to_owned()
    }

    fn media(&mut self, src: &str) -> String {
        src.to_owned()
    }

    fn footnote(&mut self, _: &str) -> Option<usize> {
        None
    }
}

/// HTML as Markdown says the same words, and calls no component that the importer did not mean.
pub fn html_import(input: &[u8]) {
    let html = text(input);
    let said = letters(&plain_text(&html));
    let article = convert(&html, Purpose::Article, &mut Nobody);
    let calls = ["{% <", "{{<"];
    let has_calls = calls.iter().any(|call| article.markdown.contains(call));
    // What stands in these is shown by no browser, or as something else than words.
    let small = html.to_ascii_lowercase();
    let has_unseen = UNSEEN.iter().any(|tag| small.contains(tag));
    if !has_calls && !has_unseen && !article.notes.contains(&Note::ShownAsText) {
        let shown = letters(&plain_text(&trusted_html(&article.markdown, "/")));
        assert_eq!(shown, said, "{}", article.markdown);
    }
    let comment = convert(&html, Purpose::Comment, &mut Nobody);
    is_harmless(&comment_html(&comment.markdown), Author::Commenter);
    let base = "https://example.org/";
    let scanned = scan(&comment.markdown, 0, false, false, base, |_, _| {
        Treatment::Call
    });
    assert!(scanned.calls.is_empty(), "{}", comment.markdown);
}

/// Elements whose text is not read as HTML, or not shown.
const UNSEEN: [&str; 10] = [
    "<iframe",
    "<noembed",
    "<noframes",
    "<plaintext",
    "<script",
    "<style",
    "<template",
    "<textarea",
    "<title",
    "<xmp",
];

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

const EXPORT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Old</title><link>https://old.example</link><wp:wxr_version>1.2</wp:wxr_version>
<wp:base_site_url>https://old.example</wp:base_site_url><wp:base_blog_url>https://old.example</wp:base_blog_url>
"#;

/// An export of WordPress becomes a site that can be read, whatever its texts say.
///
/// The first byte of an input says whether the rest is an export, or the lines of a post: a title, a name,
/// a category and the text.
pub fn wordpress(input: &[u8]) {
    let (how, input) = choice(input);
    let folder = folder();
    let text = text(input);
    let export = if how & 1 > 0 {
        text.into_owned()
    } else {
        let mut lines = text.splitn(4, '\n');
        let mut line = || cdata(lines.next().unwrap_or_default());
        let (title, name, category, content) = (line(), line(), line(), line());
        format!(
            "{EXPORT}<item><title>{title}</title><link>https://old.example/?p=5</link>\
             <dc:creator>{name}</dc:creator><content:encoded>{content}</content:encoded>\
             <excerpt:encoded>{title}</excerpt:encoded><wp:post_id>5</wp:post_id>\
             <wp:post_date>2019-05-04 08:00:00</wp:post_date><wp:post_name>{name}</wp:post_name>\
             <wp:status>publish</wp:status><wp:post_type>post</wp:post_type>\
             <category domain=\"category\" nicename=\"a\">{category}</category>\
             <wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_author>{name}</wp:comment_author>\
             <wp:comment_content>{content}</wp:comment_content><wp:comment_approved>1</wp:comment_approved>\
             </wp:comment></item></channel></rss>"
        )
    };
    write(folder.path(), "export.xml", export.as_bytes());
    let site = folder.path().join("site");
    let request = wxr::Request {
        exports: &[folder.path().join("export.xml")],
        bases: wxr::Bases::default(),
        site: &site,
        media: None,
        fetch_media: false,
        progress: &|_, _| {},
    };
    let mut report = Report::default();
    let outcome = wxr::import(&request, &mut report);
    assert!(how & 1 > 0 || outcome.is_ok(), "{outcome:?}");
    let beside = fs::read_dir(folder.path()).expect("the folder is there");
    assert!(beside.count() <= 2, "files beside the site");
    can_be_read(&site, how & 1 == 0);
}

/// A text as XML has it that says no markup.
fn cdata(text: &str) -> String {
    format!("<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>"))
}

/// Sites of other generators become sites that can be read.
///
/// The first byte of an input says whose site it is, and whether the rest is its configuration or a page.
pub fn generators(input: &[u8]) {
    let (how, input) = choice(input);
    let (whose, settings, page) = [
        (Generator::Hugo, "hugo.toml", "content/posts/a.md"),
        (Generator::Jekyll, "_config.yml", "_posts/2024-07-04-a.md"),
        (Generator::Zola, "config.toml", "content/posts/a.md"),
    ][usize::from(how % 3)];
    let folder = folder();
    let source = folder.path().join("old");
    let usual = match whose {
        Generator::Jekyll => "title: Old\nurl: https://old.example\n",
        Generator::Hugo => "baseURL = 'https://old.example/'\ntitle = 'Old'\n",
        Generator::Zola => "base_url = 'https://old.example/'\ntitle = 'Old'\n",
    };
    let is_page = how & 128 == 0;
    let (settings_say, page_says): (&[u8], &[u8]) = if is_page {
        (usual.as_bytes(), input)
    } else {
        (input, b"---\ntitle: A page\n---\nText.\n")
    };
    write(&source, settings, settings_say);
    write(&source, page, page_says);
    let site = folder.path().join("site");
    let destination = Destination::open(&site).expect("a new folder");
    let mut report = Report::default();
    let outcome = generator(whose, &source, &destination, &mut report);
    assert!(!is_page || outcome.is_ok(), "{outcome:?}");
    let beside = fs::read_dir(folder.path()).expect("the folder is there");
    assert!(beside.count() <= 2, "files beside the site");
    can_be_read(&site, is_page);
}

/// Insists that what an import made of texts can be read without a mistake that is its own.
///
/// `are_settings_sound`: what it was told of the site is none that nobody could use.
fn can_be_read(site: &Path, are_settings_sound: bool) {
    let mut files = Vec::new();
    list(site, site, &mut files);
    let text_of = |path: &str| fs::read_to_string(site.join(path)).expect("a text");
    let config = files
        .iter()
        .find(|path| *path == "pressroom.yaml")
        .map(|path| {
            let text = text_of(path);
            let (config, found) = Config::read(Some(&text), "old");
            let sound = found.iter().filter(|_| are_settings_sound);
            has_no_mistake(sound, path, &text);
            config
        });
    let config = config.unwrap_or_else(|| Config::read(None, "old").0);
    for path in &files {
        if path.ends_with(".comments.yaml") {
            let text = text_of(path);
            let (_, found) = parse::comments_from(path, &text, &config);
            has_no_mistake(&found, path, &text);
        } else if path.starts_with("content/") && has_ending(path, &["md"]) {
            let text = text_of(path);
            let (_, found) = parse::article_from(path, &text, &config);
            // Of a body, an import keeps also what is wrong with it.
            let found = found
                .iter()
                .filter(|diagnostic| diagnostic.code.as_str().starts_with("front-matter"));
            has_no_mistake(found, path, &text);
        } else if path.starts_with("data/") {
            let file = SourceFile::new(&site.into(), path.clone());
            let (_, found) = parse::data(&[file], &config);
            has_no_mistake(found.iter(), path, &text_of(path));
        }
    }
}

fn has_no_mistake<'a>(found: impl IntoIterator<Item = &'a Diagnostic>, path: &str, text: &str) {
    for diagnostic in found {
        assert!(
            diagnostic.severity != Severity::Error,
            "{path}: {diagnostic:?}\n{text}"
        );
    }
}

/// All files below a folder, by their paths from a root.
fn list(root: &Path, folder: &Path, files: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            list(root, &path, files);
            continue;
        }
        let path = path.strip_prefix(root).expect("a file below the root");
        files.push(path.to_str().expect("a name that is text").to_owned());
    }
}
