//! What is wrong with a formula, and what to write instead.

use std::ops::Range;

use pulldown_latex::{Parser, Storage};

use super::check::Seen;
use crate::diagnostics::closest;

/// What is wrong with a formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::markdown) struct Fault {
    /// The bytes of the formula that are meant.
    pub range: Range<usize>,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to write instead.
    pub hint: String,
}

impl Fault {
    pub fn new(range: Range<usize>, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            range,
            message: message.into(),
            hint: hint.into(),
        }
    }
}

/// What the library says of a command, or an environment, that it does not have.
const NO_COMMAND: &str = "unknown primitive command found";
const NO_ENVIRONMENT: &str = "unkown mathematical environment found";

/// What else the library says, by its first words, with our words for it.
#[rustfmt::skip]
const SAID: &[(&str, &str, &str)] = &[
    ("trying to add a subscript", "a second `_` follows the first",
        "put braces around what the second belongs to: `{x_1}_2`"),
    ("trying to add a superscript", "a second `^` follows the first",
        "put braces around what the second belongs to: `{x^1}^2`"),
    ("subscript and/or superscript", "`_` or `^` stands where a command needs an argument",
        "put braces around the argument: `\\frac{a_1}{b}`"),
    ("alignment not allowed", "`&` stands where nothing is aligned, or once too often",
        "put `\\begin{aligned}` and `\\end{aligned}` around the lines, or write `\\&`"),
    ("new line command", "`\\\\` stands where there are no lines",
        "put `\\begin{aligned}` and `\\end{aligned}` around the lines"),
    ("unexpected hash sign", "`#` means nothing in a formula", "write `\\#`"),
    ("unexpected math", "`$` stands within a formula", "write `\\$`"),
    ("unkown color", "this formula names a colour that there is not",
        "write a name such as `red`, or `#` and six digits: `\\color{#a3152a}`"),
    ("expected a delimiter", "a command such as `\\left` is not followed by a delimiter",
        "write one behind it, `(`, `[`, `\\{` or `|`, or `.` for none"),
    ("expected a dimension", "a space has no length", "write a number and its unit: `\\hspace{1em}`"),
    ("expected a dimensional unit", "a length has no unit", "write `em` behind the number: `\\hspace{1em}`"),
    ("expected mathematical units", "a length has another unit than its command takes",
        "write `mu` behind the number: `\\mkern3mu`"),
    ("array must have", "this array has no columns",
        "name each column by `l`, `c` or `r`: `\\begin{array}{cc}`"),
    ("expected a", "a command lacks an argument",
        "write each argument between braces: `\\frac{1}{2}`"),
    ("control sequence found as argument", "a command stands where text is meant",
        "put braces around the text"),
];

/// What the library said of a formula, in our words and, where it can be found, with its place.
pub(super) fn of_library(said: &str, latex: &str, seen: &Seen) -> Fault {
    let mut named = match said {
        NO_COMMAND => seen.commands.iter(),
        NO_ENVIRONMENT => seen.environments.iter(),
        _ => [].iter(),
    };
    if let Some(range) = named.find(|range| is_unknown(&latex[(*range).clone()], said)) {
        return unknown(&latex[range.clone()], range.clone());
    }
    let found = SAID.iter().find(|(begins, ..)| said.starts_with(begins));
    let (message, hint) = found.map_or(
        (
            "this formula cannot be read",
            "see whether each command has its arguments in braces",
        ),
        |(_, message, hint)| (*message, *hint),
    );
    Fault::new(0..latex.len(), message, hint)
}

/// Whether the library does not have a command such as `\foo`, or else an environment.
fn is_unknown(name: &str, said: &str) -> bool {
    let storage = Storage::new();
    let alone = match name.strip_prefix('\\') {
        Some(_) => name.to_owned(),
        None => format!("\\begin{{{name}}}\\end{{{name}}}"),
    };
    let Some(Err(error)) = Parser::new(&alone, &storage).next() else {
        return false;
    };
    std::error::Error::source(&error).is_some_and(|kind| kind.to_string() == said)
}

fn unknown(name: &str, range: Range<usize>) -> Fault {
    let Some(command) = name.strip_prefix('\\') else {
        let near = closest(name, ENVIRONMENTS.iter().copied());
        let hint = near.map_or_else(
            || "write one of those that the manual lists, such as `aligned` or `matrix`".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        return Fault::new(range, format!("there is no environment `{name}`"), hint);
    };
    let near = closest(command, COMMANDS.iter().copied());
    let hint = near.map_or_else(
        || "write it with commands of LaTeX and amsmath, or as `\\mathrm{…}`".to_owned(),
        |near| format!("did you mean `\\{near}`?"),
    );
    Fault::new(range, format!("there is no command `{name}`"), hint)
}

/// That what came of a formula is nested too deep, or is nothing that browsers read.
pub(super) fn too_deep(length: usize) -> Fault {
    Fault::new(
        0..length,
        "this formula is nested too deep to be set",
        "divide it, or give its parts names",
    )
}

/// Environments that a misspelt one may be meant to be.
pub(super) const ENVIRONMENTS: &[&str] = &[
    "align",
    "align*",
    "aligned",
    "alignat",
    "alignedat",
    "array",
    "Bmatrix",
    "bmatrix",
    "cases",
    "equation",
    "equation*",
    "gather",
    "gather*",
    "gathered",
    "matrix",
    "multline",
    "pmatrix",
    "rcases",
    "smallmatrix",
    "split",
    "subarray",
    "Vmatrix",
    "vmatrix",
];

/// Commands that a misspelt one may be meant to be: those that are written most.
#[rustfmt::skip]
pub(super) const COMMANDS: &[&str] = &[
    "alpha", "approx", "arctan", "bar", "begin", "beta", "binom", "boldsymbol", "cap",
    "cdot", "cdots", "chi", "circ", "colon", "cong", "cos", "cosh", "cup", "ddots", "delta", "det",
    "dfrac", "displaystyle", "div", "dot", "dots", "ell", "emptyset", "epsilon", "equiv", "eta",
    "exists", "exp", "forall", "frac", "gamma", "geq", "hat", "hbar", "iff", "iint", "implies",
    "in", "infty", "int", "kappa", "lambda", "langle", "ldots", "left", "leftarrow", "leq", "lim",
    "ln", "log", "mapsto", "mathbb", "mathbf", "mathcal", "mathfrak", "mathrm", "mathsf", "max",
    "mid", "min", "mu", "nabla", "neg", "neq", "notin", "nu", "oint", "omega", "operatorname",
    "oplus", "otimes", "overbrace", "overline", "overset", "partial", "perp", "phi", "pi", "pm",
    "prime", "prod", "propto", "psi", "qquad", "quad", "rangle", "rho", "right", "rightarrow",
    "setminus", "sigma", "sim", "sin", "sinh", "sqrt", "subset", "subseteq", "sum", "sup", "tan",
    "tau", "text", "textbf", "tfrac", "theta", "tilde", "times", "underbrace", "underline",
    "underset", "varepsilon", "varphi", "vec", "vdots", "wedge", "xi", "zeta",
];
