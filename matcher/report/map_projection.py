"""Project municipal seats onto a flat map with the equidistant conic projection.

Distances along meridians are true, and Norway has its familiar shape.
"""

import numpy as np

from matcher.domain.tables import FloatArray

STANDARD_PARALLELS = np.radians([60.0, 69.0])
"""Parallels without distortion."""
CENTRAL_MERIDIAN = np.radians(15.0)
"""The meridian that points straight up."""
EARTH_RADIUS_KM = 6371.0
MIN_EXTENT_KM = 100.0
"""Smallest extent that a map shows, so that a map of a single place is possible."""


def project(latitude: FloatArray, longitude: FloatArray) -> FloatArray:
    """Project degrees to kilometres east and south, shape (places, 2).

    Source: Snyder, Map Projections: A Working Manual (1987), equations 16-1 to 16-4.
    """
    first, second = STANDARD_PARALLELS
    cone = (np.cos(first) - np.cos(second)) / (second - first)
    radius = np.cos(first) / cone + first - np.radians(latitude)
    angle = cone * (np.radians(longitude) - CENTRAL_MERIDIAN)
    plane = np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=-1)
    return np.asarray(EARTH_RADIUS_KM * plane)


def fit_to_box(points: FloatArray, width: float, height: float, margin: float) -> FloatArray:
    """Scale points equally in both directions and centre them in a box with a margin.

    Returns an array of shape (places, 2).
    """
    if not len(points):
        return points
    low, high = points.min(axis=0), points.max(axis=0)
    inner_size = np.array([width, height]) - 2 * margin
    scale = float((inner_size / np.maximum(high - low, MIN_EXTENT_KM)).min())
    return np.asarray((points - (low + high) / 2) * scale + np.array([width, height]) / 2)
