"""A folder that is watched: what is taken for a page file that has come, and when."""

import os
from itertools import count

import pytest

from bot.archive import watch


class Looks:
    """Stands for the event that ends a watch: before each look a step is done, and after the last one it ends."""

    def __init__(self, *steps):
        self.steps, self.pauses = list(steps), []

    def wait(self, pause):
        self.pauses.append(pause)
        if not self.steps:
            return True
        self.steps.pop(0)()
        return False


def nothing():
    pass


def came(folder, *steps):
    """The names of the files that each batch has."""
    return [[str(file.path.relative_to(folder)) for file in files] for files in watch.batches(folder, Looks(*steps))]


@pytest.fixture
def write(tmp_path):
    def writer(name, text="要闻"):
        def step():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

        return step

    return writer


def test_a_file_comes_when_it_is_whole_and_again_when_it_has_changed(tmp_path, write):
    growing = [write("b/2.txt", "要"), write("b/2.txt", "要闻"), nothing, nothing, write("b/2.txt", "要闻版"), nothing]
    assert came(tmp_path, *growing) == [["b/2.txt"], ["b/2.txt"]]


def test_what_is_there_comes_once_in_the_order_of_names(tmp_path, write):
    for name in ("2.txt", "a/1.txt", "1.txt", "a/b/c.txt"):
        write(name)()
    assert came(tmp_path, nothing, nothing, nothing) == [["1.txt", "2.txt", "a/1.txt", "a/b/c.txt"]]


def test_what_is_hidden_or_says_that_it_is_not_finished_does_not_come(tmp_path, write):
    for name in (".1.txt", ".git/2.txt", "3.txt.part", "4.crdownload", "5.txt~"):
        write(name)()
    os.mkfifo(tmp_path / "6.txt")
    (tmp_path / "7.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "around").symlink_to(tmp_path, target_is_directory=True)
    assert came(tmp_path, nothing, nothing) == []


def test_a_file_that_goes_takes_no_other_with_it(tmp_path, write):
    write("a/1.txt")()
    gone = tmp_path / "a" / "1.txt"
    assert came(tmp_path, nothing, gone.unlink, write("a/2.txt"), nothing, nothing) == [["a/1.txt"], ["a/2.txt"]]


def test_looks_that_take_long_are_few(tmp_path, monkeypatch):
    monkeypatch.setattr(watch.time, "perf_counter", count().__next__)  # each look takes a second
    looks = Looks(nothing, nothing)
    assert list(watch.batches(tmp_path, looks, interval=2.0)) == []
    assert looks.pauses == [2.0, 20, 20]
