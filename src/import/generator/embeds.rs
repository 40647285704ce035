//! What other services show in a text, in the way that Pressroom does.
//!
//! In: what a call was given. Out: a component, or a link to the page of the service. `None`: it is not
//! plain enough, such as an identifier that is worked out.

use super::calls;

/// A picture with a caption.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::import) struct Figure<'a> {
    pub src: &'a str,
    pub alt: &'a str,
    /// In Markdown.
    pub caption: &'a str,
    pub credit: &'a str,
    pub href: &'a str,
}

/// The component of a picture. A caption that has marks of Markdown is its body.
pub(in crate::import) fn figure(figure: Figure) -> Option<String> {
    let is_plain = |text: &str| !text.contains("{{") && !text.contains("{%");
    let all = [
        figure.src,
        figure.alt,
        figure.caption,
        figure.credit,
        figure.href,
    ];
    if figure.src.trim().is_empty() || !all.iter().all(|text| is_plain(text)) {
        return None;
    }
    let marked = figure.caption.contains(['*', '_', '[', '<', '`', '&']);
    let caption = if marked { "" } else { figure.caption };
    let arguments = [
        ("src", figure.src),
        ("alt", figure.alt),
        ("caption", caption),
        ("credit", figure.credit),
        ("href", figure.href),
    ];
    Some(if marked {
        calls::around("figure", &arguments, figure.caption.trim())
    } else {
        calls::alone("figure", &arguments)
    })
}

/// A film of a service that Pressroom knows: `youtube` or `vimeo`.
pub(in crate::import) fn video(service: &str, id: &str, title: &str) -> Option<String> {
    let name = match service {
        "youtube" => "YouTube",
        "vimeo" => "Vimeo",
        _ => return None,
    };
    let title = if title.is_empty() { name } else { title };
    is_id(id).then(|| calls::alone("video", &[("title", title), (service, id)]))
}

/// A film at the address of its player or of its file.
pub(in crate::import) fn player(src: &str, title: &str) -> Option<String> {
    let is_address = src.starts_with("https://") && !src.contains(['"', ' ', '{', '<']);
    is_address.then(|| calls::alone("video", &[("title", title), ("src", src)]))
}

/// A link to the page of a post or of a piece of code, whose parts are put into its address.
pub(in crate::import) fn link(address: &str, parts: &[&str]) -> Option<String> {
    if !parts.iter().all(|part| is_id(part)) {
        return None;
    }
    let mut parts = parts.iter();
    let pieces: Vec<&str> = address.split("{}").collect();
    let mut url = pieces[0].to_owned();
    for piece in &pieces[1..] {
        url.push_str(parts.next()?);
        url.push_str(piece);
    }
    Some(format!("<{url}>"))
}

fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_plain_becomes_a_component_or_a_link() {
        let plain = Figure {
            src: "a.jpg",
            caption: "The harbour",
            ..Figure::default()
        };
        assert_eq!(
            figure(plain).unwrap(),
            "{{<figure src=\"a.jpg\" caption=\"The harbour\" />}}"
        );
        let marked = Figure {
            caption: "The *harbour*",
            ..plain
        };
        assert_eq!(
            figure(marked).unwrap(),
            "{% <figure src=\"a.jpg\"> %}\nThe *harbour*\n{% </figure> %}"
        );
        assert_eq!(
            figure(Figure {
                src: "{{ a }}",
                ..plain
            }),
            None
        );
        assert_eq!(
            video("youtube", "w7Ft2ym_a", "").unwrap(),
            "{{<video title=\"YouTube\" youtube=\"w7Ft2ym_a\" />}}"
        );
        assert_eq!(video("youtube", "page.id)", ""), None);
        assert_eq!(
            link("https://gist.github.com/{}/{}", &["a", "b1"]).unwrap(),
            "<https://gist.github.com/a/b1>"
        );
        assert_eq!(
            link("https://gist.github.com/{}/{}", &["a", "\" onclick"]),
            None
        );
    }
}
