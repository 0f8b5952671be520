"""The census (摸底): opening one, working through the lists, the three names, the frozen roster."""

from portal.services.children.census.opening import (
    close_census,
    get_census,
    list_censuses,
    make_lists,
    newest,
    open_census,
    require_county,
    terms_near,
)
from portal.services.children.census.overview import Overview, count_waiting, overview_of
from portal.services.children.census.rosters import RosterPage, read_roster
from portal.services.children.census.signing import (
    enter_for,
    may_enter_for,
    may_send_back,
    next_step,
    send_back,
    sign,
)
from portal.services.children.census.working import (
    Found,
    ListPage,
    WorkLine,
    confirm_rest,
    get_list,
    mark,
    may_work,
    note_found,
    read_list,
    withdraw_found,
)

__all__ = [
    "Found",
    "ListPage",
    "Overview",
    "RosterPage",
    "WorkLine",
    "close_census",
    "confirm_rest",
    "count_waiting",
    "enter_for",
    "get_census",
    "get_list",
    "list_censuses",
    "make_lists",
    "mark",
    "may_enter_for",
    "may_send_back",
    "may_work",
    "newest",
    "next_step",
    "note_found",
    "open_census",
    "overview_of",
    "read_list",
    "read_roster",
    "require_county",
    "send_back",
    "sign",
    "terms_near",
    "withdraw_found",
]
