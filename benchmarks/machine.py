"""Describe the machine that the measurements are made on."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

LIBRARIES = ("treffsikker", "highspy", "ortools", "pulp", "numpy", "scipy", "pandas")
CPU_INFO = Path("/proc/cpuinfo")


def describe_machine() -> dict[str, str]:
    """Describe machine and versions by name; the load is the average of the last minute."""
    return {
        "cores": str(os.cpu_count()),
        "processor": _processor(),
        "memory": f"{_memory_bytes() / 2**30:.0f} GB",
        "system": platform.system(),
        "load before": f"{os.getloadavg()[0]:.1f}",
        "Python": platform.python_version(),
        **{name: _version(name) for name in LIBRARIES},
    }


def format_facts(facts: dict[str, str]) -> str:
    """Write the description as one line."""
    return ", ".join(f"{name} {value}" for name, value in facts.items())


def _memory_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _processor() -> str:
    lines = CPU_INFO.read_text(encoding="utf-8").splitlines() if CPU_INFO.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or platform.machine()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
