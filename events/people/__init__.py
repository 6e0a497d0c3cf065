"""Departments, staff and students: who they are, how they are written, how they sign in."""
