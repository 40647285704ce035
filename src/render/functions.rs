//! The functions and filters of templates that are ours.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use tera::{Kwargs, State, StringInput, Tera, TeraResult, Value};

use super::chart;
use super::context::PictureValue;
use super::faults::{self, Fault};
use super::integrity::Integrity;
use super::language::{Language, Plurals, fill};
use super::questions;
use super::shared::local;
use super::social_card;
use crate::bits;
use crate::config::BaseUrl;
use crate::drawing::Fonts;
use crate::key::Key;
use crate::markdown;
use crate::model::{Moment, Shown, WrittenDate, slugify};

/// What template functions answer from.
pub(super) struct Answers {
    /// URL of each asset and static file, by path, with the base path.
    pub assets: BTreeMap<String, String>,
    /// What pages say of the site's pictures, by their URLs, with the base path.
    pub pictures: BTreeMap<String, Arc<Shown>>,
    /// The hashes of these files.
    pub integrity: Integrity,
    /// Files of data/.
    pub data: BTreeMap<String, Value>,
    /// The bytes of each of them.
    pub data_keys: BTreeMap<String, Key>,
    /// Where the site lives.
    pub base_url: BaseUrl,
    /// How the languages of the site count.
    pub plurals: Plurals,
    /// What drawings are made with, if the site has any.
    pub fonts: Option<Arc<Fonts>>,
    /// What is printed in each language of the site, the site's own first.
    pub languages: Arc<[Language]>,
}

impl Answers {
    /// The hash of a file of static/, if it is there.
    pub fn hash(&self, path: &str) -> Option<Arc<str>> {
        let url = self.assets.get(path)?;
        self.integrity
            .hash(path, |theirs| self.base_url.href(theirs.as_str()) == *url)
    }

    /// That a template asks for a file of static/ that is not there.
    fn no_file(&self, path: &str) -> tera::Error {
        let path = path.trim_start_matches('/');
        let message = match path.strip_suffix(".css") {
            Some(stem) if self.has_sass(stem) => format!(
                "there is no file static/{path}; Sass is compiled in the static/ of a theme, and \
                 the site's own is copied as it is"
            ),
            _ => format!("there is no file static/{path}"),
        };
        tera::Error::message(message)
    }

    fn has_sass(&self, stem: &str) -> bool {
        let endings = [".scss", ".sass"];
        let mut files = endings.iter().map(|ending| [stem, ending].concat());
        files.any(|file| self.assets.contains_key(&file))
    }
}

/// The functions and filters of content/reference/template-context.md.
pub(super) fn register(tera: &mut Tera, answers: &Arc<Answers>) {
    register_drawing(tera, answers);
    register_lookups(tera, answers);
    tera.register_filter(
        "date",
        |value: &Value, kwargs: Kwargs, _: &State| -> TeraResult<String> {
            let format: &str = kwargs.get("format")?.unwrap_or("%-d %B %Y");
            moment(value)?.format(format).map_err(tera::Error::message)
        },
    );
    let own = Arc::clone(answers);
    tera.register_filter(
        "fill",
        move |text: &Value, kwargs: Kwargs, _: &State| -> TeraResult<String> {
            let values = kwargs.iter().filter_map(|(name, value)| {
                let value = match value.as_str() {
                    Some(value) => Cow::Borrowed(value),
                    None => value.to_string().into(),
                };
                Some((name.as_str()?, value))
            });
            let values: Vec<_> = values.collect();
            fill(text, &values, &own.plurals).map_err(tera::Error::message)
        },
    );
    tera.register_filter(
        "json",
        |value: &Value, _: Kwargs, _: &State| -> TeraResult<Value> {
            let json = match value.as_str() {
                // As most are.
                Some(text) if is_plain_in_script(text) => {
                    return Ok(Value::safe_string(&["\"", text, "\""].concat()));
                }
                // The engine's own serializer is slow to begin with.
                Some(text) => serde_json::to_string(text),
                None => serde_json::to_string(value),
            };
            json.map(|json| in_script(&json))
                .map_err(tera::Error::message)
        },
    );
    tera.register_filter("query", |text: StringInput, _: Kwargs, _: &State| {
        text.inherit_safety(in_query(text.as_str()))
    });
    let own = Arc::clone(answers);
    tera.register_filter("markdown", move |text: &str, _: Kwargs, _: &State| {
        Value::safe_string(&markdown::trusted_html(text, &own.base_url.path))
    });
    tera.register_filter("slug", |text: &str, _: Kwargs, _: &State| {
        slugify(text).to_string()
    });
}

