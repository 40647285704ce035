//! Components that articles call.
//!
//! In: the templates of a theme, and what articles call. Out: what is wrong with the calls, told where
//! they are, and the HTML of a component for an article's page.

use std::collections::{BTreeMap, BTreeSet};

use tera::{ComponentInfo, Context, Value};

use super::Renderer;
use super::language::Language;
use super::templates::Templates;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, closest};
use crate::markdown::Components;
use crate::model::{Argument, Article, Called, Form, Treatment};
use crate::site::Site;

/// In the metadata of a component: whether it is called with a body, without one, or either way,
/// which is what one does that does not say.
const BODY: &str = "body";

/// What is given to all components: the words of the page's language.
const TEXT: &str = "text";

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
    pub article: &'a Article,
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
        let rendered = self
            .renderer
            .templates
            .render_component(name, &context, &given, body);
        rendered.map_err(|found| match self.article.calls.get(nth) {
            Some(called) => {
                let place = called.position.in_file(&self.article.source);
                found.also(place, "it is called here")
            }
            None => found,
        })
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
