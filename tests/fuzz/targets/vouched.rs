//! HTML that Pressroom vouches for: nothing in it runs, whoever wrote what it was made of.
//!
//! The tokenizer of a browser engine reads it. There is no element in the lists below that would let it
//! read on in another way, so that the tags are those that a browser sees.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// What sanitised articles may have besides what [`COMMENTS`] may.
const ARTICLES: &str = "acronym area article aside bdi bdo caption center col colgroup data dd details \
     dfn div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup img input map mark nav \
     picture rp rt rtc ruby section source span strike summary table tbody td th thead time tr tt \
     var wbr math semantics annotation mfrac mi mn mo mover mroot mrow mspace msqrt msub msubsup \
     msup mtable mtd mtext mtr munder munderover";

/// What archived comments may have.
const COMMENTS: &str = "a abbr b blockquote br cite code del em hr i ins kbd li ol p pre q s samp small \
     strong sub sup u ul";

/// Attributes that hold an address.
const ADDRESSES: [&str; 5] = ["href", "src", "srcset", "cite", "longdesc"];

/// Attributes that comments may have.
const OF_COMMENTS: [&str; 2] = ["href", "rel"];

/// Schemes that an address may have.
const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// Who wrote it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Author {
    /// Somebody from outside, whose articles are sanitised.
    Guest,
    /// A reader.
    Commenter,
    /// The newsroom, in Markdown without HTML.
    Newsroom,
}

/// Insists that nothing in HTML runs, looks like the publication's own or leads where links may not.
pub(super) fn is_harmless(html: &str, author: Author) {
    let sink = Reader {
        author,
        faults: RefCell::default(),
    };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let faults = tokenizer.sink.faults.into_inner();
    assert!(faults.is_empty(), "{}\n{html}", faults.join("\n"));
}

struct Reader {
    author: Author,
    faults: RefCell<Vec<String>>,
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let fault = match &token {
            Token::TagToken(tag) => self.wrong_with(tag),
            Token::CommentToken(_) if self.author != Author::Newsroom => {
                Some("a comment".to_owned())
            }
            Token::DoctypeToken(_) => Some("a doctype".to_owned()),
            _ => None,
        };
        self.faults.borrow_mut().extend(fault);
        TokenSinkResult::Continue
    }
}

impl Reader {
    fn wrong_with(&self, tag: &Tag) -> Option<String> {
        let name = &*tag.name;
        let is_in = |list: &str| list.split_whitespace().any(|known| known == name);
        let is_known = is_in(COMMENTS) || (self.author != Author::Commenter && is_in(ARTICLES));
        if !is_known {
            return Some(format!("<{name}>"));
        }
        if tag.kind == TagKind::EndTag {
            return None;
        }
        tag.attrs.iter().find_map(|attribute| {
            let (key, value) = (&*attribute.name.local, &*attribute.value);
            let shown = format!("<{name} {key}=\"{value}\">");
            let runs = key.starts_with("on")
                || matches!(key, "style" | "srcdoc" | "formaction" | "action" | "xmlns")
                || key.contains(':');
            let is_of_comments = OF_COMMENTS.contains(&key);
            let is_wrong = runs
                || (self.author == Author::Commenter && !is_of_comments)
                || (ADDRESSES.contains(&key) && !self.may_lead(key, value));
            is_wrong.then_some(shown)
        })
    }

    /// Whether an address is one that may be, as a browser reads it (URL Standard, 4.4).
    fn may_lead(&self, key: &str, value: &str) -> bool {
        let addresses: Vec<&str> = match key {
            "srcset" => value.split(',').collect(),
            _ => vec![value],
        };
        addresses.iter().all(|address| {
            let address = address.trim_start_matches(|c: char| c <= ' ');
            let is_ignored = |c: &char| matches!(c, '\t' | '\n' | '\r');
            let address: String = address.chars().filter(|c| !is_ignored(c)).collect();
            let Some((scheme, _)) = address.split_once(':') else {
                return true;
            };
            let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
            if !is_scheme {
                return true;
            }
            let scheme = scheme.to_ascii_lowercase();
            if self.author == Author::Newsroom {
                return !matches!(&*scheme, "javascript" | "vbscript" | "data" | "file")
                    || address.to_ascii_lowercase().starts_with("data:image/");
            }
            SCHEMES.contains(&&*scheme)
        })
    }
}
