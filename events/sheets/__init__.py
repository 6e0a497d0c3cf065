"""Tables in and out: spreadsheets that people hand us, read in a confined process, and those that we hand out."""

from events.sheets.reading import read_table
from events.sheets.shapes import BadSheet, CellMark, Sheet, SheetReason, SheetRow, address, column_letters
from events.sheets.writing import FORMULA_STARTS, Table, safe_cell, write_csv, write_xlsx

__all__ = [
    "FORMULA_STARTS",
    "BadSheet",
    "CellMark",
    "Sheet",
    "SheetReason",
    "SheetRow",
    "Table",
    "address",
    "column_letters",
    "read_table",
    "safe_cell",
    "write_csv",
    "write_xlsx",
]
