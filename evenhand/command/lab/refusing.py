"""What the lab refuses, said in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from evenhand.lab.refused import Refused


def clearly(function: Callable[..., None]) -> Callable[..., None]:
    """What the lab refuses is said in its sentence, not in a traceback."""

    @wraps(function)
    def said(*args: Any, **options: Any) -> None:
        try:
            function(*args, **options)
        except Refused as refused:
            raise click.ClickException(str(refused)) from None
        except OSError as error:
            name = str(error.filename or "").removesuffix(".part")  # written beside the file and then put in its place
            raise click.ClickException(f"{error.strerror or error}: {name}".rstrip(": ")) from None
        except MemoryError:
            raise click.ClickException(
                "There is not enough memory for that many tickets; 112 bytes each are needed."
            ) from None

    return said
