/* The report's few manners: where a number comes from, sorting, light and dark. Without this script the report is complete, but silent. */
"use strict";
(() => {
  const trace = JSON.parse(document.getElementById("trace-data").textContent);
  const box = document.getElementById("trace");
  const places = box.querySelectorAll("dd");
  let origin = null;

  const show = (button) => {
    const row = trace[button.dataset.t];
    if (!row || !box.showPopover) return;
    origin = button;
    row.forEach((text, i) => { places[i].textContent = text; places[i].hidden = places[i].previousElementSibling.hidden = text === ""; });
    if (box.matches(":popover-open")) box.hidePopover();
    box.showPopover();
    const at = button.getBoundingClientRect(), size = box.getBoundingClientRect();
    const below = at.bottom + size.height + 12 < innerHeight;
    box.style.left = `${Math.max(8, Math.min(at.left, document.documentElement.clientWidth - size.width - 8))}px`;
    box.style.top = `${Math.max(8, below ? at.bottom + 6 : at.top - size.height - 6)}px`;
    document.getElementById("trace-close").focus({ preventScroll: true });
  };
  for (const number of document.querySelectorAll(".n")) {
    number.setAttribute("role", "button");
    number.tabIndex = number.closest("td") ? -1 : 0;
  }
  document.addEventListener("click", (event) => {
    const number = event.target.closest(".n");
    if (number) show(number);
  });
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches(".n") || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    show(event.target);
  });
  document.getElementById("trace-close").addEventListener("click", () => box.hidePopover());
  box.addEventListener("toggle", (event) => { if (event.newState === "closed" && origin) origin.focus({ preventScroll: true }); });

  /* One number of each table is in the tab order; the arrows go from number to number. */
  for (const table of document.querySelectorAll(".table table")) {
    const first = table.querySelector(".n");
    if (first) first.tabIndex = 0;
    table.addEventListener("keydown", (event) => {
      const here = event.target.closest(".n");
      const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 0, ArrowUp: 0 }[event.key];
      if (!here || step === undefined) return;
      event.preventDefault();
      const all = [...table.querySelectorAll(".n")];
      let next = all[all.indexOf(here) + step];
      if (step === 0) {
        const cell = here.closest("td"), column = cell.cellIndex;
        const sibling = event.key === "ArrowDown" ? "nextElementSibling" : "previousElementSibling";
        next = null;
        for (let row = cell.parentElement[sibling]; row && !next; row = row[sibling]) next = row.cells[column] && row.cells[column].querySelector(".n");
      }
      if (!next) return;
      here.tabIndex = -1; next.tabIndex = 0; next.focus();
    });
  }

  /* Sorting: a click on a column's head; rows with a subtitle keep to their block. */
  const key = (row, column) => {
    const cell = row.cells[column];
    const number = cell.dataset.o === undefined ? NaN : Number(cell.dataset.o);
    return Number.isNaN(number) ? cell.textContent.trim() : number;
  };
  const compare = (a, b) => typeof a === typeof b ? (typeof a === "number" ? a - b : a.localeCompare(b)) : typeof a === "number" ? -1 : 1;
  for (const table of document.querySelectorAll(".table table")) {
    const heads = table.tHead.rows[table.tHead.rows.length - 1].cells;
    if (table.tBodies[0].rows.length < 3) continue;
    for (const head of heads) {
      const button = document.createElement("button");
      button.type = "button"; button.className = "sort"; button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const direction = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
        const blocks = [[]];
        for (const row of table.tBodies[0].rows) row.className === "group" ? blocks.push([row], []) : blocks[blocks.length - 1].push(row);
        for (const block of blocks) {
          if (block.length && block[0].className !== "group") block.sort((a, b) => direction * compare(key(a, head.cellIndex), key(b, head.cellIndex)));
          table.tBodies[0].append(...block);
        }
      });
    }
  }

  /* Light, dark, or as the system has it; kept while the browser lets us. */
  const button = document.getElementById("theme"), modes = ["auto", "light", "dark"];
  const store = { get: () => { try { return localStorage.getItem("theme"); } catch { return null; } }, set: (mode) => { try { localStorage.setItem("theme", mode); } catch { /* a page from a file may not */ } } };
  const apply = (mode) => { document.documentElement.dataset.theme = mode; button.querySelector("span").textContent = button.dataset[mode]; };
  button.hidden = false;
  apply(modes.includes(store.get()) ? store.get() : "auto");
  button.addEventListener("click", () => {
    const mode = modes[(modes.indexOf(document.documentElement.dataset.theme) + 1) % modes.length];
    apply(mode); store.set(mode);
  });

  /* The contents begin closed on a narrow screen. */
  if (matchMedia("(max-width: 60rem)").matches) document.querySelector(".toc details").open = false;
})();
