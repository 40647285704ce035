//! Components that articles call.
//!
//! In: the templates of a theme, and what articles call. Out: what is wrong with the calls, told where
//! they are, and the HTML of a component for an article's page.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use tera::{ComponentInfo, Context, Value};

use super::Renderer;
use super::faults;
use super::language::Language;
use super::pages::article::Written;
use super::templates::Templates;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, closest};
use crate::markdown::{Components, Resolution};
use crate::model::{
    Argument, Article, Called, EmbedImage, Form, LinkKind, PinTarget, Position, Treatment,
};
use crate::site::Site;

/// In the metadata of a component: whether it is called with a body, without one, or either way,
/// which is what one does that does not say.
const BODY: &str = "body";

/// What is given to all components: the words of the page's language, and which that is.
const TEXT: &str = "text";
const PAGE: &str = "page";
/// The article that it names, and what front matter says of the page that it leads to.
const CARD: &str = "card";
const DESCRIBED: &str = "described";

/// The component that shows the card of an article.
const ARTICLE: &str = "article";
/// The one that shows a card of another site's page.
const EMBED: &str = "embed";

/// A page of another site.
#[derive(Serialize)]
struct DescribedValue<'a> {
    title: &'a str,
    summary: &'a str,
    site: &'a str,
    image: Option<&'a str>,
}

/// What components may ask for of the page that they stand on.
#[derive(Serialize)]
struct PageOfComponent<'a> {
    language: &'a str,
    direction: &'a str,
    /// Whether the call shows the first picture of its text, which is not put off until a reader comes
    /// near.
    first_picture: bool,
    /// Whether authors of articles are not trusted.
    outside: bool,
}

/// The names of the components that a template defines.
pub(super) fn defined(template: &str) -> impl Iterator<Item = &str> {
    let tags = template
        .match_indices("{%")
        .map(|(at, tag)| &template[at + tag.len()..]);
    tags.filter_map(|tag| {
        let tag = tag.strip_prefix('-').unwrap_or(tag).trim_start();
        let name = tag.strip_prefix("component")?;
        let name = name.strip_prefix(char::is_whitespace)?.trim_start();
        let end = name.find(|c: char| !c.is_alphanumeric() && c != '_');
        Some(&name[..end.unwrap_or(name.len())])
    })
}

/// What is wrong with the calls of a site's articles.
pub(super) fn check(templates: &Templates, site: &Site) -> Diagnostics {
    let mut found = Diagnostics::new();
    // Few names are called over and over again.
    let mut known: BTreeMap<&str, Option<ComponentInfo>> = BTreeMap::new();
    for article in site.articles.iter().chain(&site.fronts) {
        for called in &article.calls {
            let component = known.entry(&called.name);
            let component = component.or_insert_with(|| templates.component(&called.name));
            found.extend(wrong(component.as_ref(), called).map(|(message, hint)| {
                Diagnostic::new(Code::Component, message)
                    .at(called.position.in_file(&article.source))
                    .hint(hint)
            }));
        }
    }
    found
}

/// What is wrong with a call, and what to write.
fn wrong(component: Option<&ComponentInfo>, called: &Called) -> Option<(String, String)> {
    let name = &called.name;
    let Some(component) = component else {
        let hint = "a template has a component of that name that cannot be used; see the manual on components";
        return Some((format!("there is no component `{name}`"), hint.to_owned()));
    };
    let mut given = BTreeSet::new();
    for argument in &called.arguments {
        if let Some(wrong) = wrong_argument(component, argument) {
            return Some(wrong);
        }
        if !given.insert(&*argument.name) {
            let message = format!("`{}` is given twice to `{name}`", argument.name);
            return Some((message, "keep one of the two".to_owned()));
        }
    }
    let required = component.args().iter().filter(|it| it.is_required());
    let missing = required
        .map(tera::ComponentArg::name)
        .find(|it| !given.contains(it));
    if let Some(missing) = missing {
        let message = format!("`{name}` needs `{missing}`");
        return Some((
            message,
            format!(
                "write {{{{<{name} {missing}=\"…\" />}}}}; {}",
                takes(component)
            ),
        ));
    }
    let body = component.metadata().get(BODY)?.as_bool()?;
    match (body, called.has_body) {
        (true, false) => Some((
            format!("`{name}` needs a body"),
            format!("write {{% <{name}> %}}, then the body, and {{% </{name}> %}} at its end"),
        )),
        (false, true) => Some((
            format!("`{name}` takes no body"),
            format!("write {{{{<{name} … />}}}} by itself"),
        )),
        _ => None,
    }
}

