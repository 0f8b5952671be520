"""For what and how long a file is kept: `cards`, `consents`, `papers`, `requests`, `copies` for the family;
`rules` of the county, `archive` and `erasing` when a child has left (security design §3.5–3.7)."""
