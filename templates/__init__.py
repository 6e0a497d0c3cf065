"""What people see: pages and letters as jinja2 templates, their words and their formats in two languages.

Knows neither HTTP nor the database: a template is given one frozen dataclass, called `page`, and functions.
"""
