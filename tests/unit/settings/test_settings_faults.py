"""Settings: all faults at once, unknown names told, values as written in the environment."""

import pytest

from gateway.settings import Settings, SettingsFault


def test_every_fault_is_told_at_once(monkeypatch):
    monkeypatch.setenv("LIGHTBOX_FOOT_SIZE", "42")
    monkeypatch.setenv("LIGHTBOX_BIND", "everywhere")
    monkeypatch.setenv("LIGHTBOX_PUBLIC_URL", "http://hospital.example")
    monkeypatch.setenv("LIGHTBOX_ARCHIVES", '["ftp://old"]')
    with pytest.raises(SettingsFault) as fault:
        Settings.load()
    for told in ("LIGHTBOX_FOOT_SIZE", "bind", "public_url", "archives"):
        assert told in str(fault.value)


def test_archives_are_addresses_or_objects(monkeypatch):
    monkeypatch.setenv("LIGHTBOX_ARCHIVES", '["folder:/srv/one", {"url": "folder:/srv/two", "name": "second"}]')
    assert [(a.name, str(a.folder)) for a in Settings.load().archives] == [("one", "/srv/one"), ("second", "/srv/two")]


def test_two_archives_of_one_name_are_a_fault(monkeypatch):
    monkeypatch.setenv("LIGHTBOX_ARCHIVES", '["folder:/a/same", "folder:/b/same"]')
    with pytest.raises(SettingsFault):
        Settings.load()


def test_a_toml_file_is_read_and_its_unknown_names_are_faults(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lightbox.toml").write_text('site_name = "Ward 7"\n')
    assert Settings.load().site_name == "Ward 7"
    (tmp_path / "lightbox.toml").write_text('site_nam = "Ward 7"\n')
    with pytest.raises(SettingsFault, match="site_nam"):
        Settings.load()


def test_a_proxy_in_front_means_not_loopback():
    assert Settings(forwarded_by=0).is_loopback
    assert not Settings(forwarded_by=1).is_loopback
    assert not Settings(public_url="https://hospital.example").is_loopback
