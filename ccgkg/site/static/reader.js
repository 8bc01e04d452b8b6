// A passage shows its claims, and a claim its passage.
(() => {
  const text = document.getElementById("_text");
  const beside = document.querySelector(".margin");
  const marks = [...text.querySelectorAll("mark")].map((mark) => [mark, mark.dataset.c.split(" ")]);
  const items = [...beside.querySelectorAll("li")];
  const isWide = () => getComputedStyle(beside).position === "sticky";

  const show = (names) => {
    for (const [mark, held] of marks) mark.classList.toggle("on", held.some((n) => names.includes(n)));
    for (const item of items) item.classList.toggle("on", names.includes(item.dataset.c));
    const first = items.find((item) => item.classList.contains("on"));
    if (first && isWide()) {
      const at = first.offsetTop - beside.offsetTop;
      beside.scrollTo({ top: Math.max(0, at - beside.clientHeight / 4) });
    }
  };
  const named = () => {
    const name = decodeURIComponent(location.hash.slice(1)).replace(/^_/, "");
    return items.some((item) => item.dataset.c === name) ? [name] : null;
  };
  const follow = () => { const name = named(); if (name) show(name); };

  text.addEventListener("click", (event) => {
    const mark = event.target.closest("mark");
    if (!mark) return;
    const names = mark.dataset.c.split(" ");
    show(names);
    history.replaceState(null, "", `#${names[0]}`);
    if (!isWide()) document.getElementById(`_${names[0]}`).scrollIntoView();
  });
  beside.addEventListener("click", (event) => {
    const item = event.target.closest("li");
    if (!item || event.target.closest("a")) return;
    show([item.dataset.c]);
    document.getElementById(item.dataset.c).scrollIntoView({ block: "center" });
  });
  addEventListener("hashchange", follow);
  follow();
})();
