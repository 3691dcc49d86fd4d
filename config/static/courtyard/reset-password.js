"use strict";

// The link of the message has its token behind "#", which no browser sends to a server. It is
// taken from the address at once, so that it stays neither there nor in the history.
const token = new URLSearchParams(location.hash.slice(1)).get("token");
history.replaceState(null, "", location.pathname);

const form = document.querySelector("form");
const field = document.querySelector("#new-password");
const fieldTrouble = document.querySelector("#new-password-trouble");
const trouble = document.querySelector("#trouble");
const outcome = document.querySelector("#outcome");
const button = form.querySelector("button");

// What the page has to say about `code` in its own language, else the server's words.
const sentence = (code, detail = "") => {
  const found = document.querySelector(`template[data-says="${CSS.escape(code)}"]`);
  return found ? found.content.textContent.trim() : detail;
};

const finish = (text) => {
  form.hidden = true;
  outcome.textContent = text;
  outcome.focus();
};

const show = (problem) => {
  const errors = problem.errors ?? [];
  const dead = errors.find(({ pointer }) => pointer === "/token");
  if (dead) {
    finish(sentence(dead.code, dead.detail));
    return;
  }
  const about = errors.filter(({ pointer }) => pointer === "/new_password");
  fieldTrouble.textContent = about.map(({ code, detail }) => sentence(code, detail)).join(" ");
  field.setAttribute("aria-invalid", String(about.length > 0));
  if (about.length === 0) {
    trouble.textContent = sentence(problem.code, problem.detail ?? problem.title);
  }
  field.focus();
};

const send = async () => {
  const response = await fetch(form.action, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ token, new_password: field.value }),
  });
  if (response.ok) {
    finish(sentence("done"));
  } else {
    show(await response.json());
  }
};

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  fieldTrouble.textContent = trouble.textContent = "";
  field.removeAttribute("aria-invalid");
  button.disabled = true;
  try {
    await send();
  } catch {
    trouble.textContent = sentence("unreachable");
  } finally {
    button.disabled = false;
  }
});

document.querySelector("#show").addEventListener("change", (event) => {
  field.type = event.target.checked ? "text" : "password";
});

if (token) {
  form.hidden = false;
  field.focus();
} else {
  finish(sentence("incomplete"));
}
