"""Stories: headlines of several outlets about one event, grouped by reasons that can be shown."""
