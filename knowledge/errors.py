"""Errors that a person reads: each message says in Vietnamese what happened and what to do."""

from __future__ import annotations


class SotayError(Exception):
    """Base of every expected failure; `str(error)` is for the user."""

    exit_code = 1


class BadInput(SotayError):
    """What was given cannot be used as it is (a question, a date, a file)."""

    exit_code = 2


class BadSettings(SotayError):
    """A setting is missing, malformed or unsafe."""

    exit_code = 3


class FolderOwned(SotayError):
    """Another process owns the data folder."""

    exit_code = 4


class StoreDamaged(SotayError):
    """The database cannot be read."""

    exit_code = 5


class Unreadable(SotayError):
    """A file could not be read; the message is the reason that the report shows."""


class Refused(Unreadable):
    """A file is refused before reading: wrong type, too large, hostile."""
