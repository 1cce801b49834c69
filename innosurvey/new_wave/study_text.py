"""The new wave in the study's configuration, as an edit of its text that is read again and compared."""

import copy
from collections.abc import Mapping
from typing import Any

import yaml

from innosurvey import yamlfile
from innosurvey.draft.notation import flow, scalar
from innosurvey.errors import StudyError
from innosurvey.new_wave.yaml_text import Edit, YamlText, applied, end_of, end_of_line


def with_wave(text: str, name: str, study: str, wave: str, entry: Mapping[str, Any], years: Mapping[str, int]) -> str:
    """Return the text of a configuration file with one wave more, in time order, written as its neighbours are.

    `years`: wave → its last year, the new one among them. StudyError where the text cannot be edited so: the result is
    read again, and has to be the old configuration and the new wave.
    """
    page = YamlText(text)
    node = page.value("studies", study, "waves")
    if not isinstance(node, yaml.MappingNode) or not node.value:
        raise StudyError(f"{name}: there is no map `studies.{study}.waves` to add the wave to.")
    later = [place for place, (key, _) in enumerate(node.value) if years.get(key.value, 0) > years[wave]]
    place = later[0] if later else len(node.value)
    new = applied(text, [_inserted(page, node, place, wave, entry)])
    _fail_if_anything_else_changed(text, new, name, study, wave, entry, place)
    return new


def _inserted(page: YamlText, waves: yaml.MappingNode, place: int, wave: str, entry: Mapping[str, Any]) -> Edit:
    key, value = waves.value[max(place - 1, 0)]
    quote = page.text[key.start_mark.index]
    said = f"{quote}{wave}{quote}" if quote in "'\"" else f'"{wave}"'
    if waves.flow_style:
        if place == 0:
            return Edit(start=key.start_mark.index, end=key.start_mark.index, text=f"{said}: {flow(entry)}, ")
        end = end_of(page.text, value)
        return Edit(start=end, end=end, text=f", {said}: {flow(entry)}")
    indent = " " * key.start_mark.column
    if isinstance(value, yaml.MappingNode) and not value.flow_style and value.value:
        inner = " " * value.value[0][0].start_mark.column
        lines = [f"{indent}{said}:", *(f"{inner}{scalar(name)}: {flow(one)}" for name, one in entry.items())]
    else:
        lines = [f"{indent}{said}: {flow(entry)}"]
    block = "\n".join(lines)
    if place == 0:
        start = page.text.rfind("\n", 0, key.start_mark.index) + 1
        return Edit(start=start, end=start, text=f"{block}\n")
    end = end_of_line(page.text, end_of(page.text, value))
    return Edit(start=end, end=end, text=f"\n{block}")


def _fail_if_anything_else_changed(
    old: str, new: str, name: str, study: str, wave: str, entry: Mapping[str, Any], place: int
) -> None:
    expected = copy.deepcopy(yamlfile.parse(old, name).data)
    waves = list(expected["studies"][study]["waves"].items())
    expected["studies"][study]["waves"] = dict([*waves[:place], (wave, dict(entry)), *waves[place:]])
    try:
        read: Any = yamlfile.parse(new, name).data
    except StudyError:
        read = None
    same_order = read is not None and list(read["studies"][study]["waves"]) == list(expected["studies"][study]["waves"])
    if read != expected or not same_order:
        raise StudyError(
            f"{name}: the wave could not be written into `studies.{study}.waves` without changing something else.\n"
            f'Add it by hand, then give the command again with another --study or year: "{wave}": {flow(entry)}'
        )
