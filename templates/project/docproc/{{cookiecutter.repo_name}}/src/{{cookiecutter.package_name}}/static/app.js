"use strict";

function row(field) {
  const label = element("label", `${field.name} (${Math.round(field.confidence * 100)} %) `);
  const input = element("input");
  input.name = field.name;
  input.value = field.value;
  label.append(input, element("small", field.quote ? ` from: ${field.quote}` : " not in the document"));
  return label;
}

function card(review) {
  const box = element("article");
  box.append(element("h2", review.id.slice(0, 8)), element("p", review.reasons.join("; ")));
  const form = element("form");
  form.append(...review.fields.map(row));
  for (const [text, accept] of [["Accept as shown", true], ["Reject", false]]) {
    const button = element("button", text);
    button.type = "button";
    button.addEventListener("click", async () => {
      const fields = accept ? Object.fromEntries(new FormData(form)) : {};
      try {
        await post(`/api/reviews/${review.id}`, { accept, fields });
        box.remove();
      } catch (error) {
        box.append(element("p", error.message));
      }
    });
    form.append(button);
  }
  const details = element("details");
  details.append(element("summary", "Text without personal data"), element("p", review.text));
  box.append(form, details);
  return box;
}

async function refresh() {
  const response = await fetch("/api/reviews", { headers: headers() });
  const reviews = response.ok ? await response.json() : [];
  const empty = element("p", response.ok ? "Nothing waits." : "Only reviewers see the queue.");
  byId("queue").replaceChildren(...(reviews.length ? reviews.map(card) : [empty]));
}

async function handIn(event) {
  event.preventDefault();
  const send = { method: "POST", headers: headers(), body: byId("file").files[0] };
  const response = await fetch("/api/documents", send);
  const answer = await response.json();
  if (!response.ok) byId("result").textContent = answer.detail;
  else if (answer.state === "rejected") byId("result").textContent = "A person looked at it: it is no use.";
  else if (answer.fields.length) byId("result").textContent = answer.fields.map((f) => `${f.name}: ${f.value}`).join(", ");
  else byId("result").textContent = `A person looks at it: ${answer.reasons.join("; ")}. Hand it in again to see what was decided.`;
  await refresh();
}

async function start() {
  await information();
  byId("hand-in").addEventListener("submit", handIn);
  byId("user").addEventListener("change", refresh);
  await refresh();
}

start();
