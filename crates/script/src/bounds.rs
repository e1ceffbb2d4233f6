//! What a worker may take from the machine in its whole life; the system sees to it.

use std::{ffi::OsString, io, time::Duration};

/// Bounds of a worker process. They are far above what [`Limits`](crate::Limits) let a run take, for the case that the
/// engine fails to hold those.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Processor time. Seconds.
    pub cpu_s: u64,
    /// Heap of the engine: the process may take twice as much and [`SPARE_BYTES`] besides. Bytes.
    pub heap_bytes: u64,
}

/// Address space for all that is not the heap of the engine: frames, what is read of them, the stack. Bytes.
pub const SPARE_BYTES: u64 = 256 << 20;

/// Least processor time that a worker gets, so that it lasts for many runs. Seconds.
const LEAST_CPU_S: u64 = 300;

impl Bounds {
    /// Bounds within which a piece of work of this duration and heap certainly fits.
    pub(crate) fn around(work: Duration, heap_bytes: usize) -> Self {
        let cpu_s = work.as_secs().saturating_mul(4).max(LEAST_CPU_S);
        Self { cpu_s, heap_bytes: u64::try_from(heap_bytes).unwrap_or(u64::MAX) }
    }

    /// The arguments that tell a worker of them.
    pub(crate) fn args(self) -> [OsString; 2] {
        [self.cpu_s, self.heap_bytes].map(|bound| bound.to_string().into())
    }

    /// Reads the arguments; none means the usual bounds. Fails with [`io::ErrorKind::InvalidInput`] on others.
    pub fn read(args: &[String]) -> io::Result<Self> {
        match args {
            [] => Ok(Self { cpu_s: LEAST_CPU_S, heap_bytes: 64 << 20 }),
            [cpu_s, heap_bytes] => Ok(Self { cpu_s: number(cpu_s)?, heap_bytes: number(heap_bytes)? }),
            _ => Err(io::Error::new(io::ErrorKind::InvalidInput, "a worker takes two arguments or none")),
        }
    }
}

fn number(text: &str) -> io::Result<u64> {
    text.parse().map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, format!("`{text}` is no number")))
}
