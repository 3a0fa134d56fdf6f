"""Tokenizer: one token a character, with runs of digits and Latin letters kept whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from spacy.language import Language
from spacy.scorer import Scorer
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import DummyTokenizer, registry
from spacy.vocab import Vocab

__all__ = ["CharacterTokenizer", "create_tokenizer"]

_DIGIT: Final = "0-9０-９"
_LETTER: Final = "A-Za-zＡ-Ｚａ-ｚ"
# A number has grouped thousands or decimals, and its percent sign: 1,000  5.2%  ３．５％  2023.5.1
_NUMBER: Final = rf"[{_DIGIT}]+(?:,[{_DIGIT}]{{3}}(?![{_DIGIT}]))*(?:[.．][{_DIGIT}]+)*"
# A code has a letter in its first piece; then hyphen and ampersand join: PM2.5  5G  COVID-19  R&D. After a
# bare number a hyphen parts a range: 2022-2025.
_PIECE: Final = rf"(?:{_NUMBER}|[{_LETTER}]+)+"
_CODE: Final = rf"(?=(?:{_NUMBER})?[{_LETTER}]){_PIECE}(?:[-&－＆](?=[{_DIGIT}{_LETTER}]){_PIECE})*"
_TOKEN: Final = re.compile(rf"({_CODE}|{_NUMBER}[%％‰]?|\S|\s+)( ?)")


class CharacterTokenizer(DummyTokenizer):
    """Cut a text into characters, but keep numbers and Latin codes whole.

    Entities of Chinese text start and end between any two characters, so characters are the tokens that every
    entity falls on. Digits and Latin letters are the exception: ``5.2%``, ``1,000``, ``PM2.5``, ``5G`` and
    ``COVID-19`` are one token each, in half and full width, while a range such as ``2022-2025`` and the slash
    between alternatives stay apart. Chinese numerals are single characters.

    White space follows spaCy: one ASCII space after a token belongs to it (``token.whitespace_``), every
    other stretch of white space is a token of its own. ``doc.text`` always equals the text.

    Parameters
    ----------
    vocab : Vocab
        Vocabulary of the pipeline.

    Examples
    --------
    >>> import spacy
    >>> tokenizer = CharacterTokenizer(spacy.blank("zh").vocab)
    >>> [token.text for token in tokenizer("PM2.5 下降5.2%，5G达1,000座")]
    ['PM2.5', '下', '降', '5.2%', '，', '5G', '达', '1,000', '座']
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Tokenize a text."""
        pairs = _TOKEN.findall(text)
        return Doc(self.vocab, words=[word for word, _ in pairs], spaces=[space for _, space in pairs])

    def score(self, examples: Iterable[Example]) -> dict[str, Any]:
        """Score tokens by :meth:`spacy.scorer.Scorer.score_tokenization`."""
        scores: dict[str, Any] = Scorer.score_tokenization(examples)
        return scores


def create_tokenizer() -> Callable[[Language], CharacterTokenizer]:
    """Give the factory of :class:`CharacterTokenizer` that ``[nlp.tokenizer]`` names."""

    def tokenizer(nlp: Language) -> CharacterTokenizer:
        return CharacterTokenizer(nlp.vocab)

    return tokenizer


registry.tokenizers("govreport_nlp.CharacterTokenizer.v1", func=create_tokenizer)
