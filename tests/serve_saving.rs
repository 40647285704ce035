//! Files that are saved while somebody reads their pages: a page is there all the time, whole, and
//! in the end it is what was saved last. `pressroom serve` is asked over HTTP.

mod support;

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use support::server::{Answer, PATIENCE, Server, gazette, get};
use support::{Site, article};

/// How often each editor saves.
const SAVES: usize = 8;
/// How long an editor takes between two steps of saving.
const STEP: Duration = Duration::from_millis(40);

/// Writes a text to a file as an editor does.
type Save = fn(&Path, &str);

/// Somebody who reads pages over and over.
struct Reader {
    is_over: Arc<AtomicBool>,
    read: Arc<AtomicUsize>,
    thread: JoinHandle<Vec<String>>,
}

impl Reader {
    /// `is_whole` is asked of each page.
    fn of(server: &Server, paths: &[&str], is_whole: fn(&str) -> bool) -> Self {
        let (is_over, read) = <(Arc<AtomicBool>, Arc<AtomicUsize>)>::default();
        let address = server.address;
        let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
        let (stop, count) = (Arc::clone(&is_over), Arc::clone(&read));
        let thread = std::thread::spawn(move || {
            let mut faults = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                for path in &paths {
                    let answer = Answer::to(address, get(address, path, "").as_bytes());
                    let text = answer.text();
                    if answer.status != 200 || !text.contains("</html>") || !is_whole(&text) {
                        faults.push(format!("{path}: {} {text}", answer.status));
                    }
                    count.fetch_add(1, Ordering::Relaxed);
                }
            }
            faults
        });
        Self {
            is_over,
            read,
            thread,
        }
    }

    /// Insists that every answer was a whole page, and that there were some.
    #[track_caller]
    fn saw_whole_pages(self) {
        self.is_over.store(true, Ordering::Relaxed);
        let faults = self.thread.join().expect("a reader who finds the server");
        let read = self.read.load(Ordering::Relaxed);
        assert!(read > 20, "only {read} pages were read");
        let count = faults.len();
        assert!(faults.is_empty(), "{count} of {read}, {}", faults[0]);
    }
}

