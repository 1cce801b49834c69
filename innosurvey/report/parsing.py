"""Markdown, as the section templates write it, into the blocks of the document model.

The Markdown is a small part of CommonMark: headings, paragraphs, bullets, quotes (which are notices), strong, emphasis,
code and links. Three kinds of link and
one fence are ours: `[12.3 %](trace:t7)` is a traced number, `[](see:table.x)` a reference, and a fence ```` ```place
```` holds the key of a table or figure.
Anything else is an error that names the section: a page must not lose what a template says.
"""

from collections.abc import Mapping, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from innosurvey.errors import StudyError
from innosurvey.report.document import (
    Block,
    BulletList,
    Code,
    Emphasis,
    Figure,
    Heading,
    Inline,
    Link,
    Notice,
    Paragraph,
    Reference,
    Table,
    Text,
    TracedNumber,
    plain_text,
)

CLOSERS = {"strong_open": "strong_close", "em_open": "em_close", "link_open": "link_close"}


def parse_section(section: str, markdown: str, placed: Mapping[str, Table | Figure]) -> tuple[str, list[Block]]:
    """Return the title (the one level-1 heading) and the blocks of a section.

    `placed` maps the keys of place fences to tables and figures. Raises `StudyError` for Markdown that the model has no
    block for.
    """
    tokens = MarkdownIt("commonmark").parse(markdown)
    blocks: list[Block] = []
    position = 0
    while position < len(tokens):
        block, position = next_block(section, tokens, position, placed)
        blocks.append(block)
    titles = [block for block in blocks if isinstance(block, Heading) and block.level == 1]
    if len(titles) != 1:
        raise StudyError(f"Section {section} has {len(titles)} level-1 headings; it must have exactly one, its title.")
    return plain_text(titles[0].inlines), with_heading_ids(
        section, [block for block in blocks if block is not titles[0]]
    )


def next_block(
    section: str, tokens: Sequence[Token], start: int, placed: Mapping[str, Table | Figure]
) -> tuple[Block, int]:
    """Return the block that begins at a token, and where the next one begins."""
    token = tokens[start]
    if token.type == "fence" and token.info.strip() == "place":
        return place(section, token.content.strip(), placed), start + 1
    end = closing(tokens, start)
    inside = tokens[start + 1 : end]
    if token.type == "heading_open":
        return Heading(level=int(token.tag[1]), inlines=inlines_of(section, inside[0]), id=""), end + 1
    if token.type == "paragraph_open":
        return Paragraph(inlines=inlines_of(section, inside[0])), end + 1
    if token.type == "bullet_list_open":
        return BulletList(items=tuple(inlines_of(section, item) for item in inside if item.type == "inline")), end + 1
    if token.type == "blockquote_open":
        lines = [inlines_of(section, item) for item in inside if item.type == "inline"]
        return Notice(inlines=tuple(inline for line in lines for inline in line)), end + 1
    raise unsupported(section, token)


def closing(tokens: Sequence[Token], start: int) -> int:
    """Return the position of the token that closes the one at `start`."""
    depth = 0
    for position in range(start, len(tokens)):
        depth += tokens[position].nesting
        if depth == 0:
            return position
    return len(tokens) - 1


def inlines_of(section: str, token: Token) -> tuple[Inline, ...]:
    """Return the inlines of an inline token."""
    return tuple(read_inlines(section, list(token.children or []))) if token.type == "inline" else ()


def read_inlines(section: str, tokens: list[Token]) -> list[Inline]:
    """Return the inlines of a run of tokens, nested ones inside theirs."""
    inlines: list[Inline] = []
    position = 0
    while position < len(tokens):
        token = tokens[position]
        if token.type in CLOSERS:
            end = closing(tokens, position)
            inlines.append(nested(section, token, tokens[position + 1 : end]))
            position = end + 1
            continue
        inlines.extend(leaf(section, token))
        position += 1
    return inlines


def leaf(section: str, token: Token) -> list[Inline]:
    """Return the inline of a token that holds no others."""
    if token.type == "text":
        return [Text(text=token.content)] if token.content else []
    if token.type in ("softbreak", "hardbreak"):
        return [Text(text=" ")]
    if token.type == "code_inline":
        return [Code(text=token.content)]
    raise unsupported(section, token)


def nested(section: str, token: Token, inside: list[Token]) -> Inline:
    """Return emphasis, a link, a traced number or a reference."""
    inlines = tuple(read_inlines(section, inside))
    if token.type != "link_open":
        return Emphasis(inlines=inlines, strong=token.type == "strong_open")
    href = str(token.attrs.get("href", ""))
    if href.startswith("trace:"):
        return TracedNumber(text=plain_text(inlines), trace=href.removeprefix("trace:"))
    if href.startswith("see:"):
        return Reference(target=href.removeprefix("see:"))
    if not href.startswith("https://"):
        raise StudyError(f"Section {section} links to {href!r}; links go to https:// addresses.")
    return Link(inlines=inlines, href=href)


def place(section: str, key: str, placed: Mapping[str, Table | Figure]) -> Table | Figure:
    """Return the table or figure of a place fence."""
    if key not in placed:
        raise StudyError(
            f"Section {section} places {key}, which was not made.\nThere are: {', '.join(sorted(placed)) or 'none'}."
        )
    return placed[key]


def with_heading_ids(section: str, blocks: list[Block]) -> list[Block]:
    """Return the blocks with ids on the headings, from the section and their order."""
    counted, named = 0, []
    for block in blocks:
        if isinstance(block, Heading):
            counted += 1
            block = Heading(level=block.level, inlines=block.inlines, id=f"{section}-{counted}")
        named.append(block)
    return named


def unsupported(section: str, token: Token) -> StudyError:
    """Return the error for Markdown that the document model has no place for."""
    line = f", line {token.map[0] + 1} of its Markdown" if token.map else ""
    return StudyError(
        f"Section {section}{line}: {token.type.replace('_', ' ')} ({token.content[:40]!r}) has no place in a report.\n"
        "Use headings, paragraphs, bullets, quotes, emphasis, code, links, and the functions for tables and figures."
    )
