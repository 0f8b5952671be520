"""Accounts: passwords, second factor, signing in, lockout, sessions, and who an account is today."""
