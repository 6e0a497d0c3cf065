"""The `yantu` command: the servers, the processes and the chores of an operator."""
