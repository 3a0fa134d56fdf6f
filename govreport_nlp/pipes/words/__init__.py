"""Words: segmentation of sentences into the words that users count."""

from govreport_nlp.pipes.words.factory import WordsPipe, create_words_pipe
from govreport_nlp.pipes.words.segmenter import WordSegmenter, fold

__all__ = ["WordSegmenter", "WordsPipe", "create_words_pipe", "fold"]
