"""Estimate travel times by road from coordinates."""

import numpy as np

from matcher.domain.tables.array_types import FloatArray

EARTH_RADIUS_KM = 6371.0
DETOUR_FACTOR = 1.4
"""Road distance divided by straight-line distance, an assumption.

Ferries and fjords make it larger in places.
"""
KM_PER_HOUR = 62.0
"""Average speed by road, an assumption."""


def distance_km(
    latitude: FloatArray, longitude: FloatArray, to_latitude: FloatArray, to_longitude: FloatArray
) -> FloatArray:
    """Great-circle distances in kilometres by the haversine formula, shape (from, to).

    Parameters
    ----------
    latitude, longitude : float array, shape (from,)
        Degrees WGS 84.
    to_latitude, to_longitude : float array, shape (to,)
        Degrees WGS 84.
    """
    lat, lon, to_lat, to_lon = map(np.radians, (latitude, longitude, to_latitude, to_longitude))
    haversine = (
        np.sin((to_lat[None, :] - lat[:, None]) / 2) ** 2
        + np.cos(lat)[:, None]
        * np.cos(to_lat)[None, :]
        * np.sin((to_lon[None, :] - lon[:, None]) / 2) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(haversine, 0.0, 1.0))))


def estimate_minutes(distance: FloatArray) -> FloatArray:
    """Estimated travel time by road in whole minutes for straight-line kilometres."""
    return np.asarray(np.rint(distance * DETOUR_FACTOR / KM_PER_HOUR * 60.0))
