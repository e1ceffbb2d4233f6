//! Strings, numbers and literals.

use crate::error::Problem;
use crate::scan::{Scanned, Scanner};

impl Scanner<'_> {
    /// A string; true if it contains escapes.
    pub(super) fn string(&mut self) -> Scanned<bool> {
        self.at += 1;
        let mut has_escapes = false;
        loop {
            while self.peek().is_some_and(|byte| !ENDS_PLAIN_RUN[usize::from(byte)]) {
                self.at += 1;
            }
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(has_escapes);
                }
                Some(b'\\') => {
                    has_escapes = true;
                    self.escape()?;
                }
                Some(0) => return self.fail(Problem::Nul),
                Some(control) => return self.fail(Problem::ControlCharacter(control)),
                None => return self.fail(Problem::Truncated("a string")),
            }
        }
    }

    fn escape(&mut self) -> Scanned<()> {
        match self.bytes.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at += 2;
                Ok(())
            }
            Some(b'u') => {
                let first = self.hex_escape()?;
                if !(0xd800..0xe000).contains(&first) {
                    return Ok(());
                }
                let starts_pair = first < 0xdc00 && self.bytes[self.at..].starts_with(b"\\u");
                if starts_pair {
                    let second_start = self.at;
                    if (0xdc00..0xe000).contains(&self.hex_escape()?) {
                        return Ok(());
                    }
                    // Not its other half: look at it again on its own.
                    self.at = second_start;
                }
                self.lone_surrogates = true;
                Ok(())
            }
            None => self.fail(Problem::Truncated("a string")),
            Some(_) => self.fail(Problem::BadEscape),
        }
    }

    /// The four digits of the `\u` escape that starts here.
    fn hex_escape(&mut self) -> Scanned<u32> {
        let mut value = 0;
        for offset in 2..6 {
            let Some(byte) = self.bytes.get(self.at + offset) else {
                return self.fail(Problem::Truncated("a string"));
            };
            let Some(digit) = char::from(*byte).to_digit(16) else {
                return self.fail(Problem::BadEscape);
            };
            value = value * 16 + digit;
        }
        self.at += 6;
        Ok(value)
    }

    pub(super) fn number(&mut self) -> Scanned<()> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let integer = self.at;
        let mut valid = self.digits() && !(self.bytes[integer] == b'0' && self.at > integer + 1);
        if valid && self.peek() == Some(b'.') {
            self.at += 1;
            valid = self.digits();
        }
        if valid && matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            valid = self.digits();
        }
        if valid {
            return Ok(());
        }
        let truncated = self.at == self.bytes.len();
        self.at = start;
        self.fail(if truncated { Problem::Truncated("a number") } else { Problem::BadNumber })
    }

    fn digits(&mut self) -> bool {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        self.at > start
    }

    pub(super) fn literal(&mut self) -> Scanned<()> {
        let rest = &self.bytes[self.at..];
        for literal in ["true", "false", "null"] {
            if rest.starts_with(literal.as_bytes()) {
                self.at += literal.len();
                return Ok(());
            }
        }
        if rest.is_empty() {
            return self.fail(Problem::Truncated("a value"));
        }
        if rest[0] == 0 {
            return self.fail(Problem::Nul);
        }
        if rest.len() < 5 && ["true", "false", "null"].iter().any(|literal| literal.as_bytes().starts_with(rest)) {
            return self.fail(Problem::Truncated("a value"));
        }
        let found = self.found();
        self.fail(Problem::NotAValue(found))
    }
}

/// Bytes at which a plain run inside a string ends: quote, backslash and control characters.
const ENDS_PLAIN_RUN: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = true;
        byte += 1;
    }
    table[b'"' as usize] = true;
    table[b'\\' as usize] = true;
    table
};
