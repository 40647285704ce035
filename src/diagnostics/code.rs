//! The stable names of diagnostics.

use serde::{Deserialize, Serialize};

use super::Severity;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $severity:ident;)+) => {
        /// The stable name of a kind of diagnostic. Scripts may match on it.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub enum Code { $($(#[doc = $doc])+ $variant,)+ }

        impl Code {
            /// Every code, in the order of the stages that report them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name as it is printed, such as `dead-link`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The code of a name.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.as_str() == name)
            }

            /// The severity it has unless the configuration says otherwise.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)+ }
            }
        }
    };
}

codes! {
    /// pressroom.yaml, theme.yaml or a data file is not valid YAML.
    ConfigSyntax = "config-syntax", Error;
    /// A key that pressroom.yaml or theme.yaml does not have.
    ConfigKey = "config-key", Error;
    /// A value that its key in pressroom.yaml or theme.yaml cannot have.
    ConfigValue = "config-value", Error;
    /// A file or folder cannot be read.
    Unreadable = "unreadable", Error;
    /// A symbolic link leads out of the site.
    LinkOutside = "link-outside", Error;
    /// A name in content/ or static/ cannot be a URL.
    FileName = "file-name", Error;
    /// A file that should be text is not UTF-8.
    NotUtf8 = "not-utf8", Error;
    /// Front matter is not closed, is too large, too deep or not valid YAML.
    FrontMatterSyntax = "front-matter-syntax", Error;
    /// A front matter key is there twice.
    FrontMatterDuplicate = "front-matter-duplicate", Error;
    /// A front matter key that is close to a known one.
    FrontMatterKey = "front-matter-key", Warning;
    /// A front matter value is of a type its key cannot have.
    FrontMatterValue = "front-matter-value", Error;
    /// A date that does not exist, or can be read in two ways.
    Date = "date", Error;
    /// A slug, url or alias that cannot be a path of the site.
    UrlPath = "url-path", Error;
    /// What reaches beyond an article, on a site whose authors are not trusted.
    NotTrusted = "not-trusted", Error;
    /// An article has no title and is named after its file.
    TitleMissing = "title-missing", Warning;
    /// A file that Pressroom has no use for where it is.
    Misplaced = "misplaced", Warning;
    /// An archived comment answers none that is there, or its id or address cannot be used.
    Comment = "comment", Warning;
    /// A component that an article calls is not there, or is called otherwise than it can be.
    Component = "component", Error;
    /// A formula that cannot be read.
    Formula = "formula", Error;
    /// A picture that cannot be read, or is too large.
    Picture = "picture", Error;
    /// A language of a block of code for which there are no colours.
    CodeLanguage = "code-language", Warning;
    /// What a block of code is given besides its language is not something that it takes.
    CodeAttribute = "code-attribute", Warning;
    /// A link with a scheme that is not allowed, such as `javascript:`.
    UnsafeLink = "unsafe-link", Error;
    /// A link, image or anchor that leads nowhere in the site.
    DeadLink = "dead-link", Error;
    /// A related link, or an exclusion from them, that names no article of the site.
    DeadPin = "dead-pin", Error;
    /// An article excludes itself, or one that it pins, from its suggestions.
    IdleExclusion = "idle-exclusion", Warning;
    /// A wikilink, pin or exclusion that fits several articles.
    AmbiguousLink = "ambiguous-link", Error;
    /// Two sources want one URL, or two that differ only in case or normal form.
    RouteCollision = "route-collision", Error;
    /// An alias is the URL of a page that exists, and does not redirect.
    AliasTaken = "alias-taken", Warning;
    /// A redirect leads to another one or, which is an error, back to itself.
    Redirect = "redirect", Warning;
    /// Two articles of one translation are in the same language.
    TranslationTwice = "translation-twice", Warning;
    /// A text that others have in a language is not there in it.
    TranslationMissing = "translation-missing", Warning;
    /// A version of a text is older than the text.
    TranslationOlder = "translation-older", Warning;
    /// Spellings of one tag that were merged.
    TagSpellings = "tag-spellings", Note;
    /// Two articles that say nearly the same; only `pressroom check` looks for them.
    NearDuplicate = "near-duplicate", Warning;
    /// A page is no HTML, or says something in it that cannot be; only `pressroom check` looks for it.
    Html = "html", Warning;
    /// An article has no summary, and none could be taken from it; only `pressroom check` looks for it.
    DescriptionMissing = "description-missing", Warning;
    /// A picture has no text for those who do not see it; only `pressroom check` looks for it.
    AltMissing = "alt-missing", Warning;
    /// Only lists lead to an article; only `pressroom check` looks for it.
    Orphan = "orphan", Note;
    /// An old URL that nobody answers; `pressroom check --urls` looks for them.
    UrlLost = "url-lost", Error;
    /// A page of another site that is not there; `pressroom check --external` asks.
    ExternalLink = "external-link", Error;
    /// The theme, or a template it needs, is not there.
    ThemeMissing = "theme-missing", Error;
    /// The theme has no words in the site's language.
    TextsMissing = "texts-missing", Note;
    /// No font at hand has a character of a social card.
    FontMissing = "font-missing", Warning;
    /// The theme is made for another version of Pressroom.
    ThemeVersion = "theme-version", Error;
    /// A template reads a setting that no theme.yaml declares; only `pressroom theme check` looks
    /// for it.
    ThemeSetting = "theme-setting", Error;
    /// A setting or file of a theme that nothing uses; only `pressroom theme check` looks for it.
    ThemeUnused = "theme-unused", Warning;
    /// A template cannot be parsed or refers to something that does not exist.
    TemplateSyntax = "template-syntax", Error;
    /// A template failed while a page was rendered.
    TemplateRender = "template-render", Error;
    /// A style sheet that is written in Sass cannot be read, or says something itself.
    Sass = "sass", Error;
    /// A style sheet imports one that is not there, or cannot be read where it is to be minified.
    StyleSheet = "style-sheet", Warning;
    /// The output folder cannot be used.
    Output = "output", Error;
    /// Another build is writing to the same output folder.
    OutputLocked = "output-locked", Error;
    /// Shares of a site that do not make one.
    Shard = "shard", Error;
    /// What was kept of the last build cannot be used.
    CacheUnusable = "cache-unusable", Warning;
    /// A command's argument names nothing that exists, or something that must not.
    Argument = "argument", Error;
}

#[cfg(test)]
mod tests {
    use super::Code;
    use std::collections::BTreeSet;

    #[test]
    fn every_code_has_a_name_of_its_own() {
        let names: BTreeSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(names.len(), Code::ALL.len());
    }
}
