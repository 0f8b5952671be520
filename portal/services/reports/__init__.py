"""Reports: periods, figures read from the cells, the indicators made of them, the roll-up itself."""
