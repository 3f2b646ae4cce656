"""Plan-schedules and monitorings of the demo."""

from cases.planning.demo.engagements import load_engagements
from cases.planning.demo.plans import Planned, load_plans

__all__ = ["Planned", "load_engagements", "load_plans"]
