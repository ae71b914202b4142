// What the page cannot do without a script: count anew, remember a Mastodon server on this device, copy,
// the telephone's own sheet, and the ways to share a message right where it stands. It speaks to this site alone.
"use strict";

(() => {
  const root = document.body.dataset.root;
  const KEY = "mastodon-server";

  const remembered = () => { try { return localStorage.getItem(KEY); } catch { return null; } };
  const remember = (server) => { try { localStorage.setItem(KEY, server); } catch { /* then not */ } };

  const serverIn = (typed) => {
    try {
      const name = typed.trim().replace(/^.*@/, "");
      const url = new URL(name.includes("://") ? name : `https://${name}`);
      const near = ["127.0.0.1", "localhost"].includes(url.hostname);
      return (url.protocol === "https:" && url.hostname.includes(".")) || near ? url.origin : null;
    } catch { return null; }
  };

  const mastodon = (details) => {
    const links = [...details.querySelectorAll("[data-server]")];
    const form = details.querySelector("[data-any]");
    const query = new URL(links[0].href).search;
    const chosen = remembered();
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const input = form.elements.server;
      const server = serverIn(input.value);
      input.setAttribute("aria-invalid", String(!server));
      if (server) { remember(server); location.assign(`${server}/share${query}`); } else input.focus();
    });
    for (const link of links) link.addEventListener("click", () => remember(new URL(link.href).origin));
    if (!chosen) return;
    const own = document.createElement("a");
    own.href = `${chosen}/share${query}`;
    own.rel = "noopener noreferrer";
    own.textContent = `Mastodon · ${new URL(chosen).host}`;
    details.before(own);
    const summary = details.querySelector("summary");
    summary.textContent = summary.dataset.other;
  };

  const copy = async (text, button) => {
    try { await navigator.clipboard.writeText(text); } catch {
      const field = document.createElement("textarea");
      field.value = text;
      button.after(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    const before = button.textContent;
    button.textContent = button.dataset.done;
    button.setAttribute("role", "status");
    setTimeout(() => { button.textContent = before; button.removeAttribute("role"); }, 2500);
  };

  const enrich = (part) => {
    const text = part.dataset.text;
    for (const details of part.querySelectorAll("[data-mastodon]")) mastodon(details);
    for (const each of part.querySelectorAll("[data-copy]")) {
      each.hidden = false;
      each.firstElementChild.addEventListener("click", (event) => copy(text, event.currentTarget));
    }
    for (const each of part.querySelectorAll("[data-sheet]")) {
      each.hidden = !navigator.share;
      each.firstElementChild.addEventListener("click", () => navigator.share({ text }).catch(() => {}));
    }
  };

  const open = async (link) => {
    const answer = await fetch(link.href);
    if (!answer.ok) throw new Error(answer.statusText);
    const there = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-ways]");
    const list = document.importNode(there.querySelector(".ways"), true);
    for (const form of list.querySelectorAll("form")) form.setAttribute("action", `${root}mastodon`);
    const part = document.createElement("div");
    part.className = "opened";
    part.lang = there.lang;
    part.dataset.text = there.dataset.text;
    part.append(list);
    link.after(part);
    enrich(part);
    return part;
  };

  const unfold = (link) => {
    let part = null;
    link.addEventListener("click", async (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      try { part ??= await open(link); } catch { location.assign(link.href); return; }
      const shown = link.getAttribute("aria-expanded") === "true";
      part.hidden = shown;
      link.setAttribute("aria-expanded", String(!shown));
      if (!shown) part.querySelector("a, summary").focus();
    });
    link.setAttribute("role", "button");
    link.setAttribute("aria-expanded", "false");
    link.addEventListener("keydown", (event) => { if (event.key === " ") { event.preventDefault(); link.click(); } });
  };

  const boost = (link) => {
    const server = remembered();
    if (server && server !== new URL(link.href).origin) {
      link.href = `${server}/authorize_interaction?uri=${encodeURIComponent(link.href)}`;
    }
  };

  const recount = async () => {
    if (document.hidden) return;
    const answer = await fetch(`${root}count.json`);
    if (!answer.ok) return;
    const read = await answer.json();
    const shown = read.shown[document.documentElement.lang];
    if (!shown) return;
    const put = (name, value) => { for (const each of document.querySelectorAll(`[data-${name}]`)) each.textContent = value; };
    put("count", shown.signatures);
    put("to-go", shown.to_go);
    put("milestone", shown.next_milestone);
    for (const bar of document.querySelectorAll("progress")) {
      if (read.next_milestone) { bar.max = read.next_milestone; bar.value = read.signatures; }
    }
  };

  for (const part of document.querySelectorAll("[data-text]")) enrich(part);
  for (const link of document.querySelectorAll("a.share[href*='#ways']")) unfold(link);
  for (const link of document.querySelectorAll("a[data-boost]")) boost(link);
  if (document.querySelector("[data-count]")) {
    const again = () => recount().catch(() => {});
    again();
    setInterval(again, 60000);
  }
})();
