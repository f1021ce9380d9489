"""Why a decision was not carried out."""

from aggregator.models import Decision


class DeskError(Exception):
    """What was asked for was not done; nothing has changed. The message is for the editor."""


class RefusedError(DeskError):
    """It cannot be done, whoever asks and however often."""


class NotAllowedError(DeskError):
    """The editor has no right to do it."""


class ConflictError(DeskError):
    """Somebody else has decided on the same story, which the editor has not seen yet."""

    def __init__(self, decision: Decision, words: str) -> None:
        super().__init__(words)
        self.decision = decision
