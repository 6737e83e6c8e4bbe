"""Read models, one a file: the events it folds, its rows and its queries.

Nothing here decides or writes an event.
"""
