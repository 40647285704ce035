//! Shares of a site, united, are the site; and nothing else is taken for it.

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use serde_json::Value;
use support::{Run, Site, archive, assert_same, copy, published, run};

const ARTICLES: usize = 120;

fn site() -> Site {
    let site = Site::in_memory();
    site.write(
        "pressroom.yaml",
        "title: The Gazette\nlisting: {page_size: 5}\n",
    );
    site.write("static/humans.txt", "Us.\n");
    site.write("data/tags.yaml", "{}\n");
    for n in 0..ARTICLES {
        let (path, text) = archive::article(n);
        site.write(&path, text);
    }
    site.build(&[]).silent();
    site
}

/// Builds a share beside the site.
fn share(site: &Site, number: usize, of: usize) -> PathBuf {
    let folder = site.beside(&format!("share-{number}-of-{of}"));
    let share = format!("{number}/{of}");
    site.run(["build", "--shard", &share, "--output", text(&folder)])
        .silent();
    folder
}

fn four(site: &Site) -> Vec<PathBuf> {
    (1..=4).map(|number| share(site, number, 4)).collect()
}

fn merge(site: &Site, shares: &[PathBuf]) -> Run {
    let united = site.beside("united");
    let mut arguments = vec!["merge", "--output", text(&united)];
    arguments.extend(shares.iter().map(|share| text(share)));
    site.run(arguments)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

#[test]
fn four_shares_united_are_what_one_build_makes() {
    let site = site();
    let shares = four(&site);
    let sizes: Vec<usize> = shares.iter().map(|share| published(share).len()).collect();
    let whole = site.outputs();
    assert_eq!(sizes.iter().sum::<usize>(), whole.len());
    let (least, most) = (sizes.iter().min(), sizes.iter().max());
    assert!(
        most.zip(least)
            .is_some_and(|(most, least)| most - least <= 1)
    );
    // In any order.
    let shares: Vec<_> = shares.into_iter().rev().collect();
    merge(&site, &shares).silent();
    assert_same(&published(&site.beside("united")), &whole);
    // Once more, and nothing is to be done.
    let again = merge(&site, &shares).silent().stdout;
    assert!(again.contains("0 files written"), "{again}");
}

#[test]
fn what_is_no_site_is_refused_and_changes_nothing() {
    let site = site();
    let shares = four(&site);
    merge(&site, &shares).silent();
    let good = published(&site.beside("united"));
    let refused = |shares: &[PathBuf], why: &str| {
        let run = merge(&site, shares).failed();
        assert!(run.stderr.starts_with("error[shard]: "), "{}", run.stderr);
        assert!(run.stderr.contains(why), "{}", run.stderr);
        assert_same(&published(&site.beside("united")), &good);
    };

    refused(&shares[..2], "of 4 shares, these are missing: 3, 4");
    let twice = [&shares[..], &shares[1..2]].concat();
    refused(&twice, "share 2 of 4 is in this folder and in ");
    let other = share(&site, 3, 3);
    refused(
        &[&shares[..2], &[other]].concat(),
        "a share of another site",
    );
    let whole = [&shares[..3], &[site.path("public")]].concat();
    refused(&whole, "this folder holds no share of a site");

    let edited = site.beside("edited");
    copy(&shares[3], &edited);
    let page = published(&edited);
    let page = page.keys().find(|path| path.ends_with("index.html"));
    let page = edited.join(page.expect("a page"));
    let text = fs::read_to_string(&page).expect("a page") + "by hand";
    fs::write(&page, text).expect("a page");
    let with_edited = [&shares[..3], &[edited]].concat();
    refused(&with_edited, "is not what the build of this share made");

    // An article more, in one of the shares.
    let (path, text) = archive::article(ARTICLES);
    site.write(&path, text);
    let newer = site.beside("newer");
    let arguments = ["build", "--shard", "4/4", "--output", self::text(&newer)];
    site.run(arguments).silent();
    refused(&[&shares[..3], &[newer]].concat(), "of another state of it");
}

#[test]
fn a_share_that_is_none_is_wrong_usage() {
    let site = Site::new([("content/news/a.md", "# A\n")]);
    for share in ["0/4", "5/4", "1/0", "1", "a/b", "1/99999"] {
        let run = site.build(&["--shard", share]);
        assert_eq!(run.code, Some(2), "{share}");
        assert!(
            run.stderr.contains("a share is written like 2/4"),
            "{}",
            run.stderr
        );
    }
    assert!(!site.has_output("index.html"));
}

/// A command line of an example, with the program of this test in the place of an installed one.
fn shell(script: &str, folder: &Path, variables: &[(&str, &str)]) -> Run {
    let bin = Path::new(env!("CARGO_BIN_EXE_pressroom")).parent();
    let path = env::join_paths(
        bin.map(Path::to_owned)
            .into_iter()
            .chain(env::split_paths(&env::var_os("PATH").unwrap_or_default())),
    );
    let mut command = Command::new("sh");
    command
        .args(["-c", script])
        .current_dir(folder)
        .env("PATH", path.expect("a search path"))
        .envs(variables.iter().copied());
    run(&mut command)
}

/// The documents of an example, with nothing left out.
fn example(name: &str) -> Vec<Value> {
    use serde::Deserialize as _;
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs/shards")
        .join(name);
    let text = fs::read_to_string(path).expect("the example");
    let documents = serde_yaml::Deserializer::from_str(&text);
    let documents = documents.map(|document| Value::deserialize(document).expect("YAML"));
    documents.collect()
}

#[test]
fn the_example_for_kubernetes_publishes_the_site() {
    let site = site();
    let jobs = example("kubernetes.yaml");
    let (root, shards) = (site.root(), text(&site.beside("shards")).to_owned());
    let container = |job: &Value| job["spec"]["template"]["spec"]["containers"][0].clone();
    let environment = |container: &Value| -> BTreeMap<String, String> {
        let variables = container["env"].as_array().expect("variables");
        let pair = |variable: &Value| {
            let name = variable["name"].as_str().expect("a name").to_owned();
            let value = match &*name {
                "SITE" => text(&root).to_owned(),
                "SHARDS" => shards.clone(),
                _ => variable["value"].as_str().expect("a text").to_owned(),
            };
            (name, value)
        };
        variables.iter().map(pair).collect()
    };
    let pods = jobs[0]["spec"]["completions"].as_u64().expect("a number");
    std::thread::scope(|scope| {
        for index in 0..pods {
            let container = container(&jobs[0]);
            let mut variables = environment(&container);
            variables.insert("JOB_COMPLETION_INDEX".into(), index.to_string());
            let folder = site.beside(".");
            scope.spawn(move || {
                let variables: Vec<_> = variables.iter().map(|(k, v)| (&**k, &**v)).collect();
                let script = container["args"][0].as_str().expect("a script");
                shell(script, &folder, &variables).silent();
            });
        }
    });
    let container = container(&jobs[1]);
    let variables = environment(&container);
    let variables: Vec<_> = variables.iter().map(|(k, v)| (&**k, &**v)).collect();
    let script = container["args"][0].as_str().expect("a script");
    shell(script, &site.beside("."), &variables).silent();
    assert_same(
        &published(&Path::new(&shards).join("public")),
        &site.outputs(),
    );
}

#[test]
fn the_example_for_a_matrix_publishes_the_site() {
    let site = site();
    let workflow = example("github-actions.yaml").remove(0);
    let script = |job: &str| {
        let steps = workflow["jobs"][job]["steps"].as_array().expect("steps");
        let mut scripts = steps.iter().filter_map(|step| step["run"].as_str());
        scripts.next().expect("a script").to_owned()
    };
    // What a checkout has.
    let commit = "git init -q . && git -c user.name=a -c user.email=a@example.com commit -q --allow-empty -m a";
    shell(commit, &site.root(), &[]).ok();
    let shares = workflow["jobs"]["shares"]["strategy"]["matrix"]["share"].clone();
    for share in shares.as_array().expect("a matrix") {
        let share = share.to_string();
        shell(&script("shares"), &site.root(), &[("SHARE", &share)]).ok();
    }
    let whole = site.outputs();
    site.remove("public");
    shell(&script("merge"), &site.root(), &[]).ok();
    assert_same(&site.outputs(), &whole);
}
