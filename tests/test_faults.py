"""Each fault some times; `python -m tests.faults` does it some hundred times."""

import pytest

from tests.faults import FAULTS


@pytest.mark.parametrize("name", FAULTS)
def test_nothing_is_lost(name, tmp_path):
    fault, share = FAULTS[name]
    outcome = fault(tmp_path, max(1, round(4 * share)), 7)
    assert outcome.times and not outcome.lost
