"""Leadership (S01–S06): groups and their posts (`groups`, `posts`), the liaison network (`network`), meetings
and decisions (`meetings`), plans and targets (`plans`), who has no group below (`below`), the paper that tells
of a change (`notice`)."""