/// Waits until a page has something in it.
#[track_caller]
fn await_in(server: &Server, path: &str, wanted: &str) {
    let started = Instant::now();
    while !server.get(path).text().contains(wanted) {
        assert!(started.elapsed() < PATIENCE, "{wanted} does not come");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Saves an article over and over, first waiting for each time to arrive, then in a row.
#[track_caller]
fn stays_while(save: Save) {
    for arguments in [["--watch"], ["--poll"]] {
        let site = gazette();
        // With a link to an article that is gone the last good site would stay, and hide that.
        site.write(
            "content/news/ferry.md",
            article("The ferry", "", "Boats.\n"),
        );
        let server = Server::start(&site, &arguments);
        let path = site.path("content/news/bridge.md");
        // A page that nobody has seen yet has nothing to show while its file is half saved.
        assert_eq!(server.get("/news/bridge/").status, 200);
        let reader = Reader::of(&server, &["/news/bridge/"], |text| {
            text.contains("The bridge</h1>")
                && (text.contains("Steel and rivets.") || text.contains("As saved, time "))
        });
        let text = |time: usize| {
            let said = format!("As saved, time {time}.\n");
            article("The bridge", "date: 2026-11-01\n", &said)
        };
        // Looking once a second takes too long to wait for each.
        let awaited = if arguments == ["--watch"] { SAVES } else { 1 };
        for time in 0..awaited {
            save(&path, &text(time));
            await_in(&server, "/news/bridge/", &format!("time {time}."));
        }
        for time in 0..SAVES {
            save(&path, &text(100 + time));
        }
        await_in(&server, "/news/bridge/", &format!("time {}.", 99 + SAVES));
        reader.saw_whole_pages();
    }
}

fn pause() {
    std::thread::sleep(STEP);
}

/// A file beside another.
fn beside(path: &Path, name: &str) -> PathBuf {
    path.with_file_name(name)
}

/// Whether a program is on this machine. If not, that is said.
fn is_here(program: &str) -> bool {
    let told = Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .output();
    let is_here = told.is_ok_and(|told| told.status.success());
    if !is_here {
        eprintln!("SKIPPED: {program} is not on this machine");
    }
    is_here
}

#[track_caller]
fn run(command: &mut Command) {
    let told = command.stdin(Stdio::null()).output().expect("it runs");
    assert!(told.status.success(), "{command:?}: {told:?}");
}

#[test]
fn as_vim_does() {
    stays_while(|path, text| {
        fs::write(beside(path, "4913"), "").unwrap();
        fs::remove_file(beside(path, "4913")).unwrap();
        fs::write(beside(path, ".bridge.md.swp"), "swap").unwrap();
        fs::rename(path, beside(path, "bridge.md~")).unwrap();
        pause();
        fs::write(path, text).unwrap();
        fs::remove_file(beside(path, "bridge.md~")).unwrap();
        fs::remove_file(beside(path, ".bridge.md.swp")).unwrap();
    });
}

/// What vim does with a copy for a backup, or with a new file.
fn with_vim(path: &Path, text: &str, backup: &str) {
    let typed = path.with_file_name("../../../typed");
    fs::write(&typed, text).unwrap();
    let commands = [
        format!("set backup writebackup {backup}"),
        "%d".to_owned(),
        format!("0r {}", typed.display()),
        "wq".to_owned(),
    ];
    let mut vim = Command::new("vim");
    vim.args(["-N", "-u", "NONE", "-i", "NONE", "-es"]);
    for command in &commands {
        vim.args(["-c", command]);
    }
    run(vim.arg(path));
}

#[test]
fn by_vim_with_a_rename() {
    if is_here("vim") {
        stays_while(|path, text| with_vim(path, text, "backupcopy=no"));
    }
}

#[test]
fn by_vim_with_a_copy() {
    if is_here("vim") {
        stays_while(|path, text| with_vim(path, text, "backupcopy=yes"));
    }
}

#[test]
fn as_neovim_does() {
    stays_while(|path, text| {
        fs::copy(path, beside(path, "bridge.md~")).unwrap();
        let mut file = File::create(path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file.sync_all().unwrap();
        fs::remove_file(beside(path, "bridge.md~")).unwrap();
    });
}

#[test]
fn by_neovim() {
    if is_here("nvim") {
        stays_while(|path, text| {
            let typed = path.with_file_name("../../../typed");
            fs::write(&typed, text).unwrap();
            let read = format!("0r {}", typed.display());
            let mut nvim = Command::new("nvim");
            nvim.args(["--headless", "-u", "NONE", "-i", "NONE", "-c", "%d"]);
            run(nvim.args(["-c", &read, "-c", "wq"]).arg(path));
        });
    }
}

#[test]
fn as_visual_studio_code_does() {
    stays_while(|path, text| {
        // Emptied first, then written.
        let mut file = File::create(path).unwrap();
        pause();
        let (first, second) = text.as_bytes().split_at(text.len() / 2);
        file.write_all(first).unwrap();
        file.write_all(second).unwrap();
    });
}

#[test]
fn as_visual_studio_code_does_at_once() {
    stays_while(|path, text| {
        fs::write(beside(path, "bridge.md.vsctmp"), text).unwrap();
        pause();
        fs::rename(beside(path, "bridge.md.vsctmp"), path).unwrap();
    });
}

#[cfg(unix)]
#[test]
fn as_emacs_does() {
    stays_while(|path, text| {
        let lock = beside(path, ".#bridge.md");
        std::os::unix::fs::symlink("editor@desk.1234:5678", &lock).unwrap();
        fs::write(beside(path, "#bridge.md#"), text).unwrap();
        fs::rename(path, beside(path, "bridge.md~")).unwrap();
        pause();
        let mut file = File::create(path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file.sync_all().unwrap();
        fs::remove_file(beside(path, "#bridge.md#")).unwrap();
        fs::remove_file(lock).unwrap();
    });
}

#[test]
fn by_emacs() {
    if is_here("emacs") {
        stays_while(|path, text| {
            let quoted = |text: &str| format!("{text:?}");
            let (file, text) = (quoted(&path.to_string_lossy()), quoted(text));
            let typed =
                format!("(progn (find-file {file}) (erase-buffer) (insert {text}) (save-buffer))");
            run(Command::new("emacs").args(["--batch", "-Q", "--eval", &typed]));
        });
    }
}

#[test]
fn as_sed_does() {
    stays_while(|path, text| {
        fs::write(beside(path, "sedAbC123"), text).unwrap();
        pause();
        fs::rename(beside(path, "sedAbC123"), path).unwrap();
    });
}

#[cfg(target_os = "linux")]
#[test]
fn by_sed() {
    if is_here("sed") {
        stays_while(|path, text| {
            let said = text.lines().last().unwrap();
            let typed = format!("s/^\\(As saved\\|Steel\\).*/{said}/");
            run(Command::new("sed").args(["-i", &typed]).arg(path));
        });
    }
}

#[test]
fn with_a_rename() {
    stays_while(|path, text| {
        fs::write(beside(path, "bridge.md.tmp"), text).unwrap();
        pause();
        fs::rename(beside(path, "bridge.md.tmp"), path).unwrap();
    });
}

#[test]
fn as_rsync_does() {
    stays_while(|path, text| {
        fs::write(beside(path, ".bridge.md.aB3xYz"), text).unwrap();
        pause();
        fs::rename(beside(path, ".bridge.md.aB3xYz"), path).unwrap();
    });
}

#[test]
fn by_rsync() {
    if is_here("rsync") {
        stays_while(|path, text| {
            let from = path.with_file_name("../../../bridge.md");
            fs::write(&from, text).unwrap();
            run(Command::new("rsync")
                .args(["--ignore-times"])
                .arg(from)
                .arg(path));
        });
    }
}

/// Articles of a branch.
const ARTICLES: usize = 2_000;

fn write_branch(site: &Site, branch: &str) {
    for number in 0..ARTICLES {
        let text = format!("As it is in the branch {branch}.\n");
        let text = article(&format!("Story {number}"), "date: 2026-11-01\n", &text);
        site.write(&format!("content/news/story-{number}.md"), text);
    }
}

#[test]
fn a_change_of_branches_is_one_change() {
    if !is_here("git") {
        return;
    }
    let site = Site::in_memory();
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.current_dir(site.root())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .args([
                "-c",
                "user.name=Desk",
                "-c",
                "user.email=desk@gazette.example",
            ])
            .args(["-c", "commit.gpgsign=false"]);
        run(git.args(arguments));
    };
    site.write("pressroom.yaml", "title: The Gazette\nrelated: false\n");
    write_branch(&site, "one");
    git(&["init", "--quiet", "--initial-branch", "one"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "One"]);
    git(&["checkout", "--quiet", "-b", "two"]);
    write_branch(&site, "two");
    git(&["commit", "--quiet", "--all", "--message", "Two"]);

    let server = Server::start(&site, &["--watch"]);
    let (first, last) = ("/news/story-0/", "/news/story-1999/");
    let reader = Reader::of(&server, &[first, "/news/story-900/", last], |text| {
        text.contains("As it is in the branch ")
    });
    for branch in ["one", "two", "one"] {
        git(&["checkout", "--quiet", branch]);
        for path in [first, last] {
            await_in(&server, path, &format!("in the branch {branch}."));
        }
        let mut changed = 0;
        let mut told = 0;
        while changed < ARTICLES {
            let line = server.change();
            changed += line["files"].as_array().map_or(0, Vec::len);
            told += 1;
        }
        // While git works its index is locked, and nothing is read. A machine that is busy may be
        // told of the last files later.
        assert!(told <= 2, "{told} changes");
        assert_eq!(changed, ARTICLES, "each file is told once");
    }
    for number in [1, 500, 1_500] {
        let page = server.get(&format!("/news/story-{number}/")).text();
        assert!(page.contains("in the branch one."), "{number}");
    }
    reader.saw_whole_pages();
}

#[test]
fn what_git_changes_slowly_is_one_change() {
    let site = gazette();
    let lock = site.path(".git/index.lock");
    site.write(".git/HEAD", "ref: refs/heads/main\n");
    let server = Server::start(&site, &["--watch"]);
    fs::write(&lock, "").unwrap();
    for number in 0..20 {
        site.write(
            &format!("content/news/{number}.md"),
            format!("# {number}\n"),
        );
        pause();
    }
    fs::remove_file(lock).unwrap();
    let line = server.change();
    assert_eq!(line["files"].as_array().map(Vec::len), Some(20), "{line}");
}
