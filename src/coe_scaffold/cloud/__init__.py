"""The only importer of the Azure SDK."""
