//! `botyard config`: the settings in force.

use super::{Place, print};
use crate::Error;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    place: Place,
}

pub(super) fn run(args: Args) -> Result<(), Error> {
    let config = args.place.layers()?.finish();
    // What only shows when the settings are used is told here as well.
    config.database_options()?;
    config.object_location()?;
    print(config.to_toml().trim_end())
}
