//! The models in memory, the longest unused ones dropped when they take too much.

use std::sync::Arc;

use nlu::Model;
use store::ModelName;

/// Some models, the most recently used last.
pub(crate) struct Cache {
    models: Vec<(ModelName, Arc<Model>)>,
    capacity: usize,
}

impl Cache {
    /// A cache for this many bytes. One model is always kept, however large.
    pub(crate) fn new(capacity: usize) -> Self {
        Self { models: Vec::new(), capacity }
    }

    pub(crate) fn get(&mut self, name: &ModelName) -> Option<Arc<Model>> {
        let at = self.models.iter().position(|(other, _)| other == name)?;
        let entry = self.models.remove(at);
        let model = Arc::clone(&entry.1);
        self.models.push(entry);
        Some(model)
    }

    pub(crate) fn put(&mut self, name: ModelName, model: Arc<Model>) {
        self.models.retain(|(other, _)| *other != name);
        self.models.push((name, model));
        let mut size: usize = self.models.iter().map(|(_, model)| model.size()).sum();
        while size > self.capacity && self.models.len() > 1 {
            let (_, dropped) = self.models.remove(0);
            size -= dropped.size();
        }
    }
}
