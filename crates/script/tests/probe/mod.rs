//! What a process could do to others, tried.

use std::{
    fs,
    net::{TcpListener, TcpStream, UdpSocket},
    os::unix::net::{UnixListener, UnixStream},
    process::Command,
    thread,
};

use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// A line for each attempt: what was tried, and `done` or what the system says.
pub fn attempts() -> Vec<String> {
    let told = |name: &str, result: Result<(), String>| match result {
        Ok(()) => format!("{name}: done"),
        Err(error) => format!("{name}: {error}"),
    };
    let io = |result: std::io::Result<()>| result.map_err(|error| error.to_string());
    let own = std::env::temp_dir().join(format!("probe-{}", std::process::id()));
    let lines = vec![
        told("open a file", io(fs::File::open("/etc/passwd").map(drop))),
        told("read what the server is made of", io(fs::read_to_string("/proc/self/status").map(drop))),
        told("make a file", io(fs::write(&own, "x"))),
        told("remove a file", io(fs::remove_file(&own))),
        told("make a folder", io(fs::create_dir(&own))),
        told("remove a folder", io(fs::remove_dir(&own))),
        told("list a folder", io(fs::read_dir("/").map(drop))),
        told("look at a file", io(fs::metadata("/etc/passwd").map(drop))),
        told("change the folder", io(std::env::set_current_dir("/"))),
        told("listen", io(TcpListener::bind("127.0.0.1:0").map(drop))),
        told("listen on a path", io(UnixListener::bind(&own).map(drop).and_then(|()| fs::remove_file(&own)))),
        told("pair of sockets", io(UnixStream::pair().map(drop))),
        told(
            "send",
            io(UdpSocket::bind("127.0.0.1:0").and_then(|socket| socket.send_to(b"x", "127.0.0.1:9")).map(drop)),
        ),
        told(
            "connect",
            match TcpStream::connect("127.0.0.1:9") {
                // Nobody has to listen there for the attempt to be one.
                Err(error) if error.kind() != std::io::ErrorKind::ConnectionRefused => Err(error.to_string()),
                _ => Ok(()),
            },
        ),
        told("start a program", io(Command::new("/bin/true").status().map(drop))),
        told("start a thread", io(thread::Builder::new().spawn(|| ()).map(drop))),
        told("raise a limit", {
            let (soft, hard) = getrlimit(Resource::RLIMIT_CORE).unwrap_or_default();
            setrlimit(Resource::RLIMIT_CORE, soft, hard).map_err(|error| error.to_string())
        }),
    ];
    lines
}
