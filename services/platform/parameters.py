"""System parameters: every key with its type, default and meaning; what is not set has its default."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from sqlalchemy import Connection, select

from models.kernel.numbers import parse_number
from models.kernel.vocabulary import COST_METHODS
from models.masterdata.tables import parameter
from services.platform.prepared import Prepared


@dataclass(frozen=True, slots=True)
class ParameterSpec:
    """One parameter: key, Chinese title, default, allowed values (empty: a number or text), form: what a text must be, if anything."""

    key: str
    title: str
    default: str
    choices: Mapping[str, str] | None = None
    number: bool = False
    help: str = ""
    form: str = ""


_MONTH = re.compile(r"([12]\d{3})-(0[1-9]|1[0-2])", re.ASCII)
_YES_NO = {"yes": "是", "no": "否"}
PARAMETERS: tuple[ParameterSpec, ...] = (
    ParameterSpec("company_name", "公司名称", "示范灯具厂", help="印在单据抬头"),
    ParameterSpec(
        "start_period", "启用期间", "", form="month",
        help="从哪个月开始用，如 2026-01；更早的单据不能审核，期初库存的日期在它之前，最晚是它的第一天；空着不控制",
    ),
    ParameterSpec(
        "default_cost_method", "默认计价方法", "moving", COST_METHODS, help="新增物料没选计价方法时用它，已有的物料不变"
    ),
    ParameterSpec(
        "default_tax_rate", "默认税率%", "0", number=True, form="percent",
        help="单价录不含税价，订单上印的含税单价和价税合计按它算；0 为照原价印",
    ),
    ParameterSpec(
        "scrap_formula", "损耗公式", "multiply", {"multiply": "×(1+损耗率)", "divide": "÷(1-损耗率)"}, help="消耗量的算法"
    ),
    ParameterSpec(
        "material_rounding", "投料取整", "up", {"up": "向上", "half_up": "四舍五入"}, help="计划投料按单位精度取整"
    ),
    ParameterSpec("allow_over_issue", "允许领料超过计划投料", "no", _YES_NO),
    ParameterSpec("over_issue_percent", "超发比例%", "0", number=True, help="允许时的上限；0 为不限"),
    ParameterSpec("over_receipt_percent", "超收比例%", "0", number=True, help="采购、生产、委外入库的上限"),
    ParameterSpec(
        "receipt_needs_picks", "入库前必先领料", "no", {"no": "不控制", "key": "关键件", "all": "全部直接领料"},
        help="入库数量不得大于已领套数",
    ),
    ParameterSpec(
        "renumber_when_date_changes", "改日期时重新编号", "no", _YES_NO, help="只对自动编的号；原号不再使用"
    ),
    ParameterSpec("over_delivery_percent", "超发货比例%", "0", number=True),
    ParameterSpec(
        "backflush_failure", "倒冲料不够时", "refuse", {"refuse": "拒绝入库", "pending": "入库并转待倒冲"},
        help="默认拒绝；转待倒冲的单据在关账前必须处理",
    ),
    ParameterSpec("kitting_counts_backflush", "齐套分析看倒冲料", "no", _YES_NO),
    ParameterSpec("kitting_safety_first", "齐套分析先留安全库存", "no", _YES_NO),
    ParameterSpec(
        "wip_material_method", "在制品材料", "equivalent",
        {"equivalent": "约当产量", "none": "不计在制品", "quota": "材料定额"},
        help="没做完的任务单留多少材料成本；委外加工单总按入库数量×用料表",
    ),
    ParameterSpec(
        "wip_cost_method", "在制品费用", "equivalent", {"equivalent": "约当产量", "none": "不计在制品"},
        help="没做完的任务单留多少人工和制造费用",
    ),
    ParameterSpec(
        "wip_material_done_percent", "在制品材料约当系数%", "100", number=True, form="percent", help="材料一次投足为 100"
    ),
    ParameterSpec("wip_cost_done_percent", "在制品费用约当系数%", "50", number=True, form="percent", help="平均做到一半为 50"),
    ParameterSpec("four_eyes", "制单与审核须两人", "no", _YES_NO, help="制单人不能审核自己的单据；要有两个以上用户"),
    ParameterSpec("idle_lock_minutes", "几分钟不动就锁定", "15", number=True, help="要密码才能继续，录了一半的还在；0 为不锁"),
    ParameterSpec("own_documents_only", "只能改自己的单据", "no", _YES_NO, help="修改和删除别人的草稿被拒绝"),
    ParameterSpec("runs_kept", "保留的运算次数", "20", number=True, help="更早的运算连同快照一起清除"),
    ParameterSpec("print_approved_only", "仅审核后可打", "no", _YES_NO, help="未审核的单据不能打印、预览和另存为 PDF"),
    ParameterSpec("rows_per_page", "打印每页行数", "0", number=True, help="0 为按纸张排满"),
    ParameterSpec("default_warehouse", "默认仓库", "", help="物料没有默认仓库时用它；空则用第一个普通仓"),
    ParameterSpec(
        "files_folder", "附件文件夹", "", form="folder",
        help="几台电脑共用服务器时填各台都能打开的共享文件夹；本机账套的附件总在账套旁边，不用填",
    ),
)  # fmt: skip
BY_KEY: Mapping[str, ParameterSpec] = {spec.key: spec for spec in PARAMETERS}


def first_day(text: str) -> dt.date | None:
    """The first day of a month written as 2026-01; None for anything else."""
    found = _MONTH.fullmatch(text.strip())
    return dt.date(int(found[1]), int(found[2]), 1) if found else None


_number = lru_cache(maxsize=256)(parse_number)


class Parameters:
    """The parameters in force."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = dict(values or {})

    def text(self, key: str) -> str:
        """The value, or the default; KeyError for a key that is not declared."""
        return self._values.get(key, BY_KEY[key].default)

    def flag(self, key: str) -> bool:
        """Whether a yes/no parameter says yes."""
        return self.text(key) == "yes"

    def number(self, key: str) -> Decimal:
        """The number a parameter holds."""
        return _number(self.text(key))

    def month(self, key: str) -> dt.date | None:
        """The first day of the month a parameter holds; None when it is blank or, in an old book, no month."""
        return first_day(self.text(key))


_STORED = Prepared(select(parameter.c.key, parameter.c.value))


def load(conn: Connection) -> Parameters:
    """The parameters of a book."""
    return Parameters(dict(_STORED.rows(conn)))
