"""The files that ship with the code are read whole, and what is broken is told."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from knowledge.shipped_data import read_yaml


def test_what_is_written_is_read_with_or_without_libyaml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("tên: chè\nngày: 2026-05-22\nsố: [1, 2.5]\n", encoding="utf-8")
    read = read_yaml(path)
    assert read["tên"] == "chè"
    assert read["số"] == [1, 2.5]
    monkeypatch.setattr("knowledge.shipped_data._LOADER", yaml.SafeLoader)
    assert read_yaml(path) == read


@pytest.mark.parametrize("text", ["a: [1", "!!python/object/apply:os.system ['true']"])
def test_broken_or_active_content_is_an_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(yaml.YAMLError):
        read_yaml(path)
