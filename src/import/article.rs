//! An article on its way into a file: front matter as Pressroom reads it, and a body.

use serde::Serialize;

use crate::yaml::{self, Mapping, Value};

/// An article of an archive, in Pressroom's words. What is empty is not written.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(default)]
pub struct Article {
    /// Headline.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// When it was published, in a form that front matter understands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Last change that readers should know of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<String>,
    /// Not published before this time, if that is not `date`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publish: Option<String>,
    /// Not published from this time on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// Whether it is not published.
    #[serde(skip_serializing_if = "is_false")]
    pub draft: bool,
    /// Names or ids of its authors.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    /// Its tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Blurb.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// Lead picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Picture>,
    /// Last part of its URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
    /// Its whole URL, from the root of the site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Old URLs that redirect to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Related articles that its editors chose: paths or URLs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Value>,
    /// `closed` or `off`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comments: Option<String>,
    /// Language, if it is not the site's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// Key that ties its translations together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub translation: Option<String>,
    /// Template to render it with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// For themes that order articles by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<i64>,
    /// Whether a table of contents is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub toc: Option<bool>,
    /// Whether formulas are set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub math: Option<bool>,
    /// Whether search engines are asked to stay away.
    #[serde(skip_serializing_if = "is_false")]
    pub noindex: bool,
    /// Anything else, for templates.
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    pub extra: Mapping,
    /// Its text, in Markdown.
    #[serde(skip)]
    pub body: String,
}

/// A lead picture.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Picture {
    /// Where it is.
    pub src: String,
    /// What it shows, for those who do not see it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub alt: String,
    /// Who made it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub credit: String,
    /// What is said below it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub caption: String,
}

/// An archived comment. A file of comments is a list of these, each after what it answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Comment {
    /// What answers name it by.
    pub id: String,
    /// What it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Name of its author.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub author: String,
    /// Page of its author.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When it was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The comment, in Markdown or HTML.
    pub text: String,
}

impl Article {
    /// The text of its file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let front = yaml::to_text(self);
        let fence = if front == "{}\n" { "" } else { &front };
        let body = self.body.trim_matches('\n');
        let end = if body.is_empty() { "" } else { "\n" };
        format!("---\n{fence}---\n{end}{body}{end}")
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_false(value: &bool) -> bool {
    !value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_there_is_written() {
        let article = Article {
            title: "Yes: a \"title\"".into(),
            tags: vec!["2019".into(), "no".into(), "Höhe".into()],
            url: Some("/2019/05/a.html".into()),
            body: "\nText.\n\n".into(),
            ..Article::default()
        };
        let text = "---\ntitle: 'Yes: a \"title\"'\ntags:\n- '2019'\n- no\n- Höhe\n\
                    url: /2019/05/a.html\n---\n\nText.\n";
        assert_eq!(article.to_text(), text);
        assert_eq!(Article::default().to_text(), "---\n---\n");
    }
}
