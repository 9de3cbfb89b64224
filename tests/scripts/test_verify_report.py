"""scripts.verify.report"""

import pytest

from scripts.verify.report import Failed, Line, NotAsked, check, summary


def raising(error: Exception) -> Line:
    def look() -> str:
        raise error

    return check("focus", look)


def test_a_check_is_ok_with_what_it_saw_and_else_says_why() -> None:
    assert check("focus", lambda: "sharp") == Line("focus", "ok", "sharp")
    assert raising(Failed("blurred")) == Line("focus", "FAILED", "blurred")
    assert raising(NotAsked("--focus asks")) == Line("focus", "not asked", "--focus asks")


def test_a_check_that_breaks_is_never_ok() -> None:
    assert raising(KeyError("depth")) == Line("focus", "FAILED", "could not be checked: KeyError('depth')")


def test_a_line_is_wrapped_under_its_text() -> None:
    lines = str(Line("focus", "FAILED", "word " * 40)).splitlines()
    assert lines[0].startswith("FAILED     focus        word word")
    assert len(lines) > 1
    assert {line[:24] for line in lines[1:]} == {" " * 24}
    assert max(map(len, lines)) <= 120


def test_the_summary_counts() -> None:
    lines = [check("a", lambda: ""), raising(Failed("")), raising(NotAsked("")), raising(Failed(""))]
    assert summary(lines) == "1 ok, 2 FAILED, 1 not asked"


@pytest.mark.parametrize("text", ["a\nb", "a   b"])
def test_a_text_of_several_lines_stays_in_one_paragraph(text: str) -> None:
    assert str(Line("focus", "ok", text)).endswith("a b")
