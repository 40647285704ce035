//! The fonts that drawings are made with: which characters they have, and how wide texts are.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use resvg::usvg::fontdb::{Database, Source};
use resvg::usvg::{Group, Node, Tree};
use skrifa::MetadataProvider;
use unicode_normalization::UnicodeNormalization;
use xxhash_rust::xxh3::Xxh3Default;

use super::options;

/// Size at which texts are measured; widths grow with it.
const MEASURED_AT: f32 = 100.0;

/// Fonts, in the order in which they are asked for a character that the one named has not.
pub struct Fonts {
    database: Arc<Database>,
    families: Vec<String>,
    /// Every character that any of them has, sorted.
    characters: Vec<u32>,
    hash: u128,
}

/// A face of a font, as SVG names it.
#[derive(Debug, Clone, Copy)]
pub struct Face<'a> {
    /// `font-family`
    pub family: &'a str,
    /// `font-weight`
    pub weight: u16,
}

impl Fonts {
    /// Takes in the bytes of TrueType and OpenType files. Returns as well the positions of those
    /// that are none.
    #[must_use]
    pub fn new(files: Vec<Cow<'static, [u8]>>) -> (Self, Vec<usize>) {
        let mut database = Database::new();
        let mut hash = Xxh3Default::new();
        let (mut families, mut characters, mut broken) = (Vec::new(), Vec::new(), Vec::new());
        for (at, bytes) in files.into_iter().enumerate() {
            hash.update(&(bytes.len() as u64).to_le_bytes());
            hash.update(&bytes);
            let faces = database.load_font_source(Source::Binary(Arc::new(bytes)));
            if faces.is_empty() {
                broken.push(at);
            }
            for id in faces {
                let face = database.face(id);
                families.extend(face.and_then(|face| Some(face.families.first()?.0.clone())));
                database.with_face_data(id, |bytes, index| {
                    if let Ok(font) = skrifa::FontRef::from_index(bytes, index) {
                        characters.extend(font.charmap().mappings().map(|(code, _)| code));
                    }
                });
            }
        }
        characters.sort_unstable();
        characters.dedup();
        // A family that is not there, or is a generic one such as `serif`, is the first one.
        if let Some(first) = families.first() {
            database.set_serif_family(first);
            database.set_sans_serif_family(first);
            database.set_cursive_family(first);
            database.set_fantasy_family(first);
            database.set_monospace_family(first);
        }
        let fonts = Self {
            database: Arc::new(database),
            families,
            characters,
            hash: hash.digest128(),
        };
        (fonts, broken)
    }

    /// The names of the fonts' families, without repetitions.
    #[must_use]
    pub fn families(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for name in &self.families {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        names
    }

    /// The family that is used where none is named.
    #[must_use]
    pub fn first_family(&self) -> &str {
        self.families.first().map_or("", String::as_str)
    }

    /// A hash of all their bytes.
    #[must_use]
    pub fn hash(&self) -> u128 {
        self.hash
    }

    /// Whether there is a glyph for a character, or none is needed.
    #[must_use]
    pub fn has(&self, character: char) -> bool {
        !is_drawn(character) || self.characters.binary_search(&u32::from(character)).is_ok()
    }

    /// The characters of a text that no font has, in the order in which they stand.
    pub fn missing<'a>(&'a self, text: &'a str) -> impl Iterator<Item = char> + 'a {
        // Letters are put together with their accents when they are drawn.
        text.nfc().filter(|character| !self.has(*character))
    }

    /// How wide texts are at a font size of 1, as they are drawn: with kerning, with ligatures
    /// and, where the face lacks a character, with another font.
    #[must_use]
    pub fn widths<'a>(&self, face: Face, texts: impl IntoIterator<Item = &'a str>) -> Vec<f32> {
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"><g xml:space=\"preserve\" font-family=\"{}\" font-weight=\"{}\" font-size=\"{MEASURED_AT}\">",
            quick_xml::escape::escape(format!("'{}'", face.family)),
            face.weight
        );
        let mut widths = Vec::new();
        for text in texts {
            let text = quick_xml::escape::escape(text);
            let _ = write!(svg, "<text id=\"{}\">{text}</text>", widths.len());
            widths.push(0.0);
        }
        svg.push_str("</g></svg>");
        let pictures = Arc::new(Mutex::default());
        // Characters that XML does not allow make it fail; they have no width.
        if let Ok(tree) = Tree::from_str(&svg, &options(self, &pictures)) {
            measure(tree.root(), &mut widths);
        }
        widths
    }

    pub(super) fn database(&self) -> &Arc<Database> {
        &self.database
    }
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Fonts").field(&self.families).finish()
    }
}

fn measure(group: &Group, widths: &mut [f32]) {
    for node in group.children() {
        match node {
            Node::Group(group) => measure(group, widths),
            Node::Text(text) => {
                let width = text
                    .id()
                    .parse()
                    .ok()
                    .and_then(|at: usize| widths.get_mut(at));
                if let Some(width) = width {
                    *width = text.bounding_box().width() / MEASURED_AT;
                }
            }
            _ => {}
        }
    }
}

/// Whether a character leaves ink, so that a font must have it. Spaces and what only steers others
/// (Unicode's default ignorable code points, as far as they occur in texts) do not.
#[must_use]
pub fn is_drawn(character: char) -> bool {
    let is_invisible = matches!(
        character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{e0000}'..='\u{e0fff}'
    );
    !(is_invisible || character.is_whitespace() || character.is_control())
}
