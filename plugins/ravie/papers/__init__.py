"""The papers of RAVie: typst templates, and what fills them."""

from pathlib import Path

FOLDER = Path(__file__).parent
