"use strict";
{
  const find = document.getElementById("find"), shown = document.getElementById("shown");
  const items = [...document.querySelectorAll(".item")].map((item) => [item, item.querySelector("th a, summary b").textContent.toLowerCase()]);
  const rows = items.filter(([item]) => item.matches("tr"));
  const filter = () => {
    const part = find.value.trim().toLowerCase();
    for (const [item, name] of items) item.hidden = !name.includes(part);
    const n = rows.filter(([item]) => getComputedStyle(item).display !== "none").length;
    shown.textContent = n + " of " + rows.length + " shown";
  };
  find.closest("label").hidden = false;
  document.addEventListener("input", filter);
  document.addEventListener("reset", () => { find.value = ""; setTimeout(filter); });
}
