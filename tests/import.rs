//! Archives of WordPress become sites: what they become, that every address answers, and that nothing
//! hostile comes through.
//!
//! `UPDATE_EXPECTED=1` writes what tests/import/gazette.xml becomes now into tests/import/site. Read the
//! difference.

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use support::{Run, Site, pictures, pressroom, run, tree, write};

const EXPORT: &str = "tests/import/gazette.xml";
const EXPECTED: &str = "tests/import/site";

fn own(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Imports an export into the site's folder, with its pictures if there are some.
fn import(site: &Site, export: &Path, options: &[&str]) -> Run {
    let mut command = pressroom();
    command
        .args(["import", "wordpress"])
        .arg(export)
        .arg(site.root())
        .args(options);
    run(&mut command)
}

/// Imports several files of an export.
fn import_all(site: &Site, texts: &[String], options: &[&str]) -> Run {
    let mut command = pressroom();
    command.args(["import", "wordpress"]).args(options);
    for (text, number) in texts.iter().zip(1..) {
        let export = site.beside(&format!("export-{number}.xml"));
        fs::write(&export, text).expect("the export");
        command.arg(export);
    }
    run(command.arg(site.root()))
}

/// The same for the text of an export.
fn import_text(site: &Site, text: impl AsRef<[u8]>, options: &[&str]) -> Run {
    let export = site.beside("export.xml");
    fs::write(&export, text).expect("the export");
    import(site, &export, options)
}

/// A folder of pictures beside a site.
fn media(site: &Site) -> String {
    let folder = site.beside("media");
    write(
        &folder.join("wp-content/uploads/2023/03/quay.png"),
        pictures::png(60, 40),
    );
    folder.to_str().expect("UTF-8").to_owned()
}

/// An export with these items.
fn export(items: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss xmlns:wp=\"http://wordpress.org/export/1.2/\">\n<channel>\n\
         <title>Gazette</title>\n<link>https://gazette.example</link>\n<wp:wxr_version>1.2</wp:wxr_version>\n\
         {items}\n</channel>\n</rss>\n"
    )
}

fn post(id: u32, content: &str) -> String {
    format!(
        "<item><title>Post {id}</title><link>https://gazette.example/{id}/</link>\
         <content:encoded><![CDATA[{content}]]></content:encoded><wp:post_id>{id}</wp:post_id>\
         <wp:post_date>2020-01-01 10:00:00</wp:post_date><wp:post_date_gmt>2020-01-01 10:00:00</wp:post_date_gmt>\
         <wp:post_name>post-{id}</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item>\n"
    )
}

#[test]
fn an_export_with_every_kind_of_item_becomes_the_site_that_is_expected() {
    let site = Site::new([]);
    let media = media(&site);
    import(&site, &own(EXPORT), &["--media", &media]).silent();
    let mut made = tree(&site.root());
    made.remove("static/wp-content/uploads/2023/03/quay.png")
        .expect("the picture is copied");
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        let _ = fs::remove_dir_all(own(EXPECTED));
        for (path, bytes) in &made {
            write(&own(EXPECTED).join(path), bytes);
        }
    }
    let expected = tree(&own(EXPECTED));
    assert_eq!(
        made.keys().collect::<Vec<_>>(),
        expected.keys().collect::<Vec<_>>()
    );
    for (path, bytes) in &made {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert_eq!(text(bytes), text(&expected[path]), "{path}");
    }
}

