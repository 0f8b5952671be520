"""Assembles the demo county: one plan, one book, one write."""

from __future__ import annotations

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from portal.cli.seed import tables
from portal.cli.seed.accounts import add_accounts
from portal.cli.seed.book import Book
from portal.cli.seed.care import add_care, choose
from portal.cli.seed.children import draft_children
from portal.cli.seed.class_help import add_class_help
from portal.cli.seed.families import Families
from portal.cli.seed.figures import Profile
from portal.cli.seed.invention import Phones
from portal.cli.seed.leadership import add_leadership
from portal.cli.seed.pairings import add_pairings
from portal.cli.seed.people import Register, add_people
from portal.cli.seed.plan import plan_county
from portal.cli.seed.records import add_children
from portal.cli.seed.returns import add_submissions
from portal.cli.seed.units import add_units
from portal.cli.seed.visits import Diary, add_visits
from portal.cli.seed.volunteers import add_volunteers
from portal.errors import Refused
from portal.models.children import Child, IdentityClaim
from portal.tenancy.units import Unit


def load_county(session: Session, profile: Profile, *, password_hash: str) -> dict[str, int]:
    """Write the whole county into a session that sees everything; return the rows per table.

    The caller commits. Raises Refused where the county is already there.
    """
    code, name = tables.county()
    if session.scalar(select(Unit.id).where(Unit.code == code)):
        raise Refused(f"{name} ({code}) is already in this database: nothing was loaded.")
    book, phones = Book(session), Phones()
    plan = plan_county(profile)
    places = add_units(book, plan)
    register = Register(book, places, phones)
    staff = add_people(register, plan)
    add_volunteers(register, plan)
    accounts = add_accounts(book, plan, places, staff, password_hash=password_hash)
    drafts = draft_children(plan)
    attention = choose(drafts)
    children = add_children(book, Families(places, phones), drafts, attention)
    add_care(book, attention, staff, children)
    desks = {key: accounts.by_person[one.id] for key, one in staff.coordinators.items()}
    pairs = add_pairings(book, plan.schools, places, staff, children, proposers=desks)
    add_class_help(book, staff, children, places)
    diary = Diary(book, places, staff, accounts, pairs)
    add_visits(diary, plan.schools, children, pairs)
    add_submissions(book, plan, places, staff, accounts)
    add_leadership(book, plan, places, staff)
    book.write()
    claim_identities(session)
    return book.count()


def claim_identities(session: Session) -> None:
    """The school (or else the village) of each child keeps the file of her ID number."""
    unit = func.coalesce(Child.school_id, Child.village_id)
    township = func.coalesce(Child.school_township_id, Child.village_township_id)
    files = select(Child.county_id, Child.id_no_index, unit, township).where(Child.id_no_index.is_not(None))
    columns = ["county_id", "id_no_index", "unit_id", "township_id"]
    session.execute(insert(IdentityClaim).from_select(columns, files))
