// The editor where there is no bundle: a textarea that does all but the colours.

import {inserted} from "./terms.js";

/** The same methods as the bundled editor gives; `page` as there. */
export function plain(area, page) {
  area.addEventListener("input", () => page.changed());
  area.addEventListener("keydown", event => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    page.run();
  });
  // The server counts characters, the textarea UTF-16 units.
  const place = (line, column) => {
    const lines = area.value.split("\n");
    const at = Math.min(Math.max(line, 1), lines.length) - 1;
    const before = lines.slice(0, at).reduce((sum, text) => sum + text.length + 1, 0);
    return before + Math.min([...lines[at]].slice(0, column - 1).join("").length, lines[at].length);
  };
  const put = (from, to, text, caret) => {
    area.focus({preventScroll: true});
    area.setSelectionRange(from, to);
    // So put in, it can be undone; where that is gone from a browser, it is put in all the same.
    if (!document.execCommand("insertText", false, text)) area.setRangeText(text, from, to, "end");
    if (caret !== undefined) area.setSelectionRange(caret, caret);
    page.changed();
  };
  return {
    get text() { return area.value; },
    set text(text) {
      const before = document.activeElement;
      put(0, area.value.length, text, 0);
      area.scrollTop = 0;
      if (before instanceof HTMLElement && before !== area) before.focus({preventScroll: true});
    },
    insert(term) {
      const made = inserted(area.value, area.selectionStart, area.selectionEnd, term);
      put(0, area.value.length, made.text, made.caret);
    },
    mark(line, column) {
      const at = place(line, column);
      area.setSelectionRange(at, Math.min(at + 1, area.value.length));
      area.setAttribute("aria-invalid", "true");
    },
    clear() { area.removeAttribute("aria-invalid"); },
    goTo(line, column) {
      const at = place(line, column);
      area.focus();
      area.setSelectionRange(at, at);
    },
    focus() { area.focus(); },
  };
}
