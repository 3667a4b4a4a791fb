"""A book is refused where it would be damaged: network drives, shares and folders that are synchronised, on each system."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from models.kernel.problems import Refused
from services.platform import books, places
from services.platform.backup import backup, restore
from services.platform.db import Database
from services.platform.messages import sentence

MOUNTS = """\
/dev/sda1 / ext4 rw,relatime 0 0
proc /proc proc rw 0 0
nas:/books /mnt/nas nfs4 rw 0 0
//server/share /mnt/share\\040one cifs rw 0 0
me@host:/ /home/me/remote fuse.sshfs rw 0 0
gvfsd-fuse /run/user/1000/gvfs fuse.gvfsd-fuse rw 0 0
/dev/sdb1 /mnt/nas/disk xfs rw 0 0
vbox /media/sf_shared vboxsf rw 0 0
tmpfs /tmp tmpfs rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "cloud"),
    [
        ("C:\\Users\\李\\OneDrive", "OneDrive"),
        ("OneDrive - 示范灯具厂", "OneDrive"),
        ("我的坚果云", "坚果云"),
        ("Nutstore", "坚果云"),
        ("Dropbox", "Dropbox"),
        ("Dropbox (Personal)", "Dropbox"),
        ("Google Drive", "Google Drive"),
        ("GoogleDrive-someone@example.com", "Google Drive"),
        ("com~apple~CloudDocs", "iCloud"),
        ("iCloudDrive", "iCloud"),
        ("百度同步盘", "百度同步盘"),
        ("BaiduSyncdisk", "百度同步盘"),
        ("WPS云盘", "WPS云盘"),
        ("账套", ""),
        ("dropbox资料备份说明", ""),
    ],
)
def test_a_synchronised_folder_is_known_by_its_name(folder: str, cloud: str) -> None:
    assert places.cloud_of(("/", "home", folder.rpartition("\\")[2], "账套")) == cloud


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/me/books/a.db", "ext4"),
        ("/mnt/nas/a.db", "nfs4"),
        ("/mnt/nas/disk/a.db", "xfs"),
        ("/mnt/nasty/a.db", "ext4"),
        ("/mnt/share one/a.db", "cifs"),
        ("/home/me/remote/x/a.db", "fuse.sshfs"),
        ("/run/user/1000/gvfs/smb-share/a.db", "fuse.gvfsd-fuse"),
        ("/media/sf_shared/a.db", "vboxsf"),
        ("/tmp/a.db", "tmpfs"),
    ],
)
def test_the_file_system_is_that_of_the_nearest_mount_point(path: str, kind: str) -> None:
    assert places.file_system(Path(path), MOUNTS) == kind
    found = places.unfit(path, mounts=MOUNTS)
    assert (found is not None) == (kind not in {"ext4", "xfs", "tmpfs"})
    assert found is None or (found.reason, found.name) == ("network", kind)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("\\\\server\\share\\a.db", True),
        ("\\\\?\\UNC\\server\\share\\a.db", True),
        ("\\\\?\\C:\\books\\a.db", False),
        ("C:\\books\\a.db", False),
        ("/home/me/a.db", False),
    ],
)
def test_a_path_to_a_share_is_known_on_every_system(text: str, share: bool) -> None:
    assert places.is_unc(text) == share
    found = places.unfit(text, mounts="")
    assert (found is not None) == share
    if share and not text.startswith("\\\\?"):
        assert found == places.Unfit("network", "server")


def test_no_book_is_made_opened_or_restored_in_a_synchronised_folder(sqlite_book: Database, tmp_path: Path) -> None:
    assert sqlite_book.path is not None
    kept = tmp_path / "备份.zip"
    backup(sqlite_book, kept)
    folder = tmp_path / "坚果云" / "账套"
    folder.mkdir(parents=True)
    (folder / "old.db").write_bytes(sqlite_book.path.read_bytes())
    tries = (
        lambda: books.create(folder / "new.db"),
        lambda: books.open_book(folder / "old.db"),
        lambda: restore(kept, folder / "restored.db"),
    )
    for act in tries:
        with pytest.raises(Refused) as refused:
            act()
        (problem,) = refused.value.problems
        assert problem.code == "place.cloud"
        assert "坚果云" in sentence(problem)
        assert "同步" in sentence(problem)
    assert sorted(file.name for file in folder.iterdir()) == ["old.db"]


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no symbolic links here")
def test_a_link_into_a_synchronised_folder_is_seen_through(tmp_path: Path) -> None:
    real = tmp_path / "Dropbox"
    real.mkdir()
    link = tmp_path / "books"
    link.symlink_to(real, target_is_directory=True)
    found = places.unfit(link / "a.db")
    assert found is not None
    assert found.name == "Dropbox"


def test_the_folder_that_onedrive_names_is_refused_whatever_it_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OneDriveCommercial", str(tmp_path / "公司文件"))
    assert places.unfit(tmp_path / "公司文件" / "账套" / "a.db") == places.Unfit("cloud", "OneDrive")
    assert places.unfit(tmp_path / "公司文件2" / "a.db") is None


def test_a_backup_may_lie_in_a_synchronised_folder(sqlite_book: Database, tmp_path: Path) -> None:
    folder = tmp_path / "坚果云"
    folder.mkdir()
    assert backup(sqlite_book, folder / "备份.zip").file.exists()
