"""A new wave in one step: its codebook, its entry in the study's configuration, and its file's checksum.

The story: `reading` reads the new file in the layouts that the study's waves are known in; `fit` says how well each
wave's codebook fits it (`years` moves the years in names and rules along); `differences` compares the columns, and
`codes` their answers, with those of the nearest wave; `needs` says what the study lacks for the year; `codebook_text`
writes the differences into the nearest codebook and `study_text` the wave into the configuration, both as edits of the
text (`yaml_text`), so that comments and layout stay.
"""
