//! What Linux can take from a process: Landlock for files and network, seccomp for all calls of the system but a few.

use std::collections::BTreeMap;

use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetError, RulesetStatus, Scope};
use libc::c_long;
use nix::sys::resource::{Resource, setrlimit};
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, SeccompCmpOp::MaskedEq,
    SeccompCondition, SeccompFilter, SeccompRule,
};

use crate::bounds::{Bounds, SPARE_BYTES};

/// The address space this process has mapped, in bytes.
pub(super) fn address_space() -> Result<u64, String> {
    let status = std::fs::read_to_string("/proc/self/status").map_err(|error| error.to_string())?;
    let kilobytes =
        status.lines().find_map(|line| line.strip_prefix("VmSize:")?.split_whitespace().next()?.parse().ok());
    kilobytes.map(|kilobytes: u64| kilobytes * 1024).ok_or_else(|| "its size is unknown".into())
}

/// Bounds the address space. Allocators map more than they use, so what is mapped at the start does not count.
pub(super) fn limit_memory(mapped: Result<u64, String>, bounds: Bounds) -> Result<(), String> {
    let limit = mapped?.saturating_add(bounds.heap_bytes.saturating_mul(2)).saturating_add(SPARE_BYTES);
    setrlimit(Resource::RLIMIT_AS, limit, limit).map_err(|error| error.to_string())
}

/// Starts no process and no thread. This does not bind the superuser, the system calls do.
pub(super) fn limit_processes() -> Result<(), String> {
    setrlimit(Resource::RLIMIT_NPROC, 0, 0).map_err(|error| error.to_string())
}

/// Opens no file, no directory, no port from here on, connects to none, and signals no process outside. What older kernels
/// do not know of that, the system calls cover.
pub(super) fn take_files_and_network() -> Result<(), String> {
    let restrict = || -> Result<_, RulesetError> {
        Ruleset::default()
            .handle_access(AccessFs::from_all(ABI::V6))?
            .handle_access(AccessNet::from_all(ABI::V6))?
            .scope(Scope::from_all(ABI::V6))?
            .create()?
            .restrict_self()
    };
    match restrict() {
        Ok(status) if status.ruleset == RulesetStatus::NotEnforced => Err("this kernel has no Landlock".into()),
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

/// From here on every call of the system fails with EPERM that a process which only reads, calculates and writes does not
/// need. One from another architecture ends the process.
pub(super) fn take_system_calls() -> Result<(), String> {
    let filter = filter().map_err(|error| error.to_string())?;
    seccompiler::apply_filter(&filter).map_err(|error| error.to_string())
}

/// Calls that are allowed with whatever arguments.
const ALLOWED: [c_long; 22] = [
    libc::SYS_brk,
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_futex,
    libc::SYS_getpid,
    libc::SYS_getrandom,
    libc::SYS_gettid,
    libc::SYS_gettimeofday,
    libc::SYS_madvise,
    libc::SYS_membarrier,
    libc::SYS_mremap,
    libc::SYS_munmap,
    libc::SYS_restart_syscall,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sched_yield,
    libc::SYS_set_robust_list,
    libc::SYS_sigaltstack,
    libc::SYS_getcpu,
];

fn filter() -> Result<BpfProgram, BackendError> {
    let of = |argument: u8, operator, value: u64| SeccompCondition::new(argument, Dword, operator, value);
    let only = |condition| SeccompRule::new(vec![condition]);
    let (exec, anonymous) = (libc::PROT_EXEC as u64, libc::MAP_ANONYMOUS as u64);
    let data = || of(2, MaskedEq(exec), 0);
    let to_output = || Ok::<_, BackendError>(vec![only(of(0, Eq, 1)?)?, only(of(0, Eq, 2)?)?]);
    let mut rules: BTreeMap<c_long, Vec<SeccompRule>> = ALLOWED.into_iter().map(|call| (call, Vec::new())).collect();
    rules.extend([
        (libc::SYS_read, vec![only(of(0, Eq, 0)?)?]),
        (libc::SYS_write, to_output()?),
        (libc::SYS_writev, to_output()?),
        // Memory, but none that can be executed, and none of a file.
        (libc::SYS_mmap, vec![SeccompRule::new(vec![data()?, of(3, MaskedEq(anonymous), anonymous)?])?]),
        (libc::SYS_mprotect, vec![only(data()?)?]),
        // An abort is a signal of the process to itself.
        (libc::SYS_tgkill, vec![only(of(0, Eq, u64::from(std::process::id()))?)?]),
    ]);
    let refuse = SeccompAction::Errno(libc::EPERM as u32);
    SeccompFilter::new(rules, refuse, SeccompAction::Allow, std::env::consts::ARCH.try_into()?)?.try_into()
}

#[cfg(test)]
mod tests {
    use std::{fs, io, net::TcpListener, thread};

    use super::*;

    /// Each of the two walls holds by itself. They are taken up by a thread, which alone is behind them.
    #[test]
    fn each_wall_keeps_files_and_ports_closed() {
        let tried = |wall: fn() -> Result<(), String>| {
            let behind = move || {
                wall().map(|()| (fs::read("/etc/passwd").map(drop), TcpListener::bind("127.0.0.1:0").map(drop)))
            };
            thread::spawn(behind).join().unwrap()
        };
        for wall in [take_files_and_network, take_system_calls] {
            let (file, port) = match tried(wall) {
                Ok(tried) => tried,
                Err(why) => return println!("skipped: {why}"),
            };
            let denied = |result: io::Result<()>| result.unwrap_err().kind() == io::ErrorKind::PermissionDenied;
            assert!(denied(file) && denied(port));
        }
        let (file, port) = tried(|| Ok(())).unwrap();
        assert!(file.is_ok() && port.is_ok(), "the attempts themselves are wrong");
    }
}
