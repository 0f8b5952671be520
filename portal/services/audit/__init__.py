"""Audit: one line per act, written and chained in the transaction of the act (docs/adr/0011).

`record` for an act, `read` for a sensitive read, `record_system` where there is no actor yet. Reading the
lines: `lines`; their Chinese: `sentences`; the chain: `chain`; proving it: `verify`, `anchors`.
"""

from portal.services.audit.looking import read, take_reads, write_reads
from portal.services.audit.recording import record, record_system

__all__ = ["read", "record", "record_system", "take_reads", "write_reads"]
