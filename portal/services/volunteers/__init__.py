"""Volunteers (S77–S79): the roster (`roster`), entering and changing an entry (`entries`), checks, promise and
status (`vetting`), training and appraisal (`growth`)."""
