"""What the app does in the background; each job calls one service."""
