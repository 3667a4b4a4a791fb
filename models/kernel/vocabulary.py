"""Closed vocabularies of the exchange contract, each value with its Chinese word."""

from __future__ import annotations

from typing import Final

ITEM_KINDS: Final = {
    "purchased": "外购",
    "manufactured": "自制",
    "subcontracted": "委外",
    "phantom": "虚拟件",
    "service": "服务",
}
WAREHOUSE_KINDS: Final = {
    "own": "普通仓",
    "workshop": "车间仓",
    "supplier": "供应商仓",
    "customer": "客户仓",
    "inspection": "待检仓",
    "scrap": "废品仓",
}
LOT_POLICIES: Final = {"lot_for_lot": "按需", "fixed": "固定批量", "minimum": "最小批量", "period": "期间合并"}
STRATEGIES: Final = {"mts": "备货生产", "mto": "以销定产"}
COST_METHODS: Final = {"moving": "移动平均", "monthly": "月末一次加权", "fifo": "先进先出"}
INSPECTIONS: Final = {"none": "免检", "sample": "抽检", "full": "全检"}
ISSUE_METHODS: Final = {"pick": "直接领料", "backflush": "倒冲", "none": "不领料"}
SUPPLIED_BY: Final = {"own": "自备", "customer": "客供"}
OUTPUT_KINDS: Final = {"main": "主产品", "co": "联产品", "by": "副产品"}
ORDER_KINDS: Final = {"normal": "普通", "rework": "返修", "toll": "受托"}
ISSUE_KINDS: Final = {"normal": "普通领料", "supplement": "补料", "return": "退料", "backflush": "倒冲领料"}
PLAN_KINDS: Final = {"purchase": "采购", "production": "生产", "subcontract": "委外"}
PLAN_STATUSES: Final = {"proposed": "未投放", "released": "已投放"}
DEMAND_KINDS: Final = {
    "sales_order": "销售订单",
    "forecast": "销售预测",
    "production_order": "生产任务单",
    "subcontract_order": "委外加工单",
    "planned_order": "计划订单",
    "safety_stock": "安全库存",
    "lot_size": "批量余量",
}
EXCEPTION_KINDS: Final = {
    "past_due_demand": "需求已过期",
    "past_due_supply": "在途已过期",
    "late_start": "开工已晚",
    "expedite": "请催早到",
    "surplus": "供应多余",
    "no_bom": "没有物料清单",
    "no_supplier": "没有供应商",
    "substitute_used": "用了替代料",
    "below_safety": "低于安全库存",
    "cycle": "循环引用",
}
COST_KINDS: Final = {"labor": "人工", "overhead": "制造费用"}
COST_BASES: Final = {"quantity": "数量", "material": "材料成本", "hours": "工时"}
YES_NO: Final = {"yes": "是", "no": "否"}
AUDIT_STATES: Final = {"Z": "未审核", "C": "已审核"}
CLOSING_STATES: Final = {"C": "未关闭", "S": "已关闭", "H": "手动关闭"}
