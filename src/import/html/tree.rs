//! HTML as a tree in one table.
//!
//! In: HTML of any kind. Out: a [`Tree`], as browsers would build it (html5ever), or what keeps it
//! from being built: the parser takes quadratic time in how deep elements lie in each other, and
//! unclosed formatting makes it repeat itself, so both are bounded while it works.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, ExpandedName, LocalName, ParseOpts, QualName, local_name, ns};

/// Deepest nesting that is built.
const DEEPEST: u16 = 128;
/// How much is parsed before the bounds are looked at, in bytes.
const PORTION: usize = 4096;
/// The parser may make elements that are not written; more than this many are not made for each byte.
const NODES_A_BYTE: usize = 2;

/// A position in a tree.
pub(super) type Id = usize;

/// The top of every tree.
pub(super) const ROOT: Id = 0;

/// What a node is.
#[derive(Debug)]
pub(super) enum Data {
    Root,
    Element {
        name: LocalName,
        attributes: Vec<(LocalName, StrTendril)>,
    },
    Text(StrTendril),
    Comment(StrTendril),
}

#[derive(Debug)]
struct Node {
    data: Data,
    parent: Option<Id>,
    previous: Option<Id>,
    next: Option<Id>,
    first: Option<Id>,
    last: Option<Id>,
    depth: u16,
    /// Whether there is an element below it that begins a block.
    has_block: bool,
}

/// HTML that was parsed.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
}

/// Why there is no tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TooMuch {
    /// Elements lie too deep in each other.
    Deep,
    /// More elements than could have been meant.
    Many,
}

impl Tree {
    /// Parses what stands in a body.
    pub fn parse(html: &str) -> Result<Self, TooMuch> {
        let exceeded = Rc::new(Cell::new(None));
        let sink = Sink {
            nodes: RefCell::new(vec![Node::new(Data::Root)]),
            exceeded: exceeded.clone(),
            most: 1024 + html.len() * NODES_A_BYTE,
        };
        let body = QualName::new(None, ns!(html), local_name!("body"));
        let options = ParseOpts::default();
        let mut parser = html5ever::parse_fragment(sink, options, body, Vec::new(), false);
        let mut left = html;
        while !left.is_empty() {
            let mut end = PORTION.min(left.len());
            while !left.is_char_boundary(end) {
                end += 1;
            }
            let (portion, rest) = left.split_at(end);
            parser.process(StrTendril::from_slice(portion));
            if let Some(what) = exceeded.get() {
                return Err(what);
            }
            left = rest;
        }
        let mut tree = parser.finish();
        if let Some(what) = exceeded.get() {
            return Err(what);
        }
        tree.hoist_fragment();
        tree.note_blocks()?;
        Ok(tree)
    }

    /// A fragment's nodes come below an element `html` that nobody wrote.
    fn hoist_fragment(&mut self) {
        let wrapper = self.nodes[ROOT].first;
        if let Some(wrapper) = wrapper.filter(|id| self.name(*id) == Some("html")) {
            let children: Vec<Id> = self.children(wrapper).collect();
            self.nodes[ROOT].first = None;
            self.nodes[ROOT].last = None;
            self.nodes[wrapper].first = None;
            self.nodes[wrapper].last = None;
            for child in children {
                attach(&mut self.nodes, child, ROOT);
            }
        }
    }

    /// Notes at each node whether there is a block below it. Elements that were moved while parsing may
    /// lie deeper than was known then.
    fn note_blocks(&mut self) -> Result<(), TooMuch> {
        let mut order = Vec::with_capacity(self.nodes.len());
        let mut open = vec![(ROOT, 0_u16)];
        while let Some((id, depth)) = open.pop() {
            if depth > DEEPEST + 8 {
                return Err(TooMuch::Deep);
            }
            order.push(id);
            open.extend(self.children(id).map(|child| (child, depth + 1)));
        }
        for id in order.into_iter().rev() {
            let is_block = self.name(id).is_some_and(is_block);
            let above = self.nodes[id].parent;
            if let Some(parent) = above.filter(|_| is_block || self.nodes[id].has_block) {
                self.nodes[parent].has_block = true;
            }
        }
        Ok(())
    }

    pub fn data(&self, id: Id) -> &Data {
        &self.nodes[id].data
    }

