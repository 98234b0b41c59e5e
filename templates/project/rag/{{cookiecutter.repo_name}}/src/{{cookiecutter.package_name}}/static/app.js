"use strict";

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
  const info = await information();
  byId("question").maxLength = info.maximumQuestionLength;
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
