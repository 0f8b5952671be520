"""Page objects: what a person does on a page, said as she would say it. Methods return the next page."""
