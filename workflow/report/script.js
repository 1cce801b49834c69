/* The report's manners: where a number comes from, search, sorting, tables to take away, languages, light and dark.
   Without this script the report is complete, but silent. What it says comes from the page, in the page's language. */
"use strict";
(() => {
  const words = JSON.parse(document.getElementById("words").textContent);
  const make = (tag, text = "", properties = {}) => Object.assign(document.createElement(tag), { textContent: text }, properties);
  const tables = [...document.querySelectorAll(".table table")];

  /* -- where a number comes from ------------------------------------------------------------------------------------ */
  const trace = JSON.parse(document.getElementById("trace-data").textContent);
  const box = document.getElementById("trace");
  const places = box.querySelectorAll("dd[data-of]");
  let origin = null;

  const origin_of = (id) => {
    const row = trace.rows[Number(id.slice(1)) - 1];
    if (!row) return null;
    const [value, observations, column, key, source] = row;
    const [table, file, rule] = trace.sources[source];
    return { value, observations, column: trace.columns[column], key: trace.keys[key], table, file, rule };
  };
  const show = (number) => {
    const about = origin_of(number.dataset.t);
    if (!about || !box.showPopover) return;
    origin = number;
    for (const place of places) {
      place.textContent = about[place.dataset.of];
      place.hidden = place.previousElementSibling.hidden = place.textContent === "";
    }
    if (box.matches(":popover-open")) box.hidePopover();
    box.showPopover();
    const at = number.getBoundingClientRect(), size = box.getBoundingClientRect();
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
  for (const table of tables) {
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

  /* -- tables to take away: copied with tabs, or as a CSV file; each line of a cell is a column of its own --------------- */
  const lines_of = (cell) => {
    const small = [...cell.querySelectorAll("small")];
    const main = [...cell.childNodes].filter((node) => node.nodeName !== "SMALL").map((node) => node.textContent).join("");
    return [main, ...small.map((line) => line.textContent)].map((text) => text.replaceAll("\u2212", "-").replaceAll("\u00a0", " ").trim());
  };
  const grid_of = (table) => {
    const heads = [...table.tHead.rows].at(-1).cells;
    const over = table.tHead.rows.length > 1 ? [...table.tHead.rows[0].cells].flatMap((cell) => Array(cell.colSpan).fill(cell.textContent)) : [];
    const names = [...heads].map((head, i) => (over[i] ? `${over[i]}: ` : "") + (head.querySelector("button") || head).textContent);
    const rows = [...table.tBodies, ...(table.tFoot ? [table.tFoot] : [])].flatMap((part) => [...part.rows]).map((row) => [...row.cells].map(lines_of));
    const widths = names.map((_, i) => Math.max(1, ...rows.map((row) => (row[i] || []).length)));
    const spread = (cells) => widths.flatMap((width, i) => Array.from({ length: width }, (_, line) => (cells[i] || [])[line] || ""));
    return [widths.flatMap((width, i) => Array.from({ length: width }, (_, line) => line ? `${names[i]} (${line + 1})` : names[i])), ...rows.map(spread)];
  };
  const as_csv = (grid) => grid.map((row) => row.map((text) => /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text).join(",")).join("\r\n") + "\r\n";
  const as_tabs = (grid) => grid.map((row) => row.join("\t")).join("\n");
  const copy = async (text) => {
    try { await navigator.clipboard.writeText(text); } catch {
      const area = make("textarea", "", { value: text });
      document.body.append(area); area.select(); document.execCommand("copy"); area.remove();
    }
  };
  const save = (name, text) => {
    const link = make("a", "", { download: name, href: URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" })) });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  for (const table of tables) {
    const block = table.closest(".table"), title = table.caption.querySelector("b").textContent;
    const tools = make("p", "", { className: "tools" });
    const copier = make("button", words.copy_table, { type: "button" }), saver = make("button", words.download_csv, { type: "button" });
    copier.setAttribute("aria-label", `${words.copy_table}: ${title}`);
    saver.setAttribute("aria-label", `${words.download_csv}: ${title}`);
    copier.addEventListener("click", async () => {
      await copy(as_tabs(grid_of(table)));
      copier.textContent = words.copied;
      status.textContent = `${words.copied}: ${title}`;
      setTimeout(() => { copier.textContent = words.copy_table; }, 2000);
    });
    saver.addEventListener("click", () => save(`${block.id.replace("table.", "")}.csv`, as_csv(grid_of(table))));
    tools.append(copier, saver);
    block.append(tools);
  }

  /* -- sorting: a click on a column's head; rows with a subtitle keep to their block --------------------------------- */
  const key = (row, column) => {
    const cell = row.cells[column];
    const number = cell.dataset.o === undefined ? NaN : Number(cell.dataset.o);
    return Number.isNaN(number) ? cell.textContent.trim() : number;
  };
  const compare = (a, b) => typeof a === typeof b ? (typeof a === "number" ? a - b : a.localeCompare(b, document.documentElement.lang)) : typeof a === "number" ? -1 : 1;
  for (const table of tables) {
    const heads = table.tHead.rows[table.tHead.rows.length - 1].cells;
    if (table.tBodies[0].rows.length < 3) continue;
    for (const head of heads) {
      const button = make("button", "", { type: "button", className: "sort" });
      button.append(...head.childNodes);
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

  /* -- search: in headings, sentences, captions and the heads of rows; every word must be there ----------------------- */
  const search = document.getElementById("search"), field = search.querySelector("input");
  const found = document.getElementById("found"), status = document.getElementById("status");
  const MOST = 40, AROUND = 40;
  const plain = (text) => text.toLowerCase().replace(/\s+/g, " ").trim();
  let index = null;
  const indexed = () => index ||= [...document.querySelectorAll("main section :is(h2, h3, h4, h5, p:not(.tools), li, caption, figcaption, th[scope=row])")].map((block) => {
    const text = (block.querySelector(".sort") || block).textContent.replace(/\s+/g, " ").trim();
    const table = block.closest("table");
    return { block, text, low: plain(text), chapter: block.closest("section").querySelector("h2").textContent, table: table && block.scope ? table.caption.textContent : "" };
  });
  const snippet = (text, term) => {
    const at = Math.max(0, plain(text).indexOf(term) - AROUND);
    return (at ? "…" : "") + text.slice(at, at + term.length + 3 * AROUND) + (at + term.length + 3 * AROUND < text.length ? "…" : "");
  };
  const go_to = (block) => {
    for (const other of document.querySelectorAll(".hit")) other.classList.remove("hit");
    block.classList.add("hit");
    block.scrollIntoView({ block: "center" });
    block.tabIndex = -1;
    block.focus({ preventScroll: true });
  };
  const look_for = () => {
    const terms = plain(field.value).split(" ").filter(Boolean);
    found.replaceChildren();
    if (!terms.length || plain(field.value).length < 2) { found.hidden = true; status.textContent = ""; return; }
    const hits = indexed().filter((entry) => terms.every((term) => entry.low.includes(term)));
    for (const hit of hits.slice(0, MOST)) {
      const link = make("button", "", { type: "button" });
      link.append(make("small", hit.chapter + (hit.table ? ` · ${hit.table}` : "")), snippet(hit.text, terms[0]));
      link.addEventListener("click", () => { found.hidden = true; go_to(hit.block); });
      const item = make("li"); item.append(link); found.append(item);
    }
    found.hidden = !hits.length;
    status.textContent = hits.length ? words.found.replace("{n}", hits.length) : words.found_nothing;
  };
  search.hidden = false;
  field.addEventListener("input", look_for);
  search.addEventListener("submit", (event) => { event.preventDefault(); const first = found.querySelector("button"); if (first && !found.hidden) first.click(); });
  search.addEventListener("keydown", (event) => {
    const all = [field, ...found.querySelectorAll("button")], here = all.indexOf(document.activeElement);
    if (event.key === "Escape") { field.value = ""; look_for(); field.focus(); }
    if (found.hidden || here < 0 || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    event.preventDefault();
    all[(here + (event.key === "ArrowDown" ? 1 : all.length - 1)) % all.length].focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input, textarea, [contenteditable]")) { event.preventDefault(); field.focus(); }
  });

  /* -- another language, at the same place: headings, tables and figures have the same names in all ---------------------- */
  for (const link of document.querySelectorAll("a[data-language]")) {
    link.addEventListener("click", () => {
      const above = [...document.querySelectorAll("main :is(h2, h3, h4, h5, .table, figure)[id]")].filter((block) => block.getBoundingClientRect().top < innerHeight / 3);
      link.hash = scrollY > 0 && above.length ? above.at(-1).id : "";
    });
  }

  /* -- light, dark, or as the system has it; kept while the browser lets us ---------------------------------------------- */
  const button = document.getElementById("theme"), modes = ["auto", "light", "dark"];
  const store = { get: () => { try { return localStorage.getItem("theme"); } catch { return null; } }, set: (mode) => { try { localStorage.setItem("theme", mode); } catch { /* a page from a file may not */ } } };
  const apply = (mode) => { document.documentElement.dataset.theme = mode; button.querySelector("span").textContent = button.dataset[mode]; };
  button.hidden = false;
  apply(modes.includes(store.get()) ? store.get() : "auto");
  button.addEventListener("click", () => {
    const mode = modes[(modes.indexOf(document.documentElement.dataset.theme) + 1) % modes.length];
    apply(mode); store.set(mode);
  });

  /* The contents begin closed on a narrow screen, and close when a chapter is chosen there. */
  const narrow = matchMedia("(max-width: 60rem)"), contents = document.querySelector(".toc details");
  if (narrow.matches) contents.open = false;
  contents.addEventListener("click", (event) => { if (narrow.matches && event.target.closest("a")) contents.open = false; });
})();
