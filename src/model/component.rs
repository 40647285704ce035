//! Components that articles call.

use serde::{Deserialize, Serialize};

use super::Position;
use crate::yaml::{self, Value};

/// Whose way of writing a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// That of the template engine.
    Own,
    /// Hugo's, which may mean what an archive had by that name there.
    Hugos,
}

/// What is done with a name that is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Treatment {
    /// There is such a component.
    Call,
    /// It is text.
    Text,
    /// It is left out; a body stays.
    Drop,
}

/// A call of a component.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Called {
    /// The component.
    pub name: Box<str>,
    /// What it is given.
    pub arguments: Vec<Argument>,
    /// Whether it has a body.
    pub has_body: bool,
    /// Where it is.
    pub position: Position,
}

/// What a component is given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Argument {
    /// Its name; empty for one that has none.
    pub name: Box<str>,
    /// Its value.
    #[serde(with = "yaml::compact")]
    pub value: Value,
}
