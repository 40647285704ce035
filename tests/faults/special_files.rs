//! What a folder can hold besides files and folders: links, pipes, sockets, names that are no text.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use pressroom::model::has_ending;

use super::support::{Site, assert_same, run, tree};
use super::{clean_build, gazette, no_panic, set_title};

const SECRET: &str = "the neighbour's diary";

/// Where files of a site are read from, with a name that is read in each.
const READ: [&str; 9] = [
    "content/news/there.md",
    "content/news/there.comments.yaml",
    "content/news/there.svg",
    "data/there.yaml",
    "static/there.txt",
    "templates/there.html",
    "i18n/en.yaml",
    "themes/own/templates/there.html",
    "fonts/there.ttf",
];

const FOLDERS: [&str; 7] = [
    "content",
    "data",
    "static",
    "templates",
    "i18n",
    "themes",
    "fonts",
];

/// Folders in which everything is read.
const WITHIN: [&str; 7] = [
    "content",
    "data",
    "static",
    "templates",
    "i18n",
    "themes/own",
    "fonts",
];

/// A site that was published, and what was.
fn published() -> (Site, super::Tree) {
    let site = gazette(5);
    for path in READ {
        fs::create_dir_all(site.path(path).parent().expect("a folder")).expect("a folder");
    }
    site.write("content/news/there.md", "# There\n");
    site.write("themes/own/theme.yaml", "name: own\nparent: broadsheet\n");
    site.append("pressroom.yaml", "theme: own\nsocial_cards: true\n");
    site.build(&[]).ok();
    let outputs = site.outputs();
    (site, outputs)
}

