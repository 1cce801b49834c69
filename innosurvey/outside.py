"""Text cut at marks that stand outside brackets, as the terms of models and their names are."""


def split_outside(text: str, mark: str) -> list[str]:
    """Return the parts of a text between marks outside (…) and […], without spaces around them."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter in "([") - (letter in ")]")
        if letter == mark and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]
