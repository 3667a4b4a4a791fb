"""Wires the areas together: registers every document type and every right."""

from services.documents.types import Registry, registry
from services.inventory import docs as inventory
from services.masterdata import kinds as masterdata
from services.production import docs as production
from services.purchasing import docs as purchasing
from services.sales import docs as sales
from services.subcontracting import docs as subcontracting

AREAS = (masterdata, inventory, purchasing, sales, production, subcontracting)


def document_types() -> Registry:
    """Every document type of the program, registered by its area when it is imported."""
    return registry
