//! What imports of generators' sites have in common.
mod calls;
mod code;
mod dates;
mod fields;
mod front;
mod links;
mod page;
mod places;
mod settings;
mod site;
mod tree;
