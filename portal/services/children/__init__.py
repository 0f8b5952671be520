"""Children: the file, and the left-behind status that is derived from its facts."""