#[test]
fn every_address_of_the_old_site_answers() {
    let site = Site::new([]);
    let media = media(&site);
    import(&site, &own(EXPORT), &["--media", &media]).silent();
    let built = site.build(&[]).ok();
    assert!(!built.stderr.contains("error"), "{}", built.stderr);
    for path in [
        "2023/03/fares-rise/index.html",
        "2023/03/fares-go-up/index.html",
        "2022/11/plan.html",
        "2022/12/über-die-fähre/index.html",
        "about/index.html",
        "about/team/index.html",
        "recipes/soup/index.html",
        "wp-content/uploads/2023/03/quay.png",
        "category/news/index.html",
        "category/news/transport/index.html",
        "category/uncategorized/index.html",
        "tags/ferries/index.html",
        "tags/r-and-d/index.html",
        "authors/city-desk/index.html",
    ] {
        assert!(site.has_output(path), "{path}");
    }
    let old = "/2023/03/fares-rise/\n/2022/11/plan.html\n/category/news/transport/\n/tag/r-and-d/\n\
               /tag/ferries/\n/author/city-desk/\n/wp-content/uploads/2023/03/quay.png\n\
               /2023/03/fares-rise/quay/\n/2023/\n/2023/03/\n/feed/\n/category/news/feed/\n\
               /tag/ferries/feed/\n/author/city-desk/feed/\n";
    site.write("old.txt", old);
    let check = site.run(["check", "--urls", "old.txt"]).ok();
    let counted = "14 of 14 old URLs in old.txt answered: 3 pages and files, 11 redirects";
    assert!(check.stdout.contains(counted), "{check:?}");
    for path in [
        "2023/05/subscribers/index.html",
        "2030/01/next-year/index.html",
        "gone/index.html",
    ] {
        assert!(!site.has_output(path), "{path}");
    }
    let page = site.output("2023/03/fares-rise/index.html");
    for text in [
        "R&amp;D",
        "Said in many places.",
        "In <strong>June</strong>",
        "youtube-nocookie.com/embed/abcdefghijk",
        "table 2",
    ] {
        assert!(page.contains(text), "{text}");
    }
}

#[test]
fn addresses_of_people_are_in_no_file() {
    let site = Site::new([]);
    import(&site, &own(EXPORT), &[]).silent();
    for (path, bytes) in tree(&site.root()) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        for secret in [
            "secret@",
            "192.0.2",
            "desk@gazette",
            "photo@",
            "photo-gazette",
        ] {
            assert!(!text.contains(secret), "{secret} in {path}");
        }
    }
}

#[test]
fn a_second_import_changes_nothing_and_what_was_edited_stays() {
    let site = Site::new([]);
    let media = media(&site);
    let first = import(&site, &own(EXPORT), &["--media", &media, "--all"]).silent();
    assert!(
        first
            .stdout
            .contains("files written, 0 unchanged, 0 left alone"),
        "{}",
        first.stdout
    );
    let before = tree(&site.root());
    let second = import(&site, &own(EXPORT), &["--media", &media]).silent();
    assert!(
        second.stdout.contains("0 files written"),
        "{}",
        second.stdout
    );
    assert_eq!(tree(&site.root()), before);
    site.append("content/about.md", "More.\n");
    let third = import(&site, &own(EXPORT), &["--media", &media]).silent();
    assert!(
        third.stdout.contains("1 left alone") && third.stdout.contains("  content/about.md"),
        "{}",
        third.stdout
    );
    assert!(site.read("content/about.md").ends_with("More.\n"));
}

