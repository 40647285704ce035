//! Pictures of a site: which files are published of them, and how pages show them.

use std::fs;
use std::io::Cursor;

use image::{GenericImageView, ImageReader};

use super::support::html::tags;
use super::support::{Site, article, assert_same, pictures, published, times};

/// A site with photographs in a bundle and in static/.
fn site(body: &str) -> Site {
    let site = Site::new([("pressroom.yaml", "title: The Gazette\n")]);
    let text = article("The bridge", "date: 2024-07-04\n", body);
    site.write("content/news/bridge/index.md", text);
    site.write(
        "content/news/bridge/wide.jpg",
        pictures::jpeg(1600, 1000, 1),
    );
    site.write("content/news/bridge/small.png", pictures::png(300, 200));
    site.write("static/tram.png", pictures::png(1000, 500));
    site
}

/// The files of public/ that are pictures.
fn files(site: &Site) -> Vec<String> {
    let all = published(&site.path("public")).into_keys();
    let endings = [".jpg", ".png", ".gif", ".webp", ".avif", ".svg"];
    let is_picture = |path: &String| {
        !path.starts_with("assets/") && endings.iter().any(|ending| path.ends_with(ending))
    };
    all.filter(is_picture).collect()
}

fn size(site: &Site, path: &str) -> (u32, u32) {
    let bytes = fs::read(site.path("public").join(path)).expect(path);
    let image = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    image.expect(path).decode().expect(path).dimensions()
}

type Attributes = Vec<(String, String)>;

/// The first picture of a page, and all that there are in its place.
fn shown(page: &str) -> (Attributes, Vec<Attributes>) {
    let tags = tags(page);
    let image = tags
        .iter()
        .find(|tag| tag.name == "img")
        .expect("a picture");
    let sources = tags.iter().filter(|tag| tag.name == "source");
    let sources = sources.map(|tag| tag.attributes.clone()).collect();
    (image.attributes.clone(), sources)
}

fn pairs(attributes: &[(&str, &str)]) -> Attributes {
    let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    attributes.iter().map(owned).collect()
}

#[test]
fn a_picture_of_a_text_comes_in_several_widths() {
    let site = site("![A & \"c\"](wide.jpg \"At dawn\")\n\n![Small](small.png)\n");
    site.build(&[]).silent();
    assert_eq!(
        files(&site),
        [
            "news/bridge/small.png",
            "news/bridge/wide.jpg",
            "news/bridge/wide.jpg.1440.webp",
            "news/bridge/wide.jpg.1600.webp",
            "news/bridge/wide.jpg.480.webp",
            "news/bridge/wide.jpg.960.webp",
            "tram.png",
        ]
    );
    for (width, height) in [(480, 300), (960, 600), (1440, 900), (1600, 1000)] {
        let path = format!("news/bridge/wide.jpg.{width}.webp");
        assert_eq!(size(&site, &path), (width, height));
    }
    let page = site.output("news/bridge/index.html");
    let (image, sources) = shown(&page);
    assert_eq!(
        image,
        pairs(&[
            ("src", "/news/bridge/wide.jpg"),
            ("alt", "A & “c”"),
            ("title", "At dawn"),
            ("width", "1600"),
            ("height", "1000"),
        ]),
        "the first one is not put off"
    );
    let srcset = "/news/bridge/wide.jpg.480.webp 480w, /news/bridge/wide.jpg.960.webp 960w, \
                  /news/bridge/wide.jpg.1440.webp 1440w, /news/bridge/wide.jpg.1600.webp 1600w";
    assert_eq!(
        sources,
        [pairs(&[
            ("type", "image/webp"),
            ("srcset", srcset),
            ("sizes", "(min-width: 45rem) 42rem, 100vw"),
        ])]
    );
    let small = "<img src=\"/news/bridge/small.png\" alt=\"Small\" width=\"300\" height=\"200\" \
                 loading=\"lazy\" decoding=\"async\">";
    assert!(page.contains(small), "{page}");
}

#[test]
fn front_matter_and_components_show_pictures_in_the_same_way() {
    let site = site(
        "{{<figure src=\"wide.jpg\" alt=\"Bridge\" />}}\n\n\
         {% <gallery> %}\n![Tram](/tram.png)\n\n![Small](small.png)\n{% </gallery> %}\n",
    );
    let front = "date: 2024-07-05\nimage: {src: /tram.png, alt: Tram}\n";
    site.write("content/news/tram.md", article("Tram", front, "It runs.\n"));
    site.build(&[]).silent();
    let page = site.output("news/tram/index.html");
    let (image, sources) = shown(&page);
    assert_eq!(
        image,
        pairs(&[
            ("src", "/tram.png"),
            ("alt", "Tram"),
            ("width", "1000"),
            ("height", "500"),
            ("fetchpriority", "high"),
        ])
    );
    assert_eq!(
        sources[0][1].1,
        "/tram.png.480.webp 480w, /tram.png.1000.webp 1000w"
    );
    for path in ["index.html", "news/index.html"] {
        assert!(
            site.output(path).contains("/tram.png.480.webp 480w"),
            "{path}"
        );
    }
    let page = site.output("news/bridge/index.html");
    for found in [
        "/news/bridge/wide.jpg.480.webp 480w",
        "<img src=\"/news/bridge/wide.jpg\" alt=\"Bridge\" width=\"1600\" height=\"1000\"",
        "<img src=\"/tram.png\" alt=\"Tram\" width=\"1000\" height=\"500\"",
    ] {
        assert!(page.contains(found), "{found}: {page}");
    }
}

