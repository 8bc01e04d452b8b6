// Tables sort by a column's head, and show only the rows that hold some words.
(() => {
  // Case, accents and typography do not matter when one searches.
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[‘’ʼ]/g, "'")
    .replace(/[“”]/g, '"').replace(/[‐-―]/g, "-").toLowerCase();
  const order = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  for (const table of document.querySelectorAll("table.sortable")) {
    const body = table.tBodies[0];
    [...table.tHead.rows[0].cells].forEach((head, at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const falling = head.getAttribute("aria-sort") === "ascending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", falling ? "descending" : "ascending");
        const keyed = [...body.rows].map((row) => [row.cells[at].textContent.trim(), row]);
        // What has no value comes last, whichever way the table is sorted.
        keyed.sort(([a], [b]) => (a === "") - (b === "") || order.compare(a, b) * (falling ? -1 : 1));
        body.append(...keyed.map(([, row]) => row));
      });
    });
  }
  for (const field of document.querySelectorAll("[data-finds]")) {
    const rows = [...document.getElementById(field.dataset.finds).tBodies[0].rows];
    const told = document.querySelector(`[data-found="${field.dataset.finds}"]`);
    const held = rows.map((row) => fold(row.textContent));
    field.addEventListener("input", () => {
      const words = fold(field.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      rows.forEach((row, at) => {
        row.hidden = !words.every((word) => held[at].includes(word));
        if (!row.hidden) shown += 1;
      });
      told.textContent = words.length ? `${shown} of ${rows.length}` : "";
    });
  }
})();
