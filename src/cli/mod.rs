//! The command line: arguments in, terminal output and an exit code out.
//!
//! One file a command. Results go to stdout, diagnostics and progress to stderr. This is the only
//! module that prints.

mod build;
mod check;
mod clean;
mod import;
mod init;
mod list;
mod merge;
mod new;
mod output;
mod related;
mod serve;
mod theme;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

use crate::config::BaseUrl;
use crate::model::Moment;
use crate::pipeline::Request;
use crate::site::Show;

const AFTER_HELP: &str = "\
A site is a folder:
  pressroom.yaml   configuration; every key is optional
  content/         articles: content/SECTION/name.md, or a folder with index.md and its images
  data/            YAML, JSON, TOML and CSV files for templates
  static/          copied as it is
  templates/       your own templates; they override the theme's, file by file
  themes/NAME/     themes; broadsheet, the default one, and journal are built in
  public/          the site, ready for any static host

Begin with:
  pressroom init gazette && cd gazette
  pressroom new news/first-story --title \"First story\"
  pressroom serve --watch

Exit codes: 0 done, 1 the site has errors, 2 wrong usage.";

/// A static site generator for publications with an archive.
#[derive(Parser)]
#[command(name = "pressroom", version, about, after_help = AFTER_HELP, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// How diagnostics and results are printed
    #[arg(long, global = true, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// How diagnostics and results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// One JSON object a line
    Json,
}

#[derive(Subcommand)]
enum Command {
    /// Publish: turn content/ into a complete site in public/
    ///
    /// Everything is rendered before anything is replaced: when there are errors, each is
    /// reported with its place and the last good site stays as it is. Files whose content did not
    /// change are not touched, and pages of articles that are gone are removed.
    Build(build::Arguments),
    /// Show the site in a browser while it is written
    ///
    /// Pages are rendered when somebody looks at them, drafts and scheduled articles included. With
    /// --watch, a page that is open follows the files that it is made from.
    Serve(serve::Arguments),
    /// Look for mistakes, and for articles that say nearly the same, and write nothing
    ///
    /// Reports what a build would report. Besides, each article that repeats an older one is a
    /// warning, which builds leave out.
    Check(check::Arguments),
    /// Say what is related to an article and, with --explain, why
    Related(related::Arguments),
    /// Write the front matter of a new article
    New(new::Arguments),
    /// Make the folder of a new site
    Init(init::Arguments),
    /// List articles: those that are not published, with the reason and the time, or all
    List(list::Arguments),
    /// List themes, look for mistakes in one, or take a file of it to change it
    #[command(subcommand)]
    Theme(theme::Command),
    /// Unite the shares of a site that several machines made into what one build would have made
    Merge(merge::Arguments),
    /// Bring the archive of another generator or of WordPress over
    ///
    /// Nothing outside of DIR is written, and nothing in it is replaced. What does not come over as it was
    /// is told with its file and line.
    #[command(subcommand)]
    Import(import::Command),
    /// Remove what builds wrote: the output's files and the cache
    Clean(clean::Arguments),
    /// Print a completion script for a shell
    ///
    /// For example: pressroom completions bash > ~/.local/share/bash-completion/completions/pressroom
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// The site's folder.
#[derive(clap::Args)]
struct Root {
    /// Folder of the site
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
}

/// Which articles are looked at, by commands that publish nothing.
#[derive(clap::Args)]
struct Shown {
    /// Look at drafts as well
    #[arg(long)]
    drafts: bool,
    /// Look at articles whose time has not come as well
    #[arg(long)]
    future: bool,
}

impl Shown {
    fn show(&self) -> Show {
        Show {
            drafts: self.drafts,
            future: self.future,
        }
    }
}

/// Runs the command that the process was started with.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and the version are errors to clap, which go to stdout and are fine.
            let _ = error.print();
            return if error.use_stderr() {
                ExitCode::from(2)
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    // At their first use, it would be too late to say so.
    if let Err(error) = rayon::ThreadPoolBuilder::new().build_global() {
        return output::Printer::usage(&format!(
            "threads cannot be started: {error}; allow more processes (`ulimit -u`) or memory (`ulimit -v`)"
        ));
    }
    let printer = output::Printer::new(arguments.format);
    let code = match arguments.command {
        Command::Build(arguments) => build::run(&arguments, &printer),
        Command::Serve(arguments) => serve::run(&arguments, &printer),
        Command::Check(arguments) => check::run(&arguments, &printer),
        Command::Related(arguments) => related::run(&arguments, &printer),
        Command::New(arguments) => new::run(&arguments, &printer),
        Command::Init(arguments) => init::run(&arguments, &printer),
        Command::List(arguments) => list::run(&arguments, &printer),
        Command::Theme(command) => theme::run(&command, &printer),
        Command::Merge(arguments) => merge::run(&arguments, &printer),
        Command::Import(command) => import::run(&command, &printer),
        Command::Clean(arguments) => clean::run(&arguments, &printer),
        Command::Completions { shell } => {
            let mut command = Arguments::command();
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut command, "pressroom", &mut script);
            printer.result(&String::from_utf8_lossy(&script));
            ExitCode::SUCCESS
        }
    };
    printer.outcome(code)
}

/// The time that "now" is.
fn now() -> Result<Moment, String> {
    Ok(Moment::new(crate::clock::now()?, 0))
}

/// What is asked for by a command that publishes nothing.
fn request(root: &Path, show: Show) -> Result<Request, ExitCode> {
    Ok(Request {
        root: root.to_owned(),
        base_url: None,
        show,
        now: now().map_err(|message| output::Printer::usage(&message))?,
        settled: crate::clock::settled(),
        share: None,
        explain: None,
        verify: false,
        profile: false,
    })
}

/// A base URL of the command line.
fn base_url(text: &str) -> Result<BaseUrl, String> {
    text.parse()
        .map_err(|(message, hint): (String, String)| format!("{message}; {hint}"))
}
