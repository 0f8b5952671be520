"""Pairings (S19–S27): who helps whom. A pairing opens a helper's sight of the child, its end closes it.

`reading` lists them, `choosing` suggests a helper, `arranging` makes one, `agreeing` is the second person's yes,
`following` keeps plan and effect, `ending` ends or hands over, `gaps` says what is missing, `numbers` counts,
`peers` are pupils who help each other.
"""
