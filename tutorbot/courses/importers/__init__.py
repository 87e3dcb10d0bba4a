"""From the formats that instructors already have to a course, one module for each format.

An importer never raises over what a file says, and drops nothing silently: what cannot be carried
over, what contradicts itself and what is missing become remarks. The course need not be sound; its
text goes through the check like any other.
"""
