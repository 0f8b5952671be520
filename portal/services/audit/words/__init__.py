"""What each action is called in plain words, floor by floor. A test fails for an action that has no sentence here.

A sentence follows who did it: "张敏 (…) logged a visit: …". Its places are filled from the line's details.
"""
