//! Files that come, go, grow and change while a build reads them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use super::support::random::Random;
use super::support::{Site, article, assert_same};
use super::{clean_build, gazette, no_panic, nothing_is_left_over, trials};

const ARTICLES: usize = 20;
const BUILDS: usize = 60;

/// What somebody does to the files of a site, over and over.
struct Restless {
    root: PathBuf,
    random: Random,
}

impl Restless {
    /// Does one thing or another. What cannot be done, since it was undone before, is not.
    fn act(&mut self) {
        let number = self.random.below(4);
        let word = *self.random.pick(&["ferry", "tram"]);
        let at = |path: &str| self.root.join(path);
        let text = article(
            "A ferry",
            "tags: [harbour]\n",
            &format!("{word}\n\n{word}\n"),
        );
        let many = "More. ".repeat(self.random.below(40_000));
        match self.random.below(10) {
            0 => put(&at(&format!("content/news/moving-{number}.md")), &text),
            1 => remove(&at(&format!("content/news/moving-{number}.md"))),
            // As an editor saves it, and in place.
            2 => {
                put(&at("content/news/saved.md~"), &text);
                let _ = fs::rename(at("content/news/saved.md~"), at("content/news/saved.md"));
            }
            3 => put(&at("content/news/saved.md"), &(text + &many)),
            4 => put(&at("static/growing.txt"), &many),
            5 => append(&at("static/growing.txt"), &many),
            6 => {
                put(&at(&format!("content/city-{number}/index.md")), &text);
                put(&at(&format!("content/city-{number}/plan.svg")), "<svg/>\n");
            }
            7 => {
                let _ = fs::remove_dir_all(at(&format!("content/city-{number}")));
            }
            8 => {
                let _ = fs::rename(
                    at(&format!("content/city-{number}")),
                    at(&format!("content/city-{}", 3 - number)),
                );
            }
            _ => {
                put(&at(&format!("static/files/{number}.txt")), word);
                put(&at("data/numbers.csv"), &format!("day,web\nMon,{number}\n"));
            }
        }
    }
}

/// Has somebody stop when it is dropped, also by a test that fails.
struct Until<'a>(&'a AtomicBool);

impl Drop for Until<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn put(path: &Path, text: &str) {
    let _ = path.parent().map(fs::create_dir_all);
    let _ = fs::write(path, text);
}

fn remove(path: &Path) {
    let _ = fs::remove_file(path);
}

fn append(path: &Path, text: &str) {
    let file = fs::File::options().append(true).open(path);
    let _ = file.and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()));
}

#[test]
fn whatever_changes_during_a_build_is_published_by_the_next_one() {
    let site = gazette(ARTICLES);
    let chart = "{{<chart title=\"Readers\" data=\"numbers.csv\" />}}\n";
    site.write("content/news/chart.md", article("Readers", "", chart));
    site.write("data/numbers.csv", "day,web\nMon,0\n");
    let started = Instant::now();
    site.build(&[]).silent();
    let took = started.elapsed();
    let (mut published, mut refused) = (0, 0);
    for round in 0..trials(BUILDS) / 6 {
        let is_over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let mut somebody = Restless {
                root: site.root(),
                random: Random::new(round as u64),
            };
            let is_over = &is_over;
            scope.spawn(move || {
                while !is_over.load(Ordering::Relaxed) {
                    somebody.act();
                    // A few times in each build, however fast the machine.
                    std::thread::sleep(took.mul_f64(somebody.random.fraction() / 4.0));
                }
            });
            let _until = Until(is_over);
            for _ in 0..6 {
                let before = site.outputs();
                let built = site.build(&[]);
                no_panic(&built);
                if built.code == Some(1) {
                    println!("{}", built.stderr.lines().next().unwrap_or(""));
                    assert_same(&site.outputs(), &before);
                    refused += 1;
                } else {
                    pages_are_whole(&site);
                    published += 1;
                }
            }
        });
        // An article that was cut off in the middle of its front matter is for its writer to mend.
        put(
            &site.path("content/news/saved.md"),
            &article("Saved", "", "Whole again.\n"),
        );
        for number in 0..4 {
            remove(&site.path(&format!("content/news/moving-{number}.md")));
            let _ = fs::remove_dir_all(site.path(&format!("content/city-{number}")));
        }
        put(&site.path("data/numbers.csv"), "day,web\nMon,0\n");
        site.build(&[]).ok();
        assert_same(&site.outputs(), &clean_build(&site));
        nothing_is_left_over(&site);
    }
    println!("{published} builds published, {refused} refused");
    assert!(published > 0);
}

#[track_caller]
fn pages_are_whole(site: &Site) {
    for (path, bytes) in site.outputs() {
        if super::support::ends_in(&path, "html") {
            assert!(bytes.ends_with(b"</html>\n"), "{path} is cut off");
        }
    }
}
