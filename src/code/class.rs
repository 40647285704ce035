//! What the parts of code are for a reader: a few classes, which themes give colours.

use std::sync::LazyLock;

use syntect::parsing::Scope;

/// A class of code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(u8)]
pub(super) enum Class {
    /// Everything that has no class.
    #[default]
    Plain,
    Comment,
    String,
    /// Numbers, constants and escapes in strings.
    Number,
    Keyword,
    Function,
    Type,
    Tag,
    /// Attributes, annotations and properties.
    Attribute,
    Heading,
    Inserted,
    Deleted,
}

impl Class {
    /// All classes, by their numbers.
    pub const ALL: [Self; 12] = [
        Self::Plain,
        Self::Comment,
        Self::String,
        Self::Number,
        Self::Keyword,
        Self::Function,
        Self::Type,
        Self::Tag,
        Self::Attribute,
        Self::Heading,
        Self::Inserted,
        Self::Deleted,
    ];

    /// The class of a number; a number that no class has is plain.
    pub fn of_number(number: u8) -> Self {
        Self::ALL
            .get(usize::from(number))
            .copied()
            .unwrap_or_default()
    }

    /// Its name in HTML. One letter, since a page may have it a thousand times.
    pub fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::Plain => return None,
            Self::Comment => "c-c",
            Self::String => "c-s",
            Self::Number => "c-n",
            Self::Keyword => "c-k",
            Self::Function => "c-f",
            Self::Type => "c-t",
            Self::Tag => "c-g",
            Self::Attribute => "c-a",
            Self::Heading => "c-h",
            Self::Inserted => "c-i",
            Self::Deleted => "c-d",
        })
    }

    /// The class of text in these scopes, outermost first: that of the innermost scope which has one.
    pub fn of(scopes: &[Scope]) -> Self {
        // Deeper nesting than anybody writes; without an end, deep nesting would take quadratic time.
        let mut near = scopes.iter().rev().take(NEAR);
        let class = near.find_map(|scope| Self::of_scope(*scope));
        class.unwrap_or_default()
    }

    fn of_scope(scope: Scope) -> Option<Self> {
        let known = KNOWN.iter().find(|(known, _)| known.is_prefix_of(scope));
        known.map(|(_, class)| *class)
    }
}

/// Innermost scopes that are asked for a class.
const NEAR: usize = 24;

/// Scopes with their classes; the first that fits counts. What is plain ends the search as well.
#[rustfmt::skip]
const SCOPES: &[(&str, Class)] = &[
    ("comment", Class::Comment),
    ("meta.diff", Class::Heading),
    ("meta.interpolation", Class::Plain),
    ("meta.function-call.arguments", Class::Plain),
    ("punctuation.section.interpolation", Class::Plain),
    ("punctuation.section.embedded", Class::Keyword),
    ("punctuation.definition.tag", Class::Tag),
    ("string.unquoted.argument", Class::Plain),
    ("string", Class::String),
    ("constant", Class::Number),
    ("entity.name.constant", Class::Number),
    ("variable.language", Class::Number),
    ("support.constant", Class::Number),
    ("keyword.operator.word", Class::Keyword),
    ("keyword.operator.logical.python", Class::Keyword),
    ("keyword.operator", Class::Plain),
    ("keyword", Class::Keyword),
    ("storage", Class::Keyword),
    ("entity.name.function", Class::Function),
    ("support.function", Class::Function),
    ("support.macro", Class::Function),
    ("variable.function", Class::Function),
    ("entity.name.section", Class::Heading),
    ("entity.name.tag", Class::Tag),
    ("entity.name.label", Class::Plain),
    ("entity.name", Class::Type),
    ("entity.other.inherited-class", Class::Type),
    ("entity.other.attribute-name", Class::Attribute),
    ("support.type.property-name", Class::Attribute),
    ("meta.property-name", Class::Attribute),
    ("support.type", Class::Type),
    ("support.class", Class::Type),
    ("variable.annotation", Class::Attribute),
    ("meta.annotation", Class::Attribute),
    ("markup.heading", Class::Heading),
    ("markup.inserted", Class::Inserted),
    ("markup.deleted", Class::Deleted),
    ("markup.raw", Class::String),
    ("markup.underline.link", Class::String),
];

static KNOWN: LazyLock<Vec<(Scope, Class)>> = LazyLock::new(|| {
    // A name that is no scope would be a mistake of ours, which the tests would show.
    let scope = |(name, class): &(&str, Class)| Some((Scope::new(name).ok()?, *class));
    SCOPES.iter().filter_map(scope).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_has_a_number_and_a_name_of_its_own() {
        assert_eq!(KNOWN.len(), SCOPES.len());
        let names: std::collections::BTreeSet<_> = Class::ALL.iter().map(|it| it.name()).collect();
        assert_eq!(names.len(), Class::ALL.len());
        for class in Class::ALL {
            assert_eq!(Class::of_number(class as u8), class);
        }
        assert_eq!(Class::of_number(200), Class::Plain);
    }
}
