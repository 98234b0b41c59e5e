"""The page and its endpoints."""

from __future__ import annotations

from fastapi.testclient import TestClient

from {{ cookiecutter.package_name }}.settings import Settings


def test_the_page_tells_people_that_they_talk_to_an_ai(
    client: TestClient, settings: Settings
) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert 'id="disclosure"' in page.text
    info = client.get("/api/info").json()
    assert info["disclosure"] == settings.text("disclosure")
    assert "AI" in info["disclosure"]


def test_the_page_loads_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/")
    assert "http" not in page.text
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert client.get("/static/app.js").status_code == 200


def test_a_question_gets_an_answer_with_citations(client: TestClient) -> None:
    answer = client.post("/api/chat", json={"question": "When is a car a total loss?"}).json()
    assert "70 percent" in answer["text"]
    assert answer["citations"][0]["document"] == "motor-claims"
    assert answer["dataVersion"]


def test_the_demo_user_decides_what_is_read(client: TestClient) -> None:
    body = {"question": "How many signals open an investigation?"}
    guest = client.post("/api/chat", json=body, headers={"X-Demo-User": "dana-guest"}).json()
    fraud = client.post("/api/chat", json=body, headers={"X-Demo-User": "chris-fraud"}).json()
    assert guest["refused"]
    assert "Three signals" in fraud["text"]


def test_an_unknown_user_is_turned_away(client: TestClient) -> None:
    response = client.post("/api/chat", json={"question": "x"}, headers={"X-Demo-User": "eve"})
    assert response.status_code == 401


def test_a_group_in_the_body_is_refused(client: TestClient) -> None:
    body = {"question": "x", "groups": ["claims-leads"]}
    assert client.post("/api/chat", json=body).status_code == 422


def test_a_question_that_is_too_long_is_refused(client: TestClient) -> None:
    assert client.post("/api/chat", json={"question": "x" * 1001}).status_code == 422


def test_feedback_is_logged(client: TestClient, log: list[str]) -> None:
    answer = client.post("/api/chat", json={"question": "When does surge mode begin?"}).json()
    body = {"answer": answer["id"], "helpful": False, "comment": "out of date"}
    assert client.post("/api/feedback", json=body).status_code == 204
    assert "out of date" in log[-1]


def test_it_says_that_it_is_healthy(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
