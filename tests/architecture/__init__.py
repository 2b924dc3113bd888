"""The rules of the house that no single folder can test."""
