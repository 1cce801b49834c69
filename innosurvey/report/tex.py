"""Words as LaTeX: every sign that LaTeX would take for a command is written so that it is only a sign.

What has no name here stays as it is, in UTF-8: LaTeX reads Latin letters with accents, XeLaTeX and LuaLaTeX Korean
ones, too.
"""

import re

SIGNS = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "`": r"\textasciigrave{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "[": "{[}",  # behind the end of a row a bracket would be read as its height,
    "]": "{]}",
    "*": "{*}",  # and a star as its kind
    "\n": " ",
    "\u200b": r"\hspace{0pt}",
    "\N{NO-BREAK SPACE}": "~",
    "\N{MINUS SIGN}": "$-$",
    "\N{EN DASH}": r"\textendash{}",
    "\N{EM DASH}": r"\textemdash{}",
    "“": r"\textquotedblleft{}",
    "”": r"\textquotedblright{}",
    "‘": r"\textquoteleft{}",
    "’": r"\textquoteright{}",
    "…": r"\dots{}",
    "·": r"\textperiodcentered{}",
    "†": r"\textdagger{}",
    "‡": r"\textdaggerdbl{}",
    "€": r"\texteuro{}",
    "±": r"$\pm$",
    "×": r"$\times$",
    "²": r"$^{2}$",
    "³": r"$^{3}$",
    "≤": r"$\leq$",
    "≥": r"$\geq$",
    "≠": r"$\neq$",
    "≈": r"$\approx$",
    "→": r"$\rightarrow$",
    "↔": r"$\leftrightarrow$",
    "∞": r"$\infty$",
    "√": r"$\surd$",
    "Σ": r"$\Sigma$",
    "Δ": r"$\Delta$",
    "Φ": r"$\Phi$",
    "✓": r"$\checkmark$",
}
GREEK_NAMES = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho varsigma sigma tau upsilon"
    " phi chi psi omega"
)
GREEK = {chr(code): rf"$\{name}$" for code, name in enumerate(GREEK_NAMES.split(), start=ord("α"))} | {"ο": "o"}
_WRITTEN = str.maketrans(SIGNS | GREEK)
_LIGATURE = re.compile(r"(?<=([-',]))(?=\1)")
"""Between two signs that LaTeX would draw as one other."""


def tex(text: str) -> str:
    """Return words as LaTeX that shows them, on one line."""
    return "{}".join(part.translate(_WRITTEN) for part in _LIGATURE.sub("\0", text).split("\0"))
