//! Archives of other generators become the content of a site.
//!
//! In: an archive, which is only read. Out: files below a folder of the user's, made and never
//! replaced, and a [`Report`] that names everything which did not come over as it was.

mod article;
mod destination;
mod generator;
pub mod html;
mod hugo;
mod jekyll;
mod report;
pub mod wordpress;
mod zola;

pub use article::{Article, Comment, Picture};
pub use destination::{Destination, Written};
pub use generator::{Generator, import as generator};
pub use report::{Loss, Outcome, Report};
