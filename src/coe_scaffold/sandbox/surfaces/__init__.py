"""The API surfaces of the sandbox, one file each: its handlers and its ``ROUTES``."""
