"""ARM template evaluation, pure: a template and parameters to the resources that would exist."""

from coe_scaffold.template.context import DeploymentContext
from coe_scaffold.template.runtime import Runtime

__all__ = ["DeploymentContext", "Runtime"]
