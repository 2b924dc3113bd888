"""RAVie's instruments, read once from `plugins/ravie/instruments`."""

from pathlib import Path

from core.evaluation.reading import read_instruments

INSTRUMENTS = read_instruments(Path(__file__).parents[1] / "instruments")
