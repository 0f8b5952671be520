"""What is kept: mapped classes, one module per room, no queries. `portal.models.all_tables` loads them."""
