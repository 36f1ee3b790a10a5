"""Where municipal seats lie on a flat map: the equidistant conic projection.

Distances along meridians are true, and Norway looks as people know it.
"""

import numpy as np

from matcher.tables import FloatArray

PARALLELS = np.radians([60.0, 69.0])
"""Parallels without distortion."""
MERIDIAN = np.radians(15.0)
"""The meridian that points straight up."""
EARTH_RADIUS_KM = 6371.0
LEAST_KM = 100.0
"""A map never shows less than this from side to side, so that one place is a map as well."""


def project(latitude: FloatArray, longitude: FloatArray) -> FloatArray:
    """Project degrees to kilometres east and south, shape (places, 2).

    Source: Snyder, Map Projections: A Working Manual (1987), equations 16-1 to 16-4.
    """
    first, second = PARALLELS
    cone = (np.cos(first) - np.cos(second)) / (second - first)
    radius = np.cos(first) / cone + first - np.radians(latitude)
    angle = cone * (np.radians(longitude) - MERIDIAN)
    plane = np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=-1)
    return np.asarray(EARTH_RADIUS_KM * plane)


def fit(points: FloatArray, width: float, height: float, margin: float) -> FloatArray:
    """Scale points evenly into a box with a margin, in the middle of it, shape (places, 2)."""
    if not len(points):
        return points
    low, high = points.min(axis=0), points.max(axis=0)
    room = np.array([width, height]) - 2 * margin
    scale = float((room / np.maximum(high - low, LEAST_KM)).min())
    return np.asarray((points - (low + high) / 2) * scale + np.array([width, height]) / 2)
