"""The main frame: navigation, tabs, palette of commands, status bar, theme."""
