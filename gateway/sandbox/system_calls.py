"""What a child may ask of the kernel: memory, threads, the files it was given and reading others. Nothing else.

A filter of system calls (seccomp, Linux 3.5) that holds for root too; a refused call fails as if permission lacked.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Iterator

SECCOMP_SET_MODE_FILTER = 1
# Without this flag the kernel also turns off speculation past stores, which makes decoding a third to a half slower;
# that guards interpreters that run foreign programs, and no child does.
SECCOMP_FILTER_FLAG_SPEC_ALLOW = 1 << 2
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
NOT_THERE = 0x00050000 | errno.ENOSYS
CLONE_THREAD = 0x00010000
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

# The numbers of calls on x86-64 and on ARM of 64 bits, None where there is no such call.
Numbers = tuple[int, int | None]
_CLONE, _CLONE3, _OPENAT, _SECCOMP = (56, 220), (435, 435), (257, 56), (317, 277)
_REFUSED: dict[str, Numbers] = {
    "fork": (57, None),
    "vfork": (58, None),
    "execve": (59, 221),
    "execveat": (322, 281),
    "kill": (62, 129),
    "ptrace": (101, 117),
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "open": (2, None),
    "openat2": (437, 437),
    "creat": (85, None),
    "truncate": (76, 45),
    "open_by_handle_at": (304, 265),
    "mkdir": (83, None),
    "mkdirat": (258, 34),
    "mknod": (133, None),
    "mknodat": (259, 33),
    "rmdir": (84, None),
    "unlink": (87, None),
    "unlinkat": (263, 35),
    "rename": (82, None),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "link": (86, None),
    "linkat": (265, 37),
    "symlink": (88, None),
    "symlinkat": (266, 36),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "chown": (92, None),
    "lchown": (94, None),
    "fchown": (93, 55),
    "fchownat": (260, 54),
    "chroot": (161, 51),
    "pivot_root": (155, 41),
    "mount": (165, 40),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "setns": (308, 268),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "perf_event_open": (298, 241),
    "bpf": (321, 280),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "kexec_load": (246, 104),
}
_MACHINES = ("x86_64", "aarch64")
_ARCHITECTURES = (0xC000003E, 0xC00000B7)

_LOAD, _JUMP_EQUAL, _JUMP_ANY_BIT, _JUMP_AT_LEAST, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT, _THIRD_ARGUMENT = 0, 4, 16, 32


def filter_system_calls() -> bool:
    """Refuses from now on whatever decoding does not need; whether this machine's kind is one that is known here."""
    machine = os.uname().machine
    if machine not in _MACHINES:
        return False
    program = b"".join(struct.pack("HBBI", *step) for step in _steps(_MACHINES.index(machine)))
    code = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    told = ctypes.create_string_buffer(header, len(header))
    number = _SECCOMP[_MACHINES.index(machine)]
    return bool(libc.syscall(number, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, told) == 0)


def _steps(machine: int) -> Iterator[tuple[int, int, int, int]]:
    """The filter, as the kernel's small machine reads it: code, jumps if so and if not, value."""
    yield _LOAD, 0, 0, _ARCHITECTURE
    yield _JUMP_EQUAL, 1, 0, _ARCHITECTURES[machine]
    yield _RETURN, 0, 0, REFUSE
    yield _LOAD, 0, 0, _NUMBER
    # Numbers of the x32 interface, by which every call could be made once more.
    yield _JUMP_AT_LEAST, 0, 1, 0x40000000
    yield _RETURN, 0, 0, REFUSE
    for number in filter(None, (numbers[machine] for numbers in _REFUSED.values())):
        yield _JUMP_EQUAL, 0, 1, number
        yield _RETURN, 0, 0, REFUSE
    # Its flags lie in memory, out of the filter's sight; without it the C library uses clone.
    yield _JUMP_EQUAL, 0, 1, _CLONE3[machine]
    yield _RETURN, 0, 0, NOT_THERE
    # Threads may be made, processes may not.
    yield _JUMP_EQUAL, 0, 4, _CLONE[machine]
    yield _LOAD, 0, 0, _FIRST_ARGUMENT
    yield _JUMP_ANY_BIT, 1, 0, CLONE_THREAD
    yield _RETURN, 0, 0, REFUSE
    yield _RETURN, 0, 0, ALLOW
    yield _JUMP_EQUAL, 0, 3, _OPENAT[machine]
    yield _LOAD, 0, 0, _THIRD_ARGUMENT
    yield _JUMP_ANY_BIT, 0, 1, WRITES
    yield _RETURN, 0, 0, REFUSE
    yield _RETURN, 0, 0, ALLOW
