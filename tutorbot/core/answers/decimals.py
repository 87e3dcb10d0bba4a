"""Two enclosed values as decimals that people read: 12.77, in place of a ball around it."""

from flint import acb, arb

FIGURES = (4, 6, 9, 15, 30)


def apart(one: arb | acb, other: arb | acb) -> tuple[str, str]:
    """Both with as many figures as it takes to tell them apart, at least four.

    >>> apart(arb(2).sqrt(), arb(3).sqrt())
    ('1.414', '1.732')
    """
    shown = ("", "")
    for figures in FIGURES:
        shown = decimal(one, figures), decimal(other, figures)
        if shown[0] != shown[1]:
            break
    return shown


def decimal(value: arb | acb, figures: int) -> str:
    """About so many figures: −0.5, 1.2e+30, 1 + 2.5i."""
    if isinstance(value, arb):
        return _real(value, figures)
    if value.imag.contains(0):
        return _real(value.real, figures)
    imaginary = f"{_real(abs(value.imag), figures)}i"
    negative = value.imag < 0
    if value.real.contains(0):
        return f"−{imaginary}" if negative else imaginary
    return f"{_real(value.real, figures)} {'−' if negative else '+'} {imaginary}"


def _real(value: arb, figures: int) -> str:
    text = value.str(figures, radius=False)
    if "." in text and "e" not in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "−")
