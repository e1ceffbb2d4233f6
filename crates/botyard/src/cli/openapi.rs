//! `botyard openapi`: the description of the API.

use super::print;
use crate::Error;

pub(super) fn run() -> Result<(), Error> {
    let description = api::openapi().to_pretty_json();
    print(&description.expect("the description is plain data, which always has a form in JSON"))
}
