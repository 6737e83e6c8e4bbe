"""The pure rules, one noun a file.

No I/O, no clock, no third party but the aggregate base and the holiday calendar.
"""
