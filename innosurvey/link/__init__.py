"""Link: what registers know about the firms of one wave.

The story: `keys` brings the firms' identifiers into one form and checks them; `spec` reads how each register is linked;
`rows` picks the register's rows that hold for the wave; `registers` brings them to one row per firm, joins them, and
counts by stratum how many firms were found. A firm that no register knows is kept and counted.
"""

from innosurvey.link.registers import Linked, link_registers
from innosurvey.link.spec import LinkSpec, columns_needed, parse_links

__all__ = ["LinkSpec", "Linked", "columns_needed", "link_registers", "parse_links"]
