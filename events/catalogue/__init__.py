"""What is published: programmes, events, sessions, and the tools an organizer's words and pictures pass through."""
