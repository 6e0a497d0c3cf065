"""The post room: takes due notices, reads their facts again, composes, sends, and marks what became of them."""
