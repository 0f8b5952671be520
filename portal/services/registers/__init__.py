"""Registers: the 花名册 as a workbook, read from untrusted bytes and written back."""
