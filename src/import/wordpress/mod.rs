//! temporary
mod stream;
mod item;
mod gutenberg;
mod address;
mod media;
mod autop;
mod shortcodes;
