"""The demonstration factory 示范灯具厂: a small maker of LED lamps, made through the services with a fixed seed."""

from app.demo.days import TODAY
from app.demo.filling import DemoSummary, fill

__all__ = ["TODAY", "DemoSummary", "fill"]