/// Functions that look something up: where files are, and what they hold.
fn register_lookups(tera: &mut Tera, answers: &Arc<Answers>) {
    let own = Arc::clone(answers);
    tera.register_function(
        "asset",
        move |kwargs: Kwargs, _: &State| -> TeraResult<Value> {
            let path: &str = kwargs.must_get("path")?;
            questions::remember(questions::ASSET, path.trim_start_matches('/'));
            match own.assets.get(path.trim_start_matches('/')) {
                Some(url) => Ok(Value::from(url.as_str())),
                None => Err(own.no_file(path)),
            }
        },
    );
    let own = Arc::clone(answers);
    tera.register_function(
        "integrity",
        move |kwargs: Kwargs, _: &State| -> TeraResult<Value> {
            let path: &str = kwargs.must_get("path")?;
            questions::remember(questions::INTEGRITY, path.trim_start_matches('/'));
            match own.hash(path.trim_start_matches('/')) {
                Some(hash) => Ok(Value::from(&*hash)),
                None => Err(own.no_file(path)),
            }
        },
    );
    let own = Arc::clone(answers);
    tera.register_function(
        "picture",
        move |kwargs: Kwargs, _: &State| -> TeraResult<Value> {
            let src: &str = kwargs.must_get("src")?;
            questions::remember(questions::PICTURE, src);
            let picture = own.pictures.get(src).map(|shown| &**shown);
            Ok(Value::from_serializable(&PictureValue::new(src, picture)))
        },
    );
    let own = Arc::clone(answers);
    tera.register_function(
        "url",
        move |kwargs: Kwargs, _: &State| -> TeraResult<String> {
            let path: &str = kwargs.must_get("path")?;
            Ok(local(
                &own.base_url,
                &format!("/{}", path.trim_start_matches('/')),
            ))
        },
    );
    let own = Arc::clone(answers);
    tera.register_function(
        "absolute",
        move |kwargs: Kwargs, _: &State| -> TeraResult<String> {
            Ok(absolute(&own.base_url, kwargs.must_get("path")?))
        },
    );
    let own = Arc::clone(answers);
    tera.register_filter("absolute", move |path: &str, _: Kwargs, _: &State| {
        absolute(&own.base_url, path)
    });
    let own = Arc::clone(answers);
    tera.register_function(
        "data",
        move |kwargs: Kwargs, _: &State| -> TeraResult<Value> {
            let path: &str = kwargs.must_get("path")?;
            questions::remember(questions::DATA, path);
            match own.data.get(path) {
                Some(value) => Ok(value.clone()),
                None => Err(tera::Error::message(format!(
                    "there is no file data/{path}"
                ))),
            }
        },
    );
}

/// Functions that measure and draw, and the one that refuses.
fn register_drawing(tera: &mut Tera, answers: &Arc<Answers>) {
    let own = Arc::clone(answers);
    tera.register_function(
        "chart",
        move |kwargs: Kwargs, _: &State| -> TeraResult<Value> {
            if let Some(file) = kwargs.get::<&str>("data")?.filter(|file| !file.is_empty()) {
                questions::remember(questions::DATA, file);
            }
            chart::chart(&kwargs, &own.data, &own.languages)
        },
    );
    let own = Arc::clone(answers);
    tera.register_function("fit", move |kwargs: Kwargs, _: &State| {
        social_card::fit(&kwargs, own.fonts.as_deref())
    });
    tera.register_function("throw", |kwargs: Kwargs, _: &State| -> TeraResult<bool> {
        let hint = kwargs.get::<&str>("hint")?.filter(|hint| !hint.is_empty());
        Err(faults::error(Fault {
            message: kwargs.must_get::<&str>("message")?.to_owned(),
            hint: hint.map(str::to_owned),
        }))
    });
}

/// A path as a whole URL; a whole URL stays what it is.
fn absolute(base_url: &BaseUrl, path: &str) -> String {
    if path.contains("://") {
        return path.to_owned();
    }
    // What `url` or `asset` gave has the base path already.
    let rest = path
        .strip_prefix(base_url.path.as_str())
        .unwrap_or_else(|| path.trim_start_matches('/'));
    [&base_url.origin, &base_url.path, rest].concat()
}

/// A date of the context, or one that is written out.
fn moment(value: &Value) -> TeraResult<Moment> {
    let text = value
        .as_str()
        .or_else(|| value.get_from_path("iso").and_then(Value::as_str));
    let Some(text) = text else {
        return Err(tera::Error::message(format!(
            "`date` takes a date or a text, not a {}",
            value.name()
        )));
    };
    let written: WrittenDate = text.parse().map_err(tera::Error::message)?;
    Ok(written.resolve(&jiff::tz::TimeZone::UTC))
}

/// Whether a text is written in JSON, and that in a script, as it is.
fn is_plain_in_script(text: &str) -> bool {
    let is_other = |byte| byte < b' ' || matches!(byte, b'"' | b'\\' | b'<' | b'>' | b'&');
    bits::all(text.as_bytes(), |byte| !is_other(byte))
}

/// JSON that cannot end the script element that it stands in.
fn in_script(json: &str) -> Value {
    if memchr::memchr3(b'<', b'>', b'&', json.as_bytes()).is_none() {
        return Value::safe_string(json);
    }
    let json = json.replace('<', "\\u003c").replace('>', "\\u003e");
    Value::safe_string(&json.replace('&', "\\u0026"))
}

/// A text as a part of a URL's query. What else a URL cannot hold, browsers encode.
fn in_query(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() + 16);
    let mut copied = 0;
    for (at, byte) in text.bytes().enumerate() {
        let code = match byte {
            b'%' => "%25",
            b'&' => "%26",
            b'#' => "%23",
            b'+' => "%2B",
            b' ' => "%20",
            _ => continue,
        };
        encoded.push_str(&text[copied..at]);
        encoded.push_str(code);
        copied = at + 1;
    }
    encoded.push_str(&text[copied..]);
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_in_a_query_has_no_sign_that_means_something_there() {
        assert_eq!(
            in_query("100 % of R&D: C++ #1, größer"),
            "100%20%25%20of%20R%26D:%20C%2B%2B%20%231,%20größer"
        );
    }

    #[test]
    fn a_plain_text_is_json_between_quotation_marks() {
        for byte in 0..=0x7f_u8 {
            let text = String::from_utf8(vec![b'a', byte]).unwrap();
            let json = in_script(&serde_json::to_string(&text).unwrap());
            let is_plain = json.as_str() == Some(&format!("\"{text}\""));
            assert_eq!(is_plain_in_script(&text), is_plain, "{text:?}");
        }
        assert!(is_plain_in_script("größer – “1”"));
    }

    #[test]
    fn json_in_a_script_cannot_end_it() {
        let json = in_script(r#""</script> & more""#);
        assert_eq!(json.as_str(), Some(r#""\u003c/script\u003e \u0026 more""#));
        assert!(json.is_safe() && in_script("1").is_safe());
    }
}
