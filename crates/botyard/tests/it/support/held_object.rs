//! An object of a folder that keeps whoever reads it waiting.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A file with a FIFO in its place. Whoever opens the file waits, at exactly that point, until it is put back.
pub struct HeldObject {
    file: PathBuf,
    kept: PathBuf,
}

impl HeldObject {
    /// Takes the object's file away and puts a FIFO there.
    pub fn hold(objects: &Path, key: &str) -> Self {
        let file = objects.join(key);
        let kept = file.with_extension("kept");
        std::fs::rename(&file, &kept).unwrap();
        let made = Command::new("mkfifo").arg(&file).status().unwrap();
        assert!(made.success());
        Self { file, kept }
    }

    /// Puts the file back. Readers in this process that still wait for the FIFO read an empty file from it.
    pub fn put_back(self) {
        let fifo = self.file.with_extension("fifo");
        std::fs::rename(&self.file, &fifo).unwrap();
        std::fs::rename(&self.kept, &self.file).unwrap();
        // Open at both ends a FIFO waits for nobody, and closed again it has come to its end.
        drop(std::fs::File::options().read(true).write(true).open(&fifo).unwrap());
        std::fs::remove_file(&fifo).unwrap();
    }
}
