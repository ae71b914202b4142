// Asks for the page again every few seconds and puts in what is new, so that nobody has to reload it.
// What has the focus, or is selected to be copied, is left alone until it is not.
"use strict";

(() => {
  const seconds = Number(document.currentScript.dataset.seconds);
  const button = document.querySelector("[data-pause]");
  const lost = document.querySelector("[data-lost]");
  let paused = false;

  const inUse = (part) => {
    const selection = document.getSelection();
    const selected = !selection.isCollapsed && selection.containsNode(part, true);
    return selected || (part !== document.activeElement && part.contains(document.activeElement));
  };

  const renew = (part, fresh) => {
    if (part.innerHTML === fresh.innerHTML) return;
    if (fresh.querySelector(":scope > [data-key]")) renewList(part, fresh);
    else if (!inUse(part)) part.replaceChildren(...fresh.childNodes);
  };

  const renewList = (list, fresh) => {
    const known = new Map([...list.children].map((child) => [child.dataset.key, child]));
    let place = list.firstElementChild;
    for (const child of [...fresh.children]) {
      const mine = known.get(child.dataset.key);
      if (mine) {
        known.delete(child.dataset.key);
        if (!inUse(mine) && mine.innerHTML !== child.innerHTML) {
          mine.replaceChildren(...child.childNodes);
          mine.className = child.className;
        }
        if (mine === place) place = place.nextElementSibling;
        else list.insertBefore(mine, place);
      } else {
        child.classList.add("new");
        list.insertBefore(child, place);
      }
    }
    for (const gone of known.values()) gone.remove();
  };

  const look = async () => {
    const answer = await fetch(location.pathname, { cache: "no-store", signal: AbortSignal.timeout(10000) });
    if (!answer.ok) throw new Error(answer.statusText);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.title = fresh.title;
    for (const part of document.querySelectorAll("[data-fresh]")) {
      const counterpart = fresh.getElementById(part.id);
      if (counterpart) renew(part, counterpart);
    }
  };

  const again = async () => {
    if (!paused && !document.hidden) {
      await look().then(
        () => { lost.hidden = true; },
        () => { lost.hidden = false; },
      );
    }
    setTimeout(again, seconds * 1000);
  };

  button.hidden = false;
  button.addEventListener("click", () => {
    paused = !paused;
    button.setAttribute("aria-pressed", String(paused));
  });
  setTimeout(again, seconds * 1000);
})();
