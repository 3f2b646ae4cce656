"""Every address of the project, looked at and sent something forged by everybody."""
