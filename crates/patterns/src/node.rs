//! A pattern after parsing: the tree the engine walks.

/// A word of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Literal {
    /// Lower-case surface form.
    pub lower: String,
    /// Canonical form; `None` for `'word`, which has to match as written.
    pub stem: Option<String>,
    /// Whether the caller may have split it into several touching tokens (`boo-yah`, `:)`).
    pub compound: bool,
}

/// Most words a wildcard skips; `None` is any number.
pub(crate) type Most = Option<u32>;

/// One element of a pattern. Every node is a relation between positions of a sentence: where it may start, where it then
/// ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    Word(Literal),
    /// Name in lower case, without `~`.
    Concept(String),
    /// Name in lower case, without `@`.
    Entity(String),
    /// One after the other; gaps between them are nodes of their own.
    Sequence(Vec<Node>),
    Choice(Vec<Node>),
    Optional(Box<Node>),
    AnyOrder(Vec<Node>),
    /// The words that may stand between two elements; how many, the matcher's options say.
    Gap,
    Wildcard {
        least: u32,
        most: Most,
    },
    /// A wildcard that ends its pattern: takes as many words as it may, where one in the middle takes few.
    Rest {
        least: u32,
        most: Most,
    },
    Start,
    End,
    /// `<` behind other elements: matching goes on at the start of the sentence.
    Rewind,
    /// `!x`.
    Absent {
        node: Box<Node>,
        everywhere: bool,
    },
    /// `!!x`.
    NotNext(Box<Node>),
    Capture(usize, Box<Node>),
    /// Matches nothing: a concept that contains itself.
    Never,
}

impl Node {
    /// The nodes directly below.
    pub(crate) fn children(&self) -> &[Node] {
        match self {
            Self::Sequence(nodes) | Self::Choice(nodes) | Self::AnyOrder(nodes) => nodes,
            Self::Optional(node) | Self::Absent { node, .. } | Self::NotNext(node) | Self::Capture(_, node) => {
                std::slice::from_ref(node)
            }
            _ => &[],
        }
    }

    /// The nodes directly below, to be changed.
    pub(crate) fn children_mut(&mut self) -> &mut [Node] {
        match self {
            Self::Sequence(nodes) | Self::Choice(nodes) | Self::AnyOrder(nodes) => nodes,
            Self::Optional(node) | Self::Absent { node, .. } | Self::NotNext(node) | Self::Capture(_, node) => {
                std::slice::from_mut(node)
            }
            _ => &mut [],
        }
    }

    /// Adds the names of all concepts in this tree.
    pub(crate) fn collect_concepts(&self, names: &mut Vec<String>) {
        if let Self::Concept(name) = self
            && !names.contains(name)
        {
            names.push(name.clone());
        }
        for child in self.children() {
            child.collect_concepts(names);
        }
    }

    /// The node behind any captures.
    pub(crate) fn uncaptured(&self) -> &Node {
        match self {
            Self::Capture(_, node) => node.uncaptured(),
            other => other,
        }
    }

    /// A sequence, or the only node itself.
    pub(crate) fn in_order(mut nodes: Vec<Node>) -> Node {
        match nodes.len() {
            1 => nodes.remove(0),
            _ => Self::Sequence(nodes),
        }
    }

    /// A choice, or the only node itself.
    pub(crate) fn one_of(mut nodes: Vec<Node>) -> Node {
        match nodes.len() {
            1 => nodes.remove(0),
            _ => Self::Choice(nodes),
        }
    }
}

/// Makes a sequence of the elements that stood side by side. With `gaps`, words may stand between two of them, except
/// next to a wildcard or an anchor, which say themselves what may stand there.
pub(crate) fn sequence(elements: Vec<Node>, gaps: bool) -> Node {
    let mut nodes = Vec::new();
    let mut gap_due = false;
    let mut consumed = false;
    let mut elements = elements.into_iter().peekable();
    while let Some(element) = elements.next() {
        match element.uncaptured() {
            Node::Wildcard { .. } | Node::End => {
                gap_due = false;
                consumed = true;
                nodes.push(element);
            }
            Node::Start => {
                gap_due = false;
                nodes.push(if consumed { Node::Rewind } else { Node::Start });
                consumed = true;
            }
            Node::Absent { .. } | Node::NotNext(_) => nodes.push(element),
            Node::Optional(_) => {
                // The gap belongs to the optional word: without the word there must not be two gaps side by side.
                nodes.push(optional_with_gap(element, gap_due, gaps && elements.peek().is_some_and(stands_apart)));
                consumed = true;
            }
            _ => {
                if gap_due {
                    nodes.push(Node::Gap);
                }
                gap_due = gaps;
                consumed = true;
                nodes.push(element);
            }
        }
    }
    Node::in_order(nodes)
}

/// Whether words may stand before this element.
fn stands_apart(element: &Node) -> bool {
    !matches!(element.uncaptured(), Node::Wildcard { .. } | Node::Start | Node::End)
}

fn optional_with_gap(element: Node, before: bool, after: bool) -> Node {
    let Node::Optional(inner) = element else { return element };
    if before {
        Node::Optional(Box::new(Node::Sequence(vec![Node::Gap, *inner])))
    } else if after {
        Node::Optional(Box::new(Node::Sequence(vec![*inner, Node::Gap])))
    } else {
        Node::Optional(inner)
    }
}

/// A `!x` before everything else speaks of the whole sentence.
pub(crate) fn widen_leading_negations(node: &mut Node) {
    match node {
        Node::Absent { everywhere, .. } => *everywhere = true,
        Node::Choice(nodes) => nodes.iter_mut().for_each(widen_leading_negations),
        Node::Sequence(nodes) => {
            for node in nodes {
                widen_leading_negations(node);
                if !matches!(node, Node::Absent { .. }) {
                    break;
                }
            }
        }
        _ => {}
    }
}

/// A wildcard after everything else takes the rest.
pub(crate) fn stretch_trailing_wildcards(node: &mut Node) {
    match node {
        Node::Wildcard { least, most } => *node = Node::Rest { least: *least, most: *most },
        Node::Choice(nodes) => nodes.iter_mut().for_each(stretch_trailing_wildcards),
        Node::Sequence(nodes) => {
            if let Some(last) = nodes.last_mut() {
                stretch_trailing_wildcards(last);
            }
        }
        Node::Capture(_, inner) => stretch_trailing_wildcards(inner),
        _ => {}
    }
}
