//! Reading a pattern: one pass over its characters.

use crate::error::{Error, Problem};
use crate::node::{self, Literal, Node};
use crate::pattern::{Pattern, Stray};

/// What reading yields.
pub(crate) struct Parsed {
    pub root: Node,
    pub captures: usize,
    pub strays: Vec<Stray>,
}

/// Reads a pattern; with `gaps`, words may stand between two elements (concept members have none).
pub(crate) fn parse(text: &str, stem: &dyn Fn(&str) -> String, gaps: bool) -> Result<Parsed, Error> {
    let chars: Vec<char> = text.chars().collect();
    let mut parser =
        Parser { chars: &chars, at: 0, stem, gaps, open: Vec::new(), elements: 0, captures: 0, strays: Vec::new() };
    let root = parser.alternatives()?;
    Ok(Parsed { root, captures: parser.captures, strays: parser.strays })
}

/// A group that is being read.
struct Group {
    opening: &'static str,
    closing: &'static str,
    position: usize,
}

struct Parser<'a> {
    chars: &'a [char],
    at: usize,
    stem: &'a dyn Fn(&str) -> String,
    gaps: bool,
    open: Vec<Group>,
    elements: usize,
    captures: usize,
    strays: Vec<Stray>,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn looking_at(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(offset, c)| self.chars.get(self.at + offset) == Some(&c))
    }

    fn fail<T>(&self, position: usize, problem: Problem) -> Result<T, Error> {
        Err(Error { position, problem })
    }

    /// Whether nothing that could be an operand stands `offset` characters further.
    fn is_break(&self, offset: usize) -> bool {
        self.chars.get(self.at + offset).is_none_or(|c| c.is_whitespace() || matches!(c, ')' | ']' | '}' | '>' | '|'))
    }

    /// Sequences divided by `|`, up to the end of the group.
    fn alternatives(&mut self) -> Result<Node, Error> {
        let mut alternatives = Vec::new();
        loop {
            let start = self.at;
            let elements = self.elements()?;
            if elements.is_empty() {
                return self.fail(start, Problem::Empty);
            }
            alternatives.push(node::sequence(elements, self.gaps));
            if self.peek() != Some('|') {
                break;
            }
            self.at += 1;
        }
        self.close()?;
        Ok(Node::one_of(alternatives))
    }

    /// The elements of `[ ]`, `{ }` and `<< >>`, up to the end of the group; a `|` between them says nothing new.
    fn members(&mut self) -> Result<Vec<Node>, Error> {
        let start = self.at;
        let mut members = self.elements()?;
        while self.peek() == Some('|') {
            self.at += 1;
            members.extend(self.elements()?);
        }
        self.close()?;
        if members.is_empty() {
            return self.fail(start, Problem::Empty);
        }
        Ok(members)
    }

    /// Steps over the closing bracket of the innermost group.
    fn close(&mut self) -> Result<(), Error> {
        let Some(group) = self.open.last() else { return Ok(()) };
        if !self.looking_at(group.closing) {
            return self.fail(group.position, Problem::Unclosed(group.opening));
        }
        self.at += group.closing.len();
        self.open.pop();
        Ok(())
    }

    fn enter(&mut self, opening: &'static str, closing: &'static str) -> Result<(), Error> {
        if self.open.len() >= Pattern::MAX_DEPTH {
            return self.fail(self.at, Problem::Depth);
        }
        self.open.push(Group { opening, closing, position: self.at });
        self.at += opening.len();
        Ok(())
    }

    /// Elements up to a `|`, a closing bracket of an open group, or the end.
    fn elements(&mut self) -> Result<Vec<Node>, Error> {
        let mut elements = Vec::new();
        while let Some(c) = self.peek() {
            match c {
                c if c.is_whitespace() => self.at += 1,
                '|' => break,
                ')' | ']' | '}' => {
                    let bracket = bracket_text(c);
                    if self.open.iter().any(|group| group.closing == bracket) {
                        break;
                    }
                    self.pass_over(bracket);
                }
                '>' if self.looking_at(">>") => {
                    if self.open.iter().any(|group| group.closing == ">>") {
                        break;
                    }
                    self.pass_over(">>");
                }
                '>' => elements.push(self.anchor(">", Node::End)?),
                '<' if !self.looking_at("<<") => elements.push(self.anchor("<", Node::Start)?),
                _ => elements.push(self.element()?),
            }
        }
        Ok(elements)
    }

    fn pass_over(&mut self, bracket: &'static str) {
        self.strays.push(Stray { position: self.at, bracket });
        self.at += bracket.len();
    }

    fn anchor(&mut self, sign: &'static str, node: Node) -> Result<Node, Error> {
        if self.open.last().is_some_and(|group| group.opening == "<<") {
            return self.fail(self.at, Problem::Ordered(sign));
        }
        self.at += 1;
        Ok(node)
    }

    /// One element with everything that `_` joins to it.
    fn element(&mut self) -> Result<Node, Error> {
        let mut joined = vec![self.single()?];
        while self.peek().is_some_and(is_joint) {
            while self.peek().is_some_and(is_joint) {
                self.at += 1;
            }
            // `have_a_` joins nothing, and anchors and negations stand for themselves.
            let anchor = self.peek() == Some('<') && !self.looking_at("<<");
            if self.is_break(0) || anchor || self.peek() == Some('!') {
                break;
            }
            joined.push(self.single()?);
        }
        Ok(Node::in_order(joined))
    }

    fn single(&mut self) -> Result<Node, Error> {
        self.elements += 1;
        if self.elements > Pattern::MAX_ELEMENTS {
            return self.fail(self.at, Problem::Length);
        }
        let Some(c) = self.peek() else { return self.fail(self.at, Problem::Empty) };
        match c {
            '(' => {
                self.enter("(", ")")?;
                self.alternatives()
            }
            '[' => {
                self.enter("[", "]")?;
                Ok(Node::one_of(self.members()?))
            }
            '{' => {
                self.enter("{", "}")?;
                Ok(Node::Optional(Box::new(Node::one_of(self.members()?))))
            }
            '<' => {
                self.enter("<<", ">>")?;
                Ok(any_order(self.members()?))
            }
            '"' => self.quotation(),
            '*' => self.wildcard(),
            '!' if !self.is_break(if self.looking_at("!!") { 2 } else { 1 }) => self.negation(),
            '~' if self.begins_name(1) => Ok(Node::Concept(self.name())),
            '@' if self.begins_name(1) => Ok(Node::Entity(self.name())),
            '\'' if self.begins_name(1) => {
                self.at += 1;
                let text = self.literal_text();
                Ok(Node::Word(Literal { compound: is_compound(&text), lower: text, stem: None }))
            }
            c if is_joint(c) => self.capture(),
            _ => {
                let text = self.literal_text();
                Ok(Node::Word(self.literal(text)))
            }
        }
    }

    fn begins_name(&self, offset: usize) -> bool {
        self.chars.get(self.at + offset).is_some_and(|c| c.is_alphanumeric())
    }

    /// The name behind `~` or `@`. A `_` belongs to it when the name goes on behind it.
    fn name(&mut self) -> String {
        self.at += 1;
        let mut name = String::new();
        while let Some(c) = self.peek() {
            let inside = c.is_alphanumeric() || (matches!(c, '_' | '-' | '.') && self.begins_name(1));
            if !inside {
                break;
            }
            name.push(c);
            self.at += 1;
        }
        name.to_lowercase()
    }

    fn negation(&mut self) -> Result<Node, Error> {
        let position = self.at;
        let twice = self.looking_at("!!");
        self.at += if twice { 2 } else { 1 };
        if self.peek() == Some('<') && !self.looking_at("<<") {
            return self.fail(position, Problem::Dangling("!"));
        }
        if self.peek() == Some('!') {
            return self.fail(position, Problem::Dangling("!!"));
        }
        let operand = Box::new(self.element()?);
        Ok(if twice { Node::NotNext(operand) } else { Node::Absent { node: operand, everywhere: false } })
    }

    fn capture(&mut self) -> Result<Node, Error> {
        let position = self.at;
        while self.peek().is_some_and(is_joint) {
            self.at += 1;
        }
        let anchor = self.peek() == Some('<') && !self.looking_at("<<");
        if self.is_break(0) || anchor || self.peek() == Some('!') {
            return self.fail(position, Problem::Dangling("_"));
        }
        let number = self.captures;
        self.captures += 1;
        let operand = self.single()?;
        Ok(match operand {
            // The capture is inside, so that an absent optional word is no empty capture.
            Node::Optional(inner) => Node::Optional(Box::new(Node::Capture(number, inner))),
            operand => Node::Capture(number, Box::new(operand)),
        })
    }

    fn quotation(&mut self) -> Result<Node, Error> {
        let position = self.at;
        self.at += 1;
        let mut words = Vec::new();
        let mut text = String::new();
        loop {
            let Some(c) = self.peek() else { return self.fail(position, Problem::Unclosed("\"")) };
            self.at += 1;
            if c == '"' || c.is_whitespace() || c == '_' {
                if !text.is_empty() {
                    let word = std::mem::take(&mut text).to_lowercase();
                    words.push(Node::Word(self.literal(word)));
                }
                if c == '"' {
                    break;
                }
            } else {
                text.push(c);
            }
        }
        self.elements += words.len();
        if words.is_empty() {
            return self.fail(position, Problem::Empty);
        }
        Ok(Node::in_order(words))
    }

    fn wildcard(&mut self) -> Result<Node, Error> {
        let position = self.at;
        self.at += 1;
        while !self.is_break(0) && !self.peek().is_some_and(|c| is_joint(c) || matches!(c, '(' | '[' | '{' | '<')) {
            self.at += 1;
        }
        let text: String = self.chars[position..self.at].iter().collect();
        let number = text.trim_start_matches('*').trim_start_matches('~').parse::<u32>().ok().filter(|n| *n <= 99);
        match number {
            _ if text == "*" => Ok(Node::Wildcard { least: 0, most: None }),
            Some(number) if text == format!("*{number}") => Ok(Node::Wildcard { least: number, most: Some(number) }),
            Some(number) if text == format!("*~{number}") => Ok(Node::Wildcard { least: 0, most: Some(number) }),
            _ => self.fail(position, Problem::Wildcard(text)),
        }
    }

    fn literal(&self, lower: String) -> Literal {
        Literal { stem: Some((self.stem)(&lower)), compound: is_compound(&lower), lower }
    }

    /// A word, a mark, an emoji code or an emoticon, in lower case.
    fn literal_text(&mut self) -> String {
        let position = self.at;
        if let Some(length) = smiley_length(&self.chars[position..]) {
            self.at += length;
        } else {
            self.at += 1;
            while let Some(c) = self.peek() {
                if c.is_whitespace() || is_joint(c) || matches!(c, '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>' | '|')
                {
                    break;
                }
                self.at += 1;
            }
            // `sehen, dass`: the mark behind a word is a token of its own. Not the dot, which may belong to `o.k.`.
            let word = &self.chars[position..self.at];
            if let [before @ .., ',' | '?' | '!' | ';'] = word
                && before.last().is_some_and(|c| c.is_alphanumeric())
            {
                self.at -= 1;
            }
        }
        self.chars[position..self.at].iter().collect::<String>().to_lowercase()
    }
}

