// Shows how a message will look while it is written: its fields, sent to where they are saved, to be tried out only.
"use strict";

(() => {
  const PAUSE = 500;
  const form = document.getElementById("fields");
  const looks = document.getElementById("looks");
  const counts = document.getElementById("counts");
  let timer = 0;
  let running = new AbortController();

  const filledIn = () => {
    const data = new FormData(form);
    data.delete("picture");
    data.set("do", "preview");
    data.set("fragment", "1");
    return data;
  };

  const clear = () => {
    for (const old of document.querySelectorAll(".bench .wrong, .top-wrong")) old.remove();
    for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  };

  // What is wrong stands at its field; what has none stays above the posts.
  const put = (complaint) => {
    const field = document.getElementById(complaint.dataset.field);
    if (!field || !form.contains(field)) return;
    const id = `${field.id}-wrong`;
    let list = document.getElementById(id);
    if (!list) {
      list = document.createElement("ul");
      list.id = id;
      list.className = "wrong";
      field.after(list);
      const others = (field.getAttribute("aria-describedby") || "").split(" ").filter((each) => each && each !== id);
      field.setAttribute("aria-describedby", [...others, id].join(" "));
    }
    if (complaint.classList.contains("is-error")) field.setAttribute("aria-invalid", "true");
    list.append(complaint);
  };

  const show = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const said = fresh.querySelector("[data-counts]");
    clear();
    if (counts.textContent !== said.textContent) counts.replaceChildren(...said.childNodes);
    said.remove();
    looks.replaceChildren(...fresh.body.childNodes);
    looks.querySelectorAll("[data-field]").forEach(put);
  };

  const look = async () => {
    running.abort();
    running = new AbortController();
    const answer = await fetch(form.action, { method: "POST", body: filledIn(), signal: running.signal });
    if (!answer.ok) throw new Error(answer.statusText);
    show(await answer.text());
  };

  const again = () => look().then(
    () => looks.classList.remove("is-old"),
    (error) => looks.classList.toggle("is-old", error.name !== "AbortError"),
  );

  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    clearTimeout(timer);
    timer = setTimeout(again, PAUSE);
  });
})();
