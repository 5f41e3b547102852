"""Who may use the bot, and as what: open to all, by invitation, or by list; users, reviewers, admins."""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Connection, Engine, Float, Integer, String, Table, delete, select
from sqlalchemy import update as sql_update

from bot.once import insert_once
from knowledge.database import METADATA
from knowledge.settings import Settings

PEOPLE = Table(
    "telegram_people",
    METADATA,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(80), nullable=False),
    Column("role", String(10), nullable=False),  # user, reviewer, admin
    Column("added", Float, nullable=False),
    Column("added_by", BigInteger, nullable=False),
)

INVITES = Table(
    "telegram_invites",
    METADATA,
    Column("code", String(64), primary_key=True),  # a hash: the code itself is known to its bearer only
    Column("role", String(10), nullable=False),
    Column("uses", Integer, nullable=False),
    Column("until", Float, nullable=False),
    Column("made_by", BigInteger, nullable=False),
)

ROLES = ("user", "reviewer", "admin")
_DAYS = 7


@dataclass(frozen=True)
class Invite:
    """What a code is good for."""

    code: str
    role: str
    uses: int


class People:
    """Roles and invitations. Blocking; what changes them takes a connection, to act with an update's settling."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self.engine, self.settings = engine, settings

    def role(self, user_id: int) -> str | None:
        """A person's role; None for a stranger. The settings' admins are admins whatever the database says."""
        if user_id in self.settings.telegram_admins:
            return "admin"
        with self.engine.connect() as connection:
            return connection.scalar(select(PEOPLE.c.role).where(PEOPLE.c.user_id == user_id))

    def may_ask(self, user_id: int) -> bool:
        """Whether the access mode lets a person in."""
        if self.settings.telegram_access == "open":
            return True
        return user_id in self.settings.telegram_allowed or self.role(user_id) is not None

    def everyone(self) -> list[tuple[int, str, str]]:
        """Number, name and role of all who were given one."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(PEOPLE).order_by(PEOPLE.c.role, PEOPLE.c.name)).all()
        return [(row.user_id, row.name, row.role) for row in rows]

    def of_role(self, role: str) -> list[int]:
        """The numbers of all with a role; admins of the settings included."""
        found = [number for number, _, r in self.everyone() if r == role]
        return sorted({*found, *(self.settings.telegram_admins if role == "admin" else [])})

    def new_code(self) -> str:
        """A code that can be part of a t.me link."""
        return secrets.token_urlsafe(12)

    def invite(self, connection: Connection, code: str, role: str, uses: int, made_by: int) -> None:
        """Make a code good for so many people to take a role, for a week."""
        until = time.time() + _DAYS * 86400
        row = {"code": _hash(code), "role": role, "uses": uses, "until": until, "made_by": made_by}
        connection.execute(INVITES.insert().values(row))

    def known_code(self, code: str) -> str | None:
        """The role that a code gives; None when it is wrong, used up or too old."""
        query = select(INVITES.c.role).where(INVITES.c.code == _hash(code), INVITES.c.uses > 0)
        with self.engine.connect() as connection:
            return connection.scalar(query.where(INVITES.c.until > time.time()))

    def redeem(self, connection: Connection, code: str, user_id: int, name: str) -> None:
        """Take the code's role, if there is still a place. Never lowers a role."""
        used = connection.execute(
            sql_update(INVITES)
            .where(INVITES.c.code == _hash(code), INVITES.c.uses > 0, INVITES.c.until > time.time())
            .values(uses=INVITES.c.uses - 1)
        )
        if used.rowcount == 0:
            return
        invite = connection.execute(select(INVITES).where(INVITES.c.code == _hash(code))).one()
        row = {"user_id": user_id, "name": name[:80], "role": invite.role, "added": time.time()}
        if not insert_once(connection, PEOPLE, [row | {"added_by": invite.made_by}], PEOPLE.c.user_id):
            now = connection.scalar(select(PEOPLE.c.role).where(PEOPLE.c.user_id == user_id)) or "user"
            if ROLES.index(invite.role) > ROLES.index(now):
                connection.execute(sql_update(PEOPLE).where(PEOPLE.c.user_id == user_id).values(role=invite.role))

    def remove(self, connection: Connection, user_id: int) -> None:
        """Take a person's role away."""
        connection.execute(delete(PEOPLE).where(PEOPLE.c.user_id == user_id))


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