fn wrong_argument(component: &ComponentInfo, argument: &Argument) -> Option<(String, String)> {
    let (of, name) = (component.name(), &argument.name);
    if name.is_empty() {
        let message = format!("what is given to `{of}` must have a name");
        return Some((
            message,
            format!("write name=\"value\"; {}", takes(component)),
        ));
    }
    let mut known = component.args().iter().filter(|it| !it.is_implicit());
    let Some(parameter) = known.clone().find(|it| it.name() == &**name) else {
        if component.rest_param().is_some() {
            return None;
        }
        let hint = match closest(name, known.by_ref().map(tera::ComponentArg::name)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => takes(component),
        };
        return Some((format!("`{of}` takes no `{name}`"), hint));
    };
    let kind = parameter.arg_type()?;
    let value = Value::from_serializable(&argument.value);
    if is_of(&value, kind) {
        return None;
    }
    let message = format!("`{name}` of `{of}` must be {}", a_kind(kind));
    let hint = match kind {
        tera::ComponentArgType::String => format!("put it in quotes: {name}=\"…\""),
        tera::ComponentArgType::Bool => format!("write {name}={{true}} or {name}={{false}}"),
        tera::ComponentArgType::Array => format!("write {name}={{[…, …]}}"),
        tera::ComponentArgType::Map => format!("write {name}={{{{key: value}}}}"),
        _ => format!("write {name}={{12}}"),
    };
    Some((message, hint))
}

/// What a component may be given, in words.
fn takes(component: &ComponentInfo) -> String {
    let known = component.args().iter().filter(|it| !it.is_implicit());
    let names: Vec<String> = known.map(|it| format!("`{}`", it.name())).collect();
    if names.is_empty() {
        return format!("`{}` takes nothing", component.name());
    }
    format!("`{}` takes {}", component.name(), names.join(", "))
}

fn is_of(value: &Value, kind: tera::ComponentArgType) -> bool {
    use tera::ComponentArgType as Kind;
    let is_integer = value.as_i128().is_some();
    match kind {
        Kind::String => value.as_str().is_some(),
        Kind::Bool => value.as_bool().is_some(),
        Kind::Integer => is_integer,
        Kind::Float => value.as_f64().is_some() && !is_integer,
        Kind::Number => value.as_f64().is_some() || is_integer,
        Kind::Array => value.as_array().is_some(),
        Kind::Map => value.as_map().is_some(),
        _ => false,
    }
}

fn a_kind(kind: tera::ComponentArgType) -> &'static str {
    use tera::ComponentArgType as Kind;
    match kind {
        Kind::String => "a text",
        Kind::Bool => "true or false",
        Kind::Integer => "a whole number",
        Kind::Float => "a number with a point",
        Kind::Number => "a number",
        Kind::Array => "a list",
        Kind::Map => "a mapping",
        _ => "of a kind that no article can write",
    }
}

/// The components of one article's page.
pub(super) struct PageComponents<'a> {
    pub renderer: &'a Renderer,
    pub written: &'a Written<'a>,
    pub language: &'a Language,
}

impl Components for PageComponents<'_> {
    type Error = Diagnostic;

    fn treatment(&self, name: &str, form: Form) -> Treatment {
        self.renderer.config.treatment(name, form)
    }

    fn render(
        &self,
        nth: usize,
        name: &str,
        arguments: &[Argument],
        body: Option<&str>,
    ) -> Result<String, Diagnostic> {
        let mut context = Context::new();
        for argument in arguments {
            let value = Value::from_serializable(&argument.value);
            context.insert_value(argument.name.to_string(), value);
        }
        let mut given = Context::new();
        given.insert_value(TEXT, self.language.text.clone());
        let page = PageOfComponent {
            language: &self.language.tag,
            direction: self.language.direction,
            first_picture: self.shows_first_picture(nth),
            outside: self.renderer.config.outside().is_some(),
        };
        given.insert_value(PAGE, Value::from_serializable(&page));
        given.insert_value(CARD, self.card(nth));
        given.insert_value(DESCRIBED, self.described(arguments));
        faults::take();
        let templates = &self.renderer.templates;
        let rendered = templates.render_component(name, &context, &given, body);
        rendered.map_err(|found| match self.written.article.calls.get(nth) {
            Some(called) => self.told(found, called),
            None => found,
        })
    }
}

