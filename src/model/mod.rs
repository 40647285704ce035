//! Plain data that the stages hand to one another.

mod article;
mod content;
mod moment;
mod path;

pub use article::{
    Article, Comment, Heading, Image, Kind, Link, LinkKind, Pin, PinTarget, Position,
};
pub use content::{AuthorInfo, AuthorLink, Content, Data, SourceFile, TagInfo};
pub use moment::{DateError, Moment, WrittenDate};
pub use path::{
    PathError, Permalink, PermalinkParts, Slug, UrlPath, anchor, encode, fold, slugify,
};

impl From<DateError> for crate::diagnostics::Fault {
    fn from(error: DateError) -> Self {
        Self {
            code: Some(crate::diagnostics::Code::Date),
            message: error.to_string(),
            hint: error.hint().to_owned(),
        }
    }
}
