"""What a build shows while it runs."""

from collections.abc import Mapping
from typing import Any


class Progress:
    """One line per step that ends, with the time it took; in a terminal also a bar with the steps at work."""

    def __init__(self) -> None:
        from rich import progress
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn

        self.total = 0
        self.ended = 0
        self.at_work: list[str] = []
        self.console = Console(highlight=False, soft_wrap=True)
        columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
        self.bar = progress.Progress(
            *columns, console=self.console, transient=True, disable=not self.console.is_terminal
        )
        self.task = self.bar.add_task("", total=None)

    def __enter__(self) -> "Progress":
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def show(self, event: Mapping[str, Any]) -> None:
        """Take in how many steps are planned by now, or one event of the history."""
        if event["event"] == "planned":
            self.total = event["steps"]
            self.bar.update(self.task, total=self.total)
            return
        about = ", ".join(event["wildcards"].values())
        step = f"{event['rule']} {about}".strip()
        if event["event"] == "begun":
            self.at_work.append(step)
        else:
            self.ended += 1
            self.at_work = [other for other in self.at_work if other != step]
            mark = "[green]✓[/]" if event["event"] == "done" else "[red]✗[/]"
            place = f"\\[{self.ended:>{len(str(self.total))}}/{self.total}]"
            self.console.print(f"{mark} {place} {event['rule']:<18} {about:<28} {event['seconds']:6.1f} s")
        self.bar.update(self.task, completed=self.ended, description=" · ".join(self.at_work))
