//! Why an output was made again, for a person who asks.

use serde::Serialize;

use crate::diagnostics::{Code, Diagnostic, closest};
use crate::key::Key;
use crate::render::Renderer;
use crate::site::{Route, Site};
use crate::write::{Known, Output};

/// What became of an output, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "why", content = "changed")]
pub enum Why {
    /// It was left as it is: nothing that it is made from has changed.
    Unchanged,
    /// There was no such file.
    Missing,
    /// Nothing is known of the file that was there.
    Unrecorded,
    /// Somebody had changed the file.
    Touched,
    /// It is made each time, since that is no more work than to know whether it has to be.
    EachTime,
    /// These parts of what it is made from are not what they were: variables of its template, and
    /// what that asked for.
    Changed(Vec<String>),
}

/// An output that was asked about, and the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// Its path in the output folder.
    pub output: String,
    /// What became of it.
    #[serde(flatten)]
    pub why: Why,
}

/// The path of an output that a person names, by its path or by its URL's path.
#[must_use]
pub fn output_path(written: &str) -> String {
    let path = written.trim_start_matches('/');
    if path.is_empty() || path.ends_with('/') {
        format!("{path}index.html")
    } else {
        path.to_owned()
    }
}

/// Why the output at a path will be made again or not, told before anything is.
pub(super) fn explain(
    path: &str,
    site: &Site,
    renderer: &Renderer,
    output: &Output,
) -> Result<Explanation, Diagnostic> {
    let route = site.routes.iter().find(|route| route.url.output() == path);
    let Some(route) = route else {
        let outputs: Vec<String> = site.routes.iter().map(|route| route.url.output()).collect();
        let near = closest(path, outputs.iter().map(String::as_str));
        let hint = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                "write a path in the output folder, such as `news/index.html`, or `/news/`".into()
            }
        };
        let message = format!("the site has no output `{path}` to explain");
        return Err(Diagnostic::new(Code::Argument, message).hint(hint));
    };
    Ok(Explanation {
        output: path.to_owned(),
        why: why(path, route, renderer, output),
    })
}

fn why(path: &str, route: &Route, renderer: &Renderer, output: &Output) -> Why {
    let made = match output.known(path) {
        Known::Missing => return Why::Missing,
        Known::Unrecorded => return Why::Unrecorded,
        Known::Touched => return Why::Touched,
        Known::MadeEachTime => return Why::EachTime,
        Known::Made(made) => made,
    };
    let Some((key, parts)) = renderer.parts(route) else {
        return Why::EachTime;
    };
    let before = made.parts();
    let names = parts.changed(&before).into_iter();
    let mut changed: Vec<String> = names.map(str::to_owned).collect();
    let other = |(question, answer): &&(String, Key)| renderer.answer(question) != *answer;
    let asked = made.answers().iter().filter(other);
    changed.extend(asked.map(|(question, _)| question.clone()));
    match changed.is_empty() {
        true if key == made.key => Why::Unchanged,
        true => Why::Changed(vec!["something else".to_owned()]),
        false => Why::Changed(changed),
    }
}
