//! Taking from a worker every right it does not need, for the case that a script takes the engine over.
//!
//! A worker reads its input, writes its output, and takes memory. So it keeps no file but those, and can open none, has no
//! network, starts nothing, signals nobody, and has bounds on what it takes. Each system does of this what it can.

#[cfg(target_os = "linux")]
mod linux;

use crate::bounds::Bounds;

/// Takes the rights from **this process**, for good. What could not be taken comes back, in fragments for people: what, and
/// why; nothing on a Linux with Landlock and seccomp.
pub fn confine(bounds: Bounds) -> Vec<String> {
    let mut keeps = Vec::new();
    let mut note = |what: &str, taken: Result<(), String>| {
        if let Err(why) = taken {
            keeps.push(format!("{what} ({why})"));
        }
    };
    note("the working directory", std::env::set_current_dir("/").map_err(|error| error.to_string()));
    // What is read of the system has to be read before the rest.
    #[cfg(target_os = "linux")]
    let address_space = linux::address_space();
    #[cfg(unix)]
    note("inherited files", unix::close_inherited());
    #[cfg(target_os = "linux")]
    note("files and network", linux::take_files_and_network());
    #[cfg(unix)]
    unix::limit(bounds, &mut note);
    #[cfg(target_os = "linux")]
    {
        note("starting processes", linux::limit_processes());
        note("memory without bound", linux::limit_memory(address_space, bounds));
        // The last: nothing of the above is allowed after it.
        note("system calls", linux::take_system_calls());
    }
    #[cfg(not(target_os = "linux"))]
    note("files, network and system calls", Err(format!("only Linux can take them, this is {}", std::env::consts::OS)));
    #[cfg(not(unix))]
    note("processor time without bound", Err(format!("{bounds:?} need a Unix")));
    keeps
}

#[cfg(unix)]
mod unix {
    use nix::sys::resource::{Resource, setrlimit};

    use crate::bounds::Bounds;

    /// Where a process sees the numbers of its open files.
    const LISTS: [&str; 2] = ["/proc/self/fd", "/dev/fd"];

    /// Closes all but input, output and errors. The server opens its files so that they are closed by themselves; this is for
    /// what it was started with.
    pub(super) fn close_inherited() -> Result<(), String> {
        let numbers = LISTS.into_iter().find_map(|list| std::fs::read_dir(list).ok()).ok_or("they cannot be listed")?;
        let numbers: Vec<i32> =
            numbers.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).filter(|n| *n > 2).collect();
        for number in numbers {
            // One is the list itself, which is closed already.
            let _ = nix::unistd::close(number);
        }
        Ok(())
    }

    /// Bounds what the process may take.
    pub(super) fn limit(bounds: Bounds, note: &mut impl FnMut(&str, Result<(), String>)) {
        for (what, resource, limit) in [
            ("core files", Resource::RLIMIT_CORE, 0),
            ("writing files", Resource::RLIMIT_FSIZE, 0),
            ("opening files", Resource::RLIMIT_NOFILE, 3),
            ("processor time without bound", Resource::RLIMIT_CPU, bounds.cpu_s),
        ] {
            note(what, setrlimit(resource, limit, limit).map_err(|error| error.to_string()));
        }
    }
}
