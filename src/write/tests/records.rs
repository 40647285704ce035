//! What builds know of the outputs of those before.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::Site;
use crate::key::{Key, Parts};
use crate::write::{Made, Notes};

/// Outputs, and a number that each is made from; `None`: it is made each time.
type Build = BTreeMap<u8, Option<u8>>;

fn path(output: u8) -> String {
    format!("{}/{output}.html", output % 5)
}

fn made(from: u8) -> Made {
    Made {
        key: Key::of(&from),
        parts: Parts {
            names: ["page", "site"][usize::from(from % 2)].into(),
            hashes: [from; 3].into(),
        },
        answers: (0..from % 3)
            .map(|n| (n.to_string(), Key::of(&n)))
            .collect(),
    }
}

/// Keeps what is made from the same as before, as builds do.
fn build(site: &Site, outputs: &Build) {
    let output = site.open().unwrap();
    assert!(output.warning.is_none());
    for (at, from) in outputs {
        let (path, made) = (path(*at), from.map(made));
        let before = output.made_from(&path).map(|before| before.key);
        if before.is_some() && before == made.as_ref().map(|made| made.key) {
            output.keep(&path).unwrap();
        } else {
            let text = format!("{path} {from:?}");
            output.stage(&path, text.as_bytes(), made).unwrap();
        }
    }
    output.commit(Notes::default()).unwrap();
}

/// Some changes of few outputs among many: the records of most stay where they are.
fn edits() -> impl Strategy<Value = Vec<(u8, Option<Option<u8>>)>> {
    let from = prop::option::weighted(0.8, prop::option::weighted(0.9, 0..4_u8));
    prop::collection::vec((0..40_u8, from), 0..8)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

    #[test]
    fn after_any_edits_it_is_known_what_each_output_was_made_from(
        first in prop::collection::btree_map(0..40_u8, prop::option::of(0..4_u8), 0..40),
        edits in prop::collection::vec(edits(), 0..6),
    ) {
        let site = Site::new();
        let mut outputs = first;
        build(&site, &outputs);
        for edit in edits {
            for (at, change) in edit {
                match change {
                    Some(from) => outputs.insert(at, from),
                    None => outputs.remove(&at),
                };
            }
            build(&site, &outputs);
            let output = site.open().unwrap();
            for at in 0..40 {
                let known = output.made_from(&path(at));
                let known = known.map(|known| (known.key, known.parts(), known.answers().to_vec()));
                let made = outputs.get(&at).copied().flatten().map(made);
                let made = made.map(|made| (made.key, made.parts, made.answers.to_vec()));
                prop_assert_eq!(known, made);
            }
        }
    }
}

#[test]
fn an_edit_of_few_outputs_writes_no_bulk() {
    let site = Site::new();
    let mut outputs: Build = (0..40).map(|at| (at, Some(1))).collect();
    let bulk = || {
        let files = std::fs::read_dir(site.out(".pressroom")).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        let bulks: Vec<_> = names.filter(|name| name.starts_with("records-")).collect();
        assert_eq!(bulks.len(), 1);
        bulks.concat()
    };
    build(&site, &outputs);
    let first = bulk();
    outputs.insert(7, Some(2));
    outputs.remove(&8);
    build(&site, &outputs);
    assert_eq!(bulk(), first);
    outputs.extend((10..20).map(|at| (at, Some(3))));
    build(&site, &outputs);
    assert_ne!(bulk(), first);
}

#[test]
fn an_output_is_kept_once_and_not_made_besides() {
    let site = Site::new();
    let outputs = [("a.html", "A"), ("b.html", "B")];
    site.build(&outputs).unwrap();
    let output = site.open().unwrap();
    output.keep("a.html").unwrap();
    let message = "public/a.html was written twice in one build";
    assert_eq!(output.keep("a.html").unwrap_err().message, message);
    output.stage("a.html", b"other", None).unwrap();
    assert_eq!(
        output.commit(Notes::default()).unwrap_err().message,
        message
    );
    let output = site.open().unwrap();
    let message = "public/c.html cannot be kept, since nothing is known of it";
    assert_eq!(output.keep("c.html").unwrap_err().message, message);
}
