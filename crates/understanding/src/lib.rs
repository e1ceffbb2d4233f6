//! Models of bots where they are needed: trained, kept as objects, loaded once.
//!
//! A model is a function of (definition, language, trainer). Whoever asks for one gets it from memory, from the object
//! store, or freshly trained, whichever is first; two who ask at the same time wait for one training.

mod cache;
mod encoder;
mod error;
mod models;
mod test_cases;
mod test_names;
mod test_run;
mod thinking;

pub use encoder::{EncoderError, read as read_encoder};
pub use error::Error;
pub use models::{Models, Options};
pub use test_cases::{
    MAX_UTTERANCE_CHARACTERS, MAX_UTTERANCES, TestCase, TestFileError, read_test_cases, test_cases_csv,
};
pub use test_names::{can_be_run, unknown_names};
pub use test_run::{TestReport, TestedCase, Verdict, run_test};
pub use thinking::Pace;