impl PageComponents<'_> {
    /// Whether a call is given the first picture of the text.
    fn shows_first_picture(&self, nth: usize) -> bool {
        let Written { article, .. } = self.written;
        let mut links = article.links.iter();
        let first = links.find(|link| link.kind == LinkKind::Image);
        let (Some(first), Some(call)) = (first, article.calls.get(nth)) else {
            return false;
        };
        let place = |position: Position| (position.line, position.column);
        let mut arguments = call.arguments.iter();
        place(call.position) <= place(first.position)
            && arguments.any(|it| it.value.as_str() == Some(&*first.destination))
    }

    /// The card of the article that a call names.
    fn card(&self, nth: usize) -> Value {
        let calls = &self.written.article.calls;
        let names_one = |called: &Called| {
            let mut arguments = called.arguments.iter();
            *called.name == *ARTICLE
                && arguments.any(|it| &*it.name == "path" && it.value.is_string())
        };
        let before = calls.iter().take(nth).filter(|called| names_one(called));
        let shown = calls.get(nth).filter(|called| names_one(called));
        let id = shown.and_then(|_| *self.written.cards.get(before.count())?);
        id.map_or_else(Value::none, |id| self.renderer.card_value(id).clone())
    }

    /// What front matter says of the page that a call leads to: `embeds`, or else a related link.
    fn described(&self, arguments: &[Argument]) -> Value {
        let article = self.written.article;
        let href = arguments.iter().find(|it| &*it.name == "href");
        let Some(href) = href.and_then(|it| it.value.as_str()) else {
            return Value::none();
        };
        if let Some(embed) = article.embeds.iter().find(|embed| *embed.url == *href) {
            let image = embed.image.as_ref().and_then(|image| match image {
                EmbedImage::Elsewhere(src) => Some(src.clone()),
                EmbedImage::Here(at) => {
                    let linked = self.written.links.get(*at as usize)?;
                    let link = &article.links[*at as usize];
                    let (site, config) = (&self.renderer.site, &self.renderer.config);
                    match site.resolution(link, linked, &config.base_url) {
                        Resolution::To { url, .. } => Some(url),
                        Resolution::Keep => Some(link.destination.clone()),
                    }
                }
            });
            return Value::from_serializable(&DescribedValue {
                title: &embed.title,
                summary: &embed.summary,
                site: &embed.site,
                image: image.as_deref(),
            });
        }
        let pins = article.pins.iter();
        let pinned = pins.filter_map(|pin| match &pin.target {
            PinTarget::Elsewhere {
                url,
                title,
                summary,
            } if **url == *href => Some(DescribedValue {
                title,
                summary,
                site: "",
                image: None,
            }),
            _ => None,
        });
        let pinned = pinned.take(1).last();
        pinned.map_or_else(Value::none, |page| Value::from_serializable(&page))
    }

    /// The page that front matter describes and that a call without a title may mean.
    fn near_described(&self, called: &Called) -> Option<String> {
        let argument = |name| called.arguments.iter().find(|it| &*it.name == name);
        let href =
            argument("href").filter(|_| &*called.name == EMBED && argument("title").is_none());
        let pages = self.written.article.embeds.iter().map(|embed| &*embed.url);
        let near = closest(href?.value.as_str()?, pages)?;
        Some(format!("did you mean `{near}`?"))
    }

    /// What went wrong in a component, told where it is called.
    fn told(&self, found: Diagnostic, called: &Called) -> Diagnostic {
        let place = called.position.in_file(&self.written.article.source);
        let Some(fault) = faults::take() else {
            return found.also(place, "it is called here");
        };
        let component = self.renderer.templates.component(&called.name);
        let hint = self.near_described(called).or(fault.hint);
        let hint = hint.or_else(|| component.as_ref().map(takes));
        Diagnostic::new(Code::Component, fault.message)
            .at(place)
            .hint(hint.unwrap_or_default())
    }
}

impl Renderer {
    /// The style sheets of the components that a text calls: `components/NAME.css` of static/, in the
    /// order of the calls.
    pub(super) fn styles(&self, article: &Article) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for called in &article.calls {
            if !names.contains(&&*called.name) {
                names.push(&called.name);
            }
        }
        let sheet = |name: &&str| self.templates.asset(&format!("components/{name}.css"));
        names.iter().filter_map(sheet).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_are_found_where_they_are_defined() {
        let names = |template| defined(template).collect::<Vec<_>>();
        assert_eq!(
            names(
                "{% component a() %}{% endcomponent a %}{%-component  b_2(x) -%}{%- endcomponent %}"
            ),
            ["a", "b_2"]
        );
        assert!(names("{{ component }} {% if component %}{% endif %}").is_empty());
    }
}
