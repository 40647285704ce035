//! Fragments that many pages share: what `shared(component=…)` of templates gives, and
//! `list | shared(component=…, each=…)` for each of a list.
//!
//! In: a component and its arguments. Out: its HTML, rendered when it is wanted first and given to
//! all pages after that. Such a component knows nothing but its arguments, so the same arguments
//! give the same HTML, whichever page and thread asked first.

use std::cell::{Cell, RefCell};
use std::sync::{Arc, OnceLock, PoisonError, RwLock, Weak};

use rustc_hash::{FxHashMap, FxHashSet};
use tera::value::{Key as Name, ValueKind};
use tera::{Context, ErrorKind, Kwargs, State, Tera, TeraResult, Value};

use super::questions;
use crate::key::Key;

/// The argument that names the component.
const COMPONENT: &str = "component";
/// The argument of the filter that names the component's own for what stands in the list.
const EACH: &str = "each";

/// Most fragments that are kept of one component that is given lists and maps which pages may have
/// for themselves. Masthead and colophon have a handful; a component that is given something else on
/// every page would have as many as there are pages, and none of them would be used again.
const MOST: usize = 64;

/// Most bytes of HTML that are kept.
const MOST_BYTES: usize = 128 << 20;

/// A map of at most so many texts, numbers and the like is told by what is in it, and not by where
/// it is.
const SMALL: usize = 4;

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
    known: RwLock<Known>,
    /// Where maps are that many pages are given.
    lasting: RwLock<FxHashSet<usize>>,
}

#[derive(Default)]
struct Known {
    /// By what is asked for.
    fragments: FxHashMap<Key, Fragment>,
    /// How many of each component were given what does not last.
    passing: FxHashMap<String, usize>,
    bytes: usize,
}

/// What is asked for.
#[derive(Clone, Copy)]
struct Asked<'a> {
    component: &'a str,
    /// Its first argument, if that stands in a list.
    first: Option<(&'a Name<'a>, &'a Value)>,
    /// Its others, in the order of their names.
    kwargs: &'a Kwargs,
    /// Whether it is to be escaped.
    escaped: bool,
}

struct Fragment {
    html: Value,
    /// What it asked for, which every page asks for that it stands on.
    asked: Box<[String]>,
    /// Arguments that are told by where they are: while they are held, no other value comes to lie
    /// there.
    _held: Box<[Value]>,
}

impl Fragments {
    /// Gives templates the function and the filter.
    pub fn register(tera: &mut Tera) -> Arc<Self> {
        let fragments = Arc::new(Self {
            tera: OnceLock::new(),
            known: RwLock::default(),
            lasting: RwLock::default(),
        });
        let own = Arc::clone(&fragments);
        tera.register_function("shared", move |kwargs: Kwargs, state: &State| {
            own.get(&Asked::new(&kwargs, state)?)
        });
        let own = Arc::clone(&fragments);
        tera.register_filter(
            "shared",
            move |list: &Value, kwargs: Kwargs, state: &State| -> TeraResult<Value> {
                let Some(list) = list.as_array() else {
                    return Err(tera::Error::message(
                        "`| shared` stands after a list; for one component, write \
                         `shared(component=…)`",
                    ));
                };
                let name = Name::Str(kwargs.must_get(EACH)?);
                if kwargs.iter().any(|(other, _)| *other == name) {
                    return Err(tera::Error::message(format!(
                        "`{name}` is what `each` names, and has another value besides"
                    )));
                }
                let asked = Asked::new(&kwargs, state)?;
                let fragments = list.iter().map(|value| {
                    let first = Some((&name, value));
                    own.get(&Asked { first, ..asked })
                });
                Ok(Value::from(fragments.collect::<TeraResult<Vec<Value>>>()?))
            },
        );
        fragments
    }

    /// Tells where the engine is, when it has all its templates.
    pub fn open(&self, tera: &Arc<Tera>) {
        let _ = self.tera.set(Arc::downgrade(tera));
    }

