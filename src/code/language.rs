//! The languages that code may be in, by the names that people give them.
//!
//! A name is looked up here and not in the library's set of syntaxes, which takes milliseconds to
//! load: most builds colour nothing.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::diagnostics::closest;

/// What a name of a language means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    /// Code in it gets colours.
    Language(Language),
    /// Text, or code that stays as it is.
    Plain,
    /// Nobody has heard of it.
    Unknown,
}

/// A language that gets colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Language(u16);

impl Language {
    /// All of them.
    #[cfg(test)]
    pub fn all() -> impl Iterator<Item = Self> {
        (0..LANGUAGES.len() as u16).map(Self)
    }

    /// The name of its syntax, which is one of the library's.
    pub fn syntax(self) -> &'static str {
        LANGUAGES[usize::from(self.0)].0
    }

    /// What lines begin with that were typed at a prompt, where all other lines are what the computer
    /// answered; nothing where code is no session.
    pub fn prompts(self) -> &'static [&'static str] {
        LANGUAGES[usize::from(self.0)].2
    }

    /// What stands for it in a key: two languages may have one syntax.
    pub fn id(self) -> (&'static str, &'static [&'static str]) {
        (self.syntax(), self.prompts())
    }
}

/// What a name means, in small or large letters.
pub(super) fn named(name: &str) -> Named {
    let lower;
    let name = if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        lower = name.to_ascii_lowercase();
        &*lower
    } else {
        name
    };
    NAMES.get(name).copied().unwrap_or(Named::Unknown)
}

/// The name that was probably meant.
pub(super) fn near(name: &str) -> Option<&'static str> {
    let languages = LANGUAGES.iter().map(|(_, names, _)| *names);
    let names = languages.chain([PLAIN]).flat_map(str::split_whitespace);
    let names = names.filter(|name| name.len() > 2);
    // Of two that are as near, the usual name is meant.
    let usual = closest(name, usual().filter(|name| name.len() > 2));
    usual.or_else(|| closest(name, names))
}

/// The usual name of each language.
pub(super) fn usual() -> impl Iterator<Item = &'static str> {
    let names = LANGUAGES.iter().map(|(_, names, _)| *names);
    names.filter_map(|names| names.split(' ').next())
}

static NAMES: LazyLock<FxHashMap<&str, Named>> = LazyLock::new(|| {
    let plain = PLAIN.split_whitespace().map(|name| (name, Named::Plain));
    let languages = LANGUAGES.iter().zip(0..).flat_map(|((_, names, _), at)| {
        let language = Named::Language(Language(at));
        names.split_whitespace().map(move |name| (name, language))
    });
    plain.chain(languages).collect()
});

/// Names that mean two things.
#[cfg(test)]
pub(super) fn repeated() -> Vec<&'static str> {
    let languages = LANGUAGES.iter().map(|(_, names, _)| *names);
    let names = languages.chain([PLAIN]).flat_map(str::split_whitespace);
    let mut met = std::collections::BTreeSet::new();
    names.filter(|name| !met.insert(*name)).collect()
}

/// Names of what stays as it is: text, diagrams that a script of the site may draw, and languages of
/// which no syntax is at hand.
const PLAIN: &str = "text txt plain plaintext plain-text none nohighlight no-highlight ascii output raw \
    mermaid plantuml puml uml ditaa svgbob goat d2 nomnoml flowchart flow sequence wavedrom vega \
    vega-lite vegalite chart echarts markmap math katex mathjax abc music stl smiles \
    powershell posh pwsh ps1 psm1 wasm wat cobol prolog forth smalltalk apl brainfuck";

/// Prompts of shells, and of Python.
const SHELL: &[&str] = &["$ ", "> "];
const PYTHON: &[&str] = &[">>> ", "... "];

