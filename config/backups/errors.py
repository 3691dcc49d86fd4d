"""Why a backup or a restore did not happen."""


class BackupError(Exception):
    """The text is for the person who runs the command; nothing was left half done."""