/// In `<< >>` only what has to occur matters: optional words and wildcards say nothing there.
fn any_order(members: Vec<Node>) -> Node {
    let mut absent = Vec::new();
    let mut present = Vec::new();
    for member in members {
        match member.uncaptured() {
            Node::Absent { .. } | Node::NotNext(_) => absent.push(member),
            Node::Optional(_) | Node::Wildcard { .. } => {}
            _ => present.push(member),
        }
    }
    if !present.is_empty() {
        absent.push(Node::AnyOrder(present));
    }
    Node::in_order(absent)
}

fn is_joint(c: char) -> bool {
    matches!(c, '_' | '`')
}

fn is_compound(text: &str) -> bool {
    text.chars().count() > 1 && text.chars().any(|c| !c.is_alphanumeric())
}

fn bracket_text(bracket: char) -> &'static str {
    match bracket {
        ')' => ")",
        ']' => "]",
        _ => "}",
    }
}

/// How many characters an emoji code (`:ok_hand:`) or an emoticon (`:-)`) at the beginning takes.
fn smiley_length(chars: &[char]) -> Option<usize> {
    let is_end = |at: usize| chars.get(at).is_none_or(|c| c.is_whitespace());
    if !matches!(chars.first(), Some(':' | ';' | '=')) {
        return None;
    }
    let name = chars[1..].iter().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '+')).count();
    if name > 0 && chars[0] == ':' && chars.get(name + 1) == Some(&':') {
        return Some(name + 2);
    }
    let nose = usize::from(matches!(chars.get(1), Some('-' | '\'' | '^')));
    let mouth = matches!(chars.get(1 + nose), Some(')' | ']' | '}' | '(' | '[' | '{' | '<' | '>' | '|' | '/' | '*'));
    (mouth && is_end(nose + 2)).then_some(nose + 2)
}