/// Puts something where a file or folder may be, builds, and takes it away again: the site is as it was
/// before or a diagnostic names the place.
#[track_caller]
fn with(site: &Site, good: &super::Tree, path: &str, make: impl FnOnce(&Path)) -> super::Run {
    let at = site.path(path);
    let aside = site.beside("aside");
    let was_there = fs::rename(&at, &aside).is_ok();
    make(&at);
    let built = site.build(&[]);
    no_panic(&built);
    let context = format!("{path}\n{}", built.stderr);
    if built.code == Some(1) {
        assert!(built.stderr.contains(path), "{context}");
        assert_same(&site.outputs(), good);
    }
    let everything = tree(&site.path("public"));
    let leaked = everything.iter().find(|(_, bytes)| contains(bytes, SECRET));
    assert!(leaked.is_none(), "{context}{leaked:?}");
    fs::remove_file(&at).expect("what was put there");
    if was_there {
        fs::rename(&aside, &at).expect("it was there");
    }
    site.build(&[]).ok();
    assert_same(&site.outputs(), good);
    built
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

#[test]
fn links_that_lead_out_of_the_site_in_circles_or_nowhere_are_refused_wherever_they_are() {
    let (site, good) = published();
    fs::write(site.beside("secret"), SECRET).expect("a file");
    fs::create_dir(site.beside("private")).expect("a folder");
    for name in [
        "there.md",
        "there.yaml",
        "there.html",
        "there.txt",
        "en.yaml",
        "theme.yaml",
    ] {
        fs::write(site.beside("private").join(name), SECRET).expect("a file");
    }
    let targets = [
        site.beside("secret"),
        site.beside("private"),
        site.beside("nothing"),
    ];
    for path in READ
        .into_iter()
        .chain(FOLDERS)
        .chain(["pressroom.yaml", "themes/own"])
    {
        for target in &targets {
            let built = with(&site, &good, path, |at| {
                symlink(target, at).expect("a link");
            });
            assert_eq!(
                built.code,
                Some(1),
                "{path} leads to {}\n{}",
                target.display(),
                built.stderr
            );
        }
        let built = with(&site, &good, path, |at| {
            symlink(at.file_name().expect("a name"), at).expect("a link to itself");
        });
        assert_eq!(
            built.code,
            Some(1),
            "{path} leads to itself\n{}",
            built.stderr
        );
    }
    for folder in WITHIN {
        let path = format!("{folder}/again");
        let built = with(&site, &good, &path, |at| symlink("..", at).expect("a link"));
        assert_eq!(
            built.code,
            Some(1),
            "{path} leads to the site\n{}",
            built.stderr
        );
    }
}

#[test]
fn pipes_and_sockets_hold_nobody_up() {
    let (site, good) = published();
    for path in READ.into_iter().chain(FOLDERS).chain(["pressroom.yaml"]) {
        with(&site, &good, path, |at| {
            let made = Command::new("mkfifo").arg(at).status();
            assert!(made.expect("mkfifo runs").success());
        });
        with(&site, &good, path, |at| {
            drop(UnixListener::bind(at).expect("a socket"));
        });
    }
}

/// A file of Pressroom's own by the name that it has now: a bulk has its hash in it.
fn as_named_now(site: &Site, path: String) -> String {
    let Some((kind, _)) = path.rsplit_once('-').filter(|_| !site.path(&path).exists()) else {
        return path;
    };
    let (folder, kind) = kind.rsplit_once('/').expect("it lies in a folder");
    let mut names = tree(&site.path(folder)).into_keys();
    let name = names.find(|name| name.starts_with(&format!("{kind}-")));
    name.map_or(path.clone(), |name| format!("{folder}/{name}"))
}

/// Where files of Pressroom's own are.
#[test]
fn pipes_in_the_place_of_what_is_kept_hold_nobody_up() {
    let (site, good) = published();
    let own = ["public/.pressroom", ".pressroom"].map(|folder| tree(&site.path(folder)));
    let [output, kept] = own.map(|tree| tree.into_keys().collect::<Vec<String>>());
    let output = output
        .iter()
        .map(|name| format!("public/.pressroom/{name}"));
    let kept = kept.iter().map(|name| format!(".pressroom/{name}"));
    let paths: Vec<String> = output.chain(kept).collect();
    let mut tried = 0;
    for path in paths {
        let path = as_named_now(&site, path);
        let aside = site.beside("aside");
        if fs::rename(site.path(&path), &aside).is_err() {
            // Another file has come into its place.
            continue;
        }
        tried += 1;
        let made = Command::new("mkfifo").arg(site.path(&path)).status();
        assert!(made.expect("mkfifo runs").success());
        set_title(&site, "Herald");
        let built = site.build(&[]);
        no_panic(&built);
        if built.code == Some(1) {
            assert!(
                built.stderr.contains(".pressroom"),
                "{path}\n{}",
                built.stderr
            );
            assert_same(&site.outputs(), &good);
        }
        let _ = fs::remove_file(site.path(&path));
        let _ = fs::rename(&aside, site.path(&path));
        set_title(&site, "Gazette");
        site.append("pressroom.yaml", "theme: own\nsocial_cards: true\n");
        let built = site.build(&[]);
        assert_eq!(built.code, Some(0), "{path}\n{}", built.stderr);
        assert_same(&site.outputs(), &good);
    }
    println!("{tried} files were pipes");
    assert!(tried > 4, "only {tried}");
}

#[test]
fn names_that_are_no_text_are_refused_wherever_they_are() {
    let (site, good) = published();
    for folder in WITHIN {
        for name in [&b"caf\xe9.md"[..], b"\xff\xfe", b"two\nlines.txt"] {
            let at = site.path(folder).join(OsStr::from_bytes(name));
            for is_folder in [false, true] {
                if is_folder {
                    fs::create_dir(&at).expect("a folder");
                } else {
                    fs::write(&at, "Latin-1").expect("a file");
                }
                let built = site.build(&[]);
                no_panic(&built);
                // An empty folder of any name is no mistake.
                if !is_folder || built.code == Some(1) {
                    assert_eq!(built.code, Some(1), "{}\n{}", at.display(), built.stderr);
                    assert!(
                        built.stderr.contains("error[file-name]"),
                        "{}",
                        built.stderr
                    );
                }
                assert_same(&site.outputs(), &good);
                if is_folder {
                    fs::remove_dir(&at).expect("a folder");
                } else {
                    fs::remove_file(&at).expect("a file");
                }
            }
        }
    }
    site.build(&[]).ok();
}

#[test]
fn an_output_folder_among_the_sources_is_refused_however_it_is_written() {
    let (site, good) = published();
    let sources = tree(&site.root());
    symlink("content", site.beside("elsewhere")).expect("a link");
    symlink(site.path("content"), site.beside("site-s-content")).expect("a link");
    for output in [
        ".",
        "..",
        "/",
        "content",
        "content/public",
        "static/public",
        "themes/own/public",
        "public/../content/public",
        "../site-s-content/public",
        "templates/../static",
        "pressroom.yaml",
    ] {
        let refused = site.build(&["--output", output]).failed();
        no_panic(&refused);
        assert!(
            refused.stderr.contains("error[output]"),
            "{output}: {}",
            refused.stderr
        );
        assert!(
            refused.stderr.contains("= help: "),
            "{output}: {}",
            refused.stderr
        );
        assert_same(
            &without_kept(tree(&site.root())),
            &without_kept(sources.clone()),
        );
        assert_same(&site.outputs(), &good);
    }
    assert_same(&clean_build(&site), &good);
}

/// Files of the site but for what builds keep for the next one.
fn without_kept(mut tree: super::Tree) -> super::Tree {
    tree.retain(|path, _| !path.starts_with(".pressroom/"));
    tree
}

/// An output folder that is itself a link, into which nothing is to be written behind another's back.
#[test]
fn links_in_the_output_are_not_written_through() {
    let (site, _) = published();
    let outside = site.beside("outside");
    fs::create_dir(&outside).expect("a folder");
    fs::write(outside.join("index.html"), "mine").expect("a file");
    for path in [
        "public/news",
        "public/index.html",
        "public/.pressroom",
        "public/tags",
    ] {
        let at = site.path(path);
        let aside = site.beside("aside");
        fs::rename(&at, &aside).expect("it was published");
        let target = if has_ending(path, &["html"]) {
            outside.join("index.html")
        } else {
            outside.clone()
        };
        symlink(target, &at).expect("a link");
        set_title(&site, "Herald");
        let mut command = site.command(["build"]);
        let refused = run(&mut command);
        no_panic(&refused);
        assert_eq!(refused.code, Some(1), "{path}: {}", refused.stderr);
        assert!(
            refused.stderr.contains("error[output]"),
            "{}",
            refused.stderr
        );
        assert_eq!(tree(&outside).len(), 1);
        assert_eq!(
            fs::read_to_string(outside.join("index.html")).expect("a file"),
            "mine"
        );
        fs::remove_file(&at).expect("the link");
        fs::rename(&aside, &at).expect("it was there");
        site.build(&[]).ok();
        set_title(&site, "Gazette");
    }
}
