"""Texts as they are compared: without case, accents, blanks and punctuation, and as weighted features.

Latin words count by their first six letters (`innovation`, `innovations`), Hangul by pairs of syllables, since Korean
names part words now here, now there. A feature weighs by how rare it is among the texts that are searched.
"""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

STEM = 6
RECALL_OVER_PRECISION = 1.5
"""A question's text may say more than the name that it is looked up by: what the name says counts more."""
ONE_WORD = 0.6
"""What a match by a single word counts: `Industry` and `Industrial secrets` share one."""
_RESEARCH = re.compile(r"\bR&D\b|\bI\+D\b", re.IGNORECASE)
_WORD = re.compile(r"[a-z0-9]+|[가-힣]+")
_EMPTY = frozenset(
    _WORD.findall(
        "a an and are as at by de del did do does el en for from how in is it la las los much of on or please por que "
        "se si su sus the their this to un una was were what which with y your"
    )
)


def plain(text: str) -> str:
    """Return the text in lower case, without accents, in one form of its letters."""
    parted = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(sign for sign in parted if not unicodedata.combining(sign)))


def squeezed(text: str) -> str:
    """Return letters and digits only."""
    return "".join(sign for sign in plain(text) if sign.isalnum())


def features(text: str) -> frozenset[str]:
    """Return the features by which a text is compared."""
    words = _WORD.findall(plain(_RESEARCH.sub(" rnd ", text)))
    found = {word[:STEM].rstrip("s") or word for word in words if word[0] < "가" and word not in _EMPTY}
    hangul = "".join(word for word in words if word[0] >= "가")
    pairs = {hangul[place : place + 2] for place in range(len(hangul) - 1)} or ({hangul} if hangul else set())
    return frozenset(found | pairs)


class Index:
    """Named texts that can be searched: `scores` says how near each name is to a text, 0 to 1."""

    def __init__(self, texts: Mapping[str, Iterable[str]]) -> None:
        self._texts = [(name, squeezed(text), features(text)) for name, given in texts.items() for text in given]
        counts = Counter(feature for _, _, found in self._texts for feature in found)
        self._weights = {feature: math.log(1 + len(self._texts) / count) for feature, count in counts.items()}
        self._unknown = sorted(self._weights.values())[len(self._weights) // 2] if self._weights else 1.0
        self._totals = [sum(self._weights[feature] for feature in found) for _, _, found in self._texts]
        self._holders: dict[str, list[int]] = defaultdict(list)
        for place, (_, _, found) in enumerate(self._texts):
            for feature in found:
                self._holders[feature].append(place)

    def scores(self, text: str) -> dict[str, float]:
        """Return name → score of its best text; 1 for a text that is the same."""
        asked = features(text)
        total = sum(self._weights.get(feature, self._unknown) for feature in sorted(asked))
        shared: dict[int, float] = defaultdict(float)
        words: Counter[int] = Counter()
        for feature in sorted(asked):
            for place in self._holders.get(feature, ()):
                shared[place] += self._weights[feature]
                words[place] += 1
        best: dict[str, float] = {}
        same = squeezed(text)
        for place, weight in shared.items():
            name, known, _ = self._texts[place]
            alone = ONE_WORD if words[place] == 1 else 1.0
            near = alone * _f_score(weight / self._totals[place], weight / total)
            score = 1.0 if known == same else min(0.97, near)
            best[name] = max(best.get(name, 0.0), score)
        return best


def _f_score(recall: float, precision: float) -> float:
    square = RECALL_OVER_PRECISION**2
    return (1 + square) * recall * precision / (square * precision + recall)
