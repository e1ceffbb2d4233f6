//! Whether a text stays inside the brackets it is put in.
//!
//! The engine compiles whole programs only, so an author's function body or expression is put between brackets of ours. A
//! text such as `}); f(); (function () {` closes them, goes on outside, and opens others. It must be a syntax error, as it
//! would be on its own. The engine cannot read a text on its own; but it can read it in two kinds of brackets, and a text
//! that leaves one kind does not fit in the other.
//!
//! All programs here begin with a statement that throws. The whole text has to pass the parser before that, and nothing after
//! it is ever run.

/// Thrown by the first statement, as an integer: the program compiled.
pub(crate) const COMPILED: i32 = 0;

/// What is wrong with a body that is no body of one function.
pub(crate) const LEAVES: &str = "the text closes the function it stands in and opens another one";

/// A program that compiles when the text does between `head` and `tail`, each on a line of its own.
pub(crate) fn program(head: &str, source: &str, tail: &str) -> String {
    format!("throw {COMPILED};{head}\n{source}\n{tail}")
}

/// A program that compiles when the text does as the body of a function, or as something that leaves it.
pub(crate) fn body(source: &str) -> String {
    program("(function () {", source, "})")
}

/// A program that never compiles. It declares a parameter before the text and the same name after it. In one function that is
/// an error, told by [`is_one_function`]; any other end means that the text has left the function, or is none at all.
pub(crate) fn one_function(source: &str) -> String {
    // Longer than the text, so that the text cannot hold this name in any spelling.
    let name = "_".repeat(source.len() + 1);
    program(&format!("(function ({name}) {{"), source, &format!(";let {name};}})"))
}

/// Whether this message about the program of [`one_function`] says that the text is the body of one function. What else is
/// wrong in the text comes before.
pub(crate) fn is_one_function(message: &str) -> bool {
    message.contains("invalid redefinition of parameter name")
}

/// A program that compiles when the text is one expression or something that leaves parentheses.
pub(crate) fn expression(source: &str) -> String {
    program("(", source, ")")
}

/// A program that compiles when the text is a list of expressions or something that leaves brackets.
pub(crate) fn list(source: &str) -> String {
    program("[", source, "]")
}
