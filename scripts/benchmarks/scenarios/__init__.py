"""What is measured: each scenario runs processes, and gives its figures for JSON and as tables."""