    /// The name of an element.
    pub fn name(&self, id: Id) -> Option<&str> {
        match &self.nodes[id].data {
            Data::Element { name, .. } => Some(name),
            _ => None,
        }
    }

    /// What an element's attribute says.
    pub fn attribute(&self, id: Id, name: &str) -> Option<&str> {
        self.attributes(id)
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    pub fn attributes(&self, id: Id) -> impl Iterator<Item = (&str, &str)> {
        let attributes = match &self.nodes[id].data {
            Data::Element { attributes, .. } => attributes.as_slice(),
            _ => &[],
        };
        attributes.iter().map(|(name, value)| (&**name, &**value))
    }

    /// Whether an element has one of these classes.
    pub fn has_class(&self, id: Id, classes: &[&str]) -> bool {
        let own = self.attribute(id, "class").unwrap_or_default();
        own.split_ascii_whitespace()
            .any(|own| classes.contains(&own))
    }

    pub fn children(&self, id: Id) -> impl Iterator<Item = Id> {
        std::iter::successors(self.nodes[id].first, |at| self.nodes[*at].next)
    }

    /// Everything below a node, in the order of the text.
    pub fn below(&self, id: Id) -> impl Iterator<Item = Id> {
        let step = move |at: &Id| {
            let node = &self.nodes[*at];
            node.first.or_else(|| {
                let mut up = *at;
                loop {
                    if up == id {
                        return None;
                    }
                    if let Some(next) = self.nodes[up].next {
                        return Some(next);
                    }
                    up = self.nodes[up].parent?;
                }
            })
        };
        std::iter::successors(self.nodes[id].first, step)
    }

    /// The elements below a node that have one of these names.
    pub fn named<'t>(&'t self, id: Id, names: &'t [&str]) -> impl Iterator<Item = Id> + 't {
        self.below(id)
            .filter(move |at| self.name(*at).is_some_and(|name| names.contains(&name)))
    }

    /// Whether it begins a block, or holds one.
    pub fn is_blockish(&self, id: Id) -> bool {
        self.nodes[id].has_block || self.name(id).is_some_and(is_block)
    }

    /// All text below a node.
    pub fn text(&self, id: Id) -> String {
        let mut text = String::new();
        for at in std::iter::once(id).chain(self.below(id)) {
            match self.data(at) {
                Data::Text(part) => text.push_str(part),
                Data::Element { name, .. } if &**name == "br" => text.push('\n'),
                _ => {}
            }
        }
        text
    }

    /// Whether a text node is of nothing but white space, or a node is none that is seen.
    pub fn is_blank(&self, id: Id) -> bool {
        match self.data(id) {
            Data::Text(text) => text.trim().is_empty(),
            Data::Comment(text) => text.trim() != "more",
            _ => false,
        }
    }
}

/// Whether an element of this name is a block of its own.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "audio"
            | "blockquote"
            | "canvas"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "embed"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "iframe"
            | "li"
            | "main"
            | "map"
            | "menu"
            | "nav"
            | "noscript"
            | "object"
            | "ol"
            | "p"
            | "pre"
            | "script"
            | "section"
            | "style"
            | "summary"
            | "table"
            | "template"
            | "ul"
            | "video"
    )
}

impl Node {
    fn new(data: Data) -> Self {
        Self {
            data,
            parent: None,
            previous: None,
            next: None,
            first: None,
            last: None,
            depth: 0,
            has_block: false,
        }
    }
}

/// Makes a node the last one of a parent.
fn attach(nodes: &mut [Node], id: Id, parent: Id) {
    let last = nodes[parent].last;
    nodes[id].parent = Some(parent);
    nodes[id].previous = last;
    nodes[id].next = None;
    nodes[id].depth = nodes[parent].depth + 1;
    match last {
        Some(last) => nodes[last].next = Some(id),
        None => nodes[parent].first = Some(id),
    }
    nodes[parent].last = Some(id);
}

/// Takes a node out of its parent.
fn detach(nodes: &mut [Node], id: Id) {
    let (parent, previous, next) = {
        let node = &mut nodes[id];
        (node.parent.take(), node.previous.take(), node.next.take())
    };
    let Some(parent) = parent else { return };
    match previous {
        Some(previous) => nodes[previous].next = next,
        None => nodes[parent].first = next,
    }
    match next {
        Some(next) => nodes[next].previous = previous,
        None => nodes[parent].last = previous,
    }
}

