//! Reading the data out of a definition.
