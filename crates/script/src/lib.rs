//! Bot scripts: a child process that reads JavaScript, so that no script can hurt the server.
