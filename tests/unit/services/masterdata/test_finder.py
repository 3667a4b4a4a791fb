"""Look-up: what is typed finds the item, in the order a clerk expects, and what changed is found at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from models.masterdata.tables import item
from services.masterdata import api
from services.platform.books import create
from services.platform.db import Database

ITEMS = (
    ("RM403", "螺丝", "M3×10", "6901"),
    ("RM404", "不锈钢螺丝", "M4×10", "6902"),
    ("RM405", "螺丝刀", "", "6903"),
    ("LS-1", "弹簧", "", ""),
    ("FG100", "台灯", "白", ""),
)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """Five items."""
    made = create(tmp_path / "book.db")
    api.save_records(made, "tester", "units", [{"code": "PCS", "name": "个"}])
    rows = [
        {"code": code, "name": name, "spec": spec, "barcode": bar, "unit": "PCS", "kind": "purchased"}
        for code, name, spec, bar in ITEMS
    ]
    api.save_records(made, "tester", "items", rows)
    yield made
    made.close()


def found(db: Database, text: str, **more: object) -> list[str]:
    return [hit.code for hit in api.search(db, "items", text, 5, **more)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("螺丝", "RM403"), ("luosi", "RM403"), ("bxgls", "RM404"), ("ls-1", "LS-1"), ("403", "RM403"), ("6903", "RM405"),
        ("螺丝 m4*10", "RM404"), ("ＲＭ４０４", "RM404"), ("m3x10", "RM403"), ("td", "FG100"),
    ],
)  # fmt: skip
def test_code_name_size_barcode_and_pinyin_find_it(db: Database, text: str, first: str) -> None:
    assert found(db, text)[0] == first


def test_codes_come_before_names_and_names_from_their_beginning_before_others(db: Database) -> None:
    assert found(db, "ls") == ["LS-1", "RM403", "RM405", "RM404"]


def test_what_the_user_took_comes_first_but_for_the_exact_code(db: Database) -> None:
    used = {"RM404": 3, "RM405": 1}
    assert found(db, "螺丝", used=used)[:2] == ["RM404", "RM405"]
    assert found(db, "RM403", used=used) == ["RM403"]
    assert found(db, "", used=used)[:2] == ["RM404", "RM405"]


def test_what_is_added_changed_or_deleted_is_known_at_the_next_key(db: Database) -> None:
    assert found(db, "胶水") == []
    row = {"code": "RM900", "name": "胶水", "unit": "PCS", "kind": "purchased"}
    api.save_records(db, "tester", "items", [row])
    (hit,) = api.search(db, "items", "胶水", 5)
    api.save_records(db, "tester", "items", [{**row, "name": "硅胶"}])
    assert found(db, "胶水") == []
    assert found(db, "guijiao") == ["RM900"]
    api.delete_record(db, "tester", "items", hit.id)
    assert found(db, "硅胶") == []


def test_a_unit_that_changed_shows_in_the_hits(db: Database) -> None:
    assert api.search(db, "items", "RM403", 1)[0].decimals == 0
    api.save_records(db, "tester", "units", [{"code": "PCS", "name": "个", "decimals": 2}])
    assert api.search(db, "items", "RM403", 1)[0].decimals == 2


def test_kinds_without_pinyin_of_their_own_are_found_by_it(db: Database) -> None:
    api.save_records(db, "tester", "customers", [{"code": "C1", "name": "佛山光耀照明"}])
    assert [hit.code for hit in api.search(db, "customers", "fsgy", 5)] == ["C1"]


def test_only_the_kinds_asked_for(db: Database) -> None:
    assert found(db, "螺丝", item_kinds=["manufactured"]) == []


def test_the_code_or_barcode_itself_is_marked_and_a_part_of_it_is_not(db: Database) -> None:
    rows = [{"code": f"LB{n}", "name": "灯", "barcode": f"6901{n}", "unit": "PCS", "kind": "purchased"} for n in "12"]
    api.save_records(db, "tester", "items", rows)
    assert [(hit.code, hit.exact) for hit in api.search(db, "items", "6901")] == [
        ("RM403", True), ("LB1", False), ("LB2", False),
    ]  # fmt: skip
    assert [(hit.code, hit.exact) for hit in api.search(db, "items", "ｌｂ１")] == [("LB1", True)]
    assert [hit.exact for hit in api.search(db, "items", "")] == [False] * 7


POLYPHONES = {
    "弹簧": ("th", "tanhuang"), "长度规": ("cdg", "changdugui"), "加长杆": ("jcg", "jiachanggan"), "重型导轨": ("zxdg",),
    "重庆轴承": ("cqzc", "chongqingzhoucheng"), "行车轨道": ("xcgd", "hcgd"), "行程开关": ("xckg",), "银行卡套": ("yhkt",),
    "校准块": ("jzk", "xzk"), "调节螺杆": ("tjlg", "tiaojieluogan"), "厚薄规": ("hbg", "houbogui", "houbaogui"),
    "粘胶带": ("zjd", "njd"), "模具": ("mj", "muju", "moju"), "LED灯": ("ledd",), "乐清开关": ("yqkg", "lqkg"),
}  # fmt: skip


@pytest.mark.parametrize("others", [0, 400])
def test_a_character_read_in_two_ways_is_found_by_either_however_many_come_at_once(db: Database, others: int) -> None:
    rows = [{"code": f"P{n:02}", "name": name, "unit": "PCS"} for n, name in enumerate(POLYPHONES)]
    rows += [{"code": f"X{n:03}", "name": f"件{n}", "unit": "PCS"} for n in range(others)]
    api.save_records(db, "tester", "items", rows)
    missed = [
        (name, text)
        for n, (name, texts) in enumerate(POLYPHONES.items())
        for text in texts
        if f"P{n:02}" not in found(db, text)
    ]
    assert missed == []


def test_a_book_of_before_is_found_by_either_reading_too(db: Database) -> None:
    api.save_records(db, "tester", "items", [{"code": "P01", "name": "弹簧", "unit": "PCS"}])
    with db.engine.begin() as conn:
        conn.execute(update(item).where(item.c.code == "P01").values(pinyin="dh danhuang"))
    assert [("P01" in found(db, text)) for text in ("tanhuang", "dh")] == [True, True]


def test_partners_are_found_by_either_reading_among_very_many(db: Database) -> None:
    rows = [{"code": f"C{n:03}", "name": f"客户{n}"} for n in range(400)]
    api.save_records(db, "tester", "customers", [*rows, {"code": "CS", "name": "长沙湘亮"}])
    assert [hit.code for hit in api.search(db, "customers", "csxl", 5)] == ["CS"]
