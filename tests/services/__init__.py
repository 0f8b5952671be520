"""Services that live only as long as the tests: PostgreSQL, Redis, a browser and a Chinese font.

Nothing here needs a daemon, a port or a setting. `docs/testing.md` shows how they are used.
"""
