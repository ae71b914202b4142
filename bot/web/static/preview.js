// Shows how a message will look while it is written: the same fields, sent to the same address, which saves nothing.
"use strict";

(() => {
  const PAUSE = 500;
  const form = document.getElementById("fields");
  const looks = document.getElementById("looks");
  const counts = document.getElementById("counts");
  let timer = 0;
  let running = null;

  const filledIn = () => {
    const data = new FormData(form);
    data.delete("picture");
    data.set("do", "preview");
    data.set("fragment", "1");
    return data;
  };

  const show = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const said = fresh.querySelector("[data-counts]");
    if (said && counts.textContent !== said.textContent) counts.textContent = said.textContent;
    if (said) said.hidden = true;
    looks.replaceChildren(...fresh.body.childNodes);
  };

  const look = async () => {
    if (running) running.abort();
    const mine = (running = new AbortController());
    try {
      const answer = await fetch(form.action, { method: "POST", body: filledIn(), signal: mine.signal });
      if (answer.ok && !answer.redirected) show(await answer.text());
      looks.classList.toggle("is-old", !answer.ok);
    } catch (error) {
      if (error.name !== "AbortError") looks.classList.add("is-old");
    }
  };

  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
})();
