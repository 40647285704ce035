//! What builds know of the outputs of those before.

use std::collections::BTreeMap;
use std::fs;
use std::sync::atomic::Ordering;

use proptest::prelude::*;

use super::Site;
use crate::key::{Key, Parts};
use crate::write::{AtRest, Made, Notes, remember};

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
        let before = output.made_from(&path);
        let key = made.as_ref().map(|made| made.key);
        if let Some(same) = before.filter(|before| Some(before.made.key) == key) {
            output.keep(same).unwrap();
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
                let known = output.made_from(&path(at)).map(|before| before.made);
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
        let files = fs::read_dir(site.out(".pressroom")).unwrap();
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
fn what_was_seen_before_somebody_had_the_folder_open_is_not_believed() {
    let site = Site::new();
    let remembered = || {
        let remembered = remember(&site.path("public"), i64::MAX);
        let AtRest { records, .. } = remembered.0.as_ref().unwrap();
        records.as_ref().unwrap().as_ref().unwrap().look_at(0..1);
        remembered
    };
    let is_known = |remembered| {
        let output = site.open_with("public", remembered).unwrap();
        output.made_from("1/1.html").is_some()
    };
    build(&site, &[(1, Some(1))].into());
    assert!(is_known(remembered()));

    // Seen untouched, and then replaced by a build that is killed before it can say so.
    let before = remembered();
    let other = site.open().unwrap();
    other.stage("1/1.html", b"other", Some(made(2))).unwrap();
    other.disk.changes_left.store(2, Ordering::Relaxed);
    assert!(other.commit(Notes::default()).is_err());
    assert_eq!(fs::read(site.out("1/1.html")).unwrap(), b"other");
    assert!(!is_known(before));

    // The same while the other one is at work.
    build(&site, &[(1, Some(1))].into());
    let other = site.open().unwrap();
    other.stage("1/1.html", b"other", Some(made(2))).unwrap();
    assert!(remember(&site.path("public"), i64::MAX).0.is_none());
    other.commit(Notes::default()).unwrap();
    // Times of files advance in steps, within which two changes are one.
    assert!(
        remember(&site.path("public"), crate::clock::settled())
            .0
            .is_none()
    );
}

#[test]
fn an_output_is_kept_once_and_not_made_besides() {
    let site = Site::new();
    build(&site, &[(1, Some(1)), (2, Some(2))].into());
    let output = site.open().unwrap();
    let before = output.made_from("1/1.html").unwrap();
    output.keep(before).unwrap();
    let message = "public/1/1.html was written twice in one build";
    assert_eq!(output.keep(before).unwrap_err().message, message);
    output.stage("1/1.html", b"other", None).unwrap();
    assert_eq!(
        output.commit(Notes::default()).unwrap_err().message,
        message
    );
}
