"""The child’s file: family, priority, changes, the census, keeping

Revision: 0010, after 0009.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

INCOME = {"打工": "work", "务工": "work", "外出务工": "work", "种养": "farming", "务农": "farming", "种地": "farming",
          "政府救助": "relief", "救助": "relief", "亲朋接济": "kin", "亲友接济": "kin", "其他": "other"}
AID = {"低保": "subsistence", "临时救助": "temporary", "医疗救助": "medical", "住房救助": "housing", "两免一补": "school",
       "春蕾": "spring_bud", "孤儿": "orphan", "事实无人抚养": "unraised", "其他": "other"}


def _take_words_over():
    """The roster's words become terms; what no term says stays in the remark."""
    child = sa.table("child", sa.column("id"), *(sa.column(c) for c in (
        "income_source", "aid", "income_list", "aid_list", "remark")))
    connection = op.get_bind()
    asked = sa.select(child).where(sa.or_(child.c.income_source != "", child.c.aid != ""))
    for row in connection.execute(asked).all():
        incomes, rest = _terms(row.income_source, INCOME)
        aids, more = _terms(row.aid, AID)
        kept = "；".join(filter(None, (row.remark, *rest, *more)))
        connection.execute(child.update().where(child.c.id == row.id).values(
            income_list=incomes, aid_list=aids, remark=kept))


def _terms(words, known):
    parts = [one for one in re.split(r"[、，,；;\s]+", words) if one]
    found = {known[one] for one in parts if one in known}
    order = list(dict.fromkeys(known.values()))
    return ",".join(one for one in order if one in found), [one for one in parts if one not in known]


