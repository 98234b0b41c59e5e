"""An agent with few tools: every call is checked, limited, traced, and approved where it changes something."""
