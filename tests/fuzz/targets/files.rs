//! Files that owners of sites and authors of themes write, and drawings from anywhere.

use std::fs;
use std::path::Path;

use pressroom::config::Config;
use pressroom::model::SourceFile;
use pressroom::render::Theme;
use pressroom::{parse, pictures};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use tempfile::TempDir;

use super::told::can_be_shown;
use super::{choice, text};

/// pressroom.yaml gives settings that can be used, whatever it says, and the same each time.
pub fn settings(input: &[u8]) {
    let text = text(input);
    let (config, found) = Config::read(Some(&text), "fuzz");
    can_be_shown(&found, "pressroom.yaml", &text);
    assert!(config.page_size > 0 && !config.editions.is_empty());
    assert!(config.base_url.path.starts_with('/') && config.base_url.path.ends_with('/'));
    let (again, found_again) = Config::read(Some(&text), "fuzz");
    assert_eq!(found, found_again);
    assert_eq!(format!("{config:?}"), format!("{again:?}"));
}

/// What the first byte of an input makes it.
const DATA: [&str; 7] = [
    "authors.yaml",
    "tags.yaml",
    "redirects.yaml",
    "any.yaml",
    "any.json",
    "any.toml",
    "any.csv",
];

/// Files of data/ give values, or say where they cannot be read.
pub fn data(input: &[u8]) {
    let (name, input) = choice(input);
    let name = DATA[usize::from(name) % DATA.len()];
    let text = text(input);
    let folder = folder();
    let path = format!("data/{name}");
    write(folder.path(), &path, text.as_bytes());
    let file = SourceFile::new(&folder.path().into(), path.clone());
    let (config, _) = Config::read(None, "fuzz");
    let (data, found) = parse::data(&[file], &config);
    can_be_shown(&found, &path, &text);
    assert!(
        found.has_errors() || data.files.contains_key(name),
        "nobody says why there is no {name}"
    );
}

/// theme.yaml gives a theme that can be used, or says what is wrong.
pub fn themes(input: &[u8]) {
    let text = text(input);
    let folder = folder();
    let path = "themes/own/theme.yaml";
    write(folder.path(), path, text.as_bytes());
    let (config, _) = Config::read(Some("theme: own"), "fuzz");
    let (theme, found) = Theme::load(folder.path(), &config);
    can_be_shown(&found, path, &text);
    assert!(!theme.names.is_empty());
}

/// Drawings have no script and ask nobody for anything once they are sanitised, and can be read again.
pub fn drawings(input: &[u8]) {
    let Ok(drawing) = pictures::sanitised(input) else {
        return;
    };
    let drawing = String::from_utf8(drawing).expect("a sanitised drawing is text");
    let mut reader = Reader::from_str(&drawing);
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) => runs_nothing(&tag, &drawing),
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => panic!("{error}\n{drawing}"),
        }
    }
    let again = pictures::sanitised(drawing.as_bytes());
    assert!(again.is_ok(), "a sanitised drawing can be read\n{drawing}");
}

/// Insists that an element of a drawing runs no script and leads to no other server.
fn runs_nothing(tag: &BytesStart, drawing: &str) {
    let name = tag.local_name().into_inner().to_ascii_lowercase();
    let is_active = ["script", "foreignobject", "iframe", "handler", "listener"];
    assert!(!is_active.contains(&&*name), "<{name}>\n{drawing}");
    for attribute in tag.attributes() {
        let attribute = attribute.expect("attributes that can be read");
        let key = attribute.key.local_name().into_inner();
        let key = key.to_ascii_lowercase();
        assert!(!key.starts_with("on"), "{key}\n{drawing}");
        let value = attribute.value.to_ascii_lowercase();
        // URL Standard, 4.4: what a browser does not look at.
        let value: String = value.chars().filter(|c| *c > ' ').collect();
        let leads = matches!(&*key, "href" | "src");
        // A colon behind one of these is none of a scheme.
        let scheme = value.split(['/', '?', '#']).next().unwrap_or_default();
        let is_here = !scheme.contains(':') && !value.starts_with("//") && !value.contains('\\');
        let is_drawn = value.starts_with("data:image/") && !value.contains("svg");
        assert!(!leads || is_here || is_drawn, "{value}\n{drawing}");
    }
}

/// A folder in memory, where there is a place for that.
pub(super) fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    };
    folder.expect("a temporary folder")
}

/// Writes a file below a folder.
pub(super) fn write(root: &Path, path: &str, bytes: &[u8]) {
    let file = root.join(path);
    let folder = file.parent().expect("a file is in a folder");
    fs::create_dir_all(folder).expect("a new folder");
    fs::write(&file, bytes).expect("a new file");
}
