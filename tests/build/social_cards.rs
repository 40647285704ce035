//! Pictures of articles for places where people share them.

use std::collections::BTreeSet;
use std::fs;
use std::io::Cursor;

use super::support::{Site, article, assert_same, pictures, published, times};

const CARD: &str = "news/bridge/social-card.png";

/// A site of three articles, of which one has a picture and one a drawing, with cards.
fn site() -> Site {
    let site = Site::new([
        ("pressroom.yaml", "title: The Gazette\nsocial_cards: true\n"),
        (
            "static/map.svg",
            "<svg xmlns='http://www.w3.org/2000/svg'/>",
        ),
    ]);
    site.write("static/tram.png", pictures::png(64, 48));
    for (name, title, front) in [
        ("bridge", "Bridge & <tunnel> close", ""),
        ("tram", "A tram", "image: /tram.png\n"),
        (
            "map",
            "A map",
            "image: /map.svg\nnoindex: true\nurl: /2019/07/map.html\n",
        ),
    ] {
        let front = format!("date: 2024-07-04\n{front}");
        let text = article(title, &front, "All about it.\n");
        site.write(&format!("content/news/{name}.md"), text);
    }
    site
}

fn cards(site: &Site) -> BTreeSet<String> {
    let outputs = published(&site.path("public")).into_keys();
    outputs
        .filter(|path| path.ends_with("social-card.png"))
        .collect()
}

/// The names of the drawings that are kept.
fn kept(site: &Site) -> BTreeSet<String> {
    times(&site.path(".pressroom/cards")).into_keys().collect()
}

#[test]
fn articles_without_a_picture_that_networks_show_get_a_card() {
    let site = site();
    site.build(&[]).silent();
    let expected = ["2019/07/map.social-card.png", CARD];
    assert_eq!(cards(&site), expected.map(str::to_owned).into());
    for path in expected {
        let bytes = fs::read(site.path("public").join(path)).expect(path);
        assert!(bytes.len() < 30_000, "{path}: {} bytes", bytes.len());
        let mut reader = png::Decoder::new(Cursor::new(bytes))
            .read_info()
            .expect("a PNG");
        let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
        let info = reader.next_frame(&mut pixels).expect("a whole PNG");
        assert_eq!((info.width, info.height), (1200, 630));
        let colours: BTreeSet<u8> = pixels.into_iter().collect();
        assert!(colours.len() > 3, "{path} is empty");
    }
}

#[test]
fn nobody_gets_cards_without_asking() {
    let site = site();
    site.write("pressroom.yaml", "title: The Gazette\n");
    site.build(&[]).silent();
    assert_eq!(cards(&site), BTreeSet::new());
    assert!(!site.path(".pressroom/cards").exists());
    assert!(
        !site
            .output("news/bridge/index.html")
            .contains("social-card")
    );
}

#[test]
fn a_card_that_is_there_is_not_drawn_again() {
    let site = site();
    site.build(&[]).silent();
    let (before, drawn) = (site.outputs(), times(&site.path(".pressroom/cards")));
    assert_eq!(drawn.len(), 2);
    // Another output, so that each card is asked for.
    let elsewhere = site.beside("elsewhere");
    site.build(&["--output", elsewhere.to_str().expect("UTF-8")])
        .silent();
    assert_same(&published(&elsewhere), &before);
    assert_eq!(times(&site.path(".pressroom/cards")), drawn);
    // Drawn from nothing, it is the same.
    site.remove(".pressroom");
    assert_eq!(site.changes(), [""; 0]);
    assert_same(&site.outputs(), &before);
}

#[test]
fn what_is_drawn_no_more_is_not_kept() {
    let site = site();
    site.build(&[]).silent();
    let before = times(&site.path(".pressroom/cards"));
    site.write(
        "content/news/bridge.md",
        article("It opens", "date: 2024-07-04\n", "At last.\n"),
    );
    site.write(".pressroom/cards/notes.txt", "not ours");
    let changes = site.changes();
    assert!(changes.contains(&format!("write {CARD}")), "{changes:?}");
    let after = times(&site.path(".pressroom/cards"));
    let same = after
        .iter()
        .filter(|(name, at)| before.get(*name) == Some(at));
    assert_eq!(same.count(), 1, "the map's stays");
    assert_eq!(after.len(), 3);
    // One that is not asked for, since nothing of its article has changed, stays as well.
    site.remove("content/news/bridge.md");
    site.build(&[]).silent();
    assert_eq!(kept(&site).len(), 2);
    site.write("pressroom.yaml", "title: The Gazette\n");
    site.build(&[]).silent();
    assert_eq!(kept(&site), ["notes.txt".to_owned()].into());
    site.run(["clean"]).ok();
    assert!(!site.path(".pressroom").exists());
}

#[test]
fn a_kept_card_that_was_damaged_is_not_used() {
    let site = site();
    site.build(&[]).silent();
    let before = site.outputs();
    for (nth, name) in kept(&site).into_iter().enumerate() {
        let path = site.path(".pressroom/cards").join(name);
        let mut bytes = fs::read(&path).expect("a card");
        match nth {
            0 => bytes.truncate(bytes.len() / 2),
            _ => bytes[1000] ^= 1,
        }
        fs::write(&path, bytes).expect("a card");
    }
    site.remove("public");
    site.build(&[]).silent();
    assert_same(&site.outputs(), &before);
}

#[test]
fn a_check_looks_at_cards_and_writes_none() {
    let site = site();
    let run = site.run(["check"]).ok();
    assert!(!run.stderr.contains("error"), "{}", run.stderr);
    assert!(!site.path(".pressroom").exists());
    site.write("templates/social-card.svg", "<svg");
    let run = site.run(["check"]).failed();
    assert!(
        run.stderr.contains("templates/social-card.svg"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_site_draws_its_cards_as_it_likes() {
    let site = site();
    site.build(&[]).silent();
    let before = fs::read(site.path("public").join(CARD)).expect("a card");
    let ejected = site.run(["theme", "eject", "social-card.svg"]).ok();
    assert!(ejected.stdout.contains("templates/social-card.svg"));
    assert_eq!(site.changes(), [""; 0], "a copy draws the same");
    let template = site.read("templates/social-card.svg");
    site.write(
        "templates/social-card.svg",
        template.replace("#fffdf9", "#ddeeff"),
    );
    site.build(&[]).silent();
    assert_ne!(
        fs::read(site.path("public").join(CARD)).expect("a card"),
        before
    );
    site.run(["theme", "check"]).silent();
}

#[test]
fn a_colour_of_the_theme_is_that_of_its_cards() {
    let site = site();
    site.build(&[]).silent();
    site.append("pressroom.yaml", "params: {palette: navy}\n");
    assert!(site.changes().contains(&format!("write {CARD}")));
}

#[test]
fn builds_side_by_side_do_each_other_no_harm() {
    let site = site();
    let outputs = ["one", "two", "three"].map(|name| site.beside(name));
    std::thread::scope(|scope| {
        for output in &outputs {
            let site = &site;
            scope.spawn(move || {
                let output = output.to_str().expect("UTF-8");
                site.build(&["--output", output]).silent();
            });
        }
    });
    assert_same(&published(&outputs[0]), &published(&outputs[1]));
    assert_same(&published(&outputs[0]), &published(&outputs[2]));
    assert_eq!(kept(&site).len(), 2, "nothing half written is left");
}
