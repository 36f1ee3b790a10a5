"""Real municipality facts and realistic synthetic queues."""

from instances.composition import composition_deviations
from instances.generator import generate
from instances.municipalities import real_municipalities
from instances.profile import Profile, profile_names

__all__ = ["Profile", "composition_deviations", "generate", "profile_names", "real_municipalities"]
