//! `botyard quickstart`.
use crate::Error;
#[derive(Debug, clap::Args)]
pub(super) struct Args {}
pub(super) async fn run(_: Args) -> Result<(), Error> {
    Ok(())
}
