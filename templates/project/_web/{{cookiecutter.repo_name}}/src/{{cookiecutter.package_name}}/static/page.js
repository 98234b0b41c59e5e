"use strict";

const byId = (id) => document.getElementById(id);

function element(name, text, className) {
  const node = document.createElement(name);
  if (text) node.textContent = text;
  if (className) node.className = className;
  return node;
}

function headers() {
  const user = byId("user").value;
  return { "Content-Type": "application/json", ...(user ? { "X-Demo-User": user } : {}) };
}

async function post(path, body) {
  const response = await fetch(path, { method: "POST", headers: headers(), body: JSON.stringify(body) });
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new Error(typeof problem.detail === "string" ? problem.detail : "The request failed.");
  }
  return response.status === 204 ? null : response.json();
}

async function information() {
  const info = await (await fetch("/api/info")).json();
  document.title = info.title;
  byId("title").textContent = info.title;
  byId("disclosure").textContent = info.disclosure;
  byId("contact").textContent = info.contact;
  for (const name of info.demoUsers) byId("user").append(new Option(name));
  byId("demo").hidden = info.demoUsers.length === 0;
  return info;
}
