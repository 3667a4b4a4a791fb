"""What every test finds prepared: time zone, display, fonts, and databases of both kinds."""

from __future__ import annotations

import datetime as dt
import gc
import os
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]

os.environ["TZ"] = "Asia/Shanghai"
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("MPLCONFIGDIR", str(ROOT / ".cache" / "matplotlib"))
# Neither the developer's key ring nor a bus is asked for by a test.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
if hasattr(time, "tzset"):
    time.tzset()

import pytest  # noqa: E402  (the environment above must stand before Qt and matplotlib are loaded)
from hypothesis import HealthCheck, settings  # noqa: E402
from PySide6.QtGui import QFont, QFontDatabase  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402
from pytestqt.qtbot import QtBot  # noqa: E402

from tests.support.patience import patient  # noqa: E402
from tests.support.postgres import Cluster, NoPostgres, private_cluster  # noqa: E402

if TYPE_CHECKING:
    from services.platform.db import Database

FONTS = ROOT / "resources" / "fonts"
# 2026-03-10 09:00 in Shanghai, a Tuesday.
NOW = dt.datetime(2026, 3, 10, 1, 0, tzinfo=dt.UTC)
WITHOUT_POSTGRES = "GONGFANG_WITHOUT_POSTGRES"

# A wait ends when what it waits for has happened: a slow machine never fails a test.
PATIENCE_MS = 60_000
for _name in ("waitUntil", "waitSignal", "waitSignals", "waitExposed", "waitActive"):
    setattr(QtBot, _name, patient(getattr(QtBot, _name), PATIENCE_MS))

settings.register_profile(
    "gongfang",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
# pytest --hypothesis-profile=night: longer, and with new random examples each time.
settings.register_profile("night", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile("gongfang")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests marked xvfb need a display with focus; without one they are not selected rather than failing."""
    if os.environ["QT_QPA_PLATFORM"] in {"xcb", "windows", "cocoa"}:
        return
    kept = [item for item in items if item.get_closest_marker("xvfb") is None]
    dropped = [item for item in items if item.get_closest_marker("xvfb") is not None]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = kept


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, object, object]:
    """What a test of the window leaves in cycles is freed on this thread, as the product does it, never by a later thread."""
    if (ROOT / "tests" / "ui") not in item.path.parents and "qapp" not in getattr(item, "fixturenames", ()):
        return (yield)
    gc.disable()
    try:
        return (yield)
    finally:
        # Between two tests of a module only what the test itself made; all of it before another module.
        gc.collect(0 if nextitem is not None and nextitem.path == item.path else 2)
        gc.enable()


@pytest.fixture(scope="session", autouse=True)
def private_profile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Settings, logs and caches of the product go to a temporary profile, never to the developer's own."""
    home = tmp_path_factory.mktemp("profile")
    with pytest.MonkeyPatch.context() as patch:
        for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            patch.setenv(variable, str(home / variable.lower()))
        for variable in ("APPDATA", "LOCALAPPDATA"):
            patch.setenv(variable, str(home / variable.lower()))
        yield home


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """The one QApplication, writing Chinese with the bundled font whatever the machine has."""
    for file in sorted(FONTS.glob("*.ttf")):
        assert QFontDatabase.addApplicationFont(str(file)) >= 0, f"{file} could not be loaded"
    qapp.setFont(QFont("Noto Sans SC", 9))
    # What is loaded by now need not be walked after every test of the window.
    gc.freeze()
    return qapp


@pytest.fixture(autouse=True)
def _application_for_the_window(request: pytest.FixtureRequest) -> None:
    """Pixmaps and fonts abort the process without a QApplication: every test of the window has one, with the program's names of keys."""
    if (ROOT / "tests" / "ui") in request.path.parents:
        from ui.framework.keys import install_key_names

        install_key_names(request.getfixturevalue("qapp"))


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """The test process's own PostgreSQL server; without one the test fails, unless the developer said to go without."""
    if os.environ.get(WITHOUT_POSTGRES) == "1" and not os.environ.get("CI"):
        pytest.skip(f"{WITHOUT_POSTGRES}=1: not run on PostgreSQL")
    try:
        with private_cluster() as cluster:
            yield cluster
    except NoPostgres as reason:
        pytest.fail(str(reason), pytrace=False)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """URL of a SQLite file that does not exist yet, in a folder with a Chinese name and a space."""
    folder = tmp_path / "工坊 账套"
    folder.mkdir()
    return f"sqlite:///{(folder / '测试.db').as_posix()}"


@pytest.fixture
def postgres_url(postgres_cluster: Cluster) -> Iterator[str]:
    """URL of a new, empty PostgreSQL database, dropped afterwards."""
    with postgres_cluster.database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """URL of an empty database; the test runs once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def book(database_url: str) -> Iterator[Database]:
    """A new, empty book with the current schema, once on SQLite and once on PostgreSQL; its clock stands at NOW."""
    from services.platform import books

    made = books.create(database_url, clock=lambda: NOW)
    yield made
    made.close()
