"use strict";
// Before anything is painted: the theme that was chosen, and that scripts run.
document.documentElement.classList.add("js");
try {
  const chosen = localStorage.getItem("ccgkg-theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch { /* storage is shut off: the system's theme it is */ }
