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

function feedback(answer) {
  const row = element("p");
  for (const [label, helpful] of [["Helpful", true], ["Not helpful", false]]) {
    const button = element("button", label);
    button.addEventListener("click", async () => {
      await post("/api/feedback", { answer: answer.id, helpful });
      row.replaceChildren(element("small", "Thank you."));
    });
    row.append(button, " ");
  }
  return row;
}

function show(question, answer) {
  const box = element("article", "", answer.refused ? "refused" : "");
  box.append(element("h2", question), element("p", answer.text));
  for (const citation of answer.citations) {
    const details = element("details");
    details.append(
      element("summary", `[${citation.number}] ${citation.title}: ${citation.heading}`),
      element("p", citation.excerpt),
    );
    box.append(details);
  }
  box.append(element("small", `Written by AI from documents, data version ${answer.dataVersion || "none"}.`));
  if (answer.id) box.append(feedback(answer));
  byId("answers").prepend(box);
}

async function start() {
  const info = await (await fetch("/api/info")).json();
  document.title = info.title;
  byId("title").textContent = info.title;
  byId("disclosure").textContent = info.disclosure;
  byId("contact").textContent = info.contact;
  byId("question").maxLength = info.maximumQuestionLength;
  for (const name of info.demoUsers) byId("user").append(new Option(name));
  byId("demo").hidden = info.demoUsers.length === 0;
  byId("ask").addEventListener("submit", async (event) => {
    event.preventDefault();
    const question = byId("question").value.trim();
    if (!question) return;
    try {
      show(question, await post("/api/chat", { question }));
      byId("question").value = "";
    } catch (error) {
      show(question, { text: error.message, citations: [], refused: true, id: "" });
    }
  });
}

start();
