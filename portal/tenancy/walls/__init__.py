"""The walls. `orm` cuts what the ORM asks; `postgresql` and `sqlite` cut whatever reaches the database.

`fences` says once, from the scoped classes, what each table lets each level read and write; both database
walls are compiled from it. `context` tells the database whose transaction it is (docs/adr/0007).
"""
