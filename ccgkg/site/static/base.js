"use strict";
// What every page can do: choose a theme, and copy a citation. Clicks are caught at the
// document, so that cards which another script adds later work as well.
(() => {
  const page = document.documentElement;
  const said = document.getElementById("_said");
  const toggle = document.getElementById("_theme");
  const isDark = () => page.dataset.theme
    ? page.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  const say = (words) => {
    said.textContent = "";
    requestAnimationFrame(() => { said.textContent = words; });
  };
  const label = () => toggle.setAttribute("aria-pressed", String(isDark()));

  const byHand = (text) => {
    // Where the clipboard is shut (an old browser, a page without rights): the older way.
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "away";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done ? Promise.resolve() : Promise.reject(new Error("refused"));
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const text = button.dataset.copy;
    const written = navigator.clipboard
      ? navigator.clipboard.writeText(text).catch(() => byHand(text))
      : byHand(text);
    written.then(
      () => {
        say(`${button.dataset.what} copied`);
        button.classList.add("done");
        setTimeout(() => button.classList.remove("done"), 1500);
      },
      () => say("The browser does not allow copying here"),
    );
  });

  toggle.addEventListener("click", () => {
    const theme = isDark() ? "light" : "dark";
    page.dataset.theme = theme;
    try { localStorage.setItem("ccgkg-theme", theme); } catch { /* not kept, then */ }
    label();
    page.dispatchEvent(new CustomEvent("themechange", { detail: theme }));
  });
  label();
})();
