"""What is done with a template: kept, copied, made the default, deleted, given a logo, taken from a file and written to one."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox

from models.kernel.problems import Place, Problem
from services.exchange.api import written
from services.printing.api import check_logo
from services.reporting import api
from ui.framework.actions import Action
from ui.framework.texts import tr

if TYPE_CHECKING:
    from ui.printing.templates_page import TemplatesPage


class TemplateVerbs:
    """Verbs on the template that the page shows."""

    def __init__(self, page: TemplatesPage) -> None:
        self._page = page

    def actions(self) -> list[Action]:
        """The verbs of the page."""
        page, shown, own = self._page, self._has_shown, self._is_own
        return [
            Action("save", "保存", self.save, "Ctrl+S", "save", self._can_save, group="edit"),
            Action("duplicate", "复制", self.duplicate, "Ins", "copy", shown, "按现在的样子另存一个模板", group="edit"),
            Action("discard", "放弃修改", page.discard, "", "reverse", self._is_dirty, where="menu", group="edit"),
            Action("default", "设为默认", self.make_default, "F8", "approve", self._can_choose, group="edit"),
            Action("delete", "删除", self.delete, "Ctrl+Delete", "delete", own, group="edit"),
            Action("up", "上移", partial(page.editor.shift, -1), "Alt+Up", "up", own, group="move"),
            Action("down", "下移", partial(page.editor.shift, 1), "Alt+Down", "down", own, group="move"),
            Action("join", "加入新字段", page.join, "", "new", self._has_fresh, "排上做好模板以后系统新增的字段", group="move"),
            Action("logo", "标志", partial(self.pick_logo, company=False), "", "attach", own, "只印在这个模板上", group="logo"),
            Action("company", "公司标志", partial(self.pick_logo, company=True), "", "attach", None, "印在所有单据上", group="logo"),
            Action("no_logo", "去掉标志", self.clear_logo, where="menu", group="logo"),
            Action("preview", "预览", page.preview, "Ctrl+P", "print", lambda: bool(page.sample.pdf), group="out"),
            Action("printers", "打印机与偏移", page.printers, "", "settings", shown, group="out"),
            Action("import", "导入", self.import_file, "Ctrl+I", "import", group="file"),
            Action("export", "导出", self.export_file, "Ctrl+E", "export", shown, group="file"),
        ]  # fmt: skip

    def save(self) -> None:
        """保存."""
        template = self._page.editor.template()
        faults = [(text, Problem("typed", place=Place(field=key))) for key, text in self._page.editor.form.faults()]
        if faults:
            self._page.refusals.show_lines(faults)
        elif template is not None and self._page.shown is not None and not self._page.shown.stock:
            session = self._page.desk.session
            self._page.wanted = template.name
            self._page.run_command(
                partial(api.save_template, session.db, session.user, template, stamp=self._page.shown.stamp),
                on_done=self._page.saved,
                title="保存",
            )

    def duplicate(self) -> None:
        """复制: asks for the name of the new template."""
        if self._page.shown is None:
            return
        name, given = QInputDialog.getText(
            self._page,
            tr("复制模板"),
            tr("新模板的名称"),
            text=self._page.free_name(tr(self._page.shown.template.title)),
        )
        if given and name.strip():
            self.duplicate_as(name.strip())

    def duplicate_as(self, name: str) -> None:
        """Keeps what is shown under another name."""
        template = self._page.editor.template()
        if template is None:
            return
        session = self._page.desk.session
        self._page.wanted = name
        save = partial(api.save_template, session.db, session.user, replace(template, name=name))
        self._page.run_command(save, on_done=self._page.saved, title="复制")

    def make_default(self) -> None:
        """设为默认: the type is printed with this template from now on, by everybody."""
        if self._page.shown is not None:
            session, name = self._page.desk.session, self._page.shown.name
            self._page.wanted = name
            self._page.run_command(
                partial(api.choose_template, session.db, session.user, self._page.kind, name), title="设为默认"
            )

    def delete(self) -> None:
        """删除: a template of one's own, when the clerk says yes."""
        if self._page.shown is not None and self.confirm(self._question(self._page.shown)):
            session = self._page.desk.session
            self._page.drop()
            remove = partial(api.remove_template, session.db, session.user, self._page.kind, self._page.shown.name)
            self._page.run_command(remove, on_done=self._page.saved, title="删除")

    def confirm(self, question: str) -> bool:
        """A yes/no question, No by default."""
        buttons = QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No
        answer = QMessageBox.question(self._page, tr("删除"), question, buttons, QMessageBox.StandardButton.No)
        return bool(answer == QMessageBox.StandardButton.Yes)

    def _question(self, row: api.TemplateRow) -> str:
        kind = self._page.kinds.currentText()
        if row.default:
            return tr("删除{kind}的模板“{name}”？它是默认模板，删除后所有人改用 A4。", kind=kind, name=row.name)
        return tr("删除{kind}的模板“{name}”？", kind=kind, name=row.name)

    def pick_logo(self, *, company: bool) -> None:
        """选标志: PNG or JPEG, for this template or for the company."""
        name, _ = QFileDialog.getOpenFileName(self._page, tr("选标志图片"), "", tr("图片 (*.png *.jpg *.jpeg)"))
        if name:
            self.use_logo(Path(name).read_bytes(), company=company)

    def use_logo(self, content: bytes, *, company: bool) -> None:
        """Takes a picture as the company's logo (kept at once) or as this template's own (kept on saving); empty takes it away."""
        if company:
            session = self._page.desk.session
            self._page.run_command(partial(api.keep_logo, session.db, session.user, content), title="公司标志")
            return
        problems = check_logo(content)
        if problems:
            self._page.show_problems(problems)
            return
        self._page.editor.set_logo(content)

    def clear_logo(self) -> None:
        """去掉标志: the template's own, so that the company's is printed again; without one, the company's."""
        self.use_logo(b"", company=not self._page.editor.logo)

    def import_file(self) -> None:
        """导入: a template from a file."""
        name, _ = QFileDialog.getOpenFileName(self._page, tr("导入模板"), "", tr("打印模板 (*.json)"))
        if name:
            self.import_from(Path(name))

    def import_from(self, file: Path) -> None:
        """Keeps the template of a file under a free name."""
        session, kind = self._page.desk.session, self._page.kind

        def work() -> Any:
            return api.import_template(session.db, session.user, kind, file.read_bytes())

        self._page.run_command(work, on_done=self._imported, title="导入")

    def export_file(self) -> None:
        """导出: the template as a file."""
        if self._page.shown is not None:
            name, _ = QFileDialog.getSaveFileName(
                self._page,
                tr("导出模板"),
                f"{self._page.kinds.currentText()} {self._page.shown.name}.json",
                tr("打印模板 (*.json)"),
            )
            if name:
                self.export_to(Path(name))

    def export_to(self, file: Path) -> None:
        """Writes the template that is kept."""
        if self._page.shown is None:
            return
        db, kind, name = self._page.desk.session.db, self._page.kind, self._page.shown.name

        def work() -> None:
            with written(file) as part:
                part.write_text(api.export_template(db, kind, name), encoding="utf-8")

        self._page.run_query(work, self._exported)

    def _imported(self, answer: tuple[str, object]) -> None:
        self._page.wanted = answer[0]
        self._page.saved(None)

    def _exported(self, result: None) -> None:
        del result
        self._page.desk.say(tr("已导出"))

    def _is_dirty(self) -> bool:
        return self._page.dirty

    def _has_shown(self) -> bool:
        return self._page.shown is not None

    def _has_fresh(self) -> bool:
        return self._is_own() and bool(self._page.editor.unnamed())

    def _is_own(self) -> bool:
        return self._page.shown is not None and not self._page.shown.stock

    def _can_save(self) -> bool:
        return self._page.dirty and self._is_own()

    def _can_choose(self) -> bool:
        return (
            self._page.shown is not None
            and not self._page.shown.default
            and not self._page.dirty
            and not self._page.shown.damaged
        )
