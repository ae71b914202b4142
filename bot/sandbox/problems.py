"""What X says when it will not: its problem documents, in its own words."""

from __future__ import annotations

from typing import Any

from bot.sandbox.wire import Answer

BASE = "https://api.x.com/2/problems/"
_TYPES = {
    "CreditsDepleted": f"{BASE}credits",
    "SpendCapReached": f"{BASE}credits",
    "Invalid Request": f"{BASE}invalid-request",
}


class Stopped(Exception):
    """An endpoint ends with this answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def problem(status: int, title: str, detail: str, **more: Any) -> Answer:
    """`about:blank` where X gives its problem no address of its own."""
    body = {"title": title, "detail": detail, "type": _TYPES.get(title, "about:blank"), "status": status}
    return Answer.json(status, body | more, (("Content-Type", "application/problem+json"),))


def invalid(parameter: str, value: object, message: str) -> Stopped:
    """400 for one parameter."""
    detail = "One or more parameters to your request was invalid."
    errors = [{"parameters": {parameter: [str(value)]}, "message": message}]
    return Stopped(problem(400, "Invalid Request", detail, errors=errors))


def forbidden(detail: str) -> Stopped:
    return Stopped(problem(403, "Forbidden", detail))


def missing(parameter: str, value: str) -> dict[str, Any]:
    """The entry for a post that is not there, in an answer that is a 200 otherwise."""
    return {
        "value": value,
        "detail": f"Could not find tweet with {parameter}: [{value}].",
        "title": "Not Found Error",
        "resource_type": "tweet",
        "parameter": parameter,
        "resource_id": value,
        "type": f"{BASE}resource-not-found",
    }


def not_found(value: str) -> Stopped:
    told = missing("id", value) | {"status": 404}
    return Stopped(Answer.json(404, told, (("Content-Type", "application/problem+json"),)))
