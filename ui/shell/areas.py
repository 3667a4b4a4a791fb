"""Every area's windows, registered in the order of the navigation."""

from __future__ import annotations

from ui.access import views as access
from ui.documents.register import load_windows
from ui.engineering import views as engineering
from ui.framework.at_need import AtNeed
from ui.framework.desk import Desk
from ui.inventory import views as inventory
from ui.masterdata import views as masterdata
from ui.matching import views as matching
from ui.planning import views as planning
from ui.printing import views as printing
from ui.production import views as production
from ui.purchasing import views as purchasing
from ui.sales import views as sales
from ui.subcontracting import views as subcontracting
from ui.today import views as today
from ui.workbench import views as workbench

AREAS = (
    today,
    access,
    printing,
    masterdata,
    engineering,
    sales,
    purchasing,
    inventory,
    production,
    subcontracting,
    planning,
    workbench,
    matching,
)


def register_areas(desk: Desk) -> None:
    """Look-ups and pages of all areas; document types must be registered in the services before."""
    for area in AREAS:
        area.register(desk)
    # What shows them comes at need, or while the clerk looks at her first page.
    desk.ahead.append(load_windows)
    desk.ahead.extend(spec.factory.load for spec in desk.navigator.pages() if isinstance(spec.factory, AtNeed))
