"""What the parts of a document are made of."""

import msgspec


class Part(msgspec.Struct, frozen=True, kw_only=True, tag_field="is", tag=True):
    """A part of the document model; in JSON it names its kind in `is`.

    A document has a hundred thousand parts, and several renderers read it: `msgspec` makes and reads them in a fraction
    of the time that data classes take.
    """
