"""How tightly the signs bind: the larger the number, the tighter."""

from typing import Final

SUM: Final = 10
PRODUCT: Final = 20
TIGHT: Final = 25  # a product without a sign, where that binds before a slash
POWER: Final = 40

SIGNS: Final = {
    "+": SUM,
    "-": SUM,
    "±": SUM,
    "∓": SUM,
    "*": PRODUCT,
    "×": PRODUCT,
    "/": PRODUCT,
    ":": PRODUCT,
}
