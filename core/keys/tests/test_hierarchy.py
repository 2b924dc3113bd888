import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.keys.framing import framed
from core.keys.hierarchy import DataKey, TenantKey
from core.keys.local import LocalWrapper
from core.keys.wrapper import UnwrapRefused

ANNE = "0199c5d2-7a10-7c3e-8f00-1a2b3c4d5e6f"
ZOE = "0199c5d2-7a10-7c3e-8f00-1a2b3c4d5e70"


@given(st.lists(st.text(max_size=8), max_size=5), st.lists(st.text(max_size=8), max_size=5))
def test_two_lists_of_parts_never_frame_to_the_same_bytes(one: list[str], two: list[str]) -> None:
    assert (framed(*one) == framed(*two)) == (one == two)


def test_a_tenant_key_opens_only_for_its_tenant_and_under_its_master_key() -> None:
    wrapper = LocalWrapper(secrets.token_bytes(32))
    wrapped = TenantKey.create("05D", wrapper)
    assert TenantKey.unwrap("05D", wrapped, wrapper).indexing
    with pytest.raises(UnwrapRefused):
        TenantKey.unwrap("13D", wrapped, wrapper)
    with pytest.raises(UnwrapRefused):
        TenantKey.unwrap("05D", wrapped, LocalWrapper(secrets.token_bytes(32)))
    with pytest.raises(UnwrapRefused):
        TenantKey.unwrap("05D", wrapped[:-1], wrapper)


def test_a_data_key_opens_only_for_its_subject_in_its_tenant() -> None:
    secret = secrets.token_bytes(32)
    tenant = TenantKey("05D", secret)
    key, wrapped = tenant.new_data_key(ANNE)
    assert tenant.unwrap_data_key(ANNE, wrapped).sealing == key.sealing
    for other, subject in ((tenant, ZOE), (TenantKey("13D", secret), ANNE)):
        with pytest.raises(UnwrapRefused):
            other.unwrap_data_key(subject, wrapped)
    with pytest.raises(UnwrapRefused):
        tenant.unwrap_data_key(ANNE, b"")


def test_no_subkey_serves_two_uses() -> None:
    secret = secrets.token_bytes(32)
    data, tenant = DataKey(secret), TenantKey("05D", secret)
    subkeys = {secret, data.sealing, data.tagging, tenant.indexing, tenant.naming}
    assert len(subkeys) == 5
    wrapped_by_subkey = tenant.new_data_key(ANNE)[1]
    for key in subkeys:
        with pytest.raises(UnwrapRefused):
            LocalWrapper(key).unwrap(wrapped_by_subkey, framed("jalon/1/data-key", "05D", ANNE))


def test_each_data_key_is_new() -> None:
    tenant = TenantKey("05D", secrets.token_bytes(32))
    assert len({tenant.new_data_key(ANNE)[0].sealing for _ in range(50)}) == 50
