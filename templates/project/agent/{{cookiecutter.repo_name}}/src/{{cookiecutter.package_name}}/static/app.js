"use strict";

const told = (call) => `${call.tool} ${JSON.stringify(call.arguments)}`;

function card(run) {
  const box = element("article", "", run.reason ? "refused" : "");
  box.append(element("h2", run.task));
  for (const step of run.steps) {
    const details = element("details");
    details.append(element("summary", `${step.outcome}: ${told(step)}`), element("p", step.result));
    box.append(details);
  }
  if (run.pending) box.append(element("p", `Waits for a person: ${told(run.pending)}`), again(run, box));
  if (run.answer) box.append(element("p", run.answer), element("small", "Written by AI."));
  return box;
}

function again(run, box) {
  const button = element("button", "Has somebody decided?", "again");
  button.addEventListener("click", async () => {
    const response = await fetch(`/api/tasks/${run.id}`, { headers: headers() });
    if (response.ok) box.replaceWith(card(await response.json()));
  });
  return button;
}

async function showSwitch() {
  const response = await fetch("/api/switch", { headers: headers() });
  byId("switch").hidden = !response.ok;
  if (!response.ok) return;
  const { enabled } = await response.json();
  byId("switch").textContent = enabled ? "Stop the agent now" : "Let the agent work again";
  byId("switch").onclick = async () => {
    await post("/api/switch", { enabled: !enabled });
    await showSwitch();
  };
}

function approval(run) {
  const box = card(run);
  box.querySelector(".again").remove();
  for (const [text, approve] of [["Approve", true], ["Decline", false]]) {
    const button = element("button", text);
    button.addEventListener("click", async () => {
      try {
        byId("runs").prepend(card(await post(`/api/approvals/${run.id}`, { approve })));
        await refresh();
      } catch (error) {
        box.append(element("p", error.message));
      }
    });
    box.append(button, " ");
  }
  return box;
}

async function refresh() {
  const response = await fetch("/api/approvals", { headers: headers() });
  const runs = response.ok ? await response.json() : [];
  const empty = element("p", response.ok ? "Nothing waits." : "Only approvers see what waits.");
  byId("approvals").replaceChildren(...(runs.length ? runs.map(approval) : [empty]));
  await showSwitch();
}

async function give(event) {
  event.preventDefault();
  const task = byId("task").value.trim();
  if (!task) return;
  try {
    byId("runs").prepend(card(await post("/api/tasks", { task })));
    byId("task").value = "";
  } catch (error) {
    byId("runs").prepend(element("p", error.message));
  }
  await refresh();
}

async function start() {
  const info = await information();
  byId("task").maxLength = info.maximumTaskLength;
  byId("sample").hidden = !info.sample;
  byId("give").addEventListener("submit", give);
  byId("user").addEventListener("change", refresh);
  await refresh();
}

start();
