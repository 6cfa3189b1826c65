"""What goes to a spreadsheet and what comes from one. Cells as programs run them (``cells``), text as
programs write it (``tables``), and the bytes of a file as text (``encodings``). PURE."""
