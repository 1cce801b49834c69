"""The layouts of HTML pages: Jinja templates in which texts are escaped, and a name that is not given is an error."""

import jinja2


def layout_of(text: str) -> jinja2.Template:
    """Return the template of a page."""
    made = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return made.from_string(text)
