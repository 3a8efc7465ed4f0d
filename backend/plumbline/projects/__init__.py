"""Projects, places and the tree of task nodes; a task node is an element when it is built."""
