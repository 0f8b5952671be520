"""Tenancy: units, memberships, roles, permissions, the actor, and the wall around every row."""
