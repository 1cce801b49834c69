"""The report's figures, a module each: which there are is said in `plans`, they are drawn in `drawing`.

Nothing is imported here: a figure's code is its module and what that reaches, so that a change of one has no other
drawn again (`kept`).
"""
