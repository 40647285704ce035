//! Which calls are open.
//!
//! In: the pieces of a body, one after the other. Out: where the body of a call ends, and calls that
//! are not closed where they were opened: a body begins and ends in the same block.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::{Call, Role};

/// A call that is open.
#[derive(Debug)]
pub(in crate::markdown) struct Frame<T> {
    /// The number of the call.
    pub call: usize,
    /// What is within it so far.
    pub within: T,
    depth: usize,
}

/// The calls that are open, and how many elements are.
#[derive(Debug)]
pub(in crate::markdown) struct Nesting<T> {
    depth: usize,
    frames: Vec<Frame<T>>,
}

impl<T> Default for Nesting<T> {
    fn default() -> Self {
        Self {
            depth: 0,
            frames: Vec::new(),
        }
    }
}

impl<T> Nesting<T> {
    /// The innermost that is open.
    pub fn within(&mut self) -> Option<&mut T> {
        self.frames.last_mut().map(|frame| &mut frame.within)
    }

    /// An event comes. The calls that it leaves open, the innermost first: they were opened in an
    /// element that it ends.
    pub fn event(&mut self, event: &Event) -> Vec<Frame<T>> {
        match event {
            // A call on a line of its own is read as raw HTML, which has no elements within.
            Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => {}
            Event::Start(_) => self.depth += 1,
            Event::End(_) => {
                self.depth = self.depth.saturating_sub(1);
                // One that is opened later is not less deep.
                let open = self
                    .frames
                    .partition_point(|frame| frame.depth <= self.depth);
                return self.frames.drain(open..).rev().collect();
            }
            _ => {}
        }
        Vec::new()
    }

    pub fn open(&mut self, call: usize, within: T) {
        self.frames.push(Frame {
            call,
            within,
            depth: self.depth,
        });
    }

    /// Whether the innermost was opened in the element that is open now.
    pub fn begins_here(&self) -> bool {
        let innermost = self.frames.last();
        innermost.is_some_and(|frame| frame.depth == self.depth)
    }

    /// The call that is closed by one of this name; `None` if that is not the innermost.
    pub fn close(&mut self, name: &str, calls: &[Call]) -> Option<Frame<T>> {
        let depth = self.depth;
        let is_it = |frame: &mut Frame<T>| {
            let call = &calls[frame.call];
            *call.name == *name && call.role == Role::Opens && frame.depth == depth
        };
        self.frames.pop_if(is_it)
    }

    /// Those that are open at the end, the innermost first.
    pub fn finish(self) -> impl Iterator<Item = Frame<T>> {
        self.frames.into_iter().rev()
    }
}
