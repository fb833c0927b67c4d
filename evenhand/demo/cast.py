"""The cast: the same few named people in the demo, the tests, the docs and the screenshots.

The vendor makes Quillwork, a program for writing documents together. Six agents answer its customers.
"""

from __future__ import annotations

from dataclasses import dataclass

TEAM = "Support"
DOMAIN = "quillwork.example"


@dataclass(frozen=True)
class CastAgent:
    """An agent of the demo desk; no topics means any topic."""

    name: str
    languages: tuple[str, ...]
    topics: tuple[str, ...] = ("everyday",)
    is_admin: bool = False

    @property
    def email(self) -> str:
        return f"{self.name.split()[0].lower()}@{DOMAIN}"


@dataclass(frozen=True)
class CastCustomer:
    """A customer of the demo desk, with the organisation they write for ("" for nobody but themselves)."""

    name: str
    email: str
    language: str
    organisation: str = ""


INES = CastAgent("Ines Carvalho", ("en", "pt", "es", "fr"), is_admin=True)
JONAS = CastAgent("Jonas Weber", ("en", "de"), topics=("everyday", "integrations"))
LAYLA = CastAgent("Layla Haddad", ("en", "ar", "he", "fr"))
KENJI = CastAgent("Kenji Mori", ("en", "ja", "zh"))
VERA = CastAgent("Vera Sokolova", ("en", "ru", "pl", "de"))
THEO = CastAgent("Theo Papadakis", ("en", "el", "es"), topics=("everyday", "integrations"))
AGENTS = (INES, JONAS, LAYLA, KENJI, VERA, THEO)

# Identical but for the ledger: the same words at the same hour, the same history. Whatever the desk shows of one it
# must show of the other.
TWINS = (
    CastCustomer("Robin Vale", "robin@northvale.example", "en", "North Vale Bakery"),
    CastCustomer("Robyn Vale", "robyn@southvale.example", "en", "South Vale Bakery"),
)
# Whose program went wrong one afternoon and sent sixty questions within an hour.
FLOOD = CastCustomer("Basil Crane", "basil@crane.example", "en", "Crane & Daughters")
CUSTOMERS = (
    *TWINS,
    FLOOD,
    CastCustomer("Mireille Fontaine", "mireille@atelier-fontaine.example", "fr", "Atelier Fontaine"),
    CastCustomer("Jürgen Größmann", "juergen@nordlicht-logistik.example", "de", "Nordlicht Logistik"),
    CastCustomer("田中 美穂", "miho@takahashi.example", "ja", "高橋製作所"),
    CastCustomer("Дарья Соколова", "darja@majak.example", "ru", "Студия Маяк"),
    CastCustomer("Ελένη Γεωργίου", "eleni@aigaio.example", "el", "Ναυτιλιακή Αιγαίο"),
    CastCustomer("فاطمة الحسن", "fatima@alnoor.example", "ar", "مكتبة النور"),
    CastCustomer("נועם ברק", "noam@barak.example", "he"),
    CastCustomer("Zoë Ní Bhriain", "zoe@nibhriain.example", "en"),
    CastCustomer("Łucja Świątek", "lucja@swiatek.example", "pl"),
)
