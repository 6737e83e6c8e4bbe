"""Folds logs from nothing and says what they add up to.

It is the other way to every figure that the read models give: it shares no fold of figures and no
SQL with them, so that a mistake in one of them shows as a difference.
"""
