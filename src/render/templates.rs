//! The template engine: loading, rendering, and its errors as diagnostics.

use std::collections::BTreeMap;
use std::sync::Arc;

use tera::{ComponentInfo, Context, ErrorKind, Tera, Value};

use super::fragments::{self, Fragments};
use super::functions::{self, Answers};
use super::questions;
use super::theme::{TemplateFile, Theme};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place};
use crate::key::Key;

/// Templates that every theme has, itself or through its parent.
const REQUIRED: &[&str] = &[
    "home.html",
    "section.html",
    "article.html",
    "tags.html",
    "tag.html",
    "authors.html",
    "author.html",
    "archive.html",
    "year.html",
    "month.html",
    "related.html",
    "404.html",
];

/// The engine with all templates of a theme loaded.
pub(super) struct Templates {
    tera: Arc<Tera>,
    fragments: Arc<Fragments>,
    answers: Arc<Answers>,
    /// Path of each template as diagnostics show it, by name.
    files: BTreeMap<String, String>,
    /// What stands before the names of themes' templates, the theme first.
    prefixes: Vec<String>,
}

impl Templates {
    /// Tells of a map that many pages are given.
    pub fn will_last(&self, value: &Value) {
        self.fragments.will_last(value);
    }

    /// Loads templates; all mistakes that can be seen without rendering are told together.
    pub fn load(theme: &Theme, answers: Answers) -> Result<Self, Diagnostics> {
        let files: BTreeMap<String, String> = theme
            .templates
            .iter()
            .map(|template| (template.name.clone(), template.file.clone()))
            .collect();
        let mut diagnostics = Diagnostics::new();
        for template in &theme.templates {
            diagnostics.extend(syntax_error(template));
        }
        if diagnostics.has_errors() {
            return Err(diagnostics);
        }
        let mut tera = Tera::new();
        let prefixes: Vec<String> = theme.names.iter().map(|name| format!("{name}/")).collect();
        tera.set_fallback_prefixes(prefixes.clone())
            .expect("no template is loaded yet");
        tera.autoescape_on([".html", ".htm", ".xml", ".svg"]);
        let answers = Arc::new(answers);
        functions::register(&mut tera, &answers);
        let fragments = Fragments::register(&mut tera);
        let sources = theme
            .templates
            .iter()
            .map(|template| (&template.name, &template.text));
        if let Err(error) = tera.add_raw_templates(sources) {
            return Err(loading_errors(&error, &files));
        }
        let tera = Arc::new(tera);
        fragments.open(&tera);
        let templates = Self {
            tera,
            fragments,
            answers,
            files,
            prefixes,
        };
        let missing = REQUIRED.iter().filter(|name| !templates.has(name));
        let missing: Diagnostics = missing.map(|name| templates.missing(name, None)).collect();
        if missing.has_errors() {
            Err(missing)
        } else {
            Ok(templates)
        }
    }

    /// Whether there is a template of a name.
    pub fn has(&self, name: &str) -> bool {
        self.tera.contains_template(name)
    }

    /// What a template is answered that asks for this: a key of the answer.
    pub fn answer(&self, question: &str) -> Option<Key> {
        if let Some(path) = question.strip_prefix(questions::ASSET) {
            return self.answers.assets.get(path).map(Key::of);
        }
        if let Some(src) = question.strip_prefix(questions::PICTURE) {
            return Some(Key::of(&self.answers.pictures.get(src)));
        }
        if let Some(path) = question.strip_prefix(questions::INTEGRITY) {
            return self.answers.hash(path).as_deref().map(Key::of);
        }
        let path = question.strip_prefix(questions::DATA)?;
        self.answers.data_keys.get(path).copied()
    }

    /// The URL of a file of static/, if there is one.
    pub fn asset(&self, path: &str) -> Option<&str> {
        self.answers.assets.get(path).map(String::as_str)
    }

