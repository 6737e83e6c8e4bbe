"""The composition root: settings, processes and the command line.

No rule of the field stands here.
"""
