"""The sheets as a page to read: written from their declarations, so that it is never out of date."""

from __future__ import annotations

from models.kernel.sheets import Sheet, SheetColumn
from services.exchange.sheets import SHEETS
from services.platform.parameters import PARAMETERS

GROUPS = {"master": "基础资料", "document": "期初与单据", "result": "结果（只能导出）"}


def sheets_page() -> str:
    """Markdown: every sheet with its columns, and the system parameters."""
    parts = [
        "# 工作表\n",
        "由程序的声明生成：`python -m services.exchange.describing > docs/sheets.md`。",
        "英文列名与中文标题都可用，列的次序不限；空白格表示默认值；日期可写 2026-03-05、2026/3/5、2026年3月5日。",
        "**粗体**为识别一行的关键列，* 为必填。\n",
    ]
    for group, title in GROUPS.items():
        parts.append(f"## {title}\n")
        parts += [_sheet(sheet) for sheet in SHEETS if sheet.group == group]
    parts.append("## 系统参数（工作表 parameters 的 key）\n")
    parts += ["| key | 含义 | 默认 | 取值 |", "|---|---|---|---|"]
    for spec in PARAMETERS:
        allowed = " / ".join(f"`{value}` {word}" for value, word in spec.choices.items()) if spec.choices else ""
        parts.append(
            f"| `{spec.key}` | {spec.title}{'；' + spec.help if spec.help else ''} | {spec.default} | {allowed} |"
        )
    return "\n".join(parts) + "\n"


def _sheet(sheet: Sheet) -> str:
    rows = [f"### `{sheet.name}` {sheet.title}\n", "| 列 | 标题 | 类型 | 说明 |", "|---|---|---|---|"]
    rows += [_column(sheet, column) for column in sheet.columns]
    return "\n".join(rows) + "\n"


def _column(sheet: Sheet, column: SheetColumn) -> str:
    name = f"**`{column.key}`**" if column.key in sheet.key else f"`{column.key}`"
    star = " *" if column.required else ""
    facts = [column.help] if column.help else []
    if column.choices:
        facts.append(" / ".join(f"`{value}` {word}" for value, word in column.choices.items()))
    if column.default:
        facts.append(f"默认 {column.default}")
    if column.refers_to:
        facts.append(f"见 `{column.refers_to}`")
    return f"| {name}{star} | {column.title} | {column.type} | {'；'.join(facts)} |"


if __name__ == "__main__":
    import sys

    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(sheets_page())
