//! Fragments that many pages share: what `shared(component=…)` of templates gives.
//!
//! In: a component and its arguments. Out: its HTML, rendered when it is wanted first and given to
//! all pages after that. Such a component knows nothing but its arguments, so the same arguments
//! give the same HTML, whichever page and thread asked first.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock, Weak};

use tera::value::ValueKind;
use tera::{Context, ErrorKind, Kwargs, State, Tera, TeraResult, Value};

use super::questions;

/// The argument of the function that names the component.
const COMPONENT: &str = "component";

/// Most fragments that are kept of one component. Masthead and colophon have a handful; a component
/// that is given something else on every page would have as many as there are pages, and none of
/// them would be used again.
const MOST: usize = 64;

/// How deep fragments may ask for fragments: as deep as the engine lets components be.
const DEEPEST: usize = 20;

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
    static FAILURE: RefCell<Option<tera::Error>> = const { RefCell::new(None) };
}

/// The fragments of a site.
pub(super) struct Fragments {
    /// The engine, which has the function and is therefore there only after it.
    tera: OnceLock<Weak<Tera>>,
    /// By component.
    known: RwLock<BTreeMap<String, Vec<Arc<Fragment>>>>,
}

struct Fragment {
    arguments: Vec<(String, Value)>,
    escaped: bool,
    html: Value,
    /// What it asked for, which every page asks for that it stands on.
    asked: Vec<String>,
}

impl Fragments {
    /// Gives templates the function.
    pub fn register(tera: &mut Tera) -> Arc<Self> {
        let fragments = Arc::new(Self {
            tera: OnceLock::new(),
            known: RwLock::default(),
        });
        let own = Arc::clone(&fragments);
        tera.register_function("shared", move |kwargs: Kwargs, state: &State| {
            own.get(&kwargs, state.autoescaping_enabled())
        });
        fragments
    }

    /// Tells where the engine is, when it has all its templates.
    pub fn open(&self, tera: &Arc<Tera>) {
        let _ = self.tera.set(Arc::downgrade(tera));
    }

    fn get(&self, kwargs: &Kwargs, escaped: bool) -> TeraResult<Value> {
        let component: &str = kwargs.must_get(COMPONENT)?;
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let found = known.get(component).and_then(|fragments| {
            let mut fragments = fragments.iter();
            fragments.find(|fragment| fragment.escaped == escaped && fragment.is_of(kwargs))
        });
        if let Some(fragment) = found {
            questions::remember_all(&fragment.asked);
            return Ok(fragment.html.clone());
        }
        drop(known);
        let fragment = Arc::new(self.render(component, kwargs, escaped)?);
        let html = fragment.html.clone();
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let fragments = known.entry(component.to_owned()).or_default();
        if fragments.len() < MOST && !fragments.iter().any(|other| other.is_of(kwargs)) {
            fragments.push(fragment);
        }
        Ok(html)
    }

    fn render(&self, component: &str, kwargs: &Kwargs, escaped: bool) -> TeraResult<Fragment> {
        let Some(tera) = self.tera.get().and_then(Weak::upgrade) else {
            return Err(tera::Error::message("no template is loaded yet"));
        };
        let depth = DEPTH.get();
        if depth == DEEPEST {
            return Err(tera::Error::message(format!(
                "`{component}` asks for itself, over and over again"
            )));
        }
        let arguments: Vec<(String, Value)> = arguments(kwargs)
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .collect();
        let mut context = Context::new();
        for (name, value) in &arguments {
            context.insert_value(name.clone(), value.clone());
        }
        DEPTH.set(depth + 1);
        let (html, asked) =
            questions::within(|| tera.render_component(component, &context, None, escaped));
        DEPTH.set(depth);
        let html = html.map_err(|error| {
            let message = error.to_string();
            if matches!(error.kind(), ErrorKind::RenderingError(_)) {
                // The innermost is the one that says where.
                FAILURE.with_borrow_mut(|failure| {
                    failure.get_or_insert(error);
                });
            }
            tera::Error::message(message)
        })?;
        Ok(Fragment {
            arguments,
            escaped,
            html: Value::safe_string(&html),
            asked,
        })
    }
}

impl Fragment {
    fn is_of(&self, kwargs: &Kwargs) -> bool {
        let mut own = self.arguments.iter();
        arguments(kwargs).all(|(name, value)| {
            own.next()
                .is_some_and(|(known, other)| known == name && is_same(other, value))
        }) && own.next().is_none()
    }
}

/// What went wrong in a fragment since this was asked for last.
pub(super) fn failure() -> Option<tera::Error> {
    FAILURE.take()
}

/// The arguments of the component, in the order in which they are written.
fn arguments(kwargs: &Kwargs) -> impl Iterator<Item = (&str, &Value)> {
    kwargs.iter().filter_map(|(name, value)| {
        let name = name.as_str()?;
        (name != COMPONENT).then_some((name, value))
    })
}

