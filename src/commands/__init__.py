"""What a user can make happen: check access, load, decide, save.

One noun a file, one function a command; no I/O of its own.
"""
