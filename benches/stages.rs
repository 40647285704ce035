//! `cargo bench`: what each stage of a clean build costs, for an archive of 1,000 articles.
//!
//! The archive is the one that `examples/archive.rs` writes, with seed 1. Figures are for one run
//! of a stage over the whole archive, except where a name says `article`.

#[path = "../examples/archive.rs"]
#[allow(dead_code)]
mod archive;

use std::hint::black_box;
use std::path::Path;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use pressroom::config::Config;
use pressroom::diagnostics::Diagnostics;
use pressroom::model::{IndexEntries, Moment, Readings, SourceFile, Treatment};
use pressroom::pipeline::{self, Loaded, Profile, Progress, Request};
use pressroom::render::{Rendered, Renderer};
use pressroom::site::{Inputs, Show, Target};
use pressroom::{markdown, parse, site, source, write};

const ARTICLES: u64 = 1_000;

struct Silent;

impl Progress for Silent {
    fn stage(&self, _: &'static str, _: usize) {}
    fn step(&self) {}
}

fn request(root: &Path) -> Request {
    Request {
        root: root.to_owned(),
        base_url: None,
        show: Show::default(),
        now: Moment::new(1_767_225_600, 0),
        settled: 0,
        share: None,
        explain: None,
        verify: false,
        profile: false,
    }
}

/// A folder in memory where there is such a place: the disks of shared machines vary tenfold.
fn temporary_folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    };
    folder.expect("a temporary folder")
}

fn load(root: &Path) -> Loaded {
    let mut diagnostics = Diagnostics::new();
    let loaded = pipeline::load(
        &request(root),
        &Silent,
        &mut diagnostics,
        &mut Profile::default(),
    );
    assert!(!diagnostics.has_errors(), "the archive is fine");
    loaded.expect("a site without errors loads")
}

fn stages(c: &mut Criterion) {
    let folder = temporary_folder();
    let root = folder.path().join("site");
    let arguments = [ARTICLES.to_string(), root.display().to_string()];
    let archive = archive::Request::read(&arguments).expect("valid arguments");
    archive::write_archive(&archive).expect("the archive is written");

    let config_text = source::read_optional(&root, "pressroom.yaml").expect("readable");
    let (config, _) = Config::read(config_text.as_deref(), "bench");
    let (files, _) = source::walk(&root, "content");
    let texts: Vec<String> = files
        .iter()
        .map(|file| source::text(file).expect("text"))
        .collect();

    let mut group = c.benchmark_group("read");
    group.throughput(Throughput::Elements(ARTICLES));
    group.bench_function("walk", |b| b.iter(|| source::walk(&root, "content")));
    group.bench_function("walk with identities", |b| {
        b.iter(|| source::walk_identified(&root, "content", i64::MAX));
    });
    group.bench_function("parse", |b| {
        b.iter_batched(
            || files.clone(),
            |files| parse::content(files, &config, &|| ()),
            BatchSize::LargeInput,
        );
    });
    group.bench_function("scan one article", |b| {
        let start = markdown::split(&texts[0]).expect("front matter").body_start;
        b.iter(|| {
            markdown::scan(
                black_box(&texts[0]),
                start,
                false,
                true,
                "https://example.org/",
                |_, _| Treatment::Text,
            )
        });
    });
    group.finish();

    let loaded = load(&root);
    let inputs = || Inputs {
        content: parse::content(files.clone(), &config, &|| ()).0,
        statics: Vec::<SourceFile>::new(),
        looks: std::collections::BTreeMap::new(),
        assets: Vec::new(),
        fonts: None,
        now: Moment::new(1_767_225_600, 0),
        show: Show::default(),
        from_last: None,
        reread: &|_| Readings::default(),
        search: None,
        reindex: &|_| IndexEntries::default(),
    };
    c.bench_function("catalogue", |b| {
        b.iter_batched(
            inputs,
            |inputs| site::catalogue(&config, &loaded.data, inputs, &mut Diagnostics::new()),
            BatchSize::LargeInput,
        );
    });
    c.bench_function("site", |b| {
        b.iter_batched(
            inputs,
            |inputs| site::build(&config, &loaded.data, inputs).site,
            BatchSize::LargeInput,
        );
    });
    rendering(c, &root, &loaded);
}

fn rendering(c: &mut Criterion, root: &Path, loaded: &Loaded) {
    let Loaded {
        config,
        data,
        theme,
        site,
        ..
    } = loaded;
    let new = || {
        let (config, data, theme) = (config.clone(), data.clone(), theme.clone());
        Renderer::new(root, config, data, site.clone(), theme, false, None)
            .expect("templates without errors")
    };
    c.bench_function("load templates", |b| b.iter(new));
    let renderer = new();
    let route = |wanted: fn(&Target) -> bool| {
        site.routes
            .iter()
            .find(|route| wanted(&route.target))
            .expect("a route")
    };
    let mut group = c.benchmark_group("render");
    for (name, route) in [
        (
            "article",
            route(|target| matches!(target, Target::Article(_))),
        ),
        (
            "listing",
            route(|target| matches!(target, Target::Listing { .. })),
        ),
        (
            "feed",
            route(|target| matches!(target, Target::Feed { .. })),
        ),
        (
            "related.json",
            route(|target| matches!(target, Target::RelatedJson)),
        ),
    ] {
        group.bench_function(name, |b| b.iter(|| renderer.render(black_box(route))));
    }
    group.finish();

    let outputs: Vec<(String, Rendered)> = site
        .routes
        .iter()
        .map(|route| {
            (
                route.url.output(),
                renderer.render(route).expect("rendered").0,
            )
        })
        .collect();
    let mut group = c.benchmark_group("write");
    group.throughput(Throughput::Elements(outputs.len() as u64));
    let put = |folder: &Path| {
        let output = write::open(folder, root, &[]).expect("a folder of ours");
        for (path, rendered) in &outputs {
            if let Rendered::Bytes(bytes) = rendered {
                output.stage(path, bytes, None).expect("staged");
            }
        }
        output.commit(write::Notes::default()).expect("committed")
    };
    group.bench_function("clean", |b| {
        b.iter_batched_ref(
            temporary_folder,
            |folder| put(&folder.path().join("public")),
            BatchSize::PerIteration,
        );
    });
    let folder = temporary_folder();
    group.bench_function("nothing changed", |b| {
        b.iter(|| put(&folder.path().join("public")));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = stages
}
criterion_main!(benches);
