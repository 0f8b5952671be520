"""What can be done: the verbs of the domain, one module per room. No request, no HTML, no commit."""
