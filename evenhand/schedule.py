"""Every recurring job, in words."""
