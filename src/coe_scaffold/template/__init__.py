"""ARM template evaluation, pure: a template and parameters to the resources that would exist."""
