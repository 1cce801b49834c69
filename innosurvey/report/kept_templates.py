"""Templates as Jinja reads them: one that is as it was in the run before is not translated into Python again."""

from collections.abc import Mapping, MutableMapping
from functools import partial
from typing import Any

import jinja2

from innosurvey.kept import Kept


class KeptTemplates(jinja2.BaseLoader):
    """Loads templates from texts by name; `kept` has them of the run before as Python."""

    def __init__(self, templates: Mapping[str, str], kept: Kept) -> None:
        self.templates, self.kept = templates, kept

    def load(
        self, environment: jinja2.Environment, name: str, globals: MutableMapping[str, Any] | None = None
    ) -> jinja2.Template:
        """Return a template; `TemplateNotFound` and `TemplateSyntaxError` as Jinja's own loaders have them."""
        if name not in self.templates:
            raise jinja2.TemplateNotFound(name)
        source = self.templates[name]
        python = str(self.kept.of(partial(environment.compile, source, name, name, raw=True), name, source))
        return environment.template_class.from_code(environment, compile(python, name, "exec"), globals or {})
