//! What the child may not do, set by the child itself before it opens the file: no more memory or
//! time than its limits, no file written, no network, no other program.
//!
//! Needs no privileges. On systems without seccomp only the resource limits hold.

use rlimit::Resource;

use super::Limits;

/// Processor seconds allowed per second of wall-clock time: a few threads.
const THREADS: u64 = 8;

/// Why the limits could not be set.
#[derive(Debug, thiserror::Error)]
pub(super) enum GuardError {
    /// A resource limit.
    #[error("a resource limit could not be set: {0}")]
    Resource(#[from] std::io::Error),
    /// The system call filter.
    #[error("the system call filter could not be set: {0}")]
    Filter(String),
}

/// Sets the limits on this process and all its threads.
pub(super) fn set(limits: &Limits) -> Result<(), GuardError> {
    let seconds = limits.seconds.saturating_mul(THREADS);
    for (resource, most) in
        [(Resource::AS, limits.memory), (Resource::CPU, seconds), (Resource::FSIZE, 0), (Resource::CORE, 0)]
    {
        resource.set(most, most)?;
    }
    filter::set()
}

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod filter {
    use std::collections::BTreeMap;

    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
        apply_filter_all_threads,
    };

    use super::GuardError;

    /// System calls that no reader needs: network, other programs, changes to files.
    const DENIED: [libc::c_long; 31] = [
        libc::SYS_socket,
        libc::SYS_socketpair,
        libc::SYS_connect,
        libc::SYS_bind,
        libc::SYS_listen,
        libc::SYS_accept,
        libc::SYS_accept4,
        libc::SYS_sendto,
        libc::SYS_sendmsg,
        libc::SYS_execve,
        libc::SYS_execveat,
        libc::SYS_ptrace,
        libc::SYS_kill,
        libc::SYS_tkill,
        libc::SYS_process_vm_readv,
        libc::SYS_process_vm_writev,
        libc::SYS_unlinkat,
        libc::SYS_renameat,
        libc::SYS_renameat2,
        libc::SYS_mkdirat,
        libc::SYS_linkat,
        libc::SYS_symlinkat,
        libc::SYS_fchmodat,
        libc::SYS_fchownat,
        libc::SYS_truncate,
        libc::SYS_mount,
        libc::SYS_umount2,
        libc::SYS_bpf,
        libc::SYS_io_uring_setup,
        libc::SYS_keyctl,
        libc::SYS_openat2,
    ];

    /// Those that only older architectures have.
    #[cfg(target_arch = "x86_64")]
    const DENIED_TOO: [libc::c_long; 11] = [
        libc::SYS_open,
        libc::SYS_creat,
        libc::SYS_unlink,
        libc::SYS_rename,
        libc::SYS_mkdir,
        libc::SYS_rmdir,
        libc::SYS_link,
        libc::SYS_symlink,
        libc::SYS_chmod,
        libc::SYS_fork,
        libc::SYS_vfork,
    ];
    #[cfg(not(target_arch = "x86_64"))]
    const DENIED_TOO: [libc::c_long; 0] = [];

    pub(super) fn set() -> Result<(), GuardError> {
        let failed = |error: &dyn std::fmt::Display| GuardError::Filter(error.to_string());
        let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
            DENIED.iter().chain(&DENIED_TOO).map(|call| (*call, Vec::new())).collect();
        rules.insert(libc::SYS_openat, opening_to_write().map_err(|error| failed(&error))?);
        let denied = SeccompAction::Errno(libc::EPERM.unsigned_abs());
        let arch = std::env::consts::ARCH.try_into().map_err(|error| failed(&error))?;
        let filter = SeccompFilter::new(rules, SeccompAction::Allow, denied, arch).map_err(|error| failed(&error))?;
        let program: BpfProgram = filter.try_into().map_err(|error| failed(&error))?;
        apply_filter_all_threads(&program).map_err(|error| failed(&error))
    }

    /// Opening a file to write, or making one.
    fn opening_to_write() -> Result<Vec<SeccompRule>, seccompiler::BackendError> {
        let flags = [libc::O_WRONLY, libc::O_RDWR, libc::O_CREAT, libc::O_TRUNC];
        flags
            .into_iter()
            .map(|flag| {
                let mask = u64::from(flag.unsigned_abs());
                let op = SeccompCmpOp::MaskedEq(mask);
                SeccompRule::new(vec![SeccompCondition::new(2, SeccompCmpArgLen::Dword, op, mask)?])
            })
            .collect()
    }
}

#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
mod filter {
    use super::GuardError;

    pub(super) fn set() -> Result<(), GuardError> {
        Ok(())
    }
}
