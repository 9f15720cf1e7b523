"""Where the health endpoint may listen: on this machine alone."""

import pytest
from pydantic import ValidationError

from bot.settings import Settings


@pytest.mark.parametrize(
    ("address", "host"), [("127.0.0.1:9090", "127.0.0.1"), ("[::1]:9090", "::1"), ("127.8.0.1:1", "127.8.0.1")]
)
def test_loopback_is_taken(address, host):
    assert Settings(_env_file=None, NEWSBOT_HEALTH_LISTEN=address).health_host == host


@pytest.mark.parametrize("address", ["0.0.0.0:9090", "192.0.2.1:80", "127.0.0.1", "127.0.0.1:0", "host:90", ":9090"])
def test_all_else_is_refused(address):
    with pytest.raises(ValidationError, match=r"an address of this machine alone, such as 127\.0\.0\.1:9090"):
        Settings(_env_file=None, NEWSBOT_HEALTH_LISTEN=address)
