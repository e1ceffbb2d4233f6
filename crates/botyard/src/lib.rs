//! The Botyard server and its command line, as a library that tests can start.
