//! `botyard nlu`: encoders of sentences as packs.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use ::nlu::semantic::{About, Bits, Encoder, Pooling};
use clap::ValueEnum;

use super::print;
use crate::Error;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Make a pack, for `nlu.embeddings`, of the weights of an encoder: one file, a quarter or an eighth of their size.
    Pack(Pack),
}

#[derive(Debug, clap::Args)]
pub(super) struct Pack {
    /// The folder of the weights: config.json, model.safetensors, and vocab.txt or tokenizer.json.
    #[arg(value_name = "DIR")]
    from: PathBuf,
    /// The pack to be made. A file that is there is left alone.
    #[arg(value_name = "FILE")]
    to: PathBuf,
    /// How many bits a weight takes.
    #[arg(long, value_name = "BITS", default_value = "8")]
    bits: Precision,
    /// Make a table of what the encoder says of each piece of a word: less good, and hundreds of times quicker.
    #[arg(long)]
    table: bool,
    /// How many numbers a row of the table has, at the most.
    #[arg(long, value_name = "COUNT", default_value_t = 256, value_parser = clap::value_parser!(u16).range(1..=4096), requires = "table")]
    width: u16,
    /// The languages it knows, such as `en,de`; `all` for every language.
    #[arg(long, value_name = "LANGUAGES", value_delimiter = ',', default_value = "en")]
    languages: Vec<String>,
    /// What is put before each text, for encoders that want it, such as "query: ".
    #[arg(long, value_name = "TEXT", default_value = "")]
    prefix: String,
    /// How the states of the pieces become one vector, as the encoder was trained.
    #[arg(long, value_name = "WAY", default_value = "mean")]
    pooling: Way,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Precision {
    #[value(name = "4")]
    Four,
    #[value(name = "8")]
    Eight,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Way {
    /// Their mean.
    Mean,
    /// The state of the first, which marks the begin (`CLS`).
    First,
}

/// Below this likeness of the vectors something is wrong with the weights, not with the rounding.
const LEAST_LIKENESS: f32 = 0.9;

pub(super) fn run(command: &Command) -> Result<(), Error> {
    let Command::Pack(args) = command;
    pack(args)
}

fn pack(args: &Pack) -> Result<(), Error> {
    if let Some(other) = args.languages.iter().find(|it| *it != "all" && !is_language(it)) {
        let problem = format!("`--languages`: `{other}` is no code of a language, such as `en`; or give `all`");
        return Err(Error::refused(problem));
    }
    let everything = args.languages.iter().any(|it| it == "all");
    let about =
        About { languages: if everything { Vec::new() } else { args.languages.clone() }, prefix: args.prefix.clone() };
    let pooling = match args.pooling {
        Way::Mean => Pooling::Mean,
        Way::First => Pooling::First,
    };
    let read = understanding::read_encoder(&args.from).map_err(Error::Pack)?;
    let encoder = read.with_about(about).with_pooling(pooling);
    let encoder = match args.table && !encoder.is_table() {
        true => {
            eprintln!("asking the encoder about each of its {} pieces; this takes a while", encoder.pieces());
            encoder.distilled(args.width.into())
        }
        false => encoder,
    };
    let bits = match args.bits {
        Precision::Four => Bits::Four,
        Precision::Eight => Bits::Eight,
    };
    let bytes = encoder.pack(bits).ok_or_else(|| Error::refused("a row of its weights has more than 8,192 numbers"))?;
    let packed =
        Encoder::of_pack(&bytes).map_err(|error| Error::refused(format!("the pack cannot be read: {error}")))?;
    let (mean, worst) = encoder.likeness(&packed);
    if worst < LEAST_LIKENESS {
        return Err(Error::refused(format!(
            "no pack was made: its vectors are only {worst:.3} like those of the weights. Try --bits 8; if that does not \
             help, the weights are damaged"
        )));
    }
    write(&args.to, &bytes)?;
    let kind = if packed.is_table() { "a table" } else { "an encoder" };
    let megabytes = bytes.len() as f64 / 1e6;
    print(&format!(
        "{}: {kind} of {} pieces, {} numbers a vector, {megabytes:.1} MB; its vectors are {mean:.4} like those of the \
         weights (the least alike: {worst:.4})",
        args.to.display(),
        packed.pieces(),
        packed.width(),
    ))
}

/// Whether a text looks like the code of a language, with or without a region: `en`, `zh_CN`.
fn is_language(code: &str) -> bool {
    let (main, region) = code.split_once(['_', '-']).unwrap_or((code, "XX"));
    let is_part = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric())
    };
    is_part(main, 2..=3) && is_part(region, 2..=4)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let failed = |error: std::io::Error| {
        let what_to_do = match error.kind() {
            std::io::ErrorKind::AlreadyExists => "; remove it, or give another name",
            _ => "",
        };
        Error::refused(format!("{} cannot be written: {error}{what_to_do}", path.display()))
    };
    let mut file = std::fs::File::create_new(path).map_err(failed)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    written.map_err(|error| {
        // Half a pack is none.
        std::fs::remove_file(path).ok();
        failed(error)
    })
}