def upgrade():
    op.create_table('county_rules',
    sa.Column('county_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('township_id', sa.Integer(), nullable=False),
    sa.Column('keep_years', sa.Integer(), nullable=False),
    sa.Column('months_away', sa.Integer(), nullable=False),
    sa.Column('across_county', sa.Boolean(), nullable=False),
    sa.CheckConstraint('keep_years BETWEEN 1 AND 30', name=op.f('ck_county_rules_keep_years_plausible')),
    sa.CheckConstraint('months_away BETWEEN 0 AND 24', name=op.f('ck_county_rules_months_away_plausible')),
    sa.ForeignKeyConstraint(['unit_id', 'township_id', 'county_id'], ['unit.id', 'unit.township_id', 'unit.county_id'], name=op.f('fk_county_rules_unit_id_unit'), onupdate='CASCADE', initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('county_id', name=op.f('pk_county_rules'))
    )
    op.create_index('ix_county_rules_unit_id', 'county_rules', ['unit_id'])
    op.create_table('census',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=True),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('township_id', sa.Integer(), nullable=False),
    sa.Column('period', sa.String(length=16), nullable=False),
    sa.Column('basis', sa.String(length=32), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('opened_at', sa.DateTime(), nullable=False),
    sa.Column('closed_at', sa.DateTime(), nullable=True),
    sa.Column('county_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('due_on >= as_of', name=op.f('ck_census_due_after_as_of')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_census_person_id_person')),
    sa.ForeignKeyConstraint(['unit_id', 'township_id', 'county_id'], ['unit.id', 'unit.township_id', 'unit.county_id'], name=op.f('fk_census_unit_id_unit'), onupdate='CASCADE', initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_census')),
    sa.UniqueConstraint('county_id', 'period', name=op.f('uq_census_county_id_period')),
    sa.UniqueConstraint('public_id', name=op.f('uq_census_public_id'))
    )
    op.create_index('ix_census_unit_id', 'census', ['unit_id'])
    op.create_table('change_sheet',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=True),
    sa.Column('side', sa.String(length=32), nullable=False),
    sa.Column('basis', sa.String(length=32), nullable=False),
    sa.Column('ym', sa.Integer(), nullable=False),
    sa.Column('opening', sa.Integer(), nullable=False),
    sa.Column('joined', sa.Integer(), nullable=False),
    sa.Column('gone', sa.Integer(), nullable=False),
    sa.Column('corrected', sa.Integer(), nullable=False),
    sa.Column('closing', sa.Integer(), nullable=False),
    sa.Column('lines_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('closed_at', sa.DateTime(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('township_id', sa.Integer(), nullable=False),
    sa.Column('county_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('closing = opening + joined - gone + corrected', name=op.f('ck_change_sheet_adds_up')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_change_sheet_person_id_person')),
    sa.ForeignKeyConstraint(['unit_id', 'township_id', 'county_id'], ['unit.id', 'unit.township_id', 'unit.county_id'], name=op.f('fk_change_sheet_unit_id_unit'), onupdate='CASCADE', initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_change_sheet')),
    sa.UniqueConstraint('county_id', 'unit_id', 'side', 'basis', 'ym', name=op.f('uq_change_sheet_county_id_unit_id_side_basis_ym')),
    sa.UniqueConstraint('public_id', name=op.f('uq_change_sheet_public_id'))
    )
    op.create_index('ix_change_sheet_unit_id', 'change_sheet', ['unit_id', 'ym'])
    op.create_table('alarm',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=True),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('raised_on', sa.Date(), nullable=False),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('v_unit_id', sa.Integer(), nullable=False),
    sa.Column('v_town_id', sa.Integer(), nullable=False),
    sa.Column('s_unit_id', sa.Integer(), nullable=False),
    sa.Column('s_town_id', sa.Integer(), nullable=False),
    sa.Column('county_id', sa.Integer(), nullable=False),
    sa.Column('stat_unit_id', sa.Integer(), nullable=False),
    sa.Column('stat_township_id', sa.Integer(), nullable=False),
    sa.Column('stat_county_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['child_id', 'v_unit_id', 'v_town_id', 's_unit_id', 's_town_id', 'county_id'], ['child.id', 'child.v_unit_id', 'child.v_town_id', 'child.s_unit_id', 'child.s_town_id', 'child.county_id'], name=op.f('fk_alarm_child_id_child'), onupdate='CASCADE', ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['stat_unit_id', 'stat_township_id', 'stat_county_id'], ['unit.id', 'unit.township_id', 'unit.county_id'], name=op.f('fk_alarm_stat_unit_id_unit'), onupdate='CASCADE', initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alarm')),
    sa.UniqueConstraint('public_id', name=op.f('uq_alarm_public_id'))
    )
    op.create_index('ix_alarm_stat_unit', 'alarm', ['stat_unit_id', 'closed_on'])
    op.create_index('ix_alarm_child_id', 'alarm', ['child_id'])
    op.create_table('care_plan',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=True),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('goals_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('review_on', sa.Date(), nullable=False),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('outcome', sa.String(length=32), nullable=True),
    sa.Column('outcome_note_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('written_at', sa.DateTime(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('v_unit_id', sa.Integer(), nullable=False),
    sa.Column('v_town_id', sa.Integer(), nullable=False),
    sa.Column('s_unit_id', sa.Integer(), nullable=False),
    sa.Column('s_town_id', sa.Integer(), nullable=False),
    sa.Column('county_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('closed_on >= opened_on', name=op.f('ck_care_plan_ends_after_start')),
    sa.ForeignKeyConstraint(['child_id', 'v_unit_id', 'v_town_id', 's_unit_id', 's_town_id', 'county_id'], ['child.id', 'child.v_unit_id', 'child.v_town_id', 'child.s_unit_id', 'child.s_town_id', 'child.county_id'], name=op.f('fk_care_plan_child_id_child'), onupdate='CASCADE', ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_care_plan_owner_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_care_plan')),
    sa.UniqueConstraint('public_id', name=op.f('uq_care_plan_public_id'))
    )
    op.create_index('ix_care_plan_child_id', 'care_plan', ['child_id'])
    op.create_table('census_list',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=True),
    sa.Column('census_id', sa.Integer(), nullable=False),
    sa.Column('class_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('entered_for', sa.Boolean(), nullable=False),
    sa.Column('filled_by_id', sa.Integer(), nullable=True),
    sa.Column('filled_at', sa.DateTime(), nullable=True),
    sa.Column('checked_by_id', sa.Integer(), nullable=True),
    sa.Column('checked_at', sa.DateTime(), nullable=True),
    sa.Column('signed_by_id', sa.Integer(), nullable=True),
    sa.Column('signed_at', sa.DateTime(), nullable=True),
    sa.Column('sent_back', sa.String(length=300), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('township_id', sa.Integer(), nullable=False),
    sa.Column('county_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['census_id'], ['census.id'], name=op.f('fk_census_list_census_id_census'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['checked_by_id'], ['person.id'], name=op.f('fk_census_list_checked_by_id_person')),
    sa.ForeignKeyConstraint(['class_id', 'unit_id', 'township_id', 'county_id'], ['school_class.id', 'school_class.unit_id', 'school_class.township_id', 'school_class.county_id'], name=op.f('fk_census_list_class_id_school_class'), onupdate='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['filled_by_id'], ['person.id'], name=op.f('fk_census_list_filled_by_id_person')),
    sa.ForeignKeyConstraint(['signed_by_id'], ['person.id'], name=op.f('fk_census_list_signed_by_id_person')),
    sa.ForeignKeyConstraint(['unit_id', 'township_id', 'county_id'], ['unit.id', 'unit.township_id', 'unit.county_id'], name=op.f('fk_census_list_unit_id_unit'), onupdate='CASCADE', initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_census_list')),
    sa.UniqueConstraint('county_id', 'census_id', 'unit_id', 'class_id', name=op.f('uq_census_list_county_id_census_id_unit_id_class_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_census_list_public_id'))
    )
    op.create_index('ix_census_list_class_id', 'census_list', ['class_id'])
    op.create_index('ix_census_list_town', 'census_list', ['township_id', 'census_id'])
    op.create_index('ix_census_list_unit_id', 'census_list', ['unit_id', 'census_id'])
    op.create_table('child_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=True),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('side', sa.String(length=32), nullable=True),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('written_at', sa.DateTime(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('v_unit_id', sa.Integer(), nullable=False),
    sa.Column('v_town_id', sa.Integer(), nullable=False),
    sa.Column('s_unit_id', sa.Integer(), nullable=False),
    sa.Column('s_town_id', sa.Integer(), nullable=False),
    sa.Column('county_id', sa.Integer(), nullable=False),
    sa.Column('stat_unit_id', sa.Integer(), nullable=False),
    sa.Column('stat_township_id', sa.Integer(), nullable=False),
    sa.Column('stat_county_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['child_id', 'v_unit_id', 'v_town_id', 's_unit_id', 's_town_id', 'county_id'], ['child.id', 'child.v_unit_id', 'child.v_town_id', 'child.s_unit_id', 'child.s_town_id', 'child.county_id'], name=op.f('fk_child_event_child_id_child'), onupdate='CASCADE', ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_child_event_person_id_person')),
    sa.ForeignKeyConstraint(['stat_unit_id', 'stat_township_id', 'stat_county_id'], ['unit.id', 'unit.township_id', 'unit.county_id'], name=op.f('fk_child_event_stat_unit_id_unit'), onupdate='CASCADE', initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_child_event')),
    sa.UniqueConstraint('public_id', name=op.f('uq_child_event_public_id'))
    )
    op.create_index('ix_child_event_child_id', 'child_event', ['child_id'])
    op.create_index('ix_child_event_day', 'child_event', ['stat_unit_id', 'happened_on'])
    op.create_table('consent',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=True),
    sa.Column('purpose', sa.String(length=32), nullable=False),
    sa.Column('basis', sa.String(length=32), nullable=False),
    sa.Column('given_by', sa.String(length=32), nullable=True),
    sa.Column('giver_name', sa.String(length=40), nullable=False),
    sa.Column('channel', sa.String(length=32), nullable=True),
    sa.Column('verified', sa.String(length=120), nullable=False),
    sa.Column('child_agrees', sa.Boolean(), nullable=True),
    sa.Column('for_whom', sa.String(length=80), nullable=False),
    sa.Column('text_version', sa.String(length=40), nullable=False),
    sa.Column('given_on', sa.Date(), nullable=False),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.Column('withdrawn_on', sa.Date(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('written_at', sa.DateTime(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('v_unit_id', sa.Integer(), nullable=False),
    sa.Column('v_town_id', sa.Integer(), nullable=False),
    sa.Column('s_unit_id', sa.Integer(), nullable=False),
    sa.Column('s_town_id', sa.Integer(), nullable=False),
    sa.Column('county_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['child_id', 'v_unit_id', 'v_town_id', 's_unit_id', 's_town_id', 'county_id'], ['child.id', 'child.v_unit_id', 'child.v_town_id', 'child.s_unit_id', 'child.s_town_id', 'child.county_id'], name=op.f('fk_consent_child_id_child'), onupdate='CASCADE', ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_consent_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent')),
    sa.UniqueConstraint('public_id', name=op.f('uq_consent_public_id'))
    )
    op.create_index('ix_consent_child_id', 'consent', ['child_id'])
    op.create_index('ix_consent_live', 'consent', ['child_id', 'purpose'])
    op.create_table('contact_card',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=True),
    sa.Column('period', sa.String(length=16), nullable=False),
    sa.Column('confirmed_on', sa.Date(), nullable=False),
    sa.Column('confirmed_with', sa.String(length=32), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('printed_at', sa.DateTime(), nullable=True),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('v_unit_id', sa.Integer(), nullable=False),
    sa.Column('v_town_id', sa.Integer(), nullable=False),
    sa.Column('s_unit_id', sa.Integer(), nullable=False),
    sa.Column('s_town_id', sa.Integer(), nullable=False),
    sa.Column('county_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['child_id', 'v_unit_id', 'v_town_id', 's_unit_id', 's_town_id', 'county_id'], ['child.id', 'child.v_unit_id', 'child.v_town_id', 'child.s_unit_id', 'child.s_town_id', 'child.county_id'], name=op.f('fk_contact_card_child_id_child'), onupdate='CASCADE', ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_contact_card_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_card')),
    sa.UniqueConstraint('county_id', 'child_id', 'version', name=op.f('uq_contact_card_county_id_child_id_version')),
    sa.UniqueConstraint('public_id', name=op.f('uq_contact_card_public_id'))
    )
    op.create_index('ix_contact_card_child_id', 'contact_card', ['child_id'])
    op.create_table('data_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=True),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('asked_by', sa.String(length=40), nullable=False),
    sa.Column('relation', sa.String(length=20), nullable=False),
    sa.Column('verified', sa.String(length=120), nullable=False),
    sa.Column('words', sa.String(length=300), nullable=False),
    sa.Column('asked_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('answer', sa.String(length=300), nullable=False),
    sa.Column('answered_on', sa.Date(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('written_at', sa.DateTime(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('v_unit_id', sa.Integer(), nullable=False),
    sa.Column('v_town_id', sa.Integer(), nullable=False),
    sa.Column('s_unit_id', sa.Integer(), nullable=False),
    sa.Column('s_town_id', sa.Integer(), nullable=False),
    sa.Column('county_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['child_id', 'v_unit_id', 'v_town_id', 's_unit_id', 's_town_id', 'county_id'], ['child.id', 'child.v_unit_id', 'child.v_town_id', 'child.s_unit_id', 'child.s_town_id', 'child.county_id'], name=op.f('fk_data_request_child_id_child'), onupdate='CASCADE', ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_data_request_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_data_request')),
    sa.UniqueConstraint('public_id', name=op.f('uq_data_request_public_id'))
    )
    op.create_index('ix_data_request_child_id', 'data_request', ['child_id'])
    op.create_index('ix_data_request_state', 'data_request', ['county_id', 'state'])
    op.create_table('emergency_contact',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('relation', sa.String(length=20), nullable=False),
    sa.Column('phone', sa.String(length=24), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('v_unit_id', sa.Integer(), nullable=False),
    sa.Column('v_town_id', sa.Integer(), nullable=False),
    sa.Column('s_unit_id', sa.Integer(), nullable=False),
    sa.Column('s_town_id', sa.Integer(), nullable=False),
    sa.Column('county_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('rank BETWEEN 1 AND 2', name=op.f('ck_emergency_contact_first_or_second')),
    sa.ForeignKeyConstraint(['child_id', 'v_unit_id', 'v_town_id', 's_unit_id', 's_town_id', 'county_id'], ['child.id', 'child.v_unit_id', 'child.v_town_id', 'child.s_unit_id', 'child.s_town_id', 'child.county_id'], name=op.f('fk_emergency_contact_child_id_child'), onupdate='CASCADE', ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_emergency_contact')),
    sa.UniqueConstraint('county_id', 'child_id', 'rank', name=op.f('uq_emergency_contact_county_id_child_id_rank'))
    )
    op.create_index('ix_emergency_contact_child_id', 'emergency_contact', ['child_id'])
    op.create_table('file_match',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=True),
    sa.Column('from_child_id', sa.Integer(), nullable=False),
    sa.Column('to_child_id', sa.Integer(), nullable=False),
    sa.Column('same_name', sa.Boolean(), nullable=False),
    sa.Column('same_birth', sa.Boolean(), nullable=False),
    sa.Column('same_phone', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('from_says', sa.Boolean(), nullable=True),
    sa.Column('to_says', sa.Boolean(), nullable=True),
    sa.Column('keeps_from', sa.Boolean(), nullable=False),
    sa.Column('moved', sa.JSON(), nullable=True),
    sa.Column('found_at', sa.DateTime(), nullable=False),
    sa.Column('answered_at', sa.DateTime(), nullable=True),
    sa.Column('joined_at', sa.DateTime(), nullable=True),
    sa.Column('undone_at', sa.DateTime(), nullable=True),
    sa.Column('from_unit_id', sa.Integer(), nullable=False),
    sa.Column('from_town_id', sa.Integer(), nullable=False),
    sa.Column('to_unit_id', sa.Integer(), nullable=False),
    sa.Column('to_town_id', sa.Integer(), nullable=False),
    sa.Column('county_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('from_child_id <> to_child_id', name=op.f('ck_file_match_two_files')),
    sa.ForeignKeyConstraint(['from_child_id'], ['child.id'], name=op.f('fk_file_match_from_child_id_child'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['from_unit_id', 'from_town_id', 'county_id'], ['unit.id', 'unit.township_id', 'unit.county_id'], name=op.f('fk_file_match_from_unit_id_unit'), onupdate='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['to_child_id'], ['child.id'], name=op.f('fk_file_match_to_child_id_child'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['to_unit_id', 'to_town_id', 'county_id'], ['unit.id', 'unit.township_id', 'unit.county_id'], name=op.f('fk_file_match_to_unit_id_unit'), onupdate='CASCADE', initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_file_match')),
    sa.UniqueConstraint('county_id', 'from_child_id', 'to_child_id', name=op.f('uq_file_match_county_id_from_child_id_to_child_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_file_match_public_id'))
    )
    op.create_index('ix_file_match_from_child', 'file_match', ['from_child_id'])
    op.create_index('ix_file_match_from_unit_id', 'file_match', ['from_unit_id'])
    op.create_index('ix_file_match_state', 'file_match', ['county_id', 'state'])
    op.create_index('ix_file_match_to_child', 'file_match', ['to_child_id'])
    op.create_index('ix_file_match_to_unit_id', 'file_match', ['to_unit_id'])
    op.create_table('priority_review',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=True),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('reasons', sa.String(length=160), server_default='', nullable=False),
    sa.Column('by_rule', sa.String(length=32), nullable=False),
    sa.Column('level', sa.String(length=32), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('review_on', sa.Date(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('written_at', sa.DateTime(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('v_unit_id', sa.Integer(), nullable=False),
    sa.Column('v_town_id', sa.Integer(), nullable=False),
    sa.Column('s_unit_id', sa.Integer(), nullable=False),
    sa.Column('s_town_id', sa.Integer(), nullable=False),
    sa.Column('county_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('until > since', name=op.f('ck_priority_review_ends_after_start')),
    sa.ForeignKeyConstraint(['child_id', 'v_unit_id', 'v_town_id', 's_unit_id', 's_town_id', 'county_id'], ['child.id', 'child.v_unit_id', 'child.v_town_id', 'child.s_unit_id', 'child.s_town_id', 'child.county_id'], name=op.f('fk_priority_review_child_id_child'), onupdate='CASCADE', ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_priority_review_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_priority_review')),
    sa.UniqueConstraint('public_id', name=op.f('uq_priority_review_public_id'))
    )
    op.create_index('ix_priority_review_child_id', 'priority_review', ['child_id'])
    op.create_index('ix_priority_review_due', 'priority_review', ['county_id', 'review_on'])
    op.create_table('proposal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=True),
    sa.Column('owner_side', sa.String(length=32), nullable=False),
    sa.Column('file_group', sa.String(length=20), nullable=False),
    sa.Column('values_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('by_unit_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('proposed_at', sa.DateTime(), nullable=False),
    sa.Column('answer', sa.String(length=200), nullable=False),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.Column('answered_at', sa.DateTime(), nullable=True),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('v_unit_id', sa.Integer(), nullable=False),
    sa.Column('v_town_id', sa.Integer(), nullable=False),
    sa.Column('s_unit_id', sa.Integer(), nullable=False),
    sa.Column('s_town_id', sa.Integer(), nullable=False),
    sa.Column('county_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['answered_by_id'], ['person.id'], name=op.f('fk_proposal_answered_by_id_person')),
    sa.ForeignKeyConstraint(['child_id', 'v_unit_id', 'v_town_id', 's_unit_id', 's_town_id', 'county_id'], ['child.id', 'child.v_unit_id', 'child.v_town_id', 'child.s_unit_id', 'child.s_town_id', 'child.county_id'], name=op.f('fk_proposal_child_id_child'), onupdate='CASCADE', ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_proposal_person_id_person')),
    sa.ForeignKeyConstraint(['by_unit_id'], ['unit.id'], name=op.f('fk_proposal_by_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal')),
    sa.UniqueConstraint('public_id', name=op.f('uq_proposal_public_id'))
    )
    op.create_index('ix_proposal_child_id', 'proposal', ['child_id'])
    op.create_index('ix_proposal_state', 'proposal', ['county_id', 'state'])
    op.create_table('transfer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=True),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('side', sa.String(length=32), nullable=False),
    sa.Column('case_no', sa.String(length=16), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('sex', sa.String(length=32), nullable=False),
    sa.Column('birth_year', sa.Integer(), nullable=False),
    sa.Column('grade', sa.Integer(), nullable=True),
    sa.Column('class_name', sa.String(length=40), nullable=False),
    sa.Column('reason', sa.String(length=32), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('effective_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('to_class_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('offered_at', sa.DateTime(), nullable=False),
    sa.Column('answer', sa.String(length=200), nullable=False),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.Column('answered_at', sa.DateTime(), nullable=True),
    sa.Column('done_at', sa.DateTime(), nullable=True),
    sa.Column('from_unit_id', sa.Integer(), nullable=False),
    sa.Column('from_town_id', sa.Integer(), nullable=False),
    sa.Column('to_unit_id', sa.Integer(), nullable=False),
    sa.Column('to_town_id', sa.Integer(), nullable=False),
    sa.Column('county_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['answered_by_id'], ['person.id'], name=op.f('fk_transfer_answered_by_id_person')),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_transfer_child_id_child'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['from_unit_id', 'from_town_id', 'county_id'], ['unit.id', 'unit.township_id', 'unit.county_id'], name=op.f('fk_transfer_from_unit_id_unit'), onupdate='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_transfer_person_id_person')),
    sa.ForeignKeyConstraint(['to_class_id'], ['school_class.id'], name=op.f('fk_transfer_to_class_id_school_class')),
    sa.ForeignKeyConstraint(['to_unit_id', 'to_town_id', 'county_id'], ['unit.id', 'unit.township_id', 'unit.county_id'], name=op.f('fk_transfer_to_unit_id_unit'), onupdate='CASCADE', initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_transfer')),
    sa.UniqueConstraint('public_id', name=op.f('uq_transfer_public_id'))
    )
    op.create_index('ix_transfer_child', 'transfer', ['child_id'])
    op.create_index('ix_transfer_from_unit_id', 'transfer', ['from_unit_id'])
    op.create_index('ix_transfer_state', 'transfer', ['county_id', 'state'])
    op.create_index('ix_transfer_to_unit_id', 'transfer', ['to_unit_id'])
    op.create_table('alarm_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('alarm_id', sa.Integer(), nullable=False),
    sa.Column('act', sa.String(length=32), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('written_at', sa.DateTime(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('v_unit_id', sa.Integer(), nullable=False),
    sa.Column('v_town_id', sa.Integer(), nullable=False),
    sa.Column('s_unit_id', sa.Integer(), nullable=False),
    sa.Column('s_town_id', sa.Integer(), nullable=False),
    sa.Column('county_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['alarm_id'], ['alarm.id'], name=op.f('fk_alarm_step_alarm_id_alarm'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['child_id', 'v_unit_id', 'v_town_id', 's_unit_id', 's_town_id', 'county_id'], ['child.id', 'child.v_unit_id', 'child.v_town_id', 'child.s_unit_id', 'child.s_town_id', 'child.county_id'], name=op.f('fk_alarm_step_child_id_child'), onupdate='CASCADE', ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_alarm_step_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alarm_step'))
    )
    op.create_index('ix_alarm_step_alarm_id', 'alarm_step', ['alarm_id'])
    op.create_index('ix_alarm_step_child_id', 'alarm_step', ['child_id'])
    op.create_table('care_agreement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=True),
    sa.Column('guardianship_id', sa.Integer(), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=False),
    sa.Column('told_school_on', sa.Date(), nullable=True),
    sa.Column('told_village_on', sa.Date(), nullable=True),
    sa.Column('end_reason', sa.String(length=200), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('written_at', sa.DateTime(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('v_unit_id', sa.Integer(), nullable=False),
    sa.Column('v_town_id', sa.Integer(), nullable=False),
    sa.Column('s_unit_id', sa.Integer(), nullable=False),
    sa.Column('s_town_id', sa.Integer(), nullable=False),
    sa.Column('county_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('valid_until >= signed_on', name=op.f('ck_care_agreement_ends_after_start')),
    sa.ForeignKeyConstraint(['child_id', 'v_unit_id', 'v_town_id', 's_unit_id', 's_town_id', 'county_id'], ['child.id', 'child.v_unit_id', 'child.v_town_id', 'child.s_unit_id', 'child.s_town_id', 'child.county_id'], name=op.f('fk_care_agreement_child_id_child'), onupdate='CASCADE', ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['guardianship_id'], ['guardianship.id'], name=op.f('fk_care_agreement_guardianship_id_guardianship'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_care_agreement_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_care_agreement')),
    sa.UniqueConstraint('public_id', name=op.f('uq_care_agreement_public_id'))
    )
    op.create_index('ix_care_agreement_child_id', 'care_agreement', ['child_id'])
    op.create_table('census_line',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('list_id', sa.Integer(), nullable=False),
    sa.Column('side', sa.String(length=32), nullable=False),
    sa.Column('verdict', sa.String(length=32), nullable=False),
    sa.Column('reason', sa.String(length=32), nullable=True),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=True),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('v_unit_id', sa.Integer(), nullable=False),
    sa.Column('v_town_id', sa.Integer(), nullable=False),
    sa.Column('s_unit_id', sa.Integer(), nullable=False),
    sa.Column('s_town_id', sa.Integer(), nullable=False),
    sa.Column('county_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['child_id', 'v_unit_id', 'v_town_id', 's_unit_id', 's_town_id', 'county_id'], ['child.id', 'child.v_unit_id', 'child.v_town_id', 'child.s_unit_id', 'child.s_town_id', 'child.county_id'], name=op.f('fk_census_line_child_id_child'), onupdate='CASCADE', ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['list_id'], ['census_list.id'], name=op.f('fk_census_line_list_id_census_list'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_census_line_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_census_line')),
    sa.UniqueConstraint('county_id', 'list_id', 'child_id', name=op.f('uq_census_line_county_id_list_id_child_id'))
    )
    op.create_index('ix_census_line_child_id', 'census_line', ['child_id'])
    op.create_index('ix_census_line_list', 'census_line', ['list_id', 'verdict'])
    op.create_table('frozen_roster',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=True),
    sa.Column('list_id', sa.Integer(), nullable=False),
    sa.Column('side', sa.String(length=32), nullable=False),
    sa.Column('basis', sa.String(length=32), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('signers', sa.JSON(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('rows_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('frozen_at', sa.DateTime(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('township_id', sa.Integer(), nullable=False),
    sa.Column('county_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['list_id'], ['census_list.id'], name=op.f('fk_frozen_roster_list_id_census_list')),
    sa.ForeignKeyConstraint(['unit_id', 'township_id', 'county_id'], ['unit.id', 'unit.township_id', 'unit.county_id'], name=op.f('fk_frozen_roster_unit_id_unit'), onupdate='CASCADE', initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_frozen_roster')),
    sa.UniqueConstraint('county_id', 'list_id', name=op.f('uq_frozen_roster_county_id_list_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_frozen_roster_public_id'))
    )
    op.create_index('ix_frozen_roster_unit_id', 'frozen_roster', ['unit_id', 'as_of'])
    op.create_table('guardian_assessment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=True),
    sa.Column('guardianship_id', sa.Integer(), nullable=False),
    sa.Column('assessed_on', sa.Date(), nullable=False),
    sa.Column('level', sa.String(length=32), nullable=False),
    sa.Column('grounds', sa.String(length=300), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('written_at', sa.DateTime(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('v_unit_id', sa.Integer(), nullable=False),
    sa.Column('v_town_id', sa.Integer(), nullable=False),
    sa.Column('s_unit_id', sa.Integer(), nullable=False),
    sa.Column('s_town_id', sa.Integer(), nullable=False),
    sa.Column('county_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['child_id', 'v_unit_id', 'v_town_id', 's_unit_id', 's_town_id', 'county_id'], ['child.id', 'child.v_unit_id', 'child.v_town_id', 'child.s_unit_id', 'child.s_town_id', 'child.county_id'], name=op.f('fk_guardian_assessment_child_id_child'), onupdate='CASCADE', ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['guardianship_id'], ['guardianship.id'], name=op.f('fk_guardian_assessment_guardianship_id_guardianship'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_guardian_assessment_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guardian_assessment')),
    sa.UniqueConstraint('public_id', name=op.f('uq_guardian_assessment_public_id'))
    )
    op.create_index('ix_guardian_assessment_child_id', 'guardian_assessment', ['child_id'])
    op.create_table('plan_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=True),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('words_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('v_unit_id', sa.Integer(), nullable=False),
    sa.Column('v_town_id', sa.Integer(), nullable=False),
    sa.Column('s_unit_id', sa.Integer(), nullable=False),
    sa.Column('s_town_id', sa.Integer(), nullable=False),
    sa.Column('county_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['child_id', 'v_unit_id', 'v_town_id', 's_unit_id', 's_town_id', 'county_id'], ['child.id', 'child.v_unit_id', 'child.v_town_id', 'child.s_unit_id', 'child.s_town_id', 'child.county_id'], name=op.f('fk_plan_step_child_id_child'), onupdate='CASCADE', ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_plan_step_owner_id_person')),
    sa.ForeignKeyConstraint(['plan_id'], ['care_plan.id'], name=op.f('fk_plan_step_plan_id_care_plan'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_step')),
    sa.UniqueConstraint('public_id', name=op.f('uq_plan_step_public_id'))
    )
    op.create_index('ix_plan_step_child_id', 'plan_step', ['child_id'])
    op.create_index('ix_plan_step_plan_id', 'plan_step', ['plan_id'])
    op.create_table('paper',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=True),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('title', sa.String(length=80), nullable=False),
    sa.Column('media_type', sa.String(length=40), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('content_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('agreement_id', sa.Integer(), nullable=True),
    sa.Column('consent_id', sa.Integer(), nullable=True),
    sa.Column('event_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('added_at', sa.DateTime(), nullable=False),
    sa.Column('voided_at', sa.DateTime(), nullable=True),
    sa.Column('void_reason', sa.String(length=200), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('v_unit_id', sa.Integer(), nullable=False),
    sa.Column('v_town_id', sa.Integer(), nullable=False),
    sa.Column('s_unit_id', sa.Integer(), nullable=False),
    sa.Column('s_town_id', sa.Integer(), nullable=False),
    sa.Column('county_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['care_agreement.id'], name=op.f('fk_paper_agreement_id_care_agreement')),
    sa.ForeignKeyConstraint(['child_id', 'v_unit_id', 'v_town_id', 's_unit_id', 's_town_id', 'county_id'], ['child.id', 'child.v_unit_id', 'child.v_town_id', 'child.s_unit_id', 'child.s_town_id', 'child.county_id'], name=op.f('fk_paper_child_id_child'), onupdate='CASCADE', ondelete='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['consent_id'], ['consent.id'], name=op.f('fk_paper_consent_id_consent')),
    sa.ForeignKeyConstraint(['event_id'], ['child_event.id'], name=op.f('fk_paper_event_id_child_event')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_paper_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper')),
    sa.UniqueConstraint('public_id', name=op.f('uq_paper_public_id'))
    )
    op.create_index('ix_paper_child_id', 'paper', ['child_id'])
    op.add_column('absence', sa.Column('work_address', sa.String(length=120), server_default='', nullable=False))
    op.add_column('child', sa.Column('hukou_place', sa.String(length=80), server_default='', nullable=False))
    op.add_column('child', sa.Column('phone', sa.String(length=24), server_default='', nullable=False))
    op.add_column('child', sa.Column('health_sealed', sa.LargeBinary(), nullable=True))
    op.add_column('child', sa.Column('household_no', sa.String(length=12), nullable=True))
    op.add_column('child', sa.Column('siblings', sa.Integer(), nullable=True))
    op.add_column('child', sa.Column('lives_alone', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('child', sa.Column('gets_on', sa.String(length=32), nullable=True))
    op.add_column('child', sa.Column('parent_contact', sa.String(length=32), nullable=True))
    op.add_column('child', sa.Column('parent_contact_on', sa.Date(), nullable=True))
    op.add_column('child', sa.Column('parents_home_on', sa.Date(), nullable=True))
    op.add_column('child', sa.Column('income_list', sa.String(length=160), server_default='', nullable=False))
    op.add_column('child', sa.Column('aid_list', sa.String(length=160), server_default='', nullable=False))
    op.add_column('child', sa.Column('hobbies', sa.String(length=200), server_default='', nullable=False))
    op.add_column('child', sa.Column('character', sa.String(length=300), server_default='', nullable=False))
    op.add_column('child', sa.Column('study_note', sa.String(length=300), server_default='', nullable=False))
    op.add_column('child', sa.Column('is_complete', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('child', sa.Column('verified_on', sa.Date(), nullable=True))
    op.add_column('child', sa.Column('exited_on', sa.Date(), nullable=True))
    op.add_column('child', sa.Column('exit_kind', sa.String(length=32), nullable=True))
    op.add_column('child', sa.Column('archived_on', sa.Date(), nullable=True))
    op.add_column('child', sa.Column('erased_on', sa.Date(), nullable=True))
    op.create_index('ix_child_born', 'child', ['county_id', 'birth_date'])
    op.create_index('ix_child_household', 'child', ['county_id', 'household_no'])
    _take_words_over()
    op.drop_column('child', 'aid')
    op.drop_column('child', 'income_source')
    with op.batch_alter_table('guardianship') as batch_op:
        batch_op.add_column(sa.Column('public_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('id_no_sealed', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('occupation', sa.String(length=40), server_default='', nullable=False))
        batch_op.add_column(sa.Column('health', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('education', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('address', sa.String(length=120), server_default='', nullable=False))
        batch_op.create_unique_constraint(batch_op.f('uq_guardianship_public_id'), ['public_id'])
    with op.batch_alter_table('parent') as batch_op:
        batch_op.add_column(sa.Column('public_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('id_no_sealed', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('state', sa.String(length=32), server_default='living', nullable=False))
        batch_op.add_column(sa.Column('work_unit', sa.String(length=80), server_default='', nullable=False))
        batch_op.add_column(sa.Column('work_unit_phone', sa.String(length=24), server_default='', nullable=False))
        batch_op.add_column(sa.Column('incapable_reason', sa.String(length=32), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_parent_public_id'), ['public_id'])
    op.add_column('standing', sa.Column('priority', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('standing_cell', sa.Column('priority_wide', sa.BigInteger(), server_default='0', nullable=True))
    op.add_column('standing_cell', sa.Column('priority_official', sa.BigInteger(), server_default='0', nullable=True))


def downgrade():
    op.drop_column('standing_cell', 'priority_official')
    op.drop_column('standing_cell', 'priority_wide')
    op.drop_column('standing', 'priority')
    with op.batch_alter_table('parent') as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_parent_public_id'), type_='unique')
        batch_op.drop_column('incapable_reason')
        batch_op.drop_column('work_unit_phone')
        batch_op.drop_column('work_unit')
        batch_op.drop_column('state')
        batch_op.drop_column('id_no_sealed')
        batch_op.drop_column('public_id')
    with op.batch_alter_table('guardianship') as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_guardianship_public_id'), type_='unique')
        batch_op.drop_column('address')
        batch_op.drop_column('education')
        batch_op.drop_column('health')
        batch_op.drop_column('occupation')
        batch_op.drop_column('id_no_sealed')
        batch_op.drop_column('public_id')
    op.add_column('child', sa.Column('income_source', sa.String(length=60), nullable=False, server_default=''))
    op.add_column('child', sa.Column('aid', sa.String(length=60), nullable=False, server_default=''))
    op.drop_index('ix_child_household', 'child')
    op.drop_index('ix_child_born', 'child')
    op.drop_column('child', 'erased_on')
    op.drop_column('child', 'archived_on')
    op.drop_column('child', 'exit_kind')
    op.drop_column('child', 'exited_on')
    op.drop_column('child', 'verified_on')
    op.drop_column('child', 'is_complete')
    op.drop_column('child', 'study_note')
    op.drop_column('child', 'character')
    op.drop_column('child', 'hobbies')
    op.drop_column('child', 'aid_list')
    op.drop_column('child', 'income_list')
    op.drop_column('child', 'parents_home_on')
    op.drop_column('child', 'parent_contact_on')
    op.drop_column('child', 'parent_contact')
    op.drop_column('child', 'gets_on')
    op.drop_column('child', 'lives_alone')
    op.drop_column('child', 'siblings')
    op.drop_column('child', 'household_no')
    op.drop_column('child', 'health_sealed')
    op.drop_column('child', 'phone')
    op.drop_column('child', 'hukou_place')
    op.drop_column('absence', 'work_address')
    op.drop_table('paper')
    op.drop_table('plan_step')
    op.drop_table('guardian_assessment')
    op.drop_table('frozen_roster')
    op.drop_table('census_line')
    op.drop_table('care_agreement')
    op.drop_table('alarm_step')
    op.drop_table('transfer')
    op.drop_table('proposal')
    op.drop_table('priority_review')
    op.drop_table('file_match')
    op.drop_table('emergency_contact')
    op.drop_table('data_request')
    op.drop_table('contact_card')
    op.drop_table('consent')
    op.drop_table('child_event')
    op.drop_table('census_list')
    op.drop_table('care_plan')
    op.drop_table('alarm')
    op.drop_table('change_sheet')
    op.drop_table('census')
    op.drop_table('county_rules')
