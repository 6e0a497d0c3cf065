"""The ticket of a confirmed booking: its code, its picture, and the keys that make it genuine."""
