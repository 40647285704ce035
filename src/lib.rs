//! Pressroom, a static site generator for publications with an archive.
//!
//! Data flows in one direction, each stage a module: [`config`] and [`source`] read, [`parse`]
//! understands, [`site`] resolves, [`render`] makes bytes, [`write`] puts them on disk.
//! [`pipeline`] is the one place that calls them in order. ARCHITECTURE.md says which module may
//! use which.

mod bits;
pub mod check;
pub mod cli;
mod clock;
pub mod code;
pub mod config;
pub mod diagnostics;
pub mod drawing;
pub mod import;
pub mod key;
pub mod made;
pub mod markdown;
mod memory;
pub mod model;
pub mod parse;
pub mod pictures;
pub mod pipeline;
pub mod render;
mod sealed;
pub mod serve;
pub mod site;
pub mod source;
mod table;
mod web;
pub mod words;
pub mod write;
pub mod yaml;
