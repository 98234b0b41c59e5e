"""From what should be and what is to a plan. Pure: no clock, no network, no files."""

from coe_scaffold.planning.combine import combine
from coe_scaffold.planning.deployments import deployment_step, deployment_steps
from coe_scaffold.planning.digest import inputs_digest, observed_digest

__all__ = ["combine", "deployment_step", "deployment_steps", "inputs_digest", "observed_digest"]
