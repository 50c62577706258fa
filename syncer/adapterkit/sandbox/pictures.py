"""Pictures of what a stand-in holds, taken and given back within one process."""

import pickle
from io import BytesIO
from typing import Any, Final

_OWNER: Final = "the stand-in itself"


class _Pickler(pickle.Pickler):
    """Leaves the owner out: what refers to it, such as its clock, refers to it again."""

    def __init__(self, file: BytesIO, owner: object) -> None:
        super().__init__(file)
        self._owner = owner

    def persistent_id(self, obj: Any) -> str | None:
        return _OWNER if obj is self._owner else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: BytesIO, owner: object) -> None:
        super().__init__(file)
        self._owner = owner

    def persistent_load(self, pid: Any) -> object:
        if pid != _OWNER:
            raise pickle.UnpicklingError(f"{pid} is in no picture")
        return self._owner


def pictured(owner: object, held: object) -> bytes:
    """A copy of ``held``, in which mentions of its ``owner`` stay mentions."""
    file = BytesIO()
    _Pickler(file, owner).dump(held)
    return file.getvalue()


def recalled(owner: object, picture: bytes) -> Any:
    """What :func:`pictured` copied. Only for pictures that this process took."""
    return _Unpickler(BytesIO(picture), owner).load()
