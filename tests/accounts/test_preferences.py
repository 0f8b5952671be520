"""Language and light: chosen before or after signing in, on the page one is on."""

from __future__ import annotations

import pytest

from tests.accounts.conftest import Office
from tests.clients import fill, sign_in


def test_switching_the_language_keeps_the_page(office: Office) -> None:
    client = sign_in(office.app, "office")
    here = "/units/990001/reports/?period=2025-06&basis=official"
    address, data = fill(client.get(here).text, next=here)
    answer = client.post(address, data=data | {"locale": "en"})
    assert answer.location == here
    page = client.get(answer.location).text
    assert '<html lang="en"' in page
    assert "Sign out" in page


def test_a_reader_without_an_account_may_choose(office: Office) -> None:
    client = office.app.test_client()
    assert '<html lang="zh-Hans"' in client.get("/login").text
    client.post("/preferences", data={"locale": "en", "next": "/login"})
    assert "Sign in" in client.get("/login").text


def test_the_choice_follows_the_account_to_another_device(office: Office) -> None:
    sign_in(office.app, "office").post("/preferences", data={"locale": "en", "theme": "dark"})
    page = sign_in(office.app, "office").get("/").text
    assert '<html lang="en"' in page
    assert 'data-bs-theme="dark"' in page


def test_the_choice_of_one_reader_is_not_the_choice_of_another(office: Office) -> None:
    sign_in(office.app, "office").post("/preferences", data={"locale": "en"})
    assert '<html lang="zh-Hans"' in sign_in(office.app, "director").get("/").text


@pytest.mark.parametrize("data", [{"locale": "xx"}, {"locale": "../../etc"}, {"theme": "<script>"}, {}])
def test_an_unknown_choice_changes_nothing(office: Office, data: dict[str, str]) -> None:
    client = sign_in(office.app, "office")
    assert client.post("/preferences", data=data).status_code == 302
    page = client.get("/acting").text
    assert '<html lang="zh-Hans" data-density="clerk">' in page
    assert "script>alert" not in page


def test_choosing_is_not_done_by_following_a_link(office: Office) -> None:
    assert office.app.test_client().get("/preferences?locale=en").status_code == 405
