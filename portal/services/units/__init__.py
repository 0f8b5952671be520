"""Units: finding one's place in the tree, the tree of any day, and every act that changes it."""

from portal.services.units.county import import_county, open_unit
from portal.services.units.places import (
    Found,
    find_units,
    get_unit,
    list_above,
    list_below,
    list_closed_below,
    list_names,
    list_villages,
    ref,
)

__all__ = [
    "Found",
    "find_units",
    "get_unit",
    "import_county",
    "list_above",
    "list_below",
    "list_closed_below",
    "list_names",
    "list_villages",
    "open_unit",
    "ref",
]
