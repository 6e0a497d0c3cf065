"""When things happen: thin jobs over `events`, and the command line that runs the house."""
