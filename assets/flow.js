"use strict";
// Copies the case text, and opens what a link leads into. Without this file the text can be marked and copied, and
// browsers open it themselves.
for (const button of document.querySelectorAll("[data-copy]")) {
  const text = document.getElementById(button.dataset.copy), status = document.getElementById(button.dataset.status);
  if (!text || !status || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent);
      status.textContent = status.dataset.text;
    } catch {
      text.closest("details").open = true;
      getSelection().selectAllChildren(text);
    }
  });
}

const reveal = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let around = target.parentElement; around; around = around.parentElement)
    if (around.localName === "details") around.open = true;
  target.scrollIntoView({ block: "center" });
  target.focus({ preventScroll: true });
};
addEventListener("hashchange", reveal);
reveal();
