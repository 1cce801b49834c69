"""Groupings of the firms that every study has without declaring a cohort."""

EVERYONE = "all"
"""The cohort of all firms, whose one group has the same name."""
BY_WAVE = "wave"
"""A cohort of models alone: the firms of each wave are a group, named as the wave is."""
