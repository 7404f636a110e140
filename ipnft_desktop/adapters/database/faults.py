"""What the database's own errors mean to a person."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError

from ipnft_desktop.domain.errors import Defect, EnvironmentFault, ErrorCode, IpnftError, UserError

# SQLite names the columns of a broken uniqueness, PostgreSQL the constraint.
_OPEN_INTENT = ("mint_intents.asset_id", "uq_mint_intents_open", "uq_mint_intents_current")
_IDEMPOTENCY = ("mint_jobs.idempotency_key", "uq_mint_jobs_idempotency_key")
_NONCE = ("transactions.nonce", "uq_transactions_nonce")
_NO_CHAIN = ("NOT NULL constraint failed: transactions.chain_instance_id", 'null value in column "chain_instance_id"')
_TOKEN = ("tokens.token_id", "pk_tokens")

_DISK_FULL = frozenset({"SQLITE_FULL"})
_BUG = frozenset({"SQLITE_ERROR", "SQLITE_MISUSE", "SQLITE_RANGE", "SQLITE_MISMATCH", "SQLITE_TOOBIG"})
"""Wrong SQL or a wrong use of the library: ours. Every other class comes from the file or its disk."""


def translate(error: SQLAlchemyError) -> IpnftError:
    """The domain's error for one of SQLAlchemy. The wording of the driver is kept, statements and values are not."""
    if isinstance(error, IntegrityError):
        return _broken_constraint(str(error.orig))
    if not isinstance(error, DBAPIError):
        return Defect(f"{type(error).__name__}: {error}")
    if isinstance(error.orig, sqlite3.Error):
        return _sqlite(error.orig)
    if isinstance(error, OperationalError):
        return EnvironmentFault(ErrorCode.DATABASE_UNAVAILABLE, str(error.orig))
    return Defect(str(error.orig))


def _sqlite(error: sqlite3.Error) -> IpnftError:
    name: str = getattr(error, "sqlite_errorname", "SQLITE_MISUSE")
    if name in _DISK_FULL:
        return EnvironmentFault(ErrorCode.DISK_FULL, str(error))
    if name in _BUG:
        return Defect(f"{name}: {error}")
    return EnvironmentFault(ErrorCode.DATABASE_UNAVAILABLE, f"{error} ({name})")


def _broken_constraint(message: str) -> IpnftError:
    def names(candidates: tuple[str, ...]) -> bool:
        return any(candidate in message for candidate in candidates)

    if names(_OPEN_INTENT):
        return UserError(ErrorCode.MINT_INVALID_STATE, "a mint of this asset is open already")
    if names(_IDEMPOTENCY):
        return UserError(ErrorCode.MINT_INVALID_STATE, "this request was recorded already")
    if names(_NONCE):
        return EnvironmentFault(ErrorCode.NONCE_CONFLICT, "a signed transaction of ours holds this nonce")
    if names(_NO_CHAIN):
        return Defect("nothing is signed before a chain is bound")
    if names(_TOKEN):
        return UserError(ErrorCode.DUPLICATE_ASSET, "the register has this token already")
    return Defect(f"broken constraint: {message}")