    /// That a template is missing; `place` is where it is asked for.
    pub fn missing(&self, name: &str, place: Option<Place>) -> Diagnostic {
        let near = crate::diagnostics::closest(
            name,
            self.files
                .keys()
                .filter(|known| !known.contains("components/"))
                .map(|known| known.rsplit('/').next().unwrap_or(known)),
        );
        let hint = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write templates/{name}, or take it from another theme"),
        };
        let diagnostic =
            Diagnostic::new(Code::ThemeMissing, format!("there is no template {name}")).hint(hint);
        match place {
            Some(place) => diagnostic.at(place),
            None => diagnostic,
        }
    }

    /// Path of a template as diagnostics show it.
    pub fn file<'b>(&'b self, name: &'b str) -> &'b str {
        self.known_file(name).unwrap_or(name)
    }

    /// The same; `None` where there is no such template.
    pub fn known_file(&self, name: &str) -> Option<&str> {
        let mut names = std::iter::once(name.to_owned())
            .chain(self.prefixes.iter().map(|prefix| format!("{prefix}{name}")));
        names
            .find_map(|name| self.files.get(&name))
            .map(String::as_str)
    }

    /// Renders a page into a buffer.
    pub fn render(
        &self,
        name: &str,
        context: &Context,
        out: &mut Vec<u8>,
    ) -> Result<(), Diagnostic> {
        self.tera.render_to(name, context, out).map_err(|error| {
            // What went wrong in a fragment went wrong there, and not where it was asked for.
            self.rendering_error(&fragments::failure().unwrap_or(error))
        })
    }

    /// What a component takes.
    pub fn component(&self, name: &str) -> Option<ComponentInfo> {
        self.tera.get_component_definition(name)
    }

    /// Renders a component. `given`: what it may ask for that it is not called with.
    pub fn render_component(
        &self,
        name: &str,
        arguments: &Context,
        given: &Context,
        body: Option<&str>,
    ) -> Result<String, Diagnostic> {
        let rendered = self
            .tera
            .render_component_with_implicits(name, arguments, given, body, true);
        rendered.map_err(|error| self.rendering_error(&fragments::failure().unwrap_or(error)))
    }

    fn rendering_error(&self, error: &tera::Error) -> Diagnostic {
        match error.kind() {
            ErrorKind::RenderingError(report) | ErrorKind::SyntaxError(report) => {
                let (message, hint) = explain(report.message());
                let span = report.span();
                let file = self
                    .files
                    .get(report.filename())
                    .map_or(report.filename(), String::as_str);
                let length = if span.end_line == span.start_line {
                    span.end_col.saturating_sub(span.start_col).max(1)
                } else {
                    1
                };
                let place = Place {
                    length: length as u32,
                    ..Place::at(file, span.start_line as u32, span.start_col as u32 + 1)
                };
                Diagnostic::new(Code::TemplateRender, message)
                    .at(place)
                    .hint(hint)
            }
            other => Diagnostic::new(Code::TemplateRender, other.to_string())
                .hint("see the manual on templates for what each filter and function takes"),
        }
    }
}

/// A template that cannot be parsed.
fn syntax_error(template: &TemplateFile) -> Option<Diagnostic> {
    let error = Tera::new()
        .add_raw_template(&template.name, &template.text)
        .err()?;
    let ErrorKind::SyntaxError(report) = error.kind() else {
        // Unknown filters and parents are found when all templates are there.
        return None;
    };
    let span = report.span();
    let place = Place {
        length: (span.end_col.saturating_sub(span.start_col).max(1)) as u32,
        ..Place::at(
            &template.file,
            span.start_line as u32,
            span.start_col as u32 + 1,
        )
    };
    Some(
        Diagnostic::new(Code::TemplateSyntax, lower_first(report.message()))
            .at(place)
            .hint("see the manual on templates for the syntax"),
    )
}

/// What the engine says of templates that parse, but refer to what is not there. It joins
/// several reports into one text, each of which begins with `error:` and names its place in the
/// line after.
fn loading_errors(error: &tera::Error, files: &BTreeMap<String, String>) -> Diagnostics {
    let text = error.to_string();
    let mut diagnostics = Diagnostics::new();
    let mut message = None;
    for line in text.lines() {
        if let Some(found) = line.strip_prefix("error: ") {
            message = Some(found);
        } else if let Some((_, place)) = line.split_once("--> ")
            && let Some(found) = message.take()
        {
            let mut parts = place.rsplitn(3, ':');
            let column = parts.next().and_then(|n| n.parse().ok()).unwrap_or(0);
            let line = parts.next().and_then(|n| n.parse().ok()).unwrap_or(0);
            let name = parts.next().unwrap_or("");
            let file = files.get(name).map_or(name, String::as_str);
            let hint = "check its spelling; the manual lists what templates can use";
            diagnostics.push(
                Diagnostic::new(Code::TemplateSyntax, lower_first(found))
                    .at(Place::at(file, line, column))
                    .hint(hint),
            );
        }
    }
    if diagnostics.is_empty() {
        let mut diagnostic = Diagnostic::new(Code::TemplateSyntax, lower_first(&text))
            .hint("check the names in `extends` and `include`");
        let named = |name: &String| text.contains(&format!("'{name}'"));
        if let Some((_, file)) = files.iter().find(|(name, _)| named(name)) {
            diagnostic = diagnostic.at(Place::file(file));
        }
        diagnostics.push(diagnostic);
    }
    diagnostics
}

fn explain(message: &str) -> (String, &'static str) {
    let hint = if message.contains("not defined")
        || message.contains("undefined")
        || message.contains("not found in context")
    {
        "the manual's article “What templates receive” lists everything there is; `x or \"\"` gives a default"
    } else {
        "see the manual on templates for what each filter and function takes"
    };
    (lower_first(message), hint)
}

/// A library's sentence as a diagnostic has it: without a capital letter and a full stop.
pub(super) fn lower_first(text: &str) -> String {
    let mut letters = text.trim().trim_end_matches('.').chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}