    /// Tells of a map that many pages are given.
    pub fn will_last(&self, value: &Value) {
        let mut lasting = self.lasting.write().unwrap_or_else(PoisonError::into_inner);
        lasting.extend(value.as_map().map(address));
    }

    fn get(&self, asked: &Asked) -> TeraResult<Value> {
        let Some(key) = asked.key() else {
            return Ok(self.render(asked)?.0);
        };
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(fragment) = known.fragments.get(&key) {
            questions::remember_all(&fragment.asked);
            return Ok(fragment.html.clone());
        }
        drop(known);
        let (html, questions) = self.render(asked)?;
        let held = asked.arguments().map(|(_, value)| value);
        let held: Box<[Value]> = held.filter(|value| has_address(value)).cloned().collect();
        let lasts = self.last(&held);
        let fragment = Fragment {
            html: html.clone(),
            asked: questions.into(),
            _held: held,
        };
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.keep(key, asked.component, fragment, lasts);
        Ok(html)
    }

    /// Whether none of these goes with the page that asks.
    fn last(&self, values: &[Value]) -> bool {
        let lasting = self.lasting.read().unwrap_or_else(PoisonError::into_inner);
        let lasts = |value: &Value| {
            let map = value.as_map();
            map.is_some_and(|map| lasting.contains(&address(map)))
        };
        values.iter().all(lasts)
    }

    /// What a component gives, and what it asked for.
    fn render(&self, asked: &Asked) -> TeraResult<(Value, Vec<String>)> {
        let Asked {
            component, escaped, ..
        } = *asked;
        let Some(tera) = self.tera.get().and_then(Weak::upgrade) else {
            return Err(tera::Error::message("no template is loaded yet"));
        };
        let depth = DEPTH.get();
        if depth == DEEPEST {
            return Err(tera::Error::message(format!(
                "`{component}` asks for itself, over and over again"
            )));
        }
        let mut context = Context::new();
        for (name, value) in asked.arguments() {
            context.insert_value(name.to_string(), value.clone());
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
        Ok((Value::safe_string(&html), asked))
    }
}

impl Known {
    fn keep(&mut self, key: Key, component: &str, fragment: Fragment, lasts: bool) {
        if self.fragments.contains_key(&key) {
            // Another thread has asked for it meanwhile.
            return;
        }
        let bytes = fragment.html.as_str().map_or(0, str::len);
        if self.bytes + bytes > MOST_BYTES {
            return;
        }
        if !lasts {
            let passing = self.passing.entry(component.to_owned()).or_default();
            if *passing == MOST {
                return;
            }
            *passing += 1;
        }
        self.bytes += bytes;
        self.fragments.insert(key, fragment);
    }
}

impl<'a> Asked<'a> {
    fn new(kwargs: &'a Kwargs, state: &State) -> TeraResult<Self> {
        Ok(Self {
            component: kwargs.must_get(COMPONENT)?,
            first: None,
            kwargs,
            escaped: state.autoescaping_enabled(),
        })
    }

    /// The arguments of the component.
    fn arguments(&self) -> impl Iterator<Item = (&'a Name<'a>, &'a Value)> {
        let in_list = self.first.is_some();
        let is_of_component = move |(name, _): &(&Name, &Value)| match name.as_str() {
            Some(COMPONENT) => false,
            Some(EACH) => !in_list,
            _ => true,
        };
        let others = self
            .kwargs
            .iter()
            .map(|(name, value)| -> (&'a Name<'a>, _) { (name, value) });
        self.first.into_iter().chain(others.filter(is_of_component))
    }

