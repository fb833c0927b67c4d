"""The model that tells languages apart is large: it is read once in a process, whoever asks first."""

import time
from concurrent.futures import ThreadPoolExecutor

from py3langid.langid import LanguageIdentifier

from evenhand.channels.reading import language


def test_it_is_read_once_however_many_need_it_at_the_same_time(monkeypatch) -> None:
    read = []

    def slowly(_file: str) -> object:
        time.sleep(0.1)  # long enough for the others to ask
        read.append(object())
        return read[-1]

    language._model.cache_clear()
    monkeypatch.setattr(LanguageIdentifier, "from_model_file", slowly)
    try:
        with ThreadPoolExecutor(4) as pool:
            models = {id(each.result()) for each in [pool.submit(language.model) for _ in range(4)]}
    finally:
        language._model.cache_clear()
    assert len(read) == len(models) == 1
