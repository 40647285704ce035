//! `pressroom serve`

use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::output::{Bar, Printer, counted};
use super::{Format, Root};
use crate::diagnostics::Diagnostics;
use crate::pipeline::Request;
use crate::serve::{self, Editor, Options, Tell};
use crate::site::Show;

/// The port, if nobody says another.
const PORT: u16 = 1111;

/// Files of a change that are named.
const NAMED: usize = 3;

#[derive(clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of the command line"
)]
pub(super) struct Arguments {
    #[command(flatten)]
    root: Root,
    /// Watch the files, and have open pages follow them
    #[arg(long)]
    watch: bool,
    /// Watch by looking at all files each second, for network drives and folders that a virtual
    /// machine or container shares, which tell of no changes
    #[arg(long)]
    poll: bool,
    /// Show what a build would publish now, without drafts and what is scheduled
    #[arg(long)]
    published: bool,
    /// Port to listen at, or `auto` for the first free one from 1111 on
    #[arg(long, value_name = "N", default_value = "1111", value_parser = port)]
    port: Port,
    /// Address to listen at, so that other machines can look as well
    #[arg(long, value_name = "ADDRESS")]
    host: Option<IpAddr>,
    /// Open the site in your browser
    #[arg(long)]
    open: bool,
    /// Editor that opens the files mistakes are in: cursor, idea, textmate, vscode, vscodium, zed, or
    /// an address with {path}, {line} and {column}
    #[arg(long, value_name = "EDITOR", value_parser = editor)]
    editor: Option<Editor>,
    /// Folder that builds write to, which is not watched [default: public in the site's folder]
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy)]
enum Port {
    Auto,
    Number(u16),
}

fn port(text: &str) -> Result<Port, String> {
    match text.parse() {
        _ if text == "auto" => Ok(Port::Auto),
        Ok(number) => Ok(Port::Number(number)),
        Err(_) => Err("a port is a number up to 65535, or `auto`".to_owned()),
    }
}

fn editor(text: &str) -> Result<Editor, String> {
    text.parse()
}

pub(super) fn run(arguments: &Arguments, printer: &Printer) -> ExitCode {
    let root = &arguments.root.root;
    let show = Show {
        drafts: !arguments.published,
        future: !arguments.published,
    };
    let request = match super::request(root, show) {
        Ok(request) => request,
        Err(code) => return code,
    };
    let (port, any_port) = match arguments.port {
        Port::Auto => (PORT, true),
        Port::Number(port) => (port, false),
    };
    let options = Options {
        request,
        port,
        any_port,
        host: arguments.host,
        watch: arguments.watch || arguments.poll,
        poll: arguments.poll,
        output: arguments
            .output
            .clone()
            .unwrap_or_else(|| root.join("public")),
        editor: arguments.editor.clone(),
    };
    let bar = Arc::new(Bar::new(printer.format));
    let teller = Teller {
        printer: Printer::new(printer.format),
        root: root.clone(),
        bar: Arc::clone(&bar),
        is_open: arguments.host.is_some_and(|host| !host.is_loopback()),
        follows: if arguments.poll {
            "looking at the files each second; "
        } else if arguments.watch {
            "watching the files; "
        } else {
            ""
        },
        open: arguments.open,
    };
    let teller: Arc<dyn Tell> = Arc::new(teller);
    match serve::run(&options, &*bar, &teller) {
        Ok(()) => ExitCode::SUCCESS,
        Err(diagnostic) => printer.fail(diagnostic, root),
    }
}

/// Prints what happens.
struct Teller {
    printer: Printer,
    root: PathBuf,
    bar: Arc<Bar>,
    /// Whether other machines can look.
    is_open: bool,
    /// How the files are followed, in words; nothing if they are not.
    follows: &'static str,
    /// Whether the site is to be shown in a browser.
    open: bool,
}

impl Tell for Teller {
    fn ready(&self, url: &str, articles: usize, took: Duration) {
        self.bar.finish();
        if self.open {
            show_in_browser(url.to_owned());
        }
        if self.printer.format == Format::Json {
            self.printer.json(&json!({
                "event": "ready",
                "url": url,
                "articles": articles,
                "milliseconds": took.as_millis() as u64,
            }));
            return;
        }
        let articles = counted(articles, "article", "articles");
        let follows = self.follows;
        let open = if self.is_open {
            "Everyone who can reach this address can read the site, drafts included.\n"
        } else {
            ""
        };
        let seconds = took.as_secs_f64();
        self.printer.result(&format!(
            "Serving {articles} at {url} ({seconds:.2} s), {follows}Ctrl-C ends it\n{open}"
        ));
    }

    fn changed(&self, files: &[String], pages: usize, took: Duration) {
        if self.printer.format == Format::Json {
            self.printer.json(&json!({
                "event": "changed",
                "files": files,
                "open_pages": pages,
                "milliseconds": took.as_millis() as u64,
            }));
            return;
        }
        let named: Vec<&str> = files.iter().map(String::as_str).take(NAMED).collect();
        let what = match files.len() {
            all if all > named.len() => {
                format!("{} and {} more", named.join(", "), all - named.len())
            }
            _ => named.join(", "),
        };
        let pages = counted(pages, "open page", "open pages");
        let milliseconds = took.as_millis();
        self.printer
            .result(&format!("{what}: {pages} changed, {milliseconds} ms\n"));
    }

    fn found(&self, diagnostics: &Diagnostics) {
        self.bar.finish();
        self.printer.diagnostics(diagnostics, &self.root);
    }

    fn swept(&self, made: usize, mistakes: usize, took: Duration) {
        // People hear of mistakes, and of nothing else.
        if self.printer.format == Format::Json {
            self.printer.json(&json!({
                "event": "swept",
                "pages": made,
                "mistakes": mistakes,
                "milliseconds": took.as_millis() as u64,
            }));
        }
    }

    fn polls(&self, why: &str) {
        if self.printer.format == Format::Json {
            self.printer
                .json(&json!({ "event": "polling", "why": why }));
            return;
        }
        let message = format!(
            "note: files cannot be watched ({why}); they are looked at each second instead\n"
        );
        Printer::remark(&message);
    }

    fn time(&self, request: &mut Request) {
        if let Ok(now) = super::now() {
            request.now = now;
        }
        request.settled = crate::clock::settled();
    }
}

/// Opens an address in the browser that the system would take. Some systems are busy with it for as
/// long as the browser is.
fn show_in_browser(url: String) {
    std::thread::spawn(move || {
        if let Err(error) = open::that(&url) {
            let message = format!("note: no browser could be opened ({error}); go to {url}\n");
            Printer::remark(&message);
        }
    });
}
