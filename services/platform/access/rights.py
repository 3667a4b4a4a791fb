"""The vocabulary of rights: a subject and a verb; every area declares its subjects when it is loaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

AREAS: Mapping[str, str] = {
    "crm": "客户关系",
    "sales": "销售",
    "planning": "计划",
    "purchasing": "采购",
    "inventory": "仓库",
    "production": "生产",
    "subcontracting": "委外",
    "tolling": "受托加工",
    "quality": "质量",
    "aftersales": "售后",
    "costing": "成本",
    "finance": "财务",
    "reporting": "报表",
    "engineering": "工程",
    "masterdata": "资料",
    "field": "字段",
    "system": "系统",
}
"""areas of rights with their titles, in the order in which they are shown"""

DOCUMENT_VERBS: Mapping[str, str] = {
    "read": "查看", "save": "保存", "approve": "审核", "reverse": "反审核", "close": "关闭", "delete": "删除", "print": "打印",
}  # fmt: skip
MASTER_VERBS: Mapping[str, str] = {"read": "查看", "change": "修改"}

SEE_PRICE = "field.price"
SEE_COST = "field.cost"
MANAGE_USERS = "admin.users"
SET_PARAMETERS = "admin.parameters"
KEEP_BACKUPS = "admin.backup"
CLOSE_PERIODS = "admin.period"
KEEP_TEMPLATES = "admin.templates"
READ_BOM = "bom.read"
CHANGE_BOM = "bom.change"
APPROVE_BOM = "bom.approve"
READ_PLAN = "plan.read"
RUN_PLAN = "plan.run"
RELEASE_PLAN = "plan.release"
EDIT_PLAN = "plan.edit"
READ_COSTS = "cost.read"
CHANGE_COSTS = "cost.change"
RUN_COSTS = "cost.run"


@dataclass(frozen=True, slots=True)
class Subject:
    """What verbs are allowed on: a document type, a kind of master data, the plan …

    verbs: verb -> Chinese word, in the order in which they are shown.
    """

    code: str
    title: str
    area: str
    verbs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Right:
    """One thing that may be allowed; code is "subject.verb"."""

    code: str
    subject: str
    verb: str
    area: str
    title: str


class Vocabulary:
    """All rights of the program, filled once at start by each area."""

    def __init__(self, subjects: Iterable[Subject] = ()) -> None:
        self._subjects: dict[str, Subject] = {}
        self.add(*subjects)

    def add(self, *subjects: Subject) -> None:
        """Declares subjects; one code with two meanings is a mistake of the program."""
        for subject in subjects:
            if self._subjects.setdefault(subject.code, subject) != subject:
                raise ValueError(f"right subject {subject.code} twice")
            if subject.area not in AREAS:
                raise ValueError(f"right subject {subject.code}: no area {subject.area}")

    def subjects(self) -> list[Subject]:
        """Every subject, by area, then as declared."""
        order = list(AREAS)
        return sorted(self._subjects.values(), key=lambda subject: order.index(subject.area))

    def __iter__(self) -> Iterator[Right]:
        for subject in self.subjects():
            for verb, word in subject.verbs.items():
                code = f"{subject.code}.{verb}"
                yield Right(code, subject.code, verb, subject.area, f"{subject.title} {word}")

    def __contains__(self, code: str) -> bool:
        subject, _, verb = code.rpartition(".")
        return subject in self._subjects and verb in self._subjects[subject].verbs

    def codes(self) -> frozenset[str]:
        """The codes of all rights."""
        return frozenset(right.code for right in self)

    def title(self, code: str) -> str:
        """A right in words: "销售订单 审核"; an unknown code shows itself."""
        subject, _, verb = code.rpartition(".")
        if code not in self:
            return code
        return f"{self._subjects[subject].title} {self._subjects[subject].verbs[verb]}"

    def with_reading(self, codes: Iterable[str]) -> frozenset[str]:
        """The known ones among codes, and with each the right to read what it is about: nobody changes what he may not see."""
        given = {code for code in codes if code in self}
        reads = {f"{code.rpartition('.')[0]}.read" for code in given}
        return frozenset(given | {code for code in reads if code in self})


vocabulary = Vocabulary(
    (
        Subject("plan", "计划", "planning", {"read": "查看", "run": "运算", "release": "投放", "edit": "修改"}),
        Subject("bom", "物料清单", "engineering", {"read": "查看", "change": "修改", "approve": "审核"}),
        Subject("cost", "成本核算", "costing", {"read": "查看", "change": "录费用", "run": "核算"}),
        Subject("field", "", "field", {"price": "看价格和金额", "cost": "看成本"}),
        Subject(
            "admin",
            "管理",
            "system",
            {
                "users": "用户和权限",
                "parameters": "系统参数",
                "backup": "备份和恢复",
                "period": "结账反结账",
                "templates": "打印模板",
            },
        ),
    )
)
