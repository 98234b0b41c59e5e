"""Who should have which role where: pure functions over the function table and a resource graph."""
