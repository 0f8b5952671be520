"""Volunteers: teams, skills, times, the promise; checks, trainings, appraisals

Revision: 0014, after 0013.
"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'


def upgrade():
    op.create_table('vetting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=True),
    sa.Column('volunteer_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('record', 'identity', 'health', name='vettingkind', native_enum=False, length=32), nullable=False),
    sa.Column('result', sa.Enum('passed', 'failed', 'waiting', name='vettingresult', native_enum=False, length=32), nullable=False),
    sa.Column('checked_on', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('paper', sa.String(length=60), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('written_at', sa.DateTime(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('township_id', sa.Integer(), nullable=False),
    sa.Column('county_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('valid_until IS NULL OR valid_until > checked_on', name=op.f('ck_vetting_holds_after_the_check')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_vetting_person_id_person')),
    sa.ForeignKeyConstraint(['unit_id', 'township_id', 'county_id'], ['unit.id', 'unit.township_id', 'unit.county_id'], name=op.f('fk_vetting_unit_id_unit'), onupdate='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['volunteer_id'], ['volunteer.id'], name=op.f('fk_vetting_volunteer_id_volunteer'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vetting')),
    sa.UniqueConstraint('public_id', name=op.f('uq_vetting_public_id'))
    )
    op.create_index('ix_vetting_unit_id', 'vetting', ['unit_id'], unique=False)
    op.create_index(op.f('ix_vetting_volunteer_id'), 'vetting', ['volunteer_id'], unique=False)

    op.create_table('volunteer_appraisal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=True),
    sa.Column('volunteer_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('points', sa.String(length=160), server_default='', nullable=False),
    sa.Column('grade', sa.Enum('excellent', 'good', 'fair', 'poor', name='grade', native_enum=False, length=32), nullable=False),
    sa.Column('words', sa.String(length=200), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('made_on', sa.Date(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('township_id', sa.Integer(), nullable=False),
    sa.Column('county_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_volunteer_appraisal_person_id_person')),
    sa.ForeignKeyConstraint(['unit_id', 'township_id', 'county_id'], ['unit.id', 'unit.township_id', 'unit.county_id'], name=op.f('fk_volunteer_appraisal_unit_id_unit'), onupdate='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['volunteer_id'], ['volunteer.id'], name=op.f('fk_volunteer_appraisal_volunteer_id_volunteer'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_volunteer_appraisal')),
    sa.UniqueConstraint('county_id', 'volunteer_id', 'year', name=op.f('uq_volunteer_appraisal_county_id_volunteer_id_year')),
    sa.UniqueConstraint('public_id', name=op.f('uq_volunteer_appraisal_public_id'))
    )
    op.create_index('ix_volunteer_appraisal_unit_id', 'volunteer_appraisal', ['unit_id'], unique=False)
    op.create_index(op.f('ix_volunteer_appraisal_volunteer_id'), 'volunteer_appraisal', ['volunteer_id'], unique=False)

    op.create_table('volunteer_training',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=True),
    sa.Column('volunteer_id', sa.Integer(), nullable=False),
    sa.Column('course', sa.String(length=80), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('hours', sa.Integer(), nullable=False),
    sa.Column('certificate', sa.String(length=60), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('township_id', sa.Integer(), nullable=False),
    sa.Column('county_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['unit_id', 'township_id', 'county_id'], ['unit.id', 'unit.township_id', 'unit.county_id'], name=op.f('fk_volunteer_training_unit_id_unit'), onupdate='CASCADE', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['volunteer_id'], ['volunteer.id'], name=op.f('fk_volunteer_training_volunteer_id_volunteer'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_volunteer_training')),
    sa.UniqueConstraint('public_id', name=op.f('uq_volunteer_training_public_id'))
    )
    op.create_index('ix_volunteer_training_unit_id', 'volunteer_training', ['unit_id'], unique=False)
    op.create_index(op.f('ix_volunteer_training_volunteer_id'), 'volunteer_training', ['volunteer_id'], unique=False)

    with op.batch_alter_table('volunteer', schema=None) as batch_op:
        batch_op.add_column(sa.Column('team', sa.Enum('care', 'family', 'guides', 'service', name='volunteerteam', native_enum=False, length=32), nullable=True))
        batch_op.add_column(sa.Column('skills', sa.String(length=160), server_default='', nullable=False))
        batch_op.add_column(sa.Column('slots', sa.String(length=160), server_default='', nullable=False))
        batch_op.add_column(sa.Column('status_since', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('status_note', sa.String(length=200), server_default='', nullable=False))
        batch_op.add_column(sa.Column('promised_on', sa.Date(), nullable=True))
        batch_op.create_index('ix_volunteer_town', ['township_id', 'status'], unique=False)



def downgrade():
    with op.batch_alter_table("volunteer") as batch_op:
        batch_op.drop_index("ix_volunteer_town")
        for column in ("promised_on", "status_note", "status_since", "slots", "skills", "team"):
            batch_op.drop_column(column)
    for table in ("volunteer_training", "volunteer_appraisal", "vetting"):
        op.drop_table(table)
