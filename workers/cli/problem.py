"""What an operator is told when something that may well happen has happened."""


class Problem(Exception):
    """An expected failure. Its text says what is wrong and what to do; `yantu` prints it and exits with 1."""


class ServerError(Problem):
    """An embedded server could not be started, reached or stopped; the text names the server."""
