"""What every pipe must pass: subclass :class:`PipeContract` as ``Test…`` and give it a pipeline.

Example::

    class TestWordsContract(PipeContract):
        @pytest.fixture
        def nlp(self, words_nlp):
            return words_nlp

        def outcome(self, doc):
            return doc._.words
"""

from __future__ import annotations

import pickle
from typing import Any

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

REPORT = (
    "青溪县2024年政府工作报告\n\n各位代表：\n　　2023年，全县地区生产总值增长5.2%，PM2.5平均浓度下降 10%。"
    "深化“放管服”改革，建成5G基站1,000座。\n"
)


class PipeContract:
    """Contract of a pipe. Override :meth:`nlp` and :meth:`outcome`, and add to `texts` what the pipe acts on.

    The pipeline is named by its config, so its parts must be registered; its last pipe is the one under test.
    """

    texts: tuple[str, ...] = ("", " ", " \n\t　\r\n ", "好", "，", "5.2%", "\n好", "好 \n", "a b", REPORT)

    @pytest.fixture
    def nlp(self) -> Language:
        """Give a pipeline that ends with the pipe, ready to use."""
        raise NotImplementedError

    def outcome(self, doc: Doc) -> Any:
        """Give all that the pipe sets on a Doc, as plain data that can be compared."""
        raise NotImplementedError

    def outcomes(self, nlp: Language) -> list[Any]:
        return [self.outcome(doc) for doc in nlp.pipe(self.texts)]

    def test_does_something(self, nlp: Language) -> None:
        assert self.outcome(nlp(self.texts[-1])) != self.outcome(nlp.make_doc(self.texts[-1]))

    def test_keeps_text(self, nlp: Language) -> None:
        for text in self.texts:
            made, done = nlp.make_doc(text), nlp(text)
            assert done.text == text
            assert [token.idx for token in done] == [token.idx for token in made]

    def test_is_deterministic_and_streams(self, nlp: Language) -> None:
        assert self.outcomes(nlp) == [self.outcome(nlp(text)) for text in self.texts]

    def test_pickles(self, nlp: Language) -> None:
        assert self.outcomes(pickle.loads(pickle.dumps(nlp))) == self.outcomes(nlp)

    def test_runs_in_two_processes(self, nlp: Language) -> None:
        docs = nlp.pipe(self.texts, n_process=2, batch_size=2)
        assert [self.outcome(doc) for doc in docs] == self.outcomes(nlp)

    def test_disk_round_trip(self, nlp: Language, tmp_path) -> None:
        nlp.to_disk(tmp_path / "first")
        loaded = spacy.load(tmp_path / "first")
        assert self.outcomes(loaded) == self.outcomes(nlp)
        loaded.to_disk(tmp_path / "second")
        pipe = nlp.pipe_names[-1]
        assert _files(tmp_path / "first" / pipe) == _files(tmp_path / "second" / pipe)

    def test_bytes_round_trip(self, nlp: Language) -> None:
        fresh = type(nlp).from_config(nlp.config)
        assert self.outcomes(fresh.from_bytes(nlp.to_bytes())) == self.outcomes(nlp)

    def test_docbin_round_trip(self, nlp: Language) -> None:
        docs = list(nlp.pipe(self.texts))
        data = DocBin(docs=docs, store_user_data=True).to_bytes()
        restored = DocBin().from_bytes(data).get_docs(nlp.vocab)
        assert [self.outcome(doc) for doc in restored] == [self.outcome(doc) for doc in docs]

    def test_doc_round_trip(self, nlp: Language) -> None:
        doc = nlp(self.texts[-1])
        assert self.outcome(Doc(nlp.vocab).from_bytes(doc.to_bytes())) == self.outcome(doc)


def _files(folder) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
