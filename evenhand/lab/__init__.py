"""The lab: what every way of selling support would do to those who wait, to those who pay, and to those who answer.

A simulator of a help desk with its proofs, its economics and its staffing, reading and writing plain files and arrays.
Nothing is imported here: `evenhand.lab.compiled` brings numba, which a web process must never load.
"""