#[test]
fn what_is_not_shown_is_not_made_narrower() {
    let site = site("Without a picture, but with [a link](wide.jpg).\n");
    site.build(&[]).silent();
    assert_eq!(
        files(&site),
        ["news/bridge/small.png", "news/bridge/wide.jpg", "tram.png"]
    );
    assert!(!site.path(".pressroom/narrower").exists());
}

#[test]
fn photographs_lie_as_they_were_held_and_do_not_tell_who_took_them() {
    let site = site("![](turned.jpg) ![](wide.jpg)\n");
    let turned = pictures::jpeg(1200, 800, 6);
    assert!(memchr::memmem::find(&turned, b"SECRET").is_some());
    site.write("content/news/bridge/turned.jpg", turned);
    site.build(&[]).silent();
    for (path, bytes) in published(&site.path("public")) {
        assert!(memchr::memmem::find(&bytes, b"SECRET").is_none(), "{path}");
    }
    let of = "news/bridge/turned.jpg";
    assert_eq!(size(&site, of), (800, 1200));
    assert_eq!(size(&site, &format!("{of}.480.webp")), (480, 720));
    // What was on the left is above, once it is turned to the right.
    let bytes = fs::read(site.path("public").join(of)).expect(of);
    let above = image::load_from_memory(&bytes).expect(of).to_rgb8();
    let above = above.get_pixel(400, 100).0;
    let near = above
        .iter()
        .zip(pictures::LEFT)
        .all(|(a, b)| a.abs_diff(b) < 12);
    assert!(near, "{above:?}");
    assert!(
        site.output("news/bridge/index.html")
            .contains("width=\"800\" height=\"1200\"")
    );
    // One that need not be turned keeps its pixels: only the notes are gone.
    let bytes = fs::read(site.path("public/news/bridge/wide.jpg")).expect("a photograph");
    let before = pictures::jpeg(1600, 1000, 1);
    let decoded = |bytes: &[u8]| {
        image::load_from_memory(bytes)
            .expect("a photograph")
            .to_rgb8()
    };
    assert!(decoded(&bytes) == decoded(&before));
    assert!(bytes.len() < before.len());
}

#[test]
fn films_and_files_of_static_stay_as_they_are() {
    let site = site("![](/film.gif) ![](/tram.png)\n");
    let film = pictures::gif(900, 300);
    site.write("static/film.gif", &film);
    site.write("static/photo.jpg", pictures::jpeg(64, 48, 1));
    site.build(&[]).silent();
    for (path, bytes) in [("film.gif", film), ("photo.jpg", pictures::jpeg(64, 48, 1))] {
        let found = fs::read(site.path("public").join(path)).expect(path);
        assert!(found == bytes, "{path}");
    }
    assert!(!site.has_output("film.gif.480.webp"));
    assert!(
        site.output("news/bridge/index.html")
            .contains("width=\"900\" height=\"300\"")
    );
}

#[test]
fn a_second_build_encodes_nothing() {
    let site = site("![](wide.jpg)\n");
    site.build(&[]).silent();
    let (before, kept) = (site.outputs(), times(&site.path(".pressroom/narrower")));
    assert_eq!(kept.len(), 4);
    site.remove("public");
    site.build(&[]).silent();
    assert_same(&site.outputs(), &before);
    assert_eq!(times(&site.path(".pressroom/narrower")), kept);
    // An edit of something else, or another name, asks for none of them and loses none.
    site.rename(
        "content/news/bridge/wide.jpg",
        "content/news/bridge/long.jpg",
    );
    let text = article("The bridge", "date: 2024-07-04\n", "Now ![](long.jpg).\n");
    site.write("content/news/bridge/index.md", text);
    site.build(&[]).silent();
    assert_eq!(times(&site.path(".pressroom/narrower")), kept);
    assert!(site.has_output("news/bridge/long.jpg.480.webp"));
    assert!(!site.has_output("news/bridge/wide.jpg.480.webp"));
    // What the site shows no more is not kept.
    let text = article("The bridge", "date: 2024-07-04\n", "Nothing to see.\n");
    site.write("content/news/bridge/index.md", text);
    site.build(&[]).silent();
    assert!(!site.path(".pressroom/narrower").exists());
}

