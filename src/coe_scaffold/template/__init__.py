"""ARM template evaluation, pure: a template and parameters to the resources that would exist."""

from coe_scaffold.template.context import DeploymentContext
from coe_scaffold.template.evaluation import evaluate
from coe_scaffold.template.offline import OfflineRuntime
from coe_scaffold.template.runtime import Runtime

__all__ = ["DeploymentContext", "OfflineRuntime", "Runtime", "evaluate"]
