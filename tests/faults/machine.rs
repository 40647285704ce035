//! What a test may have the machine do: another user, small and read-only disks, system calls that
//! fail. Where it may not, it says so.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::support::{Site, pressroom};

/// Whom permissions bind: the user and group that own nothing.
const NOBODY: u32 = 65_534;

/// Says that a fault cannot be tried on this machine.
pub fn skip(fault: &str, needed: &str) {
    eprintln!("SKIPPED: {fault}, which takes {needed}");
}

/// Whether this is the user whom permissions do not bind.
fn is_root() -> bool {
    fs::metadata("/proc/self").map_or(true, |process| process.uid() == 0)
}

/// Gives a site's files to somebody whom permissions bind, if we are not.
pub fn give_away(site: &Site) {
    if !is_root() {
        return;
    }
    let folder = site.beside("");
    set_mode(&folder, 0o755);
    for entry in walkdir::WalkDir::new(site.root()).into_iter().flatten() {
        chown(entry.path(), Some(NOBODY), Some(NOBODY)).expect("we are root");
    }
}

#[track_caller]
pub fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// The binary in the site's folder, run by somebody whom permissions bind.
pub fn unprivileged<S: AsRef<OsStr>>(
    site: &Site,
    arguments: impl IntoIterator<Item = S>,
) -> Command {
    let mut command = of_nobody(site, Command::new(for_everybody(site)));
    command.args(arguments);
    command
}

/// The same with so few of something that it may have, in the words of prlimit: `--nproc=1`.
pub fn limited<S: AsRef<OsStr>>(
    limit: &str,
    site: &Site,
    arguments: impl IntoIterator<Item = S>,
) -> Command {
    let mut command = of_nobody(site, Command::new("prlimit"));
    command.arg(limit).arg(for_everybody(site)).args(arguments);
    command
}

fn of_nobody(site: &Site, command: Command) -> Command {
    let mut command = as_in(&pressroom(), command);
    command.current_dir(site.root());
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

/// The binary, beside the site: where it is built, others may have no business.
fn for_everybody(site: &Site) -> PathBuf {
    let built = Path::new(env!("CARGO_BIN_EXE_pressroom"));
    if !is_root() {
        return built.to_owned();
    }
    let program = site.beside("pressroom");
    if !program.exists() {
        fs::hard_link(built, &program)
            .or_else(|_| fs::copy(built, &program).map(drop))
            .expect("the program can be copied");
        set_mode(&program, 0o755);
    }
    program
}

/// A command with the environment of another one.
fn as_in(other: &Command, mut command: Command) -> Command {
    for (name, value) in other.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

/// A command that runs the binary by way of another program.
pub fn by_way_of<S: AsRef<OsStr>>(
    program: &str,
    arguments: impl IntoIterator<Item = S>,
) -> Command {
    let mut command = as_in(&pressroom(), Command::new(program));
    command.args(arguments).arg(env!("CARGO_BIN_EXE_pressroom"));
    command
}

/// A disk that only the processes in a namespace of its own see, so that it is gone with them,
/// however the test ends.
pub struct Disk {
    /// Waits for the end of its input, and keeps the namespace.
    holder: Child,
}

impl Disk {
    /// Mounts a disk in memory, with options such as `size=1m`, on a folder. `None` where that is not
    /// allowed.
    pub fn mount(options: &str, on: &Path) -> Option<Self> {
        fs::create_dir_all(on).expect("a folder");
        let mut holder = Command::new("unshare")
            .args(["--mount", "--propagation", "private"])
            .args((!is_root()).then_some("--map-root-user"))
            .args([
                "sh",
                "-c",
                "mount -t tmpfs -o \"$0\" tmpfs \"$1\" && echo mounted && read end",
            ])
            .args([OsStr::new(options), on.as_os_str()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut line = String::new();
        let said = BufReader::new(holder.stdout.take()?).read_line(&mut line);
        let disk = Self { holder };
        (said.is_ok() && line == "mounted\n").then_some(disk)
    }

    /// Mounts it anew, with options such as `ro` or another size.
    pub fn remount(&self, options: &str, on: &Path) {
        let options = format!("remount,{options}");
        let mut command = self.inside("mount");
        // With its source, options are not read from where this user cannot have them.
        let status = command.args(["-o", &options, "tmpfs"]).arg(on).status();
        assert!(status.expect("mount runs").success(), "{options}");
    }

    /// A program that sees the disk.
    fn inside(&self, program: &str) -> Command {
        let mut command = as_in(&pressroom(), Command::new("nsenter"));
        command
            .args(["--target", &self.holder.id().to_string(), "--mount"])
            .args(
                (!is_root())
                    .then_some(["--user", "--preserve-credentials"])
                    .into_iter()
                    .flatten(),
            )
            .arg("--")
            .arg(program);
        command
    }

    /// The binary in a folder, where it sees the disk.
    pub fn pressroom<S: AsRef<OsStr>>(
        &self,
        folder: &Path,
        arguments: impl IntoIterator<Item = S>,
    ) -> Command {
        let mut command = self.inside("sh");
        command
            .args(["-c", "cd \"$0\" && exec \"$@\""])
            .args([
                folder.as_os_str(),
                OsStr::new(env!("CARGO_BIN_EXE_pressroom")),
            ])
            .args(arguments);
        command
    }

    /// Where we find what the processes in the namespace find at a path.
    pub fn seen(&self, path: &Path) -> PathBuf {
        let root = format!("/proc/{}/root", self.holder.id());
        Path::new(&root).join(path.strip_prefix("/").expect("an absolute path"))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}
