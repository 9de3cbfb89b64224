"""``scripts/soak``: whether the microscope stays as it is when it is used, and misused, for long."""