/// What the parser knows a node by.
#[derive(Clone)]
struct Handle {
    id: Id,
    /// The name of an element, which the parser asks for all the time.
    name: Option<Rc<QualName>>,
}

struct Sink {
    nodes: RefCell<Vec<Node>>,
    exceeded: Rc<Cell<Option<TooMuch>>>,
    most: usize,
}

impl Sink {
    fn make(&self, data: Data) -> Id {
        let mut nodes = self.nodes.borrow_mut();
        if nodes.len() > self.most {
            self.exceeded.set(Some(TooMuch::Many));
        }
        nodes.push(Node::new(data));
        nodes.len() - 1
    }

    fn place(&self, child: NodeOrText<Handle>, parent: Id, before: Option<Id>) {
        let mut nodes = self.nodes.borrow_mut();
        let id = match child {
            NodeOrText::AppendNode(handle) => {
                detach(&mut nodes, handle.id);
                handle.id
            }
            NodeOrText::AppendText(text) => {
                let earlier = match before {
                    Some(before) => nodes[before].previous,
                    None => nodes[parent].last,
                };
                if let Some(earlier) = earlier
                    && let Data::Text(known) = &mut nodes[earlier].data
                {
                    known.push_tendril(&text);
                    return;
                }
                nodes.push(Node::new(Data::Text(text)));
                nodes.len() - 1
            }
        };
        match before {
            None => attach(&mut nodes, id, parent),
            Some(before) => {
                let previous = nodes[before].previous;
                nodes[id].parent = Some(parent);
                nodes[id].depth = nodes[parent].depth + 1;
                nodes[id].previous = previous;
                nodes[id].next = Some(before);
                nodes[before].previous = Some(id);
                match previous {
                    Some(previous) => nodes[previous].next = Some(id),
                    None => nodes[parent].first = Some(id),
                }
            }
        }
        if nodes[id].depth > DEEPEST {
            self.exceeded.set(Some(TooMuch::Deep));
        }
    }
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = Tree;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Tree {
        let nodes = self.nodes.into_inner();
        Tree { nodes }
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        Handle {
            id: ROOT,
            name: None,
        }
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        const NONE: &ExpandedName<'static> = &ExpandedName {
            ns: &ns!(),
            local: &local_name!(""),
        };
        match &target.name {
            Some(name) => name.expanded(),
            None => *NONE,
        }
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, _: ElementFlags) -> Handle {
        let attributes = attrs.into_iter();
        let attributes = attributes.map(|attribute| (attribute.name.local, attribute.value));
        let id = self.make(Data::Element {
            name: name.local.clone(),
            attributes: attributes.collect(),
        });
        let name = Some(Rc::new(name));
        Handle { id, name }
    }

    fn create_comment(&self, text: StrTendril) -> Handle {
        let id = self.make(Data::Comment(text));
        Handle { id, name: None }
    }

    fn create_pi(&self, _: StrTendril, data: StrTendril) -> Handle {
        self.create_comment(data)
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.place(child, parent.id, None);
    }

    fn append_based_on_parent_node(
        &self,
        element: &Handle,
        previous: &Handle,
        child: NodeOrText<Handle>,
    ) {
        let above = self.nodes.borrow()[element.id].parent;
        match above {
            Some(parent) => self.place(child, parent, Some(element.id)),
            None => self.append(previous, child),
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Handle) -> Handle {
        target.clone()
    }

    fn same_node(&self, one: &Handle, other: &Handle) -> bool {
        one.id == other.id
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        let above = self.nodes.borrow()[sibling.id].parent;
        if let Some(parent) = above {
            self.place(child, parent, Some(sibling.id));
        }
    }

    fn add_attrs_if_missing(&self, target: &Handle, attrs: Vec<Attribute>) {
        if let Data::Element { attributes, .. } = &mut self.nodes.borrow_mut()[target.id].data {
            for attribute in attrs {
                if attributes
                    .iter()
                    .all(|(name, _)| *name != attribute.name.local)
                {
                    attributes.push((attribute.name.local, attribute.value));
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Handle) {
        detach(&mut self.nodes.borrow_mut(), target.id);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        let mut nodes = self.nodes.borrow_mut();
        while let Some(child) = nodes[node.id].first {
            detach(&mut nodes, child);
            attach(&mut nodes, child, new_parent.id);
        }
    }
}
