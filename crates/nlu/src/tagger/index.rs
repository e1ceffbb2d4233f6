//! A set of hashes with places, found in constant time and the same bytes for the same hashes.

use serde::{Deserialize, Serialize};

/// Sorted hashes. Because hashes are spread evenly, the leading bits say nearly where one stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Index {
    keys: Vec<u64>,
    /// Where the keys with these leading bits begin; one more at the end.
    starts: Vec<u32>,
}

impl Index {
    /// The index of these hashes; each stands once.
    pub fn of(mut keys: Vec<u64>) -> Self {
        keys.sort_unstable();
        keys.dedup();
        let bits = bits(keys.len());
        let mut starts: Vec<u32> = Vec::with_capacity((1 << bits) + 1);
        for (place, key) in keys.iter().enumerate() {
            let bucket = bucket(*key, bits);
            while starts.len() <= bucket {
                starts.push(place as u32);
            }
        }
        starts.resize((1 << bits) + 1, keys.len() as u32);
        Self { keys, starts }
    }

    /// The place of a hash.
    pub fn place(&self, key: u64) -> Option<usize> {
        let buckets = self.starts.len().checked_sub(1)?;
        let bucket = bucket(key, buckets.trailing_zeros());
        let (start, end) = (self.starts[bucket] as usize, self.starts[bucket + 1] as usize);
        self.keys[start..end].iter().position(|it| *it == key).map(|place| start + place)
    }

    /// How many hashes there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }
}

fn bits(keys: usize) -> u32 {
    keys.max(1).ilog2()
}

fn bucket(key: u64, bits: u32) -> usize {
    key.checked_shr(u64::BITS - bits).unwrap_or(0) as usize
}

/// A hash of a word: FNV-1a, mixed so that every bit counts.
pub(super) fn hash(seed: u64, text: &str) -> u64 {
    let mut hash = seed ^ 0xcbf2_9ce4_8422_2325;
    for byte in text.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    mix(hash)
}

/// One hash out of two, in this order.
pub(super) fn join(first: u64, second: u64) -> u64 {
    mix(first.rotate_left(23).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ second)
}

/// The finaliser of SplitMix64.
pub(super) fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