    /// The same for what is certainly the same, and for nothing else as long as no other value lies
    /// where one of the arguments does; `None` for bytes, which nobody gives.
    ///
    /// Lists and larger maps are the same when they are one: to compare all that is in `site` would
    /// take longer than to render it.
    fn key(&self) -> Option<Key> {
        let mut bytes = Vec::with_capacity(256);
        put_text(self.component, &mut bytes);
        bytes.push(u8::from(self.escaped));
        for (name, value) in self.arguments() {
            put_name(name, &mut bytes)?;
            put(value, &mut bytes)?;
        }
        Some(Key::of_bytes(&bytes))
    }
}

/// Writes what tells a value from all others. Each begins with its kind, and tells how long it is.
fn put(value: &Value, bytes: &mut Vec<u8>) -> Option<()> {
    let put_address = |kind, address: usize, bytes: &mut Vec<u8>| {
        bytes.push(kind);
        bytes.extend(address.to_le_bytes());
    };
    match value.kind() {
        ValueKind::Map => match value.as_map()? {
            small if is_small(small) => {
                bytes.extend([b'm', small.len() as u8]);
                for (name, value) in small {
                    put_name(name, bytes)?;
                    put(value, bytes)?;
                }
            }
            map => put_address(b'M', address(map), bytes),
        },
        ValueKind::Array => put_address(b'A', value.as_array()?.as_ptr().addr(), bytes),
        ValueKind::String => {
            bytes.push(if value.is_safe() { b'S' } else { b's' });
            put_text(value.as_str()?, bytes);
        }
        ValueKind::Bool => bytes.push(if value.as_bool()? { b'1' } else { b'0' }),
        ValueKind::F64 => {
            bytes.push(b'f');
            bytes.extend(value.as_f64()?.to_bits().to_le_bytes());
        }
        ValueKind::None => bytes.push(b'n'),
        ValueKind::Undefined => bytes.push(b'u'),
        ValueKind::U64 | ValueKind::U128 => {
            bytes.push(b'U');
            bytes.extend(value.as_u128()?.to_le_bytes());
        }
        ValueKind::I64 | ValueKind::I128 => {
            bytes.push(b'I');
            bytes.extend(value.as_i128()?.to_le_bytes());
        }
        _ => return None,
    }
    Some(())
}

fn put_name(name: &Name, bytes: &mut Vec<u8>) -> Option<()> {
    let Some(text) = name.as_str() else {
        return put(&name.as_value(), bytes);
    };
    bytes.push(b's');
    put_text(text, bytes);
    Some(())
}

fn put_text(text: &str, bytes: &mut Vec<u8>) {
    bytes.extend(text.len().to_le_bytes());
    bytes.extend(text.as_bytes());
}

/// What went wrong in a fragment since this was asked for last.
pub(super) fn failure() -> Option<tera::Error> {
    FAILURE.take()
}

fn address(map: &tera::Map) -> usize {
    std::ptr::from_ref(map).addr()
}

fn is_small(map: &tera::Map) -> bool {
    map.len() <= SMALL && map.values().all(|value| is_scalar(value.kind()))
}

/// Whether a value is told by where it is.
fn has_address(value: &Value) -> bool {
    !is_scalar(value.kind()) && !value.as_map().is_some_and(is_small)
}

/// Whether a value of this kind has nothing inside.
fn is_scalar(kind: ValueKind) -> bool {
    !matches!(kind, ValueKind::Map | ValueKind::Array | ValueKind::Bytes)
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
            (
                "list.html",
                "{% for mast in of | shared(component=\"mast\", each=\"site\", of=1) %}{{ mast }};{% endfor %}",
            ),
            (
                "twice.html",
                "{{ of | shared(component=\"mast\", each=\"site\", site=site) }}",
            ),
            (
                "nameless.html",
                "{{ of | shared(component=\"mast\", of=1) }}",
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
        questions::forget();
        let html = render(tera, "page.html", site, of).unwrap();
        (html, questions::asked().unwrap())
    }

    fn render(tera: &Tera, template: &str, site: &Value, of: Value) -> TeraResult<String> {
        let mut context = Context::new();
        context.insert_value("site", site.clone());
        context.insert_value("of", of);
        tera.render(template, &context)
    }

    /// How many fragments are kept.
    fn known(fragments: &Fragments) -> usize {
        let known = fragments.known.read().unwrap();
        known.fragments.len()
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
        assert_eq!(known(&fragments), 1);
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
        assert_eq!(known(&fragments), of.len());
        let other = tera::Map::from_iter([("title".into(), Value::from("C"))]);
        page(&tera, &Value::from(other), of[0].clone());
        assert_eq!(known(&fragments), of.len() + 1);
    }

    #[test]
    fn each_of_a_list_has_the_fragment_that_it_has_alone() {
        let (tera, fragments) = engine();
        let (large, small) = (large(1), site());
        for value in [&large, &small] {
            fragments.will_last(value);
        }
        let list = Value::from(vec![large.clone(), small.clone(), large.clone(), site()]);
        let [one, other] = [&large, &small].map(|site| page(&tera, site, 1.into()).0);
        let before = known(&fragments);
        for _ in 0..2 {
            questions::forget();
            let all = render(&tera, "list.html", &small, list.clone()).unwrap();
            assert_eq!(all, format!("{one};{other};{one};{other};"));
            assert_eq!(questions::asked().unwrap(), ["asset a.css"]);
            assert_eq!(known(&fragments), before + 2);
        }
    }

    #[test]
    fn what_is_no_list_and_who_is_not_named_are_mistakes() {
        let (tera, _) = engine();
        let error = render(&tera, "list.html", &site(), site()).unwrap_err();
        assert!(error.to_string().contains("stands after a list"), "{error}");
        let list = Value::from(vec![site()]);
        let error = render(&tera, "nameless.html", &site(), list.clone()).unwrap_err();
        assert!(error.to_string().contains("`each`"), "{error}");
        let error = render(&tera, "twice.html", &site(), list).unwrap_err();
        assert!(error.to_string().contains("another value"), "{error}");
    }

    #[test]
    fn small_maps_are_told_by_what_is_in_them() {
        let (tera, fragments) = engine();
        let site = site();
        let with = |language: &str| {
            let map = tera::Map::from_iter([("language".into(), Value::from(language))]);
            Value::from(map)
        };
        for _ in 0..3 {
            page(&tera, &site, with("en"));
        }
        assert_eq!(known(&fragments), 1);
        page(&tera, &site, with("de"));
        assert_eq!(known(&fragments), 2);
    }

    /// A map that is told by where it is, and shows a number.
    fn large(nth: usize) -> Value {
        let names = (0..SMALL)
            .map(|at| format!("{at}"))
            .chain(["title".to_owned()]);
        let entries = names.map(|name| (name.into(), Value::from(nth)));
        Value::from(entries.collect::<tera::Map>())
    }

    #[test]
    fn what_goes_with_each_page_is_rendered_and_not_kept() {
        let (tera, fragments) = engine();
        let pages: Vec<Value> = (0..2 * MOST).map(large).collect();
        let site = site();
        for (nth, of) in pages.iter().enumerate() {
            let (html, _) = page(&tera, &site, of.clone());
            assert!(html.contains(&nth.to_string()), "{html}");
        }
        assert_eq!(known(&fragments), MOST);
        // What many pages are given is another matter.
        for of in &pages {
            fragments.will_last(of);
            page(&tera, &site, of.clone());
        }
        assert_eq!(known(&fragments), 2 * MOST);
    }

    #[test]
    fn no_map_is_taken_for_one_that_lay_there_before() {
        let (tera, fragments) = engine();
        let site = site();
        for nth in 0..100 {
            let of = large(nth);
            fragments.will_last(&of);
            let (html, _) = page(&tera, &site, of);
            assert!(html.contains(&format!("&quot;0&quot;: {nth},")), "{html}");
        }
    }

    #[test]
    fn names_that_are_no_text_are_told_as_well() {
        let (tera, fragments) = engine();
        let site = site();
        let with = |name: i64| {
            let map = tera::Map::from_iter([(Name::I64(name), Value::from(u128::MAX))]);
            Value::from(map)
        };
        for _ in 0..2 {
            page(&tera, &site, with(-1));
            page(&tera, &site, with(1));
        }
        assert_eq!(known(&fragments), 2);
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
