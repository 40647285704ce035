//! Plain data that the stages hand to one another.

mod article;
mod component;
mod compression;
mod content;
mod host;
mod identity;
mod index_entry;
mod lexicon;
mod moment;
mod path_error;
mod permalink;
mod redirect;
mod shown;
mod slug;
mod small;
mod url_path;
mod wording;
mod written_date;

pub use article::{
    Article, Comment, Embed, EmbedImage, Exclusion, Heading, Image, Kind, Link, LinkKind, Pin,
    PinTarget, Position, RelatedBlock,
};
pub use component::{Argument, Called, Form, Treatment};
pub use compression::Compression;
pub use content::{AuthorInfo, AuthorLink, Content, Data, Edited, SourceFile, TagInfo};
pub use host::{is_authority, is_host, is_port};
pub use identity::Identity;
pub use index_entry::{Counted, IndexEntries, IndexEntry, Mark};
pub use lexicon::{Lexicon, Renumbering, Spellings, Stem};
pub use moment::Moment;
pub use path_error::{PathError, excerpt};
pub use permalink::{Permalink, PermalinkParts};
pub use redirect::{Redirect, Towards};
pub use shown::{Encoding, PictureSource, Shown, Variant};
pub use slug::{Slug, anchor, fold, slugify};
pub use small::{Smalls, put_small};
pub use url_path::{UrlPath, encode, encoded, has_ending, join};
pub use wording::{Places, Readings, Word, WordedText, Wording};
pub use written_date::{DateError, WrittenDate};
