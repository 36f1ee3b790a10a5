"""The migration model: who is likely to want to stay, with its uncertainty."""

from matcher.stay.coefficients import Coefficients, Horizon
from matcher.stay.model import StayModel, StayPrediction

__all__ = ["Coefficients", "Horizon", "StayModel", "StayPrediction"]
