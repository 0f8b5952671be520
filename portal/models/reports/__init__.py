"""Reports: submissions up the tree, and the monthly cells that triggers keep beside the facts."""
