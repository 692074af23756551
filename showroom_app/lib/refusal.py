"""A refusal is not an error: it is an answer, in a sentence fit for the screen."""


class Refusal(Exception):
    """What was asked can't be done now; `sentence` says why and what to do, `field` names the input meant."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class FormRefusal(Refusal):
    """Several fields are wrong; `errors` maps a field's name to its sentence."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(next(iter(errors.values())))
        self.errors = errors


class NotHere(Exception):
    """There is no such thing, or it belongs to someone else: to the asker it is the same (404)."""
