"use strict";
// New flows come into the list by themselves. Without this file there is the link that reloads the list.
(() => {
  const bar = document.getElementById("live"), status = document.getElementById("live-status");
  const list = document.getElementById("flows");
  if (!bar || !status || !list || !window.EventSource) return;
  const button = bar.querySelector("button"), told = bar.dataset;
  const rows = (within) => [...within.querySelectorAll("tbody a")].map((link) => link.pathname);
  const first = new Set(rows(list));
  let stream = null, paused = false, asking = false, again = false, waiting = null;

  const say = (text) => { if (status.textContent !== text) status.textContent = text; };
  const count = (within, known) => rows(within).filter((row) => !known.has(row)).length;
  // Whoever reads or tabs in the list keeps it as it is.
  const busy = () => paused || list.contains(document.activeElement);

  const show = () => {
    if (!waiting) return;
    if (busy()) {
      const fresh = count(waiting, new Set(rows(list)));
      if (fresh) say(told.waiting.replace("#", fresh));
      return;
    }
    const [now, next] = [list, waiting].map((within) => within.querySelector("tbody"));
    if (now && next) now.replaceWith(next); else list.replaceChildren(...waiting.childNodes);
    waiting = null;
    const fresh = count(list, first);
    if (fresh) say(fresh === 1 ? told.one : told.some.replace("#", fresh));
  };

  const fetchList = async () => {
    if (asking) { again = true; return; }
    asking = true;
    try {
      do {
        again = false;
        const answer = await fetch(location.href, { headers: { accept: "text/html" } });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        waiting = page.getElementById("flows") ?? waiting;
      } while (again);
    } catch { say(told.cut); }
    asking = false;
    show();
  };

  const open = () => {
    stream = new EventSource("/api/v1/flows/events");
    // What came between the page and its stream is fetched when the stream opens, and when it opens again.
    for (const name of ["open", "flow", "reset"]) stream.addEventListener(name, fetchList);
    stream.onerror = () => { if (stream.readyState === EventSource.CLOSED) say(told.cut); };
  };
  button.addEventListener("click", () => {
    paused = !paused;
    button.textContent = paused ? button.dataset.go : button.dataset.pause;
    if (!paused) show();
  });
  list.addEventListener("focusout", (event) => { if (!list.contains(event.relatedTarget)) show(); });
  // One stream for a page, and none for one that nobody sees any more.
  addEventListener("pagehide", () => stream.close());
  addEventListener("pageshow", (event) => { if (event.persisted) { open(); fetchList(); } });
  bar.hidden = false;
  open();
})();
