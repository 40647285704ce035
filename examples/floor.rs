//! What the libraries alone take for an archive: the floor under a clean build.
//!
//!     cargo run --release --example floor -- DIR OUT
//!
//! In: a site's folder, such as `examples/archive.rs` writes, and a folder that does not exist yet.
//! Out: a table of how long it takes on all cores to walk its content, to read the files, to read
//! their front matter, to turn Markdown into HTML, to render a page of one small template, and to
//! write each page to a folder of its own. Nothing is linked, listed, compared, checked or kept.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{env, fs};

use pulldown_cmark::{Options, Parser, html};
use rayon::prelude::*;
use serde_yaml::Value;
use tera::{Context, Tera};
use walkdir::WalkDir;

const PAGE: &str = r#"<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{{ title }}</title><meta name="description" content="{{ summary }}"></head>
<body><article><h1>{{ title }}</h1><p><time>{{ date }}</time></p>
{{ content | safe }}
<ul>{% for tag in tags %}<li><a href="/tags/{{ tag }}/">{{ tag }}</a></li>{% endfor %}</ul>
</article></body>
</html>
"#;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [site, out] = &*arguments else {
        eprintln!("usage: floor DIR OUT");
        return ExitCode::from(2);
    };
    if Path::new(out).exists() {
        eprintln!("{out} is there already");
        return ExitCode::FAILURE;
    }
    let mut took = Vec::new();
    let files = timed(&mut took, "walk", || walk(&Path::new(site).join("content")));
    let read = |path: &PathBuf| fs::read_to_string(path).expect("a file of text");
    let texts: Vec<String> = timed(&mut took, "read", || files.par_iter().map(read).collect());
    let parts: Vec<(&str, &str)> = texts.par_iter().map(|text| split(text)).collect();
    let matters: Vec<BTreeMap<String, Value>> = timed(&mut took, "YAML", || {
        let matter = |(matter, _): &(&str, &str)| serde_yaml::from_str(matter).expect("YAML");
        parts.par_iter().map(matter).collect()
    });
    let bodies: Vec<String> = timed(&mut took, "Markdown to HTML", || {
        parts.par_iter().map(|(_, body)| to_html(body)).collect()
    });
    let mut tera = Tera::new();
    tera.autoescape_on([".html"]);
    tera.add_raw_template("page.html", PAGE)
        .expect("a template");
    let pages: Vec<String> = timed(&mut took, "Tera", || {
        let page = |(matter, body): (&BTreeMap<String, Value>, &String)| {
            let mut context = Context::new();
            for name in ["title", "summary", "date", "tags"] {
                context.insert(name, matter.get(name).unwrap_or(&Value::Null));
            }
            context.insert("content", body);
            tera.render("page.html", &context).expect("a page")
        };
        matters.par_iter().zip(&bodies).map(page).collect()
    });
    timed(&mut took, "write", || {
        fs::create_dir_all(out).expect("a folder");
        pages.par_iter().enumerate().for_each(|(at, page)| {
            let folder = Path::new(out).join(at.to_string());
            fs::create_dir(&folder).expect("a folder");
            fs::write(folder.join("index.html"), page).expect("a page");
        });
    });
    let all: Duration = took.iter().map(|(_, time)| *time).sum();
    took.push(("all", all));
    println!(
        "{} articles, {} threads",
        files.len(),
        rayon::current_num_threads()
    );
    println!("{:<18}{:>8}{:>16}", "", "ms", "µs an article");
    for (what, time) in took {
        let milliseconds = time.as_secs_f64() * 1e3;
        let each = milliseconds * 1e3 / files.len().max(1) as f64;
        println!("{what:<18}{milliseconds:>8.1}{each:>16.1}");
    }
    ExitCode::SUCCESS
}

fn timed<T>(
    took: &mut Vec<(&'static str, Duration)>,
    what: &'static str,
    work: impl FnOnce() -> T,
) -> T {
    let start = Instant::now();
    let result = work();
    took.push((what, start.elapsed()));
    result
}

fn walk(content: &Path) -> Vec<PathBuf> {
    let entries = WalkDir::new(content).sort_by_file_name().into_iter();
    let paths = entries
        .filter_map(Result::ok)
        .map(walkdir::DirEntry::into_path);
    let is_article = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "md");
    paths.filter(is_article).collect()
}

/// Front matter and body.
fn split(text: &str) -> (&str, &str) {
    let inside = text.strip_prefix("---\n").unwrap_or_default();
    inside.split_once("\n---\n").unwrap_or(("{}", text))
}

fn to_html(body: &str) -> String {
    let mut out = String::with_capacity(body.len() * 3 / 2);
    html::push_html(&mut out, Parser::new_ext(body, Options::all()));
    out
}
