"""The whole schema: importing this module registers every table on the one MetaData."""

from models.columns import metadata
from models.costing import tables as costing
from models.documents import tables as documents
from models.engineering import tables as engineering
from models.ledgers import tables as ledgers
from models.masterdata import tables as masterdata
from models.planning import tables as planning
from models.platform import tables as platform

__all__ = ["costing", "documents", "engineering", "ledgers", "masterdata", "metadata", "planning", "platform"]

APPEND_ONLY = ("stock_move", "wip_move", "audit_event")
