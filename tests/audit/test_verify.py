"""`evenhand audit verify` with what is no bundle: a sentence, and the exit code 1."""

import pytest
from click.testing import CliRunner

from evenhand.command.audit import audit


def said(source):
    result = CliRunner().invoke(audit, ["verify", str(source)])
    assert (result.exit_code, result.stdout) == (1, "")
    return result.stderr


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "it is no JSON"),
        (b"[", "it is no JSON"),
        (b"[" * 200_000, "it is no JSON"),
        (b"\xff\xfe\0", "it is no JSON"),
        (b"[]", "is not a bundle of statements"),
        (b'{"statements": 5}', "is not a bundle of statements"),
        (b'{"statements": []}', "holds no statement"),
        (b'{"statements": ["x"]}', "not in order"),
        (b'{"statements": [[1]]}', "not in order"),
        (b'{"statements": [null]}', "not in order"),
        (b'{"statements": [{"figures": null}]}', "not in order: there is no"),
    ],
)
def test_what_is_no_bundle_is_said_so(tmp_path, content, sentence):
    path = tmp_path / "statements.json"
    path.write_bytes(content)
    assert sentence in said(path)


def test_what_cannot_be_reached_is_said_without_numbers_of_errors(tmp_path):
    assert "nothing.json cannot be read: No such file or directory." in said(tmp_path / "nothing.json")
    assert "cannot be read: Connection refused." in said("http://127.0.0.1:1/statements.json")
    assert "cannot be read: Is a directory." in said(tmp_path)
