"""What is to be monitored, and how it goes: plan-schedules, engagements and their deliverables."""
