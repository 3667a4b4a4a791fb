"""The page of the first day with the warehouses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QLabel

from models.kernel.vocabulary import WAREHOUSE_KINDS
from services.masterdata import api as masterdata
from ui.framework.texts import tr
from ui.opening.present import Present
from ui.opening.step import Step
from ui.opening.store_table import Store, StoreTable

if TYPE_CHECKING:
    from ui.opening.first_run import FirstRunWizard

SUGGESTED_STORES: Final = (
    ("W01", "原料仓", "own"),
    ("W02", "成品仓", "own"),
    ("W03", "半成品仓", "own"),
    ("W21", "待检仓", "inspection"),
    ("W22", "废品仓", "scrap"),
)


class StoresStep(Step):
    """Warehouses that are in the book keep their code and are not taken out here."""

    def __init__(self, wizard: FirstRunWizard) -> None:
        super().__init__(wizard, "仓库", "料放在哪里。改名、加行、删行都可以；以后在“仓库”里也能改。")
        self._stored: dict[str, Store] = {}
        suggested = [(code, tr(name), kind) for code, name, kind in SUGGESTED_STORES]
        self.table = StoreTable(suggested, WAREHOUSE_KINDS, self)
        self.note = QLabel(tr("灰色编码的仓库已在账套里：名称和类型可以改，编码不能改；不要了到“仓库”页删。"), self)
        self.note.setObjectName("faintLabel")
        self.note.setWordWrap(True)
        self.note.hide()
        self.column.addWidget(self.table, 1)
        self.column.addWidget(self.note)
        self.column.addWidget(self.refusal)

    def show_present(self, present: Present) -> None:
        """The warehouses of the book; in a book without any that is not worked with, the suggested ones stay."""
        if present.stores or present.working:
            self._keep(present.stores)

    def content(self) -> Any:
        """Sheet rows of what is new or different; a warehouse that is there names only what changed of it."""
        rows = []
        for code, name, kind in self.table.rows():
            before = self._stored.get(code)
            if before is None:
                rows.append({"code": code, "name": name or code, "kind": kind})
                continue
            changed = {"name": (name, before[1].strip()), "kind": (kind, before[2])}
            differing = {key: new for key, (new, old) in changed.items() if new != old}
            if differing:
                rows.append({"code": code, **differing})
        return rows or None

    def validatePage(self) -> bool:
        """Two rows of one code are no two warehouses."""
        counts = Counter(code for code, _name, _kind in self.table.rows())
        twice = [code for code, count in counts.items() if count > 1]
        if twice:
            self.show_refusal(
                tr("编码 {code} 有 {count} 行。请改掉其中的编码，或删掉多的行。", code=twice[0], count=counts[twice[0]])
            )
            return False
        return super().validatePage()

    def write(self, content: Any) -> Any:
        """Each as a warehouse, the first ordinary one as the default."""
        return masterdata.save_records(self.run.db, self.run.user, "warehouses", content)

    def written(self, content: Any, result: Any) -> None:
        """All rows of the table are in the book now, the new ones under the names they were given."""
        del result
        new = {row["code"]: row["name"] for row in content if row["code"] not in self._stored}
        self._keep([(code, new.get(code, name), kind) for code, name, kind in self.table.rows()])

    def _keep(self, stores: Sequence[Store]) -> None:
        self._stored = {code: (code, name, kind) for code, name, kind in stores}
        self.table.show_stored(stores)
        self.note.setVisible(bool(stores))
