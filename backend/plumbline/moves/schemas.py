"""Bodies of moves through a chain. Quantities are decimal strings in the lot's base unit."""

from typing import Literal
from uuid import UUID

from pydantic import Field, model_validator

from plumbline.acts.fields import Name, Note, NotNegative, Positive, Qr, Short
from plumbline.acts.registry import Body


class DispatchBody(Body):
    """lot:dispatch: a lot, or a part of it as a new lot, goes to another place; `via` is the vehicle, if it is one."""

    to: UUID
    lot: UUID | None = Field(None, description="Id of the new lot, when only a part goes.")
    quantity: Positive | None = Field(None, description="The part that goes; all of it when there is none.")
    via: UUID | None = None
    vehicle: Short | None = None
    delivery_note: Name | None = None
    qr: Qr | None = None
    note: Note | None = None

    @model_validator(mode="after")
    def _a_part_is_a_new_lot(self) -> "DispatchBody":
        if (self.lot is None) != (self.quantity is None):
            raise ValueError("a part needs its quantity and the id of its new lot")
        return self


class ArriveBody(Body):
    """lot:arrive: what was under way is received where it arrived, as much as was counted there."""

    quantity: NotNegative
    place: UUID | None = Field(None, description="Where it arrived, when not where it was sent.")
    note: Note | None = None


class CountBody(Body):
    """lot:count: so much is there. The difference is entered as counted in or out."""

    quantity: NotNegative
    note: Note | None = None


class TransferOutBody(Body):
    """lot:transfer_out: part of a lot leaves the project for another project, back to its supplier, or elsewhere."""

    quantity: Positive
    to: Name
    kind: Literal["project", "supplier", "other"]
    delivery_note: Name | None = None
    note: Note | None = None
