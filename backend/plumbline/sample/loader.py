"""Loading the sample: two projects, told by signed acts with the times of the weeks before today; sign-ins last.

state.py says what becomes of a load that is cut off.
"""

import random
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from plumbline import codes, db, jobs
from plumbline.acts import house
from plumbline.acts.door import Door
from plumbline.identity import passwords
from plumbline.identity import service as identity
from plumbline.jobs import Context
from plumbline.sample import people, pier, pier_story, state, tower, tower_story
from plumbline.sample.album import Album
from plumbline.sample.ground import Ground, Task
from plumbline.sample.opening import open_site
from plumbline.sample.people import ADMINISTRATOR, Member
from plumbline.sample.phone import Phone
from plumbline.sample.rows import Story
from plumbline.sample.site import Site
from plumbline.sample.telling import tell_material
from plumbline.sample.working import Working
from plumbline.settings import Settings
from plumbline.storage import service as storage

SignIn = Mapping[str, str]


def load(engine: Engine, settings: Settings) -> Iterable[SignIn]:
    """Load both projects; returns login, password, display_name and role of those who sign in.

    Raises SampleThere, SampleIncomplete (with a sentence on what to do), SampleRefused.
    """
    state.check_absent(engine)
    _prepare(engine, settings)
    context = Context(engine, settings, storage.open_store(settings))
    administrator = _enrol(engine, [ADMINISTRATOR], is_server_admin=True)
    first = _enrol(engine, people.TOWER_PEOPLE)
    second = _enrol(engine, people.PIER_PEOPLE)
    _tower(_site(context, tower.GROUND, {**first, **administrator}))
    _pier(_site(context, pier.GROUND, {**second, **administrator}))
    return _sign_ins(
        engine,
        [
            (ADMINISTRATOR, administrator),
            *((member, first) for member in people.TOWER_PEOPLE if member.login),
            *((member, second) for member in people.PIER_PEOPLE if member.login),
        ],
    )


def _prepare(engine: Engine, settings: Settings) -> None:
    """What the application does at its start, and acts need: the registry, the house's key, job tables, the store."""
    from plumbline.app import import_packages

    import_packages()
    house.enrol(engine, settings)
    jobs.prepare(settings)
    storage.set_up(settings)


def _enrol(engine: Engine, members: Sequence[Member], *, is_server_admin: bool = False) -> dict[str, Phone]:
    """People and their phones; both are kept tables, which identity fills without acts."""
    phones: dict[str, Phone] = {}
    with db.writing(engine) as session:
        for number, member in enumerate(members):
            person = identity.create_person(session, member.name, is_server_admin=is_server_admin)
            phone = Phone(person.id, house.new_id(), skew_ms=(number * 137) % 900 - 300)
            identity.enrol_device(session, person.id, phone.point, f"Sample phone · {member.name}", id=phone.id)
            phones[member.key] = phone
    return phones


def _site(context: Context, ground: Ground, phones: dict[str, Phone]) -> Site:
    return Site(
        context=context,
        door=Door(context.engine, context.settings),
        project_id=house.new_id(),
        zone=ZoneInfo(ground.time_zone),
        now=db.now() - timedelta(seconds=1),
        phones=phones,
        rng=random.Random(ground.code),
    )


def _tower(site: Site) -> None:
    tasks = tower.tasks()
    open_site(
        site, tower.GROUND, people.TOWER_ORGANIZATIONS, people.TOWER_CREWS, people.TOWER_PEOPLE, tower.PLACES,
        tower.MACHINES, tasks,
    )  # fmt: skip
    _tell(site, tower.GROUND, tasks, tower_story.STORY)


def _pier(site: Site) -> None:
    tasks = pier.tasks()
    open_site(
        site, pier.GROUND, people.PIER_ORGANIZATIONS, people.PIER_CREWS, people.PIER_PEOPLE, pier.PLACES,
        pier.MACHINES, tasks,
    )  # fmt: skip
    _tell(site, pier.GROUND, tasks, pier_story.STORY)


def _tell(site: Site, ground: Ground, tasks: Sequence[Task], story: Story) -> None:
    album = Album(site, ground, {task.code: task for task in tasks})
    tell_material(site, album, story)
    Working(site, album, story).tell()
    site.play()


def _sign_ins(engine: Engine, who: Sequence[tuple[Member, Mapping[str, Phone]]]) -> list[SignIn]:
    """Give logins and random passwords, all in one transaction; hashed before it, since that takes long."""
    words = {member.key + member.login: _password() for member, _ in who}
    hashes = {key: passwords.hash_password(word) for key, word in words.items()}
    made: list[SignIn] = []
    with db.writing(engine) as session:
        for member, phones in who:
            key, person_id = member.key + member.login, _person(phones, member)
            identity.set_password(session, person_id, member.login, hashes[key])
            made.append(
                {
                    "login": member.login,
                    "password": words[key],
                    "display_name": member.name,
                    "role": member.title,
                }
            )
    return made


def _person(phones: Mapping[str, Phone], member: Member) -> UUID:
    return phones[member.key].person_id


def _password() -> str:
    """60 random bits in three groups of four letters that nobody misreads."""
    letters = "".join(secrets.choice(codes.ALPHABET) for _ in range(12))
    return "-".join(letters[n : n + 4] for n in range(0, 12, 4))
