//! A table of replacements in the form SentencePiece compiles into its models.
//!
//! Four bytes (little-endian) say how many bytes of a double-array trie follow, in units of four; then the replacements,
//! each ended by a zero byte. The trie leads from the bytes of a text to the place of its replacement. At each place of a
//! text the longest entry is replaced; a character without one stays.

/// The table.
#[derive(Clone)]
pub(super) struct CharsMap {
    trie: Vec<u32>,
    replacements: Vec<u8>,
}

impl CharsMap {
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (size, rest) = bytes.split_first_chunk::<4>()?;
        let (trie, replacements) = rest.split_at_checked(u32::from_le_bytes(*size) as usize)?;
        let (units, []) = trie.as_chunks::<4>() else { return None };
        let trie = units.iter().map(|unit| u32::from_le_bytes(*unit)).collect();
        Some(Self { trie, replacements: replacements.to_vec() })
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let units: Vec<u8> = self.trie.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        [&(units.len() as u32).to_le_bytes()[..], &units, &self.replacements].concat()
    }

    pub(super) fn apply(&self, text: &str) -> String {
        let mut result = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            match self.longest(rest.as_bytes()) {
                // An entry ends where a character does; a damaged table's may not.
                Some((length, replacement)) if rest.is_char_boundary(length) => {
                    result.push_str(replacement);
                    rest = &rest[length..];
                }
                _ => {
                    result.push(first);
                    rest = &rest[first.len_utf8()..];
                }
            }
        }
        result
    }

    /// The length of the longest entry that the text begins with, and its replacement.
    fn longest(&self, text: &[u8]) -> Option<(usize, &str)> {
        let mut place = offset(*self.trie.first()?);
        let mut found = None;
        for (at, byte) in text.iter().enumerate() {
            place ^= usize::from(*byte);
            let Some(unit) = self.trie.get(place).filter(|unit| label(**unit) == u32::from(*byte)) else { break };
            place ^= offset(*unit);
            if has_leaf(*unit)
                && let Some(leaf) = self.trie.get(place)
            {
                found = Some((at + 1, (leaf & 0x7fff_ffff) as usize));
            }
        }
        let (length, start) = found?;
        let replacement = self.replacements.get(start..)?.split(|byte| *byte == 0).next()?;
        Some((length, std::str::from_utf8(replacement).ok()?))
    }
}

fn offset(unit: u32) -> usize {
    ((unit >> 10) << ((unit & (1 << 9)) >> 6)) as usize
}

fn label(unit: u32) -> u32 {
    unit & 0x8000_00ff
}

fn has_leaf(unit: u32) -> bool {
    unit & 0x100 != 0
}
