//! Files of the store that others on the machine can read.
//!
//! What this program makes is its owner's only. What was there before, such as a folder of an older release or one that
//! an administrator made, stays as it is; the owner is told.

use std::path::{Path, PathBuf};

use store::{DatabaseOptions, ObjectLocation};

use crate::Config;

/// Warns of each place whose content others can read.
pub(super) fn warn(config: &Config, database: &DatabaseOptions, objects: &ObjectLocation) {
    for path in open_places(config, database, objects) {
        let path = path.display();
        tracing::warn!("others on this machine can read {path}; close it with: chmod -R go-rwx {path}");
    }
}

/// The data folder when others may enter it, and what is kept outside of it likewise.
fn open_places(config: &Config, database: &DatabaseOptions, objects: &ObjectLocation) -> Vec<PathBuf> {
    let mut places = vec![config.data.clone()];
    if let DatabaseOptions::Sqlite { path, .. } = database {
        places.push(path.clone());
    }
    if let ObjectLocation::Folder { path, .. } = objects {
        places.push(path.clone());
    }
    // A closed folder closes all that is in it, and one warning is enough for an open one.
    let outside = |path: &PathBuf| *path == config.data || !path.starts_with(&config.data);
    places.retain(|path| outside(path) && is_open(path));
    places
}

#[cfg(unix)]
fn is_open(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open(_: &Path) -> bool {
    false
}
