"use strict";
// Screen readers announce a status that changes, not one that is there from the start: so it is put in again.
for (const status of document.querySelectorAll("[data-announce]")) {
  const text = status.textContent;
  status.textContent = "";
  setTimeout(() => { status.textContent = text; }, 300);
}
