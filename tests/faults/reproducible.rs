//! The same files give the same site, wherever, whenever and by whomever it is built.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, UNIX_EPOCH};

use pressroom::model::has_ending;

use super::machine::{by_way_of, give_away, skip, unprivileged};
use super::support::edits::State;
use super::support::random::Random;
use super::support::{Site, Tree, article, assert_same, copy, pictures, published, run, tree};
use super::trials;

/// Sites of tests/browser that between them have one of everything, and one with photographs, cards and a
/// search.
const SITES: [&str; 4] = ["specimen", "languages", "arabic", "photographs"];

/// One of them, in a folder of its own.
fn sample(name: &str) -> Site {
    let site = Site::in_memory();
    if name == "photographs" {
        for (path, bytes) in State::new(&mut Random::new(1)).on_disk() {
            site.write(&path, bytes);
        }
        site.append("pressroom.yaml", "social_cards: true\n");
        let shown = "![Us](/us.png)\n\n![The city](view.png)\n";
        site.write("content/city/shown.md", article("The city", "", shown));
        site.write("content/city/held.jpg", pictures::jpeg(800, 500, 6));
        site.write(
            "content/city/held.md",
            article("Held", "", "![Held](held.jpg)\n"),
        );
        return site;
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    copy(&here.join("tests/browser").join(name), &site.root());
    site
}

/// What a build makes of a site that is there.
#[track_caller]
fn built(site: &Site, command: &mut Command) -> Tree {
    run(command).ok();
    site.outputs()
}

/// The same files in another order, as far as the disk keeps one: those of a folder in which they were
/// made, or that of their numbers.
fn shuffled(files: &Tree, seed: u64) -> Site {
    let site = Site::in_memory();
    let mut random = Random::new(seed);
    let mut paths: Vec<&String> = files.keys().collect();
    for at in (1..paths.len()).rev() {
        paths.swap(at, random.below(at + 1));
    }
    // Names that come and go leave gaps, which others fill.
    for (n, path) in paths.iter().enumerate() {
        site.write(&format!("{path}.{n}"), "");
    }
    for (n, path) in paths.iter().enumerate() {
        site.write(path, &files[*path]);
        site.remove(&format!("{path}.{n}"));
    }
    site
}

/// The machine as the program sees it, in a way that is none of its business.
const SURROUNDINGS: [&[(&str, &str)]; 6] = [
    &[("TZ", "Pacific/Kiritimati"), ("RAYON_NUM_THREADS", "1")],
    &[
        ("TZ", "America/St_Johns"),
        ("LC_ALL", "tr_TR.UTF-8"),
        ("LANG", "tr_TR.UTF-8"),
    ],
    &[
        ("LC_ALL", "C"),
        ("LANGUAGE", "ar"),
        ("RAYON_NUM_THREADS", "7"),
    ],
    &[
        ("HOME", "/nonexistent"),
        ("USER", "somebody"),
        ("HOSTNAME", "elsewhere"),
    ],
    &[
        ("RAYON_NUM_THREADS", "2"),
        ("LC_ALL", "de_DE.UTF-8"),
        ("COLUMNS", "20"),
    ],
    &[
        ("TMPDIR", "/nonexistent"),
        ("PWD", "/nonexistent"),
        ("CLICOLOR_FORCE", "1"),
    ],
];

#[test]
fn surroundings_do_not_show() {
    for name in SITES {
        let first = sample(name);
        let expected = built(&first, &mut first.command(["build"]));
        assert!(expected.len() > 20, "{name}");
        let files = tree(&first.root()).into_iter();
        let is_source =
            |path: &String| !path.starts_with("public/") && !path.starts_with(".pressroom/");
        let files: Tree = files.filter(|(path, _)| is_source(path)).collect();
        for (n, surroundings) in SURROUNDINGS.into_iter().enumerate() {
            let site = shuffled(&files, n as u64);
            let mut command = site.command(["build"]);
            command.envs(surroundings.iter().copied());
            println!("{name}: {surroundings:?}");
            assert_same(&built(&site, &mut command), &expected);
        }
        for seed in 0..trials(2) as u64 {
            let site = shuffled(&files, 100 + seed);
            age(&site.root(), seed);
            assert_same(&built(&site, &mut site.command(["build"])), &expected);
        }
        // Whoever builds, whatever others may do with what is built.
        let site = shuffled(&files, 7);
        give_away(&site);
        assert_same(
            &built(&site, &mut unprivileged(&site, ["build"])),
            &expected,
        );
        let site = shuffled(&files, 8);
        let mut command = by_way_of("sh", ["-c", "umask 077; exec \"$0\" build"]);
        assert_same(&built(&site, command.current_dir(site.root())), &expected);
        // Wherever it lies.
        let site = shuffled(&files, 9);
        let far = site.beside("a long way/Zürich \u{5e9}/#1 50%/site");
        copy(&site.root(), &far);
        let mut command = super::support::pressroom();
        run(command.current_dir(&far).arg("build")).ok();
        assert_same(&published(&far.join("public")), &expected);
    }
}

/// Gives files all kinds of times.
fn age(folder: &Path, seed: u64) {
    let mut random = Random::new(seed);
    for path in tree(folder).keys() {
        let time = UNIX_EPOCH + Duration::from_secs(random.below(1 << 32) as u64);
        let file = fs::File::options().write(true).open(folder.join(path));
        file.and_then(|file| file.set_modified(time))
            .expect("a time");
    }
}

/// A folder whose entries come in another order each time that somebody looks.
struct Disordered {
    folder: PathBuf,
    disorderfs: Child,
}

impl Disordered {
    fn mount(folder: &Path, on: &Path) -> Option<Self> {
        fs::create_dir_all(on).expect("a folder");
        let disorderfs = Command::new("disorderfs")
            .args([
                "--shuffle-dirents=yes",
                "--reverse-dirents=no",
                "--quiet",
                "-f",
            ])
            .args([folder, on])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut mounted = Self {
            folder: on.to_owned(),
            disorderfs,
        };
        let is_there = || fs::read_dir(on).is_ok_and(|mut entries| entries.next().is_some());
        for _ in 0..500 {
            if is_there() {
                return Some(mounted);
            }
            if mounted.disorderfs.try_wait().ok()?.is_some() {
                return None;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        None
    }
}

impl Drop for Disordered {
    fn drop(&mut self) {
        for unmount in [&["fusermount", "-u"][..], &["umount"]] {
            let mut command = Command::new(unmount[0]);
            command
                .args(&unmount[1..])
                .arg(&self.folder)
                .stderr(Stdio::null());
            if command.status().is_ok_and(|status| status.success()) {
                break;
            }
        }
        let _ = self.disorderfs.kill();
        let _ = self.disorderfs.wait();
    }
}

#[test]
fn the_order_of_a_folder_s_entries_does_not_show() {
    for name in SITES {
        let site = sample(name);
        let shown = site.beside("disordered");
        let Some(mounted) = Disordered::mount(&site.root(), &shown) else {
            return skip("folders in another order each time", "disorderfs");
        };
        let output = site.beside("output");
        let mut trees = (0..trials(2)).map(|_| {
            let mut command = super::support::pressroom();
            command.args([OsStr::new("build"), OsStr::new("--root"), shown.as_os_str()]);
            command.arg("--output").arg(&output);
            run(&mut command).ok();
            let tree = published(&output);
            for made in [&output, &site.path(".pressroom")] {
                fs::remove_dir_all(made).expect("it was made");
            }
            tree
        });
        let expected = trees.next().expect("a first one");
        trees.for_each(|tree| assert_same(&tree, &expected));
        drop(mounted);
        assert_same(&built(&site, &mut site.command(["build"])), &expected);
    }
}

/// A build from nothing, one after an edit that was taken back, one with what was kept of another folder
/// and one with what another version of the files left.
#[test]
fn what_was_built_before_does_not_show() {
    for name in SITES {
        let site = sample(name);
        let expected = built(&site, &mut site.command(["build"]));
        let article = first_article(&site);
        let text = site.read(&article);
        site.append(&article, "\nOne more paragraph about the harbour.\n");
        site.build(&["--base-url", "https://other.example/"]).ok();
        assert_ne!(site.outputs(), expected);
        let other = sample(name);
        for kept in [".pressroom", "public/.pressroom"] {
            copy(&site.path(kept), &other.path(kept));
        }
        other.build(&[]).ok();
        assert_same(&other.outputs(), &expected);
        site.write(&article, text);
        site.build(&[]).ok();
        assert_same(&site.outputs(), &expected);
        // What is kept goes along, and the output does not.
        let moved = sample(name);
        copy(&site.path(".pressroom"), &moved.path(".pressroom"));
        moved.build(&[]).ok();
        assert_same(&moved.outputs(), &expected);
    }
}

fn first_article(site: &Site) -> String {
    let files = tree(&site.path("content")).into_keys();
    let mut articles = files.filter(|path| has_ending(path, &["md"]) && !path.contains("_index"));
    format!("content/{}", articles.next().expect("an article"))
}
