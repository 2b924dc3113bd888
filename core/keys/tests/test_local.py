import os
from pathlib import Path

import pytest

from core.keys.local import KeyFileRefused, LocalWrapper
from core.keys.wrapper import KeyWrapper, UnwrapRefused


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "master.key"
    LocalWrapper.create(path)
    return path


def test_a_new_key_file_is_for_its_owner_alone_and_opens_again(tmp_path: Path) -> None:
    mask = os.umask(0)
    try:
        wrapper: KeyWrapper = LocalWrapper.create(tmp_path / "master.key")
    finally:
        os.umask(mask)
    assert (tmp_path / "master.key").stat().st_mode & 0o777 == 0o600
    wrapped = wrapper.wrap(b"clef de la collectivite", b"05D")
    again = LocalWrapper.load(tmp_path / "master.key")
    assert again.id == wrapper.id
    assert again.unwrap(wrapped, b"05D") == b"clef de la collectivite"


def test_what_is_wrapped_opens_only_in_its_context_and_unaltered(key_file: Path) -> None:
    wrapper = LocalWrapper.load(key_file)
    wrapped = wrapper.wrap(b"clef", b"05D")
    for altered, context in ((wrapped, b"13D"), (wrapped[:-1], b"05D"), (b"", b"05D")):
        with pytest.raises(UnwrapRefused):
            wrapper.unwrap(altered, context)


def test_the_id_of_a_key_names_it_and_does_not_show_it(tmp_path: Path) -> None:
    ids = {LocalWrapper.create(tmp_path / name).id for name in ("one.key", "two.key")}
    assert len(ids) == 2
    for name in ("one.key", "two.key"):
        content = (tmp_path / name).read_text()
        assert not any(key_id.removeprefix("local:") in content for key_id in ids)


def test_an_existing_key_is_never_replaced(key_file: Path) -> None:
    before = key_file.read_bytes()
    with pytest.raises(KeyFileRefused, match="existe déjà"):
        LocalWrapper.create(key_file)
    assert key_file.read_bytes() == before


def test_loading_never_makes_a_key(tmp_path: Path) -> None:
    with pytest.raises(KeyFileRefused, match="n'existe pas"):
        LocalWrapper.load(tmp_path / "absent.key")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o602, 0o601, 0o660])
def test_a_key_others_could_reach_is_refused(key_file: Path, mode: int) -> None:
    key_file.chmod(mode)
    with pytest.raises(KeyFileRefused, match="ouvert à d'autres comptes"):
        LocalWrapper.load(key_file)


def test_a_key_of_another_account_is_refused(
    key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    us = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: us + 1)
    with pytest.raises(KeyFileRefused, match="appartient à un autre compte"):
        LocalWrapper.load(key_file)


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"jalon-local-key-1 AAAA\n", b"jalon-local-key-1 A\n", b"A" * 44 + b"\n"],
)
def test_a_damaged_key_is_refused(key_file: Path, content: bytes) -> None:
    key_file.write_bytes(content)
    with pytest.raises(KeyFileRefused, match="abîmé"):
        LocalWrapper.load(key_file)


def test_a_folder_is_no_key(tmp_path: Path) -> None:
    with pytest.raises(KeyFileRefused):
        LocalWrapper.load(tmp_path)


def test_a_key_in_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyFileRefused, match="ne peut pas être créé"):
        LocalWrapper.create(tmp_path / "absent" / "master.key")
