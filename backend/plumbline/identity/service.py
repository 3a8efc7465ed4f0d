"""People, credentials and sessions: the rules behind signing in. Functions take a session and add rows."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select
from uuid_utils.compat import uuid7

from plumbline.db import now, reading, writing
from plumbline.identity import passwords, throttle, tokens
from plumbline.identity.devices import enrol
from plumbline.identity.errors import LoginTaken, WrongPassword
from plumbline.identity.models import Credential, Device, DevicePerson, Person
from plumbline.identity.schemas import SignIn
from plumbline.problems import NotFound, SignInNeeded
from plumbline.settings import Settings


@dataclass(frozen=True)
class Opened:
    """A session just opened or renewed: tokens of one person on one device."""

    person: Person
    login: str | None
    device_id: UUID
    access_token: str
    refresh_token: str


def create_person(
    session: Session, display_name: str, *, id: UUID | None = None, is_server_admin: bool = False
) -> Person:
    """Add a person; flushes, because credentials and devices refer to it."""
    person = Person(id=id or uuid7(), display_name=display_name, created_at=now(), is_server_admin=is_server_admin)
    session.add(person)
    session.flush()
    return person


def rename(session: Session, person_id: UUID, display_name: str) -> None:
    """Correct a person's name; acts name people by id, so nothing signed changes."""
    person = session.get_one(Person, person_id)
    person.display_name = display_name


def set_password(session: Session, person_id: UUID, login: str, password_hash: str) -> None:
    """Give a person a login, or another one, with a hash from passwords.hash_password. Flushes. Raises LoginTaken."""
    login = passwords.clean_login(login)
    holder = session.exec(select(Credential).where(Credential.login == login)).first()
    if holder and holder.person_id != person_id:
        raise LoginTaken(login=login)
    credential = session.get(Credential, person_id) or Credential(person_id=person_id, login=login, password_hash="")
    credential.login = login
    credential.password_hash = password_hash
    try:
        with session.begin_nested():
            session.add(credential)
    except IntegrityError as taken:  # Somebody took the login in this moment.
        raise LoginTaken(login=login) from taken


def create_with_password(
    session: Session, display_name: str, login: str, password: str, *, is_server_admin: bool = False
) -> Person:
    """Add a person who signs in by password. Raises WeakPassword, LoginTaken."""
    password_hash = passwords.hash_password(password, login)
    person = create_person(session, display_name, is_server_admin=is_server_admin)
    set_password(session, person.id, login, password_hash)
    return person


def create_administrator(engine: Engine, display_name: str, login: str, password: str) -> UUID:
    """Make the person who may create projects on this server (`plumbline admin create`); returns their id.

    Raises WeakPassword, LoginTaken.
    """
    with writing(engine) as session:
        return create_with_password(session, display_name, login, password, is_server_admin=True).id


def reset_password(engine: Engine, login: str, password: str) -> None:
    """Give a login a new password and end its sessions (`plumbline admin password`). Raises WeakPassword, NotFound."""
    password_hash = passwords.hash_password(password, login)
    with writing(engine) as session:
        held = select(Credential).where(Credential.login == passwords.clean_login(login))
        credential = session.exec(held).first()
        if credential is None:
            raise NotFound
        credential.password_hash = password_hash
        tokens.revoke_person_tokens(session, credential.person_id)


def login_of(session: Session, person_id: UUID) -> str | None:
    """The person's login, None when they have no password."""
    credential = session.get(Credential, person_id)
    return credential.login if credential else None


def open_session(session: Session, settings: Settings, person_id: UUID, device_id: UUID) -> Opened:
    """Start a session of a person on an enrolled device: a first refresh token and an access token."""
    family_id = tokens.new_family()
    refresh_token = tokens.issue_refresh(session, settings, person_id, device_id, family_id)
    return _opened(session, settings, person_id, device_id, family_id, refresh_token)


def _opened(
    session: Session, settings: Settings, person_id: UUID, device_id: UUID, family_id: UUID, refresh_token: str
) -> Opened:
    return Opened(
        person=session.get_one(Person, person_id),
        login=login_of(session, person_id),
        device_id=device_id,
        access_token=tokens.issue_access(settings, person_id, device_id, family_id),
        refresh_token=refresh_token,
    )


def sign_in(engine: Engine, settings: Settings, data: SignIn, address: str) -> Opened:
    """Check a password and open a session. Raises WrongPassword, TooManyTries, and what `enrol` raises.

    The hash is computed outside any transaction: it takes tens of milliseconds, and the embedded database has
    one writer.
    """
    login = passwords.clean_login(data.login)
    counted = throttle.sign_in_counts(login, address)
    with reading(engine) as session:
        throttle.check(session, counted)
        credential = session.exec(select(Credential).where(Credential.login == login)).first()
    stored = credential.password_hash if credential else None
    right = passwords.is_right(stored, data.password)
    if credential is None or stored is None or not right:
        with writing(engine) as session:
            throttle.note_failure(session, counted)
        raise WrongPassword
    better = passwords.HASHER.hash(data.password) if passwords.needs_rehash(stored) else None
    with writing(engine) as session:
        if better:
            session.get_one(Credential, credential.person_id).password_hash = better
        device = enrol(session, credential.person_id, data.device)
        return open_session(session, settings, credential.person_id, device.id)


def renew(engine: Engine, settings: Settings, refresh_token: str) -> Opened:
    """Trade a refresh token for the next one. Raises SignInNeeded.

    Refuses after the commit: a token that came back stolen must leave its family revoked.
    """
    with writing(engine) as session:
        spent = tokens.spend_refresh(session, settings, refresh_token)
        if spent:
            row, following = spent
            return _opened(session, settings, row.person_id, row.device_id, row.family_id, following)
    raise SignInNeeded


def enrol_device(session: Session, person_id: UUID, public_key: bytes, label: str, *, id: UUID | None = None) -> Device:
    """Enrol a key known to the server's own code (the sample's devices); `public_key` is the 65-byte point."""
    device = Device(id=id or uuid7(), kind="phone", label=label, public_key=public_key, enrolled_at=now())
    session.add(device)
    session.flush()
    session.add(DevicePerson(device_id=device.id, person_id=person_id))
    return device