/// Whether two values are certainly the same. Lists and maps are when they are one: to compare all
/// that is in `site` would take longer than to render it. A fragment holds its arguments, so no
/// other value comes to lie where they do.
fn is_same(one: &Value, other: &Value) -> bool {
    if one.kind() != other.kind() {
        return false;
    }
    match one.kind() {
        ValueKind::Map => match (one.as_map(), other.as_map()) {
            (Some(one), Some(other)) => std::ptr::eq(one, other),
            _ => false,
        },
        ValueKind::Array => match (one.as_array(), other.as_array()) {
            (Some(one), Some(other)) => std::ptr::eq(one, other),
            _ => false,
        },
        ValueKind::String => one.is_safe() == other.is_safe() && one == other,
        ValueKind::F64 => one.as_f64().map(f64::to_bits) == other.as_f64().map(f64::to_bits),
        ValueKind::Bytes => false,
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An engine with components that ask for an asset, for a mistake and for themselves.
    fn engine() -> (Arc<Tera>, Arc<Fragments>) {
        let mut tera = Tera::new();
        tera.autoescape_on([".html"]);
        tera.register_function("asset", |kwargs: Kwargs, _: &State| -> TeraResult<String> {
            let path: &str = kwargs.must_get("path")?;
            questions::remember(questions::ASSET, path);
            Ok(path.to_uppercase())
        });
        let fragments = Fragments::register(&mut tera);
        tera.add_raw_templates([
            (
                "mast.html",
                "{% component mast(site, of) %}<p>{{ asset(path=\"a.css\") }} {{ site.title }} {{ of }}</p>{% endcomponent mast %}",
            ),
            (
                "wrong.html",
                "{% component wrong(site) %}{{ site.titel }}{% endcomponent wrong %}",
            ),
            (
                "round.html",
                "{% component round() %}{{ shared(component=\"round\") }}{% endcomponent round %}",
            ),
            (
                "page.html",
                "{{ shared(component=\"mast\", site=site, of=of) }}",
            ),
            ("faulty.html", "{{ shared(component=\"wrong\", site=site) }}"),
            ("endless.html", "{{ shared(component=\"round\") }}"),
        ])
        .unwrap();
        let tera = Arc::new(tera);
        fragments.open(&tera);
        (tera, fragments)
    }

    fn site() -> Value {
        let map = tera::Map::from_iter([("title".into(), Value::from("A & B"))]);
        Value::from(map)
    }

    fn page(tera: &Tera, site: &Value, of: Value) -> (String, Vec<String>) {
        let mut context = Context::new();
        context.insert_value("site", site.clone());
        context.insert_value("of", of);
        questions::forget();
        let html = tera.render("page.html", &context).unwrap();
        (html, questions::asked().unwrap())
    }

    #[test]
    fn every_page_has_the_fragment_and_has_asked_what_it_asks() {
        let (tera, fragments) = engine();
        let site = site();
        for _ in 0..3 {
            let (html, asked) = page(&tera, &site, Value::from("<i>"));
            assert_eq!(html, "<p>A.CSS A &amp; B &lt;i&gt;</p>");
            assert_eq!(asked, ["asset a.css"]);
        }
        assert_eq!(fragments.known.read().unwrap()["mast"].len(), 1);
    }

    #[test]
    fn other_arguments_are_another_fragment() {
        let (tera, fragments) = engine();
        let first = site();
        let of = [
            Value::from("1"),
            Value::safe_string("1"),
            Value::from(1_u8),
            Value::from(1.0),
            Value::from(true),
        ];
        for of in &of {
            page(&tera, &first, of.clone());
        }
        assert_eq!(fragments.known.read().unwrap()["mast"].len(), of.len());
        page(&tera, &site(), of[0].clone());
        assert_eq!(fragments.known.read().unwrap()["mast"].len(), of.len() + 1);
    }

    #[test]
    fn what_differs_on_every_page_is_rendered_and_not_kept() {
        let (tera, fragments) = engine();
        let site = site();
        for nth in 0..2 * MOST {
            let (html, _) = page(&tera, &site, Value::from(nth));
            assert_eq!(html, format!("<p>A.CSS A &amp; B {nth}</p>"));
        }
        assert_eq!(fragments.known.read().unwrap()["mast"].len(), MOST);
    }

    #[test]
    fn a_mistake_is_told_where_it_is_and_an_endless_fragment_ends() {
        let (tera, _) = engine();
        let mut context = Context::new();
        context.insert_value("site", site());
        tera.render("faulty.html", &context).unwrap_err();
        let error = failure().expect("the mistake in the fragment");
        let ErrorKind::RenderingError(report) = error.kind() else {
            panic!("{error}");
        };
        assert_eq!(report.filename(), "wrong.html");
        let error = tera.render("endless.html", &context).unwrap_err();
        let error = failure().unwrap_or(error);
        assert!(error.to_string().contains("over and over"), "{error}");
    }
}
