"""From a sound course to the formats that other programs read, one module for each format.

What a format cannot hold is told in remarks and never dropped silently.
"""
