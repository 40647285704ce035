//! Whatever an export holds, an import ends, stays in its folder and makes articles that can be read.

use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::{Bases, Request, import};
use crate::import::Report;
use crate::yaml::Value;

fn imported(export: &[u8]) -> (tempfile::TempDir, Report, Option<String>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("export.xml");
    fs::write(&file, export).unwrap();
    let mut report = Report::default();
    let request = Request {
        exports: &[file],
        bases: Bases::default(),
        site: &folder.path().join("site"),
        media: None,
        fetch_media: false,
        progress: &|_, _| {},
    };
    let outcome = import(&request, &mut report);
    (
        folder,
        report,
        outcome
            .err()
            .map(|wrong| wrong.iter().map(|wrong| wrong.message.clone()).collect()),
    )
}

fn files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() {
            files(&entry.path(), found);
        } else {
            found.push(entry.path());
        }
    }
}

fn text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "[a-z ]{0,8}",
        "\\PC{0,12}",
        Just("\n\n".to_owned()),
        Just("<!-- wp:paragraph --><p>".to_owned()),
        Just("<!-- /wp:paragraph -->".to_owned()),
        Just("<!-- wp:block {\"ref\":1} /-->".to_owned()),
        Just("<!-- wp:embed {\"url\":\"https://youtu.be/abcdefghijk\"} -->".to_owned()),
        Just("[caption]<img src='/wp-content/uploads/../x'>".to_owned()),
        Just("[/caption]".to_owned()),
        Just("[gallery ids=\"1,2\"]".to_owned()),
        Just("<ul><li>".to_owned()),
        Just("<table><tr><td>".to_owned()),
        Just("<a href='?p=1'>".to_owned()),
        Just("<!--more-->".to_owned()),
        Just("../..%2f\\".to_owned()),
    ];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat().replace("]]>", ""))
}

fn item() -> impl Strategy<Value = String> {
    let kinds = [
        "post",
        "page",
        "attachment",
        "nav_menu_item",
        "wp_block",
        "revision",
        "recipe",
        "wp_navigation",
    ];
    let states = ["publish", "draft", "private", "future", "trash", "inherit"];
    let words = prop::collection::vec(text(), 7);
    (prop::sample::select(kinds.to_vec()), prop::sample::select(states.to_vec()), words, 0..5_u64, 0..5_u64).prop_map(
        |(kind, state, words, id, parent)| {
            let cdata = |text: &str| format!("<![CDATA[{text}]]>");
            format!(
                "<item><title>{}</title><link>{}</link><content:encoded>{}</content:encoded>\
                 <excerpt:encoded>{}</excerpt:encoded><wp:post_name>{}</wp:post_name><wp:post_id>{id}</wp:post_id>\
                 <wp:post_parent>{parent}</wp:post_parent><wp:status>{state}</wp:status><wp:post_type>{kind}</wp:post_type>\
                 <wp:post_date>2020-01-01 10:00:00</wp:post_date><wp:attachment_url>{}</wp:attachment_url>\
                 <category domain=\"category\" nicename=\"{}\">x</category>\
                 <wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>{parent}</wp:meta_value></wp:postmeta>\
                 <wp:comment><wp:comment_id>{id}</wp:comment_id><wp:comment_content>{}</wp:comment_content>\
                 <wp:comment_approved>1</wp:comment_approved></wp:comment></item>",
                cdata(&words[0]),
                cdata(&format!("https://gazette.example/{}", words[1])),
                cdata(&words[2]),
                cdata(&words[3]),
                cdata(&words[4]),
                cdata(&words[5]),
                words[4].replace(['<', '>', '&', '"'], ""),
                cdata(&words[6]),
            )
        },
    )
}

const HEAD: &str = "<rss xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><link>https://gazette.example</link>";

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn articles_can_be_read_and_lie_in_the_site(items in prop::collection::vec(item(), 1..6)) {
        let export = format!("{HEAD}{}</channel></rss>", items.concat());
        let (folder, report, wrong) = imported(export.as_bytes());
        prop_assert_eq!(wrong, None);
        prop_assert!(report.occupied.is_empty());
        let beside: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        prop_assert_eq!(beside.len(), 2);
        let mut found = Vec::new();
        files(&folder.path().join("site"), &mut found);
        prop_assert_eq!(found.len(), report.written);
        for file in found {
            let text = fs::read_to_string(&file).unwrap();
            let yaml = match text.strip_prefix("---\n") {
                Some(rest) => rest.split("---\n").next().unwrap_or_default(),
                None => &text,
            };
            let value: Result<Value, _> = serde_yaml::from_str(yaml);
            prop_assert!(value.is_ok(), "{}: {}", file.display(), text);
        }
    }

    #[test]
    fn an_export_that_is_cut_anywhere_or_changed_ends(items in prop::collection::vec(item(), 1..4), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let export = format!("{HEAD}{}</channel></rss>", items.concat()).into_bytes();
        let at = at.index(export.len());
        let _ = imported(&export[..at]);
        let mut changed = export;
        changed[at] = byte;
        let _ = imported(&changed);
    }
}
