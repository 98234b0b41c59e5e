"""Data to text; knows nothing of Azure or Click."""
