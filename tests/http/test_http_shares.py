"""A referring doctor without an account: link, challenge, exactly that study, and an end."""

import pytest


def share(alice, ct, **wishes):
    alice.post(f"/api/v1/studies/{ct[0]}/open", json={})
    made = alice.post("/api/v1/shares", json={"study_instance_uid": ct[0], **wishes})
    assert made.status_code == 201, made.text
    return made.json()


def redeem(guest, made, **more):
    secret = made["url"].split("#")[1]
    return guest.post(f"/api/v1/shares/{made['id']}/session", json={"secret": secret, **more})


def test_the_link_opens_that_study_and_nothing_else(lightbox, alice, ct, sr):
    made = share(alice, ct, recipient="Dr Referrer")
    assert made["url"].startswith(f"{lightbox.url}/s/{made['id']}#")
    assert "<svg" in made["qr_svg"]
    guest = lightbox.browser(None)
    session = redeem(guest, made)
    assert session.status_code == 200
    assert session.json()["share"]["study_instance_uid"] == ct[0]
    opened = guest.post(f"/api/v1/studies/{ct[0]}/open", json={})
    assert opened.json()["guest"] is True
    assert guest.get(opened.json()["series"][0]["tiles"].format(rendition="v512", n=1)).status_code == 200
    assert guest.post(f"/api/v1/studies/{sr[0]}/open", json={}).status_code == 403
    assert guest.post("/api/v1/studies/search", json={}).status_code == 403
    assert guest.get("/dicom-web/studies").status_code == 403
    assert guest.post("/api/v1/shares", json={"study_instance_uid": ct[0]}).status_code == 403


def test_a_look_at_the_link_consumes_nothing(lightbox, alice, ct):
    made = share(alice, ct, max_opens=1)
    guest = lightbox.browser(None)
    assert guest.get(f"/s/{made['id']}").status_code == 200
    secret = made["url"].split("#")[1]
    preview = guest.post(f"/api/v1/shares/{made['id']}/preview", json={"secret": secret})
    assert preview.json()["shared_by"] == "alice"
    assert ct[0] not in preview.text
    assert "CompressedSamples" not in preview.text
    assert redeem(guest, made).status_code == 200
    second = redeem(lightbox.browser(None), made)
    assert second.status_code == 410


def test_a_passphrase_is_asked_for(lightbox, alice, ct):
    made = share(alice, ct, passphrase="between the lines")
    guest = lightbox.browser(None)
    assert redeem(guest, made).status_code == 403
    assert redeem(guest, made, passphrase="something else").status_code == 403
    assert redeem(guest, made, passphrase="between the lines").status_code == 200


def test_a_wrong_secret_and_a_wrong_share_are_the_same(lightbox, alice, ct):
    made = share(alice, ct)
    guest = lightbox.browser(None)
    wrong = [
        guest.post(f"/api/v1/shares/{which}/session", json={"secret": "x" * 32}) for which in (made["id"], "n0such")
    ]
    assert [answer.status_code for answer in wrong] == [404, 404]
    assert wrong[0].json()["detail"] == wrong[1].json()["detail"]


def test_revoking_ends_the_guests_session_at_the_next_request(lightbox, alice, ct):
    made = share(alice, ct)
    guest = lightbox.browser(None)
    redeem(guest, made)
    opened = guest.post(f"/api/v1/studies/{ct[0]}/open", json={}).json()
    tile = opened["series"][0]["tiles"].format(rendition="p256", n=1)
    assert guest.get(tile).status_code == 200
    listed = alice.get("/api/v1/shares", params={"study": ct[0]}).json()["shares"]
    mine = next(one for one in listed if one["id"] == made["id"])
    assert (mine["opens"], mine["state"]) == (1, "open")
    assert mine["trail"][0]["what"] == "opened"
    assert alice.delete(f"/api/v1/shares/{made['id']}").status_code == 204
    assert guest.get(tile).status_code == 401
    assert guest.get(f"/api/v1/studies/{ct[0]}").status_code == 401
    assert redeem(lightbox.browser(None), made).status_code == 410


def test_others_cannot_revoke(lightbox, alice, ct):
    made = share(alice, ct)
    assert lightbox.browser("bob").delete(f"/api/v1/shares/{made['id']}").status_code in (403, 404)
    assert redeem(lightbox.browser(None), made).status_code == 200


@pytest.mark.parametrize("wish", [{"days": 0}, {"days": 31}, {"max_opens": 0}, {"passphrase": "x"}])
def test_wishes_beyond_the_rules_are_refused(alice, ct, wish):
    alice.post(f"/api/v1/studies/{ct[0]}/open", json={})
    assert alice.post("/api/v1/shares", json={"study_instance_uid": ct[0], **wish}).status_code == 400


def test_the_command_line_makes_lists_and_revokes(lightbox, ct):
    link = lightbox.run("shares", "create", "--study", ct[0], "--user", "alice", "--days", "2").stdout.strip()
    share_id, secret = link.split("/s/")[1].split("#")
    guest = lightbox.browser(None)
    assert guest.post(f"/api/v1/shares/{share_id}/session", json={"secret": secret}).status_code == 200
    assert share_id in lightbox.run("shares", "list").stdout
    lightbox.run("shares", "revoke", share_id)
    assert guest.get("/api/v1/session").status_code == 401
