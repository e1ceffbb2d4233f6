//! Misspelt words.

use std::collections::BTreeSet;

/// Longest word that is looked at, in characters.
const LONGEST: usize = 40;

/// The words of a dictionary that are most like a word, if they are alike enough (`threshold` in percent).
pub(super) fn nearest<'d>(word: &str, dictionary: &'d BTreeSet<String>, threshold: f64) -> Vec<&'d str> {
    let letters: Vec<char> = word.chars().take(LONGEST + 1).collect();
    if letters.len() < 3 || letters.len() > LONGEST || !letters.iter().all(|c| c.is_alphabetic()) {
        return Vec::new();
    }
    let signs = mask(word);
    let mut best = threshold;
    let mut found = Vec::new();
    for other in dictionary {
        let length = other.chars().count();
        let longest = letters.len().max(length);
        // Each edit changes the length by one at most, and the set of letters by two.
        let least = letters.len().abs_diff(length).max((signs ^ mask(other)).count_ones().div_ceil(2) as usize);
        if likeness(least, longest) < best {
            continue;
        }
        let alike = likeness(distance(&letters, &other.chars().collect::<Vec<_>>()), longest);
        if alike > best {
            best = alike;
            found.clear();
        }
        if alike >= best {
            found.push(other.as_str());
        }
    }
    found
}

/// How alike two words are that differ by some edits, in percent.
fn likeness(edits: usize, longest: usize) -> f64 {
    100.0 * (1.0 - edits as f64 / longest as f64)
}

fn mask(word: &str) -> u64 {
    word.chars().fold(0, |mask, c| mask | 1 << (u32::from(c) % 64))
}

/// Letters to insert, take away, replace or swap with the next, to make one word the other.
pub(crate) fn distance(a: &[char], b: &[char]) -> usize {
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    rows[0] = (0..=b.len()).collect();
    for i in 1..=a.len() {
        rows[i][0] = i;
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = least;
        }
    }
    rows[a.len()][b.len()]
}
