"""Where a book may lie: on a disk of this machine, in no folder that something else copies behind its back."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from models.kernel.problems import refuse

CLOUDS: Final[Mapping[str, str]] = {
    "onedrive": "OneDrive", "dropbox": "Dropbox", "google drive": "Google Drive", "googledrive": "Google Drive",
    "my drive": "Google Drive", "我的云端硬盘": "Google Drive", "drivefs": "Google Drive", "icloud drive": "iCloud",
    "iclouddrive": "iCloud", "icloud云盘": "iCloud", "com~apple~clouddocs": "iCloud", "mobile documents": "iCloud",
    "坚果云": "坚果云", "我的坚果云": "坚果云", "nutstore": "坚果云", "nutstore files": "坚果云", "my nutstore": "坚果云",
    "百度同步盘": "百度同步盘", "百度网盘同步空间": "百度同步盘", "baidusyncdisk": "百度同步盘", "baidunetdiskworkspace": "百度同步盘",
    "baidunetdisk": "百度同步盘", "wps云盘": "WPS云盘", "wpsdrive": "WPS云盘", "微云同步助手": "微云", "nextcloud": "Nextcloud",
    "synologydrive": "Synology Drive",
}  # fmt: skip
"""names of folders that a synchronising program owns, in lower case"""
BEGINNINGS: Final[Mapping[str, str]] = {
    "onedrive - ": "OneDrive",
    "dropbox (": "Dropbox",
    "googledrive-": "Google Drive",
}
"""how such folders begin where a company's or account's name follows"""
CLOUD_VARIABLES: Final = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
NETWORK_TYPES: Final = frozenset(
    {
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ncpfs", "ceph", "lustre", "glusterfs", "davfs", "vboxsf", "vmhgfs",
        "fuse.sshfs", "fuse.rclone", "fuse.davfs", "fuse.davfs2", "fuse.glusterfs", "fuse.gvfsd-fuse", "fuse.vmhgfs-fuse",
        "fuse.smbnetfs", "fuse.curlftpfs", "fuse.google-drive-ocamlfuse", "fuse.onedriver", "fuse.s3fs", "prl_fs",
    }
)  # fmt: skip
"""file-system types of Linux whose locks or shared memory another machine does not see"""
REMOTE_DRIVE: Final = 4
SQLITE: Final = b"SQLite format 3\0"
"""how every SQLite file begins"""
MOUNTS: Final = Path("/proc/mounts")


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why a book may not lie somewhere: reason is "network" or "cloud", by whom."""

    reason: str
    name: str


def check_place(file: str | Path) -> None:
    """Refused when a SQLite book at that path could be damaged by the place itself: a network drive or a synchronised folder.

    Write-ahead logging needs memory that all readers share, which only one machine has; a program that copies file and
    journal one after the other copies a book that never was. The refusal names the place and the way out.
    """
    found = unfit(file)
    if found is not None:
        code = "place.cloud" if found.reason == "cloud" else "place.network"
        raise refuse(code, name=str(file), kind=found.name)


def check_plain(file: Path) -> None:
    """Refused when something other than a plain file stands at a path: a folder, a device or a pipe is neither read nor replaced."""
    if file.exists() and not file.is_file():
        raise refuse("place.no_file", name=str(file))


def check_no_book(file: Path) -> None:
    """Refused when a book stands at a path where something else is to be written."""
    if not file.is_file():
        return
    with file.open("rb") as stream:
        if stream.read(len(SQLITE)) == SQLITE:
            raise refuse("place.is_book", name=str(file))


def unfit(file: str | Path, *, mounts: str | None = None) -> Unfit | None:
    """Why a path is no place for a book, None if it is one. mounts: text in the form of /proc/mounts, this machine's if not given."""
    given = str(file)
    if is_unc(given):
        return Unfit("network", given.replace("/", "\\").strip("\\").partition("\\")[0])
    path = Path(os.path.realpath(given))
    if sys.platform == "win32" and (is_unc(str(path)) or _remote_drive(path)):
        return Unfit("network", path.drive)
    cloud = cloud_of(path.parent.parts) or _cloud_by_variable(path)
    if cloud:
        return Unfit("cloud", cloud)
    kind = file_system(path, _mounts() if mounts is None else mounts)
    return Unfit("network", kind) if kind in NETWORK_TYPES else None


def is_unc(text: str) -> bool:
    r"""Whether a path names a share of another machine: \\server\share (on Windows with slashes too), not \\?\C:\… or \\.\device."""
    plain = text.replace("/", "\\") if sys.platform == "win32" else text
    if plain.upper().startswith("\\\\?\\UNC\\"):
        return True
    return plain.startswith("\\\\") and plain[2:4] not in ("?\\", ".\\")


def cloud_of(parts: Sequence[str]) -> str:
    """The synchronising program that one of the folders belongs to, "" if none does."""
    for part in parts:
        name = part.casefold()
        if name in CLOUDS:
            return CLOUDS[name]
        for start, cloud in BEGINNINGS.items():
            if name.startswith(start):
                return cloud
    return ""


def file_system(path: Path, mounts: str) -> str:
    """Type of the file system a path lies on, by the longest mount point above it; "" where mounts says nothing."""
    best, kind = -1, ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = _plain(fields[1])
        inside = point == "/" or str(path) == point or str(path).startswith(point + "/")
        # Of two file systems on one point the later one hides the earlier.
        if inside and len(point) >= best:
            best, kind = len(point), fields[2]
    return kind


def _plain(field: str) -> str:
    r"""A mount point as it is: the kernel writes blanks as \040."""
    for code, plain in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        field = field.replace(code, plain)
    return field


def _mounts() -> str:
    try:
        return MOUNTS.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _cloud_by_variable(path: Path) -> str:
    for name in CLOUD_VARIABLES:
        root = os.environ.get(name)
        if root and path.is_relative_to(os.path.realpath(root)):
            return "OneDrive"
    return ""


def _remote_drive(path: Path) -> bool:
    """On Windows: whether the drive letter stands for a share."""
    if sys.platform == "win32":
        import ctypes

        return bool(path.drive) and ctypes.windll.kernel32.GetDriveTypeW(path.drive + "\\") == REMOTE_DRIVE
    return False