#[test]
fn a_picture_that_was_kept_and_damaged_is_encoded_again() {
    let site = site("![](wide.jpg)\n");
    site.build(&[]).silent();
    let before = site.outputs();
    for name in times(&site.path(".pressroom/narrower")).into_keys() {
        let path = site.path(".pressroom/narrower").join(name);
        let mut bytes = fs::read(&path).expect("a picture");
        bytes[100] ^= 1;
        fs::write(&path, bytes).expect("a picture");
    }
    site.remove("public");
    site.build(&[]).silent();
    assert_same(&site.outputs(), &before);
}

#[test]
fn avif_comes_first_where_it_is_asked_for() {
    let site = site("![](/tram.png)\n");
    // Encoding takes long where the encoder is not compiled to be fast.
    site.write("static/tram.png", pictures::png(1000, 50));
    site.write(
        "pressroom.yaml",
        "title: The Gazette\npictures: {avif: true}\n",
    );
    site.build(&[]).silent();
    let (_, sources) = shown(&site.output("news/bridge/index.html"));
    let types: Vec<&str> = sources.iter().map(|source| &*source[0].1).collect();
    assert_eq!(types, ["image/avif", "image/webp"]);
    assert_eq!(
        sources[0][1].1,
        "/tram.png.480.avif 480w, /tram.png.1000.avif 1000w"
    );
    let bytes = fs::read(site.path("public/tram.png.480.avif")).expect("a picture");
    assert_eq!(&bytes[4..12], b"ftypavif");
}

#[test]
fn nothing_is_made_of_pictures_where_they_are_not_wanted() {
    let site = site("![](wide.jpg)\n");
    site.write("pressroom.yaml", "title: The Gazette\npictures: false\n");
    site.write("content/news/bridge/small.png", "no picture at all");
    site.build(&[]).silent();
    assert_eq!(files(&site).len(), 3);
    let bytes = fs::read(site.path("public/news/bridge/wide.jpg")).expect("a photograph");
    assert!(bytes == pictures::jpeg(1600, 1000, 1));
    let page = site.output("news/bridge/index.html");
    assert!(
        page.contains("<img src=\"wide.jpg\" alt=\"\"")
            || page.contains("<img src=\"/news/bridge/wide.jpg\" alt=\"\""),
        "{page}"
    );
    assert!(!page.contains("srcset"));
}

#[test]
fn drawings_of_authors_who_are_not_trusted_cannot_run() {
    let evil = "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"><script>alert(1)</script>\
                <a href=\"javascript:alert(1)\"><circle r=\"4\" fill=\"red\"/></a>\
                <image href=\"https://evil.example/track.png\"/></svg>";
    let site = site("![](map.svg) ![](wide.jpg) ![](wide.jpg)\n");
    site.write("content/news/bridge/map.svg", evil);
    site.write("static/logo.svg", evil);
    site.build(&[]).silent();
    assert_eq!(site.output("news/bridge/map.svg"), evil);
    site.write("pressroom.yaml", "title: The Gazette\nhtml: sanitised\n");
    site.build(&[]).silent();
    let drawing = site.output("news/bridge/map.svg");
    for gone in ["alert", "script", "evil.example"] {
        assert!(!drawing.contains(gone), "{gone}: {drawing}");
    }
    assert!(drawing.contains("circle"), "{drawing}");
    assert_eq!(site.output("logo.svg"), evil, "the site's owner is trusted");
    // The sanitiser lets through what Pressroom itself says of a picture.
    let page = site.output("news/bridge/index.html");
    assert!(
        page.contains("srcset=\"/news/bridge/wide.jpg.480.webp 480w"),
        "{page}"
    );
    assert!(page.contains("loading=\"lazy\""), "{page}");
}

#[test]
fn a_check_decodes_pictures_and_keeps_nothing() {
    let site = site("The bridge.\n\n![The bridge](wide.jpg)\n");
    site.run(["check"]).silent();
    assert!(!site.path(".pressroom").exists());
    let mut broken = pictures::png(1000, 500);
    broken.truncate(broken.len() * 2 / 3);
    site.write("content/news/bridge/wide.jpg", &broken);
    let run = site.run(["check"]).failed();
    assert!(
        run.stderr.contains("content/news/bridge/wide.jpg"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_figure_that_is_the_first_picture_of_a_text_is_not_put_off() {
    let figure = "{{<figure src=\"wide.jpg\" alt=\"One\" />}}";
    let plain = "![Two](small.png)";
    for (text, first, later) in [
        (format!("{figure}\n\n{plain}\n"), "One", "Two"),
        (format!("{plain}\n\n{figure}\n"), "Two", "One"),
    ] {
        let site = site(&text);
        site.build(&[]).silent();
        let page = site.output("news/bridge/index.html");
        let image = |alt: &str| {
            let images = page.split("<img ").skip(1);
            let mut tags = images.filter_map(|rest| rest.split('>').next());
            tags.find(|tag| tag.contains(&format!("alt=\"{alt}\"")))
                .unwrap_or_else(|| panic!("{alt}: {page}"))
        };
        assert!(!image(first).contains("lazy"), "{}", image(first));
        assert!(image(later).contains("lazy"), "{}", image(later));
    }
}