/// Names of syntaxes, each with the names that code in it may be given, and prompts.
#[rustfmt::skip]
const LANGUAGES: &[(&str, &str, &[&str])] = &[
    ("AWK", "awk gawk", &[]),
    ("ActionScript", "actionscript as as3", &[]),
    ("Ada", "ada adb ads", &[]),
    ("Apache Conf", "apache apacheconf htaccess", &[]),
    ("AppleScript", "applescript osascript", &[]),
    ("AsciiDoc (Asciidoctor)", "asciidoc adoc", &[]),
    ("Batch File", "batch bat cmd dosbatch", &[]),
    ("BibTeX", "bibtex bib", &[]),
    ("Bourne Again Shell (bash)", "bash sh shell zsh ksh shellscript shell-script", &[]),
    ("Bourne Again Shell (bash)", "console shell-session shellsession sh-session bash-session terminal", SHELL),
    ("C", "c h", &[]),
    ("C#", "csharp c# cs dotnet", &[]),
    ("C++", "cpp c++ cc cxx hpp hxx arduino ino", &[]),
    ("CMake", "cmake", &[]),
    ("CSS", "css", &[]),
    ("Cabal", "cabal", &[]),
    ("Clojure", "clojure clj cljs edn", &[]),
    ("CoffeeScript", "coffeescript coffee", &[]),
    ("Crontab", "crontab cron", &[]),
    ("Crystal", "crystal cr", &[]),
    ("D", "d dlang", &[]),
    ("Dart", "dart flutter", &[]),
    ("Diff", "diff patch udiff", &[]),
    ("Dockerfile", "dockerfile docker containerfile", &[]),
    ("DotENV", "dotenv env", &[]),
    ("Elixir", "elixir ex exs", &[]),
    ("Elm", "elm", &[]),
    ("Erlang", "erlang erl", &[]),
    ("F#", "fsharp f# fs", &[]),
    ("Fish", "fish", &[]),
    ("Fortran (Modern)", "fortran f90 f95", &[]),
    ("GDScript (Godot Engine)", "gdscript gd", &[]),
    ("GLSL", "glsl vert frag", &[]),
    ("Git Config", "gitconfig git-config", &[]),
    ("Git Ignore", "gitignore git-ignore dockerignore", &[]),
    ("Go", "go golang", &[]),
    ("Gomod", "gomod go.mod", &[]),
    ("GraphQL", "graphql gql", &[]),
    ("Graphviz (DOT)", "graphviz dot gv", &[]),
    ("Groff/troff", "groff troff roff", &[]),
    ("Groovy", "groovy gradle jenkinsfile", &[]),
    ("HTML", "html htm xhtml", &[]),
    ("HTML (ASP)", "asp", &[]),
    ("HTML (EEx)", "eex heex leex html-eex", &[]),
    ("HTML (Rails)", "erb rhtml html+erb", &[]),
    ("HTML (Twig)", "twig liquid handlebars hbs mustache go-html-template gotmpl gohtmltmpl", &[]),
    ("HTTP Request and Response", "http https", &[]),
    ("Haskell", "haskell hs", &[]),
    ("INI", "ini cfg conf config editorconfig desktop systemd dosini", &[]),
    ("Idris", "idris", &[]),
    ("JQ", "jq", &[]),
    ("JSON", "json jsonc json5 jsonl ndjson geojson topojson webmanifest", &[]),
    ("Java", "java", &[]),
    ("Java Properties", "properties java-properties", &[]),
    ("Java Server Page (JSP)", "jsp", &[]),
    ("JavaScript", "javascript js mjs cjs node ecmascript", &[]),
    ("Jinja2", "jinja jinja2 j2 django tera njk nunjucks html+jinja", &[]),
    ("Julia", "julia jl", &[]),
    ("Kotlin", "kotlin kt kts", &[]),
    ("LLVM", "llvm", &[]),
    ("LaTeX", "latex tex", &[]),
    ("Lean 4", "lean lean4", &[]),
    ("Less", "less", &[]),
    ("LiveScript", "livescript", &[]),
    ("Lua", "lua", &[]),
    ("MATLAB", "matlab octave", &[]),
    ("Makefile", "makefile make mk gnumake", &[]),
    ("Markdown", "markdown md mdx gfm commonmark", &[]),
    ("MediaWiki", "mediawiki wikitext", &[]),
    ("NSIS", "nsis", &[]),
    ("Nim", "nim", &[]),
    ("Ninja", "ninja", &[]),
    ("Nix", "nix", &[]),
    ("OCaml", "ocaml ml reason", &[]),
    ("Objective-C", "objective-c objectivec objc obj-c", &[]),
    ("Objective-C++", "objective-c++ objectivec++ objc++", &[]),
    ("Odin", "odin", &[]),
    ("PHP Source", "php", &[]),
    ("Pascal", "pascal delphi", &[]),
    ("Perl", "perl pl", &[]),
    ("Protocol Buffer", "protobuf proto", &[]),
    ("Puppet", "puppet", &[]),
    ("PureScript", "purescript purs", &[]),
    ("Python", "python py python3 py3 gyp starlark bazel", &[]),
    ("Python", "pycon python-repl python-console", PYTHON),
    ("QML", "qml", &[]),
    ("R", "r rlang splus", &[]),
    ("Racket", "racket rkt lisp common-lisp elisp emacs-lisp scheme scm", &[]),
    ("Regular Expression", "regex regexp", &[]),
    ("Rego", "rego", &[]),
    ("Requirements.txt", "requirements requirements.txt", &[]),
    ("Robot Framework", "robot robotframework", &[]),
    ("Ruby", "ruby rb jruby gemfile", &[]),
    ("Ruby Haml", "haml", &[]),
    ("Ruby Slim", "slim", &[]),
    ("Rust", "rust rs", &[]),
    ("SCSS", "scss", &[]),
    ("SML", "sml standard-ml", &[]),
    ("SQL", "sql mysql postgres postgresql pgsql plsql plpgsql sqlite tsql", &[]),
    ("SSH Config", "ssh-config sshconfig", &[]),
    ("Sass", "sass", &[]),
    ("Scala", "scala sbt", &[]),
    ("Separated Values", "csv tsv", &[]),
    ("Solidity", "solidity sol", &[]),
    ("Stylus", "stylus styl", &[]),
    ("Svelte", "svelte", &[]),
    ("Swift", "swift", &[]),
    ("SystemVerilog", "systemverilog sv", &[]),
    ("TOML", "toml", &[]),
    ("Tcl", "tcl", &[]),
    ("Terraform", "terraform tf hcl", &[]),
    ("Textile", "textile", &[]),
    ("TypeScript", "typescript ts mts cts deno", &[]),
    ("TypeScriptReact", "tsx jsx react typescriptreact javascriptreact", &[]),
    ("Typst", "typst typ", &[]),
    ("VHDL", "vhdl", &[]),
    ("Verilog", "verilog v", &[]),
    ("VimL", "vim viml vimscript", &[]),
    ("Vue Component", "vue", &[]),
    ("Vyper", "vyper", &[]),
    ("WGSL", "wgsl", &[]),
    ("XML", "xml svg rss atom xsl xslt xsd plist opml mathml wsdl", &[]),
    ("YAML", "yaml yml eyaml", &[]),
    ("Zig", "zig", &[]),
    ("gnuplot", "gnuplot", &[]),
    ("jsonnet", "jsonnet libsonnet", &[]),
    ("log", "log syslog", &[]),
    ("nginx", "nginx nginxconf", &[]),
    ("orgmode", "org orgmode org-mode", &[]),
    ("reStructuredText", "restructuredtext rst rest", &[]),
    ("x86_64 Assembly", "asm assembly nasm x86asm", &[]),
];
