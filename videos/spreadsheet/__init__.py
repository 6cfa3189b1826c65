"""Writes CSV for spreadsheet programs and reads what they write: safe cells (``cells``), text as
tables (``tables``), and the bytes of a file as text (``encodings``). PURE."""