#[test]
fn the_report_is_for_people_and_for_programs_and_always_the_same() {
    let site = Site::new([]);
    let text = import(&site, &own(EXPORT), &["--all"]).silent().stdout;
    for part in [
        "2 comments, 2 drafts, 1 other text, 2 pages, 3 posts, 1 scheduled",
        "Left as it was: shortcode (1)",
        "gazette.xml:181: `[contact-form-7]` stays as text\n    in content/posts/plan.md",
        "Not imported: comment (2)",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let json = import(&site, &own(EXPORT), &["--format", "json"]).silent();
    let again = import(&site, &own(EXPORT), &["--format", "json"]).silent();
    assert_eq!(json.stdout, again.stdout);
    let lines = json.json();
    let last = lines.last().expect("a summary");
    assert_eq!(
        (&last["event"], &last["converted"]["posts"]),
        (&Value::from("imported"), &Value::from(3))
    );
    let shortcode = lines
        .iter()
        .find(|line| line["kind"] == "shortcode")
        .expect("the shortcode");
    assert_eq!(
        (&shortcode["event"], &shortcode["outcome"]),
        (&Value::from("loss"), &Value::from("kept"))
    );
    assert_eq!(shortcode["place"]["line"], 181);
}

#[test]
fn what_is_no_export_is_an_error_that_says_so() {
    let site = Site::new([]);
    let told = import(&site, &site.beside("none.xml"), &[]).failed().stderr;
    assert!(
        told.contains("cannot read") && told.contains("none.xml"),
        "{told}"
    );
    let utf16: Vec<u8> = export("")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let latin = export("").replace("UTF-8", "ISO-8859-1");
    for (bytes, expected) in [
        (b"<html>".to_vec(), "no export of WordPress"),
        (utf16, "UTF-16"),
        (latin.into_bytes(), "iso-8859-1"),
    ] {
        let told = import_text(&site, bytes, &[]).failed();
        assert!(
            told.stderr.contains(expected) && told.stdout.is_empty(),
            "{}",
            told.stderr
        );
    }
    assert_eq!(run(pressroom().args(["import", "wordpress"])).code, Some(2));
}

#[test]
fn what_comes_before_the_damage_is_imported() {
    let site = Site::new([]);
    let whole = export(&[post(1, "One."), post(2, "Two."), post(3, "Three.")].concat());
    let cut = &whole[..whole.find("Three").expect("the last")];
    let told = import_text(&site, cut, &[]).failed();
    assert!(
        told.stderr.contains("ends before") && told.stderr.contains("export.xml:9:84"),
        "{}",
        told.stderr
    );
    assert!(told.stdout.contains("2 posts"), "{}", told.stdout);
    assert!(site.read("content/posts/post-2.md").contains("Two."));

    let site = Site::new([]);
    let mut bytes = whole.into_bytes();
    let at = bytes
        .windows(4)
        .position(|four| four == b"Two.")
        .expect("the second");
    bytes[at] = 0xe9;
    let told = import_text(&site, bytes, &[]).failed();
    assert!(told.stderr.contains("0xe9 is not UTF-8"), "{}", told.stderr);
    assert!(site.path("content/posts/post-1.md").is_file());
}

#[test]
fn entities_are_never_expanded() {
    let site = Site::new([]);
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY f SYSTEM \"file:///etc/passwd\">]>";
    let text = export(&post(1, "x")).replace("<rss", &format!("{bomb}\n<rss"));
    let told = import_text(&site, text, &[]).failed().stderr;
    assert!(told.contains("document type"), "{told}");
    let text = export(&post(1, "x").replace("Post 1", "&b; &f; &#65; &amp;"));
    import_text(&site, text, &[]).ok();
    assert!(
        site.read("content/posts/post-1.md")
            .contains("title: '&b; &f; A &'")
    );
}

#[test]
fn nothing_is_written_or_read_elsewhere() {
    let site = Site::new([]);
    let folder = site.beside("media");
    write(&folder.join("ok.png"), pictures::png(9, 9));
    write(&site.beside("secret.png"), pictures::png(9, 9));
    #[cfg(unix)]
    std::os::unix::fs::symlink(site.beside("secret.png"), folder.join("link.png")).expect("a link");
    let names = [
        "../secret.png",
        "%2e%2e/secret.png",
        "..%5csecret.png",
        "/etc/passwd",
        "link.png",
        "a%00b.png",
        "C:%5ca",
    ];
    let images = names.map(|name| format!("<img src=\"/wp-content/uploads/{name}\">"));
    let images = images.concat();
    let slugs = [
        "../../../evil",
        "%2e%2e%2fevil",
        "a\\b",
        "CON:",
        &"x".repeat(5000),
    ];
    let posts = slugs.iter().zip(2..).map(|(slug, id)| {
        post(id, &images)
            .replace(&format!("post-{id}"), slug)
            .replace(&format!("example/{id}/"), &format!("example/{slug}/"))
    });
    let posts: String = posts.collect();
    let categories = posts.replace(
        "<wp:status>",
        "<category domain=\"category\" nicename=\"../../up\">Up</category><wp:status>",
    );
    let before: Vec<_> = fs::read_dir(site.beside(""))
        .expect("a folder")
        .flatten()
        .map(|entry| entry.file_name())
        .collect();
    let media = folder.to_str().expect("UTF-8");
    import_text(&site, export(&categories), &["--media", media]).ok();
    let mut after: Vec<_> = fs::read_dir(site.beside(""))
        .expect("a folder")
        .flatten()
        .map(|entry| entry.file_name())
        .collect();
    after.retain(|name| !before.contains(name) && name != "export.xml");
    assert!(after.is_empty(), "{after:?}");
    assert!(!site.path("static").exists(), "nothing is copied");
    site.build(&[]).ok();
}

#[test]
fn what_lies_too_deep_and_what_looks_like_code_is_shown() {
    let site = Site::new([]);
    let deep = "<div>".repeat(10_000) + "deep";
    let calls = "{{&lt;figure src=\"x\" /&gt;}} {% raw %} {{ config }} [[x]] ^a^ ~b~";
    let text = export(
        &[
            post(1, &deep),
            post(2, calls),
            post(3, &"[a ".repeat(50_000)),
        ]
        .concat(),
    );
    let told = import_text(&site, text, &[]).ok();
    assert!(
        told.stdout.contains("elements lie too deep"),
        "{}",
        told.stdout
    );
    site.build(&[]).ok();
    let page = site.output("2/index.html");
    for shown in ["{{&lt;figure src=", "{% raw %} {{ config }} [[x]] ^a^ ~b~"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert!(site.output("1/index.html").contains("deep"));
}

#[test]
fn two_items_of_one_address_are_told_apart() {
    let site = Site::new([]);
    let twice = post(1, "One.") + &post(1, "Two.").replace("<wp:post_id>1", "<wp:post_id>2");
    let told = import_text(&site, export(&twice), &["--all"]).ok();
    assert!(
        told.stdout
            .contains("is the address of the item of line 7 as well"),
        "{}",
        told.stdout
    );
    site.build(&[]).ok();
    assert!(site.output("1/index.html").contains("One."));
    assert!(site.output("posts/post-1-2/index.html").contains("Two."));
}

#[test]
fn an_old_name_of_two_articles_leads_to_the_first_that_readers_see() {
    let old = "<wp:postmeta><wp:meta_key>_wp_old_slug</wp:meta_key><wp:meta_value>plan</wp:meta_value></wp:postmeta>";
    let renamed = |id: u32| {
        let post = post(id, "x").replace(
            &format!("example/{id}/"),
            &format!("example/news/post-{id}/"),
        );
        post.replace("</item>", &format!("{old}</item>"))
    };
    let private = renamed(1).replace("publish", "private");
    let own = post(4, "x").replace("example/4/", "example/news/five/");
    let taken = renamed(5).replace(">plan<", ">five<");
    let site = Site::new([]);
    let told = import_text(
        &site,
        export(&[private, renamed(2), renamed(3), own, taken].concat()),
        &["--all"],
    );
    for part in [
        "export.xml:7: /news/plan/ was its address once, and is one of the item of line 8, which keeps it",
        "export.xml:9: /news/plan/ was its address once, and is one of the item of line 8, which keeps it",
        "export.xml:11: /news/five/ was its address once, and is one of the item of line 10, which keeps it",
    ] {
        assert!(told.stdout.contains(part), "{part}: {}", told.stdout);
    }
    site.build(&[]).silent();
    let page = site.output("news/plan/index.html");
    assert!(page.contains("/news/post-2/"), "{page}");
}

#[test]
fn an_address_that_cannot_be_is_exchanged_and_links_follow() {
    let page = |id: u32, link: &str, text: &str| {
        post(id, text).replace(&format!("https://gazette.example/{id}/"), link)
    };
    let items = [
        page(1, "https://gazette.example/archive/", "One.")
            .replace("post-1", "archive")
            .replace(">post<", ">page<"),
        page(2, "https://gazette.example/plan.html", "Two."),
        page(3, "https://gazette.example/plan.html/more/", "Three."),
        page(
            4,
            "https://gazette.example/?p=4",
            "<a href=\"/?p=1\">a</a> <a href=\"/?p=3\">b</a>",
        ),
        page(
            5,
            "https://gazette.example/5/",
            "<a href=\"/?p=4\">c</a> <a href=\"/?s=x\">d</a>",
        ),
    ];
    let site = Site::new([]);
    let told = import_text(&site, export(&items.concat()), &["--all"])
        .ok()
        .stdout;
    for part in [
        "/archive/ is a page that the site makes itself, so it is at /archive-2/ now",
        "would be a file and a folder of one name, so it is at /posts/post-3/ now",
        "`https://gazette.example/?p=4` is no address that a page can have, so it is at /posts/post-4/ now",
        "/?s=x names nothing that is in this export",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let text = site.read("content/posts/post-4.md");
    assert!(
        text.contains("[a](/archive-2/) [b](/posts/post-3/)"),
        "{text}"
    );
    assert!(
        site.read("content/posts/post-5.md")
            .contains("[c](/posts/post-4/)")
    );
    site.build(&[]).silent();
    assert!(site.output("archive-2/index.html").contains("One."));
}

#[test]
fn what_an_item_misses_is_told_and_what_belongs_to_it_is_found() {
    let lead = "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>77</wp:meta_value></wp:postmeta></item>";
    let picture = "<item><title>quay</title><wp:post_id>9</wp:post_id><wp:post_parent>2</wp:post_parent>\
                   <wp:post_type>attachment</wp:post_type><wp:status>inherit</wp:status>\
                   <wp:attachment_url>https://gazette.example/wp-content/uploads/2023/03/quay.png</wp:attachment_url></item>";
    let items = [
        post(1, "[video]").replace("</item>", lead),
        post(2, "[gallery]"),
        post(3, "x").replace("2020-01-01 10:00:00", "2020-02-30 10:00:00"),
    ];
    let site = Site::new([]);
    let media = media(&site);
    let told = import_text(
        &site,
        export(&(items.concat() + picture)),
        &["--media", &media],
    );
    let told = told.ok().stdout;
    for part in [
        "export.xml:7: its featured picture, number 77, is not in this export",
        "export.xml:7: `[video]` stays as text",
        "export.xml:9: its date `2020-02-30 10:00:00` is none, so it has no date",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let text = site.read("content/posts/post-2.md");
    assert!(
        text.contains("![](/wp-content/uploads/2023/03/quay.png)"),
        "{text}"
    );
    site.build(&[]).silent();
}

#[test]
fn categories_lie_in_each_other_and_tags_may_have_their_names() {
    let categories = "<wp:category><wp:term_id>1</wp:term_id><wp:category_nicename>sport</wp:category_nicename><wp:cat_name>Sport</wp:cat_name>\
                      <wp:category_description>All games.</wp:category_description></wp:category>\
                      <wp:category><wp:term_id>2</wp:term_id><wp:category_nicename>rowing</wp:category_nicename>\
                      <wp:category_parent>sport</wp:category_parent><wp:cat_name>Rowing</wp:cat_name></wp:category><wp:wxr_version>";
    let terms = "<category domain=\"category\" nicename=\"rowing\">Rowing</category>\
                 <category domain=\"post_tag\" nicename=\"rowing\">Rowing</category></item>";
    let entry = |object: &str, kind: &str, id: u32| {
        format!(
            "<item><title></title><wp:post_id>9{id}</wp:post_id><wp:post_type>nav_menu_item</wp:post_type><wp:status>publish</wp:status>\
             <category domain=\"nav_menu\" nicename=\"main\">Main</category>\
             <wp:postmeta><wp:meta_key>_menu_item_type</wp:meta_key><wp:meta_value>{kind}</wp:meta_value></wp:postmeta>\
             <wp:postmeta><wp:meta_key>_menu_item_object</wp:meta_key><wp:meta_value>{object}</wp:meta_value></wp:postmeta>\
             <wp:postmeta><wp:meta_key>_menu_item_object_id</wp:meta_key><wp:meta_value>{id}</wp:meta_value></wp:postmeta></item>"
        )
    };
    let menu = entry("category", "taxonomy", 2)
        + &entry("category", "taxonomy", 1)
        + &entry("post", "post_type", 7);
    let items = post(7, "x").replace("</item>", terms) + &menu;
    let site = Site::new([]);
    let export = export(&items).replace("<wp:wxr_version>", categories);
    import_text(&site, export, &[]).silent();
    assert!(
        site.read("content/rowing/post-7.md")
            .contains("tags:\n- Rowing\n- Sport\n")
    );
    assert!(site.read("data/tags.yaml").contains("All games."));
    assert!(site.read("pressroom.yaml").contains(
        "navigation:\n- title: Rowing\n  url: /rowing/\n- title: Sport\n  url: /tags/sport/\n- title: Post 7\n  url: /7/\n"
    ));
    site.write(
        "old.txt",
        "/category/sport/\n/category/sport/rowing/\n/category/sport/feed/\n/tag/rowing/\n",
    );
    site.build(&[]).silent();
    site.run(["check", "--urls", "old.txt"]).ok();
}

#[test]
fn the_files_of_one_export_are_one_archive() {
    let with_tag = |id: u32, text: &str| {
        let tag = "<category domain=\"post_tag\" nicename=\"ferries\">Ferries</category>";
        post(id, text).replace("</item>", &format!("{tag}</item>"))
    };
    let first = with_tag(1, "<a href=\"/?p=2\">on</a>");
    let second = with_tag(2, "Two.") + &post(1, "Again.").replace("<wp:post_id>1", "<wp:post_id>3");
    let described = export(&second).replace(
        "<wp:wxr_version>",
        "<wp:tag><wp:tag_slug>ferries</wp:tag_slug><wp:tag_description>On water.</wp:tag_description></wp:tag><wp:wxr_version>",
    );
    let site = Site::new([]);
    let texts = [export(&first), described.clone()];
    let told = import_all(&site, &texts, &["--all"]).ok();
    let conflict =
        "export-2.xml:8: https://gazette.example/1/ is the address of the item of line 7 of ";
    assert!(
        told.stdout.contains("3 posts") && told.stdout.contains(conflict),
        "{}",
        told.stdout
    );
    assert!(site.read("content/posts/post-1.md").contains("[on](/2/)"));
    assert!(
        site.read("data/tags.yaml")
            .contains("description: On water.")
    );
    site.build(&[]).silent();

    // One that is damaged does not keep the others from coming over.
    let site = Site::new([]);
    let cut = texts[0][..texts[0].find("<wp:post_date>").expect("a date")].to_owned();
    let told = import_all(&site, &[cut, described], &[]).failed();
    assert!(
        told.stderr.contains("export-1.xml:7:") && told.stderr.contains("ends before"),
        "{}",
        told.stderr
    );
    assert!(told.stdout.contains("2 posts"), "{}", told.stdout);

    let site = Site::new([]);
    let other = export("").replace("gazette.example", "herald.example");
    let told = import_all(&site, &[texts[0].clone(), other], &[]).failed();
    assert!(
        told.stderr.contains("export of https://herald.example/") && told.stdout.is_empty(),
        "{}",
        told.stderr
    );
    assert!(!site.path("content").exists());
}

#[test]
fn listings_lead_on_from_where_the_settings_had_them() {
    let terms = "<category domain=\"category\" nicename=\"news\">News</category>\
                 <category domain=\"category\" nicename=\"sea\">Sea</category>\
                 <category domain=\"post_tag\" nicename=\"ferries\">Ferries</category></item>";
    let items = post(1, "<a href=\"/topics/sea/\">all</a>").replace("</item>", terms);
    let site = Site::new([]);
    let bases = ["--category-base", "/topics", "--tag-base=about/it"];
    import_text(&site, export(&items), &bases).silent();
    assert!(
        site.read("content/news/post-1.md")
            .contains("[all](/tags/sea/)")
    );
    site.build(&[]).silent();
    for path in [
        "topics/news",
        "topics/news/feed",
        "topics/sea",
        "about/it/ferries",
    ] {
        assert!(site.has_output(&format!("{path}/index.html")), "{path}");
    }
    for wrong in ["", "a b/../c", "a//b", "?x"] {
        let run = import_text(&site, export(""), &["--tag-base", wrong]);
        assert_eq!(run.code, Some(2), "{wrong}");
    }
}

/// Real exports, which are no part of this repository.
#[test]
fn exports_of_others_become_sites_that_build() {
    let folder = own("../shared/corpus/wordpress");
    let Ok(files) = fs::read_dir(&folder) else {
        eprintln!("NOT TESTED: there are no exports in {}", folder.display());
        return;
    };
    let files = files.flatten().map(|entry| entry.path());
    for export in files.filter(|path| path.extension().is_some_and(|ending| ending == "xml")) {
        let site = Site::new([]);
        import(&site, &export, &[]).silent();
        let built = site.build(&[]).ok();
        assert!(!built.stderr.contains("error["), "{}", built.stderr);
        let text = fs::read_to_string(&export).expect("UTF-8");
        let items = text.split("<item>").skip(1).filter(|item| {
            item.contains("<wp:status>publish<")
                && ["post", "page"]
                    .iter()
                    .any(|kind| item.contains(&format!("<wp:post_type>{kind}<")))
        });
        for item in items {
            let link = item
                .split("<link>")
                .nth(1)
                .and_then(|rest| rest.split("</link>").next())
                .expect("a link");
            let path = link.trim().splitn(4, '/').nth(3).expect("a path");
            assert!(site.has_output(&format!("{path}index.html")), "{path}");
        }
    }
}
