"""Adapters that speak to Azure Resource Manager, real or sandbox: the only importer of the Azure SDK."""
