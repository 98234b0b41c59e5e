"""Bicep to ARM JSON, pure: text in, template out, through syntax, binding and emit."""
