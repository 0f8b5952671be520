"""People: who is on duty where, who let her in, one-time codes, ending a grant, handing work over."""
