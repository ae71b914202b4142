"""Made-up profiles and their secrets: the same seed and name give the same ones, also after a restart."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

FIRST = "campaign"
"""The name of the account that every site has from its start."""


@dataclass(frozen=True, slots=True)
class Account:
    """One profile on a site. `secrets` by the names that the environment gives them."""

    id: str
    name: str
    secrets: Mapping[str, str]


class Accounts:
    """The profiles of one site. `make` gives one its secrets."""

    def __init__(self, make: Callable[[str], Account]) -> None:
        self._make = make
        self._by_name: dict[str, Account] = {}
        self.add(FIRST)

    def add(self, name: str) -> Account:
        """A further profile, or the one that has this name already."""
        if name not in self._by_name:
            self._by_name[name] = self._make(name)
        return self._by_name[name]

    @property
    def first(self) -> Account:
        return self._by_name[FIRST]

    def by_id(self, account_id: str) -> Account | None:
        return next((one for one in self._by_name.values() if one.id == account_id), None)

    def by_secret(self, field: str, value: str) -> Account | None:
        return next((one for one in self._by_name.values() if value and one.secrets[field] == value), None)

    def become(self, account_id: str, name: str = FIRST) -> None:
        """The same tokens belong to another profile from now on."""
        self._by_name[name] = replace(self._by_name[name], id=account_id)

    def revoke(self, name: str = FIRST) -> None:
        """Its tokens are worth nothing any more; the profile and its id stay."""
        old = self._by_name[name]
        self._by_name[name] = replace(old, secrets=dict.fromkeys(old.secrets, ""))


def made_up(*names: str) -> str:
    """A secret-looking text of 40 letters and digits."""
    return hashlib.sha256("/".join(names).encode()).hexdigest()[:40]


def made_up_id(*names: str) -> str:
    """An account id: 18 digits."""
    return str(10**17 + int(made_up(*names), 16) % (9 * 10**17))
